"""Runs: a fitted model with its catalogue, as a folder that can be passed on.

A run holds `settings.json` (model, config, package version, data fingerprint), `weights.safetensors`,
`catalogue.parquet` (the movies, in row order, with counts of their ratings) and the documents of its evaluation
(`metrics.json`, `MODEL_CARD.md`, `curves.png`). It holds no ratings: those stay in the data folder that it was
trained on, whose path it remembers. Reading a run never executes code from it.
"""

import json
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import polars as pl

import matinee
from matinee.data.dataset import Dataset
from matinee.data.files import write_bytes, write_parquet
from matinee.data.vocabulary import Vocabulary
from matinee.errors import RunError
from matinee.message import Message
from matinee.models.incremental import STATISTICS_FOLDER, USERS_FILE, user_digests
from matinee.models.memory_budget import describe_solver
from matinee.models.popularity_stats import popularity_stats
from matinee.models.recommender import SETTINGS_FILE, Recommender
from matinee.models.registry import model_class

CATALOGUE_FILE, METRICS_FILE, CARD_FILE, CURVES_FILE = (
    "catalogue.parquet",
    "metrics.json",
    "MODEL_CARD.md",
    "curves.png",
)

_FORMAT = 2  # of settings.json; runs of another format are refused
_DOCUMENTS = (METRICS_FILE, CARD_FILE, CURVES_FILE)


@dataclass(frozen=True)
class DataInfo:
    """The data that a run was trained on."""

    name: str
    path: str  # where it was then
    fingerprint: str
    ratings: int
    users: int
    scale: tuple[float, float]  # lowest and highest rating

    @classmethod
    def of(cls, dataset: Dataset, source: Path) -> Self:
        """Describe `dataset`, which was read from `source`."""
        name, path, fingerprint = dataset.name, str(source.resolve()), dataset.fingerprint
        return cls(name, path, fingerprint, len(dataset.ratings), dataset.n_users, dataset.scale)


@dataclass(frozen=True)
class RunInfo:
    """The content of a run's `settings.json`."""

    model: str
    config: dict[str, Any]
    version: str  # of this package
    trained: str  # ISO 8601
    data: DataInfo
    solver: tuple[Message, ...] = ()  # which movies were solved densely, where not all were

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        """Read what `save_run` wrote. Raises `KeyError`, `TypeError` or `ValueError` for anything else."""
        data = content["data"]
        low, high = data["scale"]
        return cls(
            model=str(content["model"]),
            config=dict(content["config"]),
            version=str(content["version"]),
            trained=str(content["trained"]),
            data=DataInfo(**(data | {"scale": (float(low), float(high))})),
            solver=tuple(Message.from_json(message) for message in content["solver"]),
        )


@dataclass(frozen=True, eq=False)
class Run:
    """A fitted model and the catalogue its rows stand for."""

    folder: Path
    model: Recommender
    movies: pl.DataFrame  # in row order
    movie_ids: Vocabulary
    info: RunInfo

    @property
    def scale(self) -> tuple[float, float]:
        """The lowest and highest rating of the data it was trained on."""
        return self.info.data.scale

    @cached_property
    def metrics(self) -> dict[str, Any] | None:
        """The report of the evaluation, or None. Raises `RunError` if the file is not JSON."""
        text = _read_text(self.folder / METRICS_FILE)
        try:
            return None if text is None else json.loads(text)
        except ValueError as error:
            raise RunError(f"{self.folder / METRICS_FILE}: not JSON ({error}). Train the run again.") from error

    @cached_property
    def card(self) -> str | None:
        """The model card as Markdown, or None."""
        return _read_text(self.folder / CARD_FILE)

    def has_same_catalogue(self, movie_ids: Iterable[Any]) -> bool:
        """Tell whether these ids are the run's movies, in the order of its rows."""
        return list(movie_ids) == self.movie_ids.ids.tolist()


def save_run(
    folder: Path,
    model: Recommender,
    dataset: Dataset,
    source: Path,
    documents: Mapping[str, bytes] | None = None,
    statistics: Path | None = None,
) -> Run:
    """Write a run for a model fitted on `dataset`, which was read from `source`. An older run there is replaced.

    `statistics` is a folder of sums that the fit left. It is moved into the run so that the run can be updated. The
    folder appears complete or not at all. Raises `RunError` if `folder` exists and is not a run.
    """
    if folder.exists() and not is_run(folder) and any(folder.iterdir()):
        raise RunError(f"{folder} exists and is not a run. Name a new or empty folder, or an older run to replace.")
    fit_info = {
        "format": _FORMAT,
        "version": matinee.__version__,
        "trained": datetime.now(UTC).isoformat(timespec="seconds"),
        "data": asdict(DataInfo.of(dataset, source)),
        "solver": [message.to_json() for message in describe_solver(model, dataset.counts)],
    }
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}.", suffix=".part"))
    try:
        model.save(temporary, fit_info)
        write_parquet(temporary / CATALOGUE_FILE, dataset.movies.with_columns(popularity_stats(dataset).get_columns()))
        for name, content in (documents or {}).items():
            write_bytes(temporary / name, content)
        if statistics is not None:
            write_parquet(statistics / USERS_FILE, user_digests(dataset))
            shutil.move(statistics, temporary / STATISTICS_FOLDER)
        temporary.chmod(0o755)
        _swap(temporary, folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return load_run(folder)


def updated_documents(run: Run, change: str) -> dict[str, bytes]:
    """The documents of a run after an update: the same figures, and a card with a note about `change`."""
    paths = [run.folder / name for name in _DOCUMENTS]
    documents = {path.name: path.read_bytes() for path in paths if path.is_file()}
    if CARD_FILE in documents:
        day = datetime.now(UTC).date().isoformat()
        documents[CARD_FILE] += f"\nUpdated on {day} with {change}. The figures above were measured before.\n".encode()
    return documents


def is_run(folder: Path) -> bool:
    """Tell whether a folder looks like a run."""
    return (folder / SETTINGS_FILE).is_file() and (folder / CATALOGUE_FILE).is_file()


def load_run(folder: Path) -> Run:
    """Read a run. Raises `RunError` if files are missing, damaged, of an older version or do not fit together."""
    info = load_run_info(folder)
    try:
        movies = pl.read_parquet(folder / CATALOGUE_FILE)
        model = model_class(info.model).load(folder)
    except (OSError, ValueError, KeyError, pl.exceptions.PolarsError) as error:
        raise RunError(f"{folder} is a damaged run ({error}). Train it again.") from error
    if len(movies) != model.n_movies:
        raise RunError(
            f"{folder} is a damaged run: its catalogue has {len(movies):,} movies and its model {model.n_movies:,}. "
            "Train it again."
        )
    return Run(folder, model, movies, Vocabulary(movies["movie_id"].to_numpy().copy()), info)


def load_run_info(folder: Path) -> RunInfo:
    """Read only the description of a run, which takes no time. Raises `RunError` as `load_run` does."""
    if not is_run(folder):
        raise RunError(f"{folder} is not a run. Name a folder that 'matinee train' wrote, with {SETTINGS_FILE} in it.")
    try:
        content = json.loads((folder / SETTINGS_FILE).read_text(encoding="utf-8"))
        if content.get("format") != _FORMAT:
            raise RunError(f"{folder} was written by another version of matinee. Train it again.")
        return RunInfo.from_json(content)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RunError(f"{folder} is a damaged run ({error}). Train it again.") from error


def _read_text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise RunError(f"{path} cannot be read ({error}). Train the run again.") from error


def _swap(new: Path, target: Path) -> None:
    """Move `new` to `target`. An older `target` is moved aside first and removed last."""
    if not target.exists():
        new.replace(target)
        return
    aside = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}.", suffix=".old")) / target.name
    target.replace(aside)
    new.replace(target)
    shutil.rmtree(aside.parent)
