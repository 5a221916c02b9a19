"""The run that answers requests, with its indexes, and its replacement by a newer run while the app serves."""

import hashlib
import threading
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl
import structlog

from matinee.data.diaries.catalogue_index import CatalogueIndex
from matinee.data.readers.formats import read_dataset
from matinee.errors import InputError, NotFoundError, RunError
from matinee.models.recommender import SETTINGS_FILE
from matinee.models.runs import Run, RunInfo
from matinee.pipeline.engine import Engine, load_engine
from matinee.pipeline.explore.also_liked import LikesIndex
from matinee.pipeline.explore.title_search import TitleSearch
from matinee.service.settings import Settings

_ATTEMPTS = 3  # to load a run that changes during the load
log = structlog.get_logger("matinee.served_run")


@dataclass(frozen=True)
class RunPaths:
    """The folders from which a served run is loaded."""

    run: Path
    rating_run: Path | None = None
    content_run: Path | None = None
    data: Path | None = None
    also_liked: bool = True


@dataclass(frozen=True, eq=False)
class ServedRun:
    """One loaded run. It never changes, so a request uses the same run from start to end."""

    paths: RunPaths
    engine: Engine
    likes: LikesIndex | None  # None if the run's data cannot be read
    likes_unavailable: str  # the reason in one line; empty if `likes` is there
    version: str  # changes with the files of the run

    @property
    def _run(self) -> Run:
        if self.engine.run is None:
            raise RunError("This engine was built in memory. Load it from a saved run.")
        return self.engine.run

    @property
    def info(self) -> RunInfo:
        """The facts about the run: model, configuration, training data."""
        return self._run.info

    @property
    def metrics(self) -> dict[str, Any] | None:
        """The report of the evaluation, if the run has one."""
        return self._run.metrics

    @property
    def card(self) -> str | None:
        """The model card as Markdown, if the run has one."""
        return self._run.card

    @property
    def model(self) -> str:
        """The name of the model that orders movies."""
        return self.engine.ranker.name

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the training data."""
        return self.info.data.fingerprint

    @cached_property
    def ids(self) -> list[str]:
        """The outside id of each movie, as text."""
        return [str(movie_id) for movie_id in self.engine.movies["movie_id"].to_list()]

    @cached_property
    def rows(self) -> dict[str, int]:
        """The row of each outside id."""
        return {movie_id: row for row, movie_id in enumerate(self.ids)}

    @cached_property
    def search(self) -> TitleSearch:
        """The title search."""
        return TitleSearch(self.engine)

    @cached_property
    def diary_index(self) -> CatalogueIndex:
        """The index that matches the movies of diaries."""
        return CatalogueIndex(self.engine.movies)

    @cached_property
    def popularity_rank(self) -> dict[str, int]:
        """The index of each movie id in `Engine.by_popularity`."""
        return {self.ids[row]: rank for rank, row in enumerate(self.engine.by_popularity.tolist())}

    @cached_property
    def genres(self) -> frozenset[str]:
        """The genres in the catalogue."""
        return _distinct_names(self.engine.movies, "genres")

    @cached_property
    def languages(self) -> frozenset[str]:
        """The languages of movies in the catalogue, under the names that the catalogue uses."""
        return _distinct_names(self.engine.movies, "language")

    @cached_property
    def decades(self) -> list[int]:
        """The decades of movies in the catalogue, such as 1990."""
        return sorted({year // 10 * 10 for year in self.engine.movies["year"].drop_nulls().to_list()})

    @cached_property
    def poster_folder(self) -> Path | None:
        """The folder of posters in the training data, if it exists."""
        folder = (self.paths.data or Path(self.info.data.path)) / "posters"
        return folder if folder.is_dir() else None

    def row(self, movie_id: str) -> int:
        """Return the row of a movie. Raises `NotFoundError`."""
        row = self.rows.get(movie_id)
        if row is None:
            raise NotFoundError(f"No movie has the id '{movie_id[:60]}'. Use an id from this run's catalogue.")
        return row

    def warm_up(self) -> None:
        """Build the indexes before the first request needs them."""
        engine = self.engine
        _ = self.rows, self.search, self.popularity_rank, self.genres, self.languages, self.decades, self.poster_folder
        _ = engine.title_groups, engine.genres, engine.questions, engine.recent_rating_counts, engine.facts
        engine.lookup.find(engine.lookup.label(0))


def load_served_run(paths: RunPaths, previous: ServedRun | None = None) -> ServedRun:
    """Load a run. The also-liked index of `previous` is reused if the data is the same. Raises `RunError`."""
    for _ in range(_ATTEMPTS):
        version = compute_version(paths)
        engine = load_engine(paths.run, paths.rating_run, paths.content_run)
        if engine.run is not None:
            _ = engine.run.metrics, engine.run.card  # read now: the folder may be replaced later
        if version == compute_version(paths):
            break
    else:
        raise RunError(f"{paths.run} keeps changing. Wait until training has finished.")
    if not engine.n_movies:
        raise RunError(f"{paths.run} has an empty catalogue. Train it on data with movies.")
    likes, reason = _load_likes(paths, engine, previous)
    served_run = ServedRun(paths, engine, likes, reason, version)
    served_run.warm_up()
    return served_run


def compute_version(paths: RunPaths) -> str:
    """Compute a short text that changes if any of the runs is replaced. Raises `RunError` if a run is missing."""
    digest = hashlib.blake2b(digest_size=8)
    for folder in (paths.run, paths.rating_run, paths.content_run):
        if folder is None:
            continue
        file = folder / SETTINGS_FILE
        try:
            digest.update(f"{folder.resolve()}\n{file.stat().st_mtime_ns}\n".encode() + file.read_bytes())
        except OSError as error:
            raise RunError(f"{folder} is not a run. Use a folder written by 'matinee train'.") from error
    return digest.hexdigest()


class RunReloader:
    """The current run, replaced by a newer one after that is loaded. Requests keep the run they started with."""

    def __init__(self, first: ServedRun):
        self.current = first
        self._reload_lock = threading.Lock()

    def reload(self, paths: RunPaths | None = None) -> ServedRun:
        """Load the run again, or the run of other paths, and make it current. An error changes nothing."""
        with self._reload_lock:
            previous = self.current
            self.current = load_served_run(paths or previous.paths, previous)
            log.info("run_reloaded", model=self.current.model, fingerprint=self.current.fingerprint)
            return self.current

    def reload_if_changed(self) -> None:
        """Reload if the folders hold newer runs. Raises the errors of `load_served_run`."""
        if self.is_stale:
            self.reload()

    @property
    def is_stale(self) -> bool:
        """True if the folders hold other runs than the loaded ones."""
        try:
            return compute_version(self.current.paths) != self.current.version
        except RunError:
            return False  # the folder is being replaced at this moment


def run_paths(settings: Settings) -> RunPaths:
    """The folders in the settings."""
    return RunPaths(settings.run, settings.rating_run, settings.content_run, settings.data, settings.also_liked)


def _load_likes(paths: RunPaths, engine: Engine, previous: ServedRun | None) -> tuple[LikesIndex | None, str]:
    """Load the also-liked index from the training data; without it, the reason in one line."""
    if not paths.also_liked or engine.run is None:
        return None, "the setting also_liked is off"
    data = engine.run.info.data
    if previous is not None and previous.likes is not None and previous.info.data == data:
        return previous.likes, ""
    path = paths.data or Path(data.path)
    if not path.exists():
        return None, f"the training data is not at {path}"
    try:
        dataset, _ = read_dataset(path)
    except InputError as error:
        return None, f"the training data cannot be read ({error})"
    if not engine.run.has_same_catalogue(dataset.movies["movie_id"].to_list()):
        return None, f"the data at {path} has another catalogue than the run"
    return LikesIndex(dataset), ""


def _distinct_names(movies: pl.DataFrame, column: str) -> frozenset[str]:
    if column not in movies.columns:
        return frozenset()
    values = movies[column]
    names = values.explode() if isinstance(values.dtype, pl.List) else values
    return frozenset(str(name) for name in names.drop_nulls().unique().to_list())
