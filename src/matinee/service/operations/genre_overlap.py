"""The share of similar movies that have a genre in common, compared with random movies.

Most models do not use genres, so this is an independent check of a model's similarity, though a rough one.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from matinee.service.operations import recommendations as operations
from matinee.service.state.served_run import ServedRun

N_MOVIES = 40  # the most-rated movies with genres
N_SIMILAR = 10  # similar movies per movie
_Z = 1.96  # of the 95% interval of a normal distribution


@dataclass(frozen=True)
class MovieOverlap:
    """One movie: the share of similar movies, and of all other movies, that have a genre in common with it."""

    row: int
    similar_share: float
    random_share: float


@dataclass(frozen=True)
class GenreOverlap:
    """The means over the most-rated movies, with a 95% interval: mean +- 1.96 sd / sqrt(n)."""

    movies: list[MovieOverlap]
    similar_share: float
    low: float
    high: float
    random_share: float


@lru_cache(maxsize=1)  # the current run only, because an older one would stay in memory
def genre_overlap(run: ServedRun) -> GenreOverlap | None:
    """Compute the overlap; None if fewer than two movies have genres."""
    genres = run.engine.genres
    with_genres = np.flatnonzero(genres.any(axis=1))
    rows = run.engine.by_popularity[np.isin(run.engine.by_popularity, with_genres)][:N_MOVIES]
    if len(rows) < 2:
        return None
    movie_overlaps = [_overlap(run, row) for row in rows.tolist()]
    similar_shares = np.array([overlap.similar_share for overlap in movie_overlaps])
    margin = _Z * float(similar_shares.std(ddof=1)) / np.sqrt(len(movie_overlaps))
    return GenreOverlap(
        movie_overlaps,
        float(similar_shares.mean()),
        max(0.0, float(similar_shares.mean()) - margin),
        min(1.0, float(similar_shares.mean()) + margin),
        float(np.mean([overlap.random_share for overlap in movie_overlaps])),
    )


def _overlap(run: ServedRun, row: int) -> MovieOverlap:
    similar_movies = operations.similar_movies(run, run.ids[row], N_SIMILAR)
    genres = run.engine.genres
    others = np.delete(genres @ genres[row] > 0, row)
    return MovieOverlap(
        row, float(np.mean([bool(movie.shared_genres) for movie in similar_movies] or [False])), float(others.mean())
    )
