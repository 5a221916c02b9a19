"""The report of an evaluation and the curves of a trade-off: what their JSON files hold, checked when read.

`evaluate` builds these classes; the report card, the model card, the lab and the terminal read them. The files are
passed on between people, so reading refuses anything of another shape in one line.
"""

import json
import re
import string
from collections.abc import Mapping
from dataclasses import field
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Self, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    FiniteFloat,
    PlainSerializer,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic.dataclasses import dataclass

from matinee.data.files import write_json
from matinee.errors import InputError
from matinee.message import Message
from matinee.reports.metrics import LEADS, find_metric, lower_is_better

BASELINES = ("random", "popularity")  # in every report
_MAX_BYTES = 50_000_000  # of a file
_SIGNIFICANT = 0.05  # p below this is more than chance
_SHORT_NAME = 18  # letters
_PLAIN_FORMAT = re.compile(r",?(\.\d)?[dfg%]?")  # of numbers in messages: no widths, which could be huge
_CONFIG = ConfigDict(extra="ignore")
T = TypeVar("T")


def _to_message(content: Any) -> Any:
    return Message.from_json(content) if isinstance(content, str) else content


def _check_message(message: Message) -> Message:
    """Refuse a template that cannot be filled, or that asks for more than plain numbers and text."""
    for template in (message.text, message.plural):
        for _, name, spec, conversion in string.Formatter().parse(template):
            if name is None:
                continue
            if not name.isidentifier() or conversion or not _PLAIN_FORMAT.fullmatch(spec or ""):
                raise ValueError(f"'{template[:100]}' is not a plain template")
    try:
        str(message)
    except (KeyError, IndexError, TypeError) as error:
        raise ValueError(f"'{message.text[:100]}' does not fit its parameters") from error
    return message


def _message_to_json(message: Message) -> str | dict[str, Any]:
    return message.to_json() if message.params or message.plural else str(message)


Text = Annotated[str, Field(max_length=2_000)]
Sentence = Annotated[
    Message,
    BeforeValidator(_to_message),
    AfterValidator(_check_message),
    PlainSerializer(_message_to_json),
]
Count = Annotated[int, Field(ge=0)]
Amount = Annotated[FiniteFloat, Field(ge=0)]


@dataclass(frozen=True, config=_CONFIG)
class Figure:
    """A measured value and its 95% interval."""

    value: FiniteFloat
    low: FiniteFloat
    high: FiniteFloat


@dataclass(frozen=True, config=_CONFIG)
class Slice:
    """The metrics of one model for some of the users or some of the test movies."""

    description: Sentence
    users: Count
    metrics: dict[Text, Figure]


@dataclass(frozen=True, config=_CONFIG)
class ModelReport:
    """The figures of one model and its cost."""

    name: Text
    metrics: dict[Text, Figure]  # "ndcg@10" -> value and interval
    fit_seconds: Amount
    score_seconds: Amount = 0.0
    peak_memory_mb: Amount = 0.0  # of the whole process while fitting and scoring
    description: Text = ""
    slices: dict[Text, Slice] = field(default_factory=dict[str, Slice])
    settings: dict[Text, Any] = field(default_factory=dict[str, Any])
    note: Sentence = Message("")  # e.g. that a saved run was not fitted again
    solver: list[Sentence] = field(default_factory=list[Message])  # which movies were solved densely, if not all

    @property
    def is_baseline(self) -> bool:
        """Tell whether this is one of the two models in every report."""
        return self.name in BASELINES

    @property
    def seconds(self) -> float | None:
        """Training and scoring together; None for a model with a note, whose training was not timed here."""
        return None if self.note.text else self.fit_seconds + self.score_seconds


@dataclass(frozen=True, config=_CONFIG)
class Comparison:
    """A paired test of two models on one metric."""

    metric: Text
    better: Text
    worse: Text
    difference: Figure
    p: FiniteFloat  # two-sided, corrected for the number of comparisons

    @property
    def is_clear(self) -> bool:
        """Tell whether the difference is more than chance."""
        return self.p < _SIGNIFICANT

    @property
    def gain(self) -> Figure:
        """The difference in favour of `better`, in whichever order it was subtracted."""
        figure = self.difference
        return figure if figure.value >= 0 else Figure(-figure.value, -figure.high, -figure.low)


@dataclass(frozen=True, config=_CONFIG)
class Machine:
    """The computer of a measurement."""

    processor: Text = ""
    cores: Count = 0
    memory_gb: Amount = 0.0
    python: Text = ""


@dataclass(frozen=True, config=_CONFIG)
class Protocol:
    """The split, the data and the machine of an evaluation."""

    split: Text
    dataset: Text
    movies: Count
    tested_users: Count
    k: Annotated[list[Annotated[int, Field(ge=1)]], Field(min_length=1)]
    description: Sentence = Message("")  # the task of the models
    fingerprint: Text = ""
    users: Count = 0
    train_ratings: Count = 0
    validation_ratings: Count = 0
    test_ratings: Count = 0
    dropped: list[Sentence] = field(default_factory=list[Message])
    seed: int | None = None
    interval: Sentence = Message("")
    date: Text = ""
    version: Text = ""
    machine: Machine = Machine()

    @property
    def has_one_movie_per_user(self) -> bool:
        """Tell whether exactly one movie was hidden per user, so that a user is one try."""
        return self.split == "leave-last" or (self.test_ratings > 0 and self.test_ratings == self.tested_users)


@dataclass(frozen=True, config=_CONFIG)
class DataProfile:
    """The distribution of the ratings."""

    popularity_deciles: list[FiniteFloat] = field(default_factory=list[float])  # share of each tenth of the movies
    rating_histogram: dict[Text, Count] = field(default_factory=dict[str, int])


@dataclass(frozen=True, config=_CONFIG)
class Report:
    """An evaluation: the protocol, the models in the order requested, and their differences."""

    protocol: Protocol
    models: Annotated[list[ModelReport], Field(min_length=1)]
    comparisons: list[Comparison] = field(default_factory=list[Comparison])
    data: DataProfile = DataProfile()
    curve: list[dict[Text, FiniteFloat]] = field(default_factory=list[dict[str, float]])  # of a trained run, by epoch

    @classmethod
    def from_json(cls, content: Any, source: str = "report") -> Self:
        """Check parsed JSON. Raises `InputError` that names `source` and the first thing wrong."""
        return _checked(TypeAdapter(cls), content, source, "a report of 'matinee evaluate --json'")

    def to_json(self) -> dict[str, Any]:
        """Convert to plain dictionaries for `from_json`."""
        content: dict[str, Any] = TypeAdapter(Report).dump_python(self)
        return content if self.curve else {key: value for key, value in content.items() if key != "curve"}

    def write_json(self, path: Path) -> None:
        """Write the report atomically."""
        write_json(path, self.to_json())

    @property
    def cutoffs(self) -> list[int]:
        """The list lengths, shortest first."""
        return sorted(self.protocol.k)

    @property
    def metrics(self) -> list[str]:
        """The keys of all metrics that at least one model has."""
        return list(dict.fromkeys(key for model in self.models for key in model.metrics))

    @cached_property
    def lead(self) -> str | None:
        """The metric that orders the models: NDCG at the shortest list, or the nearest one measured."""
        shortest = self.cutoffs[0]
        wishes = [f"{metric.name}@{shortest}" for metric in LEADS] + [metric.name for metric in LEADS]
        return next((key for key in wishes if key in self.metrics), None)

    @property
    def ranking(self) -> list[ModelReport]:
        """The models by the lead metric, best first; models without it last, in report order."""
        return list(self.models) if self.lead is None else self.ranked(self.lead)

    def ranked(self, key: str) -> list[ModelReport]:
        """Order the models by any metric, best first; models without it last, in report order."""
        sign = 1 if lower_is_better(key) else -1
        with_it = [model for model in self.models if key in model.metrics]
        without = [model for model in self.models if key not in model.metrics]
        return sorted(with_it, key=lambda model: sign * model.metrics[key].value) + without

    def best_value(self, key: str) -> float | None:
        """Find the best value of a metric; None for fewer than two models or a metric that is not in the registry."""
        values = [model.metrics[key].value for model in self.ranked(key) if key in model.metrics]
        return values[0] if len(values) >= 2 and find_metric(key) is not None else None

    def comparison(self, key: str, first: str, second: str) -> Comparison | None:
        """Find the paired test of two models on a metric, in either order."""
        pair = {first, second}
        return next(
            (test for test in self.comparisons if test.metric == key and {test.better, test.worse} == pair), None
        )

    def model(self, name: str) -> ModelReport | None:
        """Find a model by its name."""
        return next((model for model in self.models if model.name == name), None)

    @cached_property
    def short_names(self) -> Mapping[str, str]:
        """The name of each model cut to fit a drawing, distinct from the others."""
        names = [model.name for model in self.models]
        return dict(zip(names, shorten_names(names), strict=True))


@dataclass(frozen=True, config=_CONFIG)
class TradeoffPoint:
    """The lists of one setting of `--diversity` or `--exploration`."""

    setting: FiniteFloat
    ndcg: Figure
    variety: Figure  # 1 - the mean cosine between the genres of any two movies of a list
    coverage: FiniteFloat  # share of the catalogue on at least one list


@dataclass(frozen=True, config=_CONFIG)
class TradeoffCurves:
    """Accuracy against variety and coverage, for one model on one split."""

    users: Count
    k: Annotated[int, Field(ge=1)]
    diversity: Annotated[list[TradeoffPoint], Field(min_length=1)]
    exploration: list[TradeoffPoint] = field(default_factory=list[TradeoffPoint])

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        for points in (self.diversity, self.exploration):
            if [point.setting for point in points] != sorted(point.setting for point in points):
                raise ValueError("points out of order")
        return self

    @classmethod
    def from_json(cls, content: Any, source: str = "trade-off") -> Self:
        """Check parsed JSON. Raises `InputError` that names `source` and the first thing wrong."""
        return _checked(TypeAdapter(cls), content, source, "a file of 'matinee tradeoff --json'")

    def to_json(self) -> dict[str, Any]:
        """Convert to plain dictionaries for `from_json`."""
        return TypeAdapter(TradeoffCurves).dump_python(self)


def load_json(path: Path) -> Any:
    """Parse a JSON file. Raises `InputError` for one that is missing, too large or not JSON."""
    try:
        size = path.stat().st_size
        if size > _MAX_BYTES:
            raise InputError(f"{path} has {size:,} bytes. A report has at most {_MAX_BYTES:,}.")
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read: {error}") from error


def shorten_names(names: list[str], limit: int = _SHORT_NAME) -> list[str]:
    """Cut names to `limit` characters, still distinct: the end of a path, its middle cut if need be."""
    ends = [name.rstrip("/").rsplit("/", 1)[-1] or name for name in names]
    shorts: list[str] = []
    for name, end in zip(names, ends, strict=True):
        full = end if ends.count(end) == 1 else name
        short, copy = _cut(full, limit), 2
        while short in shorts:
            short, copy = f"{_cut(full, limit - 3)} {copy}", copy + 1
        shorts.append(short)
    return shorts


def _cut(name: str, limit: int) -> str:
    if len(name) <= limit:
        return name
    tail = (limit - 1) // 2
    return f"{name[: limit - 1 - tail]}…{name[-tail:]}"


def _checked(adapter: TypeAdapter[T], content: Any, source: str, kind: str) -> T:
    try:
        return adapter.validate_python(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        location = ".".join(str(part) for part in first["loc"])
        message = first["msg"].lower().replace("\n", " ")
        raise InputError(f"{source} is not {kind}: {location + ': ' if location else ''}{message}") from error
