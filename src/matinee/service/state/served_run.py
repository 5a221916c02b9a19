"""What requests are answered from: one loaded run with what belongs to it, replaced by a newer one while it serves."""

import hashlib
import json
import threading
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import structlog

from matinee.data.diaries.catalogue_index import CatalogueIndex
from matinee.data.readers.formats import read_dataset
from matinee.errors import InputError, NotFoundError, RunError
from matinee.pipeline.engine import Engine, load_engine
from matinee.pipeline.explore.also_liked import LikesIndex
from matinee.pipeline.explore.title_search import TitleSearch
from matinee.service.settings import Settings

_SETTINGS_FILE, _METRICS_FILE, _CARD_FILE = "settings.json", "metrics.json", "MODEL_CARD.md"
_TRIES = 3  # a run may be replaced while it is read
log = structlog.get_logger("matinee.stage")


@dataclass(frozen=True)
class RunPaths:
    """The folders a stage is made from."""

    run: Path
    stars: Path | None = None
    content: Path | None = None
    data: Path | None = None
    also_liked: bool = True


@dataclass(frozen=True, eq=False)
class ServedRun:
    """One loaded run. Nothing of it changes: whoever began with one ends with it."""

    paths: RunPaths
    engine: Engine
    likes: LikesIndex | None  # None where the run's data cannot be read
    likes_unavailable: str  # in one line; empty where there are some
    run_settings: dict[str, Any]  # of its settings.json
    version: str  # changes with the files it was made from
    metrics: dict[str, Any] | None
    card: str | None  # Markdown

    @property
    def model(self) -> str:
        """The name of the model that orders movies."""
        return self.engine.ranker.name

    @property
    def fingerprint(self) -> str:
        """Of the data it was trained on."""
        return str(self.run_settings["data"]["fingerprint"])

    @property
    def trained(self) -> str:
        """When, as ISO 8601; empty in runs that do not say."""
        return str(self.run_settings.get("trained", ""))

    @cached_property
    def ids(self) -> list[str]:
        """The outside id of each movie, as text."""
        return [str(one) for one in self.engine.movies["movie_id"].to_list()]

    @cached_property
    def rows(self) -> dict[str, int]:
        """The row of each outside id."""
        return {movie_id: row for row, movie_id in enumerate(self.ids)}

    @cached_property
    def search(self) -> TitleSearch:
        """Finds movies as their titles are typed."""
        return TitleSearch(self.engine)

    @cached_property
    def diary_index(self) -> CatalogueIndex:
        """Finds the movies of diaries."""
        return CatalogueIndex(self.engine.movies)

    @cached_property
    def by_popularity(self) -> npt.NDArray[np.int64]:
        """Rows, the most-rated movie first."""
        return np.argsort(-self.engine.rated, kind="stable")

    @cached_property
    def popularity_rank(self) -> dict[str, int]:
        """Where each movie stands in `by_popularity`, from 0."""
        return {self.ids[row]: place for place, row in enumerate(self.by_popularity.tolist())}

    @cached_property
    def genres(self) -> frozenset[str]:
        """The genres that films of the catalogue have."""
        return _names_in(self.engine.movies, "genres")

    @cached_property
    def languages(self) -> frozenset[str]:
        """The languages that films of the catalogue have, as the catalogue calls them."""
        return _names_in(self.engine.movies, "language")

    @cached_property
    def decades(self) -> list[int]:
        """The decades that films of the catalogue are from: 1990."""
        return sorted({year // 10 * 10 for year in self.engine.movies["year"].drop_nulls().to_list()})

    @cached_property
    def posters(self) -> Path | None:
        """The folder of posters that came with the data, if it is there."""
        folder = (self.paths.data or Path(self.run_settings["data"]["path"])) / "posters"
        return folder if folder.is_dir() else None

    def row(self, movie_id: str) -> int:
        """The row of a movie. Raises `NotFoundError`."""
        found = self.rows.get(movie_id)
        if found is None:
            raise NotFoundError(f"no movie has the id '{movie_id[:60]}'; expected one of the catalogue of this run")
        return found

    def warm_up(self) -> None:
        """Make what is made once, before anybody waits for it."""
        engine = self.engine
        _ = (
            self.rows,
            self.search,
            self.popularity_rank,
            engine.title_groups,
            engine.genres,
            engine.questions,
            engine.rated_recently,
        )
        _ = self.genres, self.languages, self.decades, self.posters, engine.facts
        engine.lookup.find(engine.lookup.label(0))


def load_served_run(sources: RunPaths, before: ServedRun | None = None) -> ServedRun:
    """Load a stage; what `before` knows of the same data is taken over. Raises `RunError` and what reading raises."""
    for _ in range(_TRIES):
        stamp = version_of(sources)
        engine = load_engine(sources.run, sources.stars, sources.content)
        run_settings = _json(sources.run / _SETTINGS_FILE) or {}
        metrics, card = _json(sources.run / _METRICS_FILE), _text(sources.run / _CARD_FILE)
        if stamp == version_of(sources):
            break
    else:
        raise RunError(f"{sources.run}: is being written again and again; expected a run that stays as it is")
    if not engine.n_movies:
        raise RunError(f"{sources.run}: its catalogue holds no movies; expected at least one")
    likes, why = _likes(sources, engine, run_settings, before)
    run = ServedRun(sources, engine, likes, why, run_settings, stamp, metrics, card)
    run.warm_up()
    return run


def version_of(sources: RunPaths) -> str:
    """A short text that changes when any of the runs is replaced. Raises `RunError` if one is not there."""
    told = hashlib.blake2b(digest_size=8)
    for folder in (sources.run, sources.stars, sources.content):
        if folder is None:
            continue
        content = _text(folder / _SETTINGS_FILE)
        if content is None:
            raise RunError(f"{folder}: not a run; expected a folder written by 'matinee train'")
        told.update(f"{folder.resolve()}\n{(folder / _SETTINGS_FILE).stat().st_mtime_ns}\n{content}".encode())
    return told.hexdigest()


class RunReloader:
    """The stage of now. Requests take `current` once and keep it; a newer one is loaded beside, then put in place."""

    def __init__(self, first: ServedRun):
        self.current = first
        self._swapping = threading.Lock()

    def reload(self, sources: RunPaths | None = None) -> ServedRun:
        """Load the run anew, or another one, and answer from it. An error leaves everything as it was."""
        with self._swapping:
            before = self.current
            self.current = load_served_run(sources or before.paths, before)
            log.info("swapped", model=self.current.model, fingerprint=self.current.fingerprint)
            return self.current

    def reload_if_changed(self) -> None:
        """Swap if there is something new. Raises what loading it raises."""
        if self.is_stale:
            self.reload()

    @property
    def is_stale(self) -> bool:
        """Whether the folders hold other runs than those loaded."""
        try:
            return version_of(self.current.paths) != self.current.version
        except (OSError, RunError):
            return False  # it is being replaced just now


def run_paths(settings: Settings) -> RunPaths:
    """The folders that the settings name."""
    return RunPaths(settings.run, settings.stars, settings.content, settings.data, settings.also_liked)


def _likes(
    sources: RunPaths, engine: Engine, run_settings: dict[str, Any], before: ServedRun | None
) -> tuple[LikesIndex | None, str]:
    if not sources.also_liked:
        return None, "reading the ratings is turned off by the setting also_liked"
    data = run_settings["data"]
    if before is not None and before.likes is not None and before.run_settings["data"] == data:
        return before.likes, ""
    place = sources.data or Path(data["path"])
    if not place.exists():
        return None, f"the data the run was trained on is no longer at {place}"
    try:
        dataset, _ = read_dataset(place)
    except InputError as error:
        return None, f"the data the run was trained on cannot be read ({error})"
    if dataset.movies["movie_id"].to_list() != engine.movies["movie_id"].to_list():
        return None, f"the data at {place} has another catalogue than the run"
    return LikesIndex(dataset), ""


def _names_in(movies: pl.DataFrame, column: str) -> frozenset[str]:
    if column not in movies.columns:
        return frozenset()
    values = movies[column]
    names = values.explode() if isinstance(values.dtype, pl.List) else values
    return frozenset(str(one) for one in names.drop_nulls().unique().to_list())


def _json(file: Path) -> dict[str, Any] | None:
    text = _text(file)
    if text is None:
        return None
    try:
        return json.loads(text)
    except ValueError as error:
        raise RunError(f"{file}: no JSON ({error})") from error


def _text(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise RunError(f"{file}: cannot be read ({error})") from error
