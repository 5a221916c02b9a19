"""Do the films that the served model finds alike share genres, more than chance would have it?

Genres are told to most models by nobody, so it is a check from outside, though a rough one.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from matinee.service.operations import recommendations as operations
from matinee.service.state.served_run import ServedRun

FILMS = 40  # the most-rated ones that have genres
ALIKE = 10  # most similar films of each
_Z = 1.96  # of a normal distribution, 95%


@dataclass(frozen=True)
class OverlapOf:
    """One film: of the films most like it, and of all others, the share that has a genre in common with it."""

    row: int
    alike: float
    chance: float


@dataclass(frozen=True)
class GenreOverlap:
    """The mean over the best-known films, with its 95% interval: mean +- 1.96 sd / sqrt(films)."""

    films: list[OverlapOf]
    alike: float
    low: float
    high: float
    chance: float


@lru_cache(maxsize=1)  # of the stage of now; an older one would hold its whole run in memory
def genre_overlap(run: ServedRun) -> GenreOverlap | None:
    """The overlap of a stage; None for a catalogue in which fewer than two films have genres."""
    genres = run.engine.genres
    with_genres = np.flatnonzero(genres.any(axis=1))
    rows = run.by_popularity[np.isin(run.by_popularity, with_genres)][:FILMS]
    if len(rows) < 2:
        return None
    films = [_overlap(run, row) for row in rows.tolist()]
    alike = np.array([one.alike for one in films])
    margin = _Z * float(alike.std(ddof=1)) / np.sqrt(len(films))
    return GenreOverlap(
        films,
        float(alike.mean()),
        max(0.0, float(alike.mean()) - margin),
        min(1.0, float(alike.mean()) + margin),
        float(np.mean([one.chance for one in films])),
    )


def _overlap(run: ServedRun, row: int) -> OverlapOf:
    found = operations.similar_movies(run, run.ids[row], ALIKE)
    genres = run.engine.genres
    others = np.delete(genres @ genres[row] > 0, row)
    return OverlapOf(row, float(np.mean([bool(one.shared_genres) for one in found] or [False])), float(others.mean()))
