"""What the lab shows of measurements: reports of `matinee evaluate --json`, dials of `matinee dial --json`, and runs.

They are files that people pass on, so all of it is checked before it is shown, and what is not needed is passed over.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError, model_validator

from matinee.errors import InputError
from matinee.models.runs import is_run
from matinee.service.settings import Settings
from matinee.service.state.served_run import ServedRun

REPORT_FILE, DIAL_FILE = "report.json", "dial.json"  # looked for beside the run's folder
_SETTINGS_FILE, _METRICS_FILE = "settings.json", "metrics.json"
_LARGEST = 50_000_000  # bytes
_MOST_RUNS = 50
_HEADLINES = ("ndcg", "rmse")

Text = Annotated[str, Field(max_length=2_000)]
M = TypeVar("M", bound=BaseModel)


class _Read(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Figure(_Read):
    """A measured number and its 95% interval."""

    value: FiniteFloat
    low: FiniteFloat
    high: FiniteFloat


class Measured(_Read):
    """One model's figures, and what they cost."""

    name: Text
    metrics: dict[str, Figure]
    fit_seconds: Annotated[FiniteFloat, Field(ge=0)]
    score_seconds: Annotated[FiniteFloat, Field(ge=0)] = 0
    peak_memory_mb: Annotated[FiniteFloat, Field(ge=0)] = 0
    note: Text = ""


class Difference(_Read):
    """A paired difference between two models, tested."""

    metric: Text
    better: Text
    worse: Text
    difference: Figure
    p: FiniteFloat

    @property
    def sure(self) -> bool:
        """Whether chance alone would give it less than one time in twenty."""
        return self.p < 0.05


class Machine(_Read):
    """Where it was measured."""

    processor: Text = ""
    cores: int = 0


class Protocol(_Read):
    """How it was measured."""

    split: Text
    dataset: Text
    fingerprint: Text = ""
    movies: int
    tested_users: int
    test_ratings: int = 0
    dropped: list[Text] = []
    k: Annotated[list[int], Field(min_length=1)]
    interval: Text = ""
    date: Text = ""
    machine: Machine = Machine()


class Report(_Read):
    """An evaluation; the metrics of a trained run also have its curve."""

    protocol: Protocol
    models: Annotated[list[Measured], Field(min_length=1)]
    comparisons: list[Difference] = []
    curve: list[dict[str, FiniteFloat]] = []

    @property
    def metrics(self) -> list[str]:
        """The metrics that any of the models has."""
        return list(dict.fromkeys(name for one in self.models for name in one.metrics))

    @property
    def headline(self) -> str:
        """The metric to look at first: NDCG at the shortest list, or RMSE where movies were not ranked."""
        wanted = (f"ndcg@{self.protocol.k[0]}", *_HEADLINES)
        return next((name for name in wanted if name in self.metrics), next(iter(self.metrics), ""))


class Notch(_Read):
    """Lists as one position of a dial makes them."""

    at: FiniteFloat
    ndcg: Figure
    variety: Figure
    coverage: FiniteFloat


class Dials(_Read):
    """What variety costs."""

    users: int
    k: int
    diversity: Annotated[list[Notch], Field(min_length=1)]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if [one.at for one in self.diversity] != sorted(one.at for one in self.diversity):
            raise ValueError("notches out of order")
        return self


def report_of(settings: Settings, run: ServedRun) -> Report | None:
    """The report to show: the one that is set, else one beside the run's folder, else what the run keeps of its own.

    Raises `InputError` for a file that holds something else.
    """
    file = settings.report or run.paths.run.parent / REPORT_FILE
    if settings.report is not None or file.is_file():
        return _read(file, Report, "a report of 'matinee evaluate --json'")
    return own_report(run)


def own_report(run: ServedRun) -> Report | None:
    """What the served run keeps of its own measurement. Raises `InputError` if that is something else."""
    if run.metrics is None:
        return None
    return _checked(run.metrics, Report, run.paths.run / _METRICS_FILE, "what 'matinee train' writes")


def dials_of(settings: Settings, run: ServedRun) -> Dials | None:
    """The dials to show: those that are set, else those beside the run's folder. Raises `InputError`."""
    file = settings.dial or run.paths.run.parent / DIAL_FILE
    if settings.dial is None and not file.is_file():
        return None
    return _read(file, Dials, "what 'matinee dial --json' writes")


@dataclass(frozen=True)
class RunTold:
    """One run of a folder of runs."""

    folder: str  # its name alone: where it lies is nobody's business
    model: str
    data: str
    fingerprint: str
    trained: str  # ISO 8601; empty in runs that do not say
    split: str  # it was measured on; empty if it was not
    metric: str
    figure: Figure | None
    serves: bool


def runs_beside(run: ServedRun, serving: Sequence[Path | None]) -> list[RunTold]:
    """The run that serves and those in the same folder, the newest first. What cannot be read is passed over."""
    ours = {folder.resolve() for folder in serving if folder is not None}
    folders = sorted(one for one in run.paths.run.resolve().parent.iterdir() if is_run(one))[:_MOST_RUNS]
    told = [_told(folder, folder in ours) for folder in folders]
    return sorted((one for one in told if one is not None), key=lambda one: one.trained, reverse=True)


def _told(folder: Path, serves: bool) -> RunTold | None:
    try:
        settings = json.loads((folder / _SETTINGS_FILE).read_text(encoding="utf-8"))
        model, data = str(settings["model"]), settings["data"]
        name, fingerprint = str(data["name"]), str(data["fingerprint"])
        trained = str(settings.get("trained", ""))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    split, metric, figure = "", "", None
    try:
        report = _read(folder / _METRICS_FILE, Report, "figures")
        split, metric = report.protocol.split, report.headline
        figure = next((one.metrics.get(metric) for one in report.models if one.name == model), None)
    except InputError:
        pass  # a run need not have been measured
    return RunTold(folder.name, model, name, fingerprint, trained, split, metric, figure, serves)


def _read(file: Path, model: type[M], wanted: str) -> M:
    try:
        if file.stat().st_size > _LARGEST:
            raise InputError(f"{file}: {file.stat().st_size:,} bytes; expected {wanted}, of at most {_LARGEST:,}")
        content: Any = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{file}: cannot be read ({error}); expected {wanted}") from error
    return _checked(content, model, file, wanted)


def _checked(content: Any, model: type[M], file: Path, wanted: str) -> M:
    try:
        return model.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InputError(f"{file}: {place}: {first['msg'].lower()}; expected {wanted}") from error
