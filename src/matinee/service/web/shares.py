"""What somebody's films are like beside the catalogue: shares of genres, decades and directors."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from matinee.arrays import AnyFloats, AnyRows
from matinee.data.histories import GAP
from matinee.service.state.served_run import ServedRun
from matinee.service.state.user_feedback import UserFeedback

ENOUGH = 10  # rated films from which on shares, and a map, begin to mean something
_GENRES, _DIRECTORS = 12, 8  # shown
_TWICE = 2  # films of a director who is named


@dataclass(frozen=True)
class CategoryShare:
    """One genre, decade or director."""

    name: str
    films: float  # of the person's; a film of two genres is half in each
    yours: float  # 0-1, of the person's films
    catalogue: float  # 0-1, of all films
    stars: float  # the person's mean
    of: int = 0  # films there are, of a director


def category_shares(run: ServedRun, feedback: UserFeedback) -> dict[str, list[CategoryShare]]:
    """Genres (most seen first), decades (in order) and directors (most seen first) of what somebody rated."""
    rows = feedback.history.movies
    real = rows != GAP
    stars = feedback.history.ratings if feedback.history.ratings is not None else np.zeros(len(rows))
    rows, stars = rows[real], stars[real]
    if not len(rows):
        return {"genres": [], "decades": [], "directors": []}
    return {"genres": _genres(run, rows, stars), "decades": _decades(run, rows, stars)} | {
        "directors": _directors(run, rows, stars)
    }


def _genres(run: ServedRun, rows: AnyRows, stars: AnyFloats) -> list[CategoryShare]:
    has = run.engine.genres > 0  # (movies, genres)
    parts = has / np.maximum(has.sum(axis=1, keepdims=True), 1)
    found = _shares(sorted(run.genres), parts[rows], parts.sum(axis=0), stars)
    return sorted(found, key=lambda one: (-one.yours, -one.catalogue))[:_GENRES]


def _decades(run: ServedRun, rows: AnyRows, stars: AnyFloats) -> list[CategoryShare]:
    years = run.engine.movies["year"].cast(pl.Float64).to_numpy()
    decades = np.array(run.decades)
    has = np.floor(years[:, None] / 10) * 10 == decades  # (movies, decades)
    found = _shares([str(one) for one in run.decades], has[rows].astype(float), has.sum(axis=0), stars)
    # From the first to the last that the person knows: a decade between that is not seen says something too.
    seen = [place for place, one in enumerate(found) if one.films]
    return found[seen[0] : seen[-1] + 1] if seen else []


def _directors(run: ServedRun, rows: AnyRows, stars: AnyFloats) -> list[CategoryShare]:
    movies = run.engine.movies
    if "director" not in movies.columns:
        return []
    column = movies["director"] if movies["director"].dtype == pl.List else movies["director"].reshape((-1, 1))
    given: dict[str, list[float]] = {}
    for names, value in zip(column.gather(rows).to_list(), stars.tolist(), strict=True):
        for name in {one for one in names or () if one}:
            given.setdefault(name, []).append(value)
    known = sorted((name for name in given if len(given[name]) >= _TWICE), key=lambda name: _rank(given, name))
    known = known[:_DIRECTORS]
    everybody = column.explode()
    counts = dict(everybody.filter(everybody.is_in(known)).value_counts().iter_rows())
    return [
        CategoryShare(
            name,
            len(given[name]),
            len(given[name]) / len(rows),
            counts[name] / len(movies),
            sum(given[name]) / len(given[name]),
            counts[name],
        )
        for name in known
    ]


def _rank(given: Mapping[str, list[float]], name: str) -> tuple[int, float, str]:
    values = given[name]
    return -len(values), -sum(values) / len(values), name


def _shares(names: list[str], own: AnyFloats, everybody: AnyFloats, stars: AnyFloats) -> list[CategoryShare]:
    """Shares of n names, from the part of each own film that is of each: (films, n), and the catalogue's sums (n,)."""
    films = own.sum(axis=0)
    mean = stars @ own / np.maximum(films, 1e-9)
    yours, catalogue = films / max(films.sum(), 1e-9), everybody / max(everybody.sum(), 1e-9)
    columns = (films.tolist(), yours.tolist(), catalogue.tolist(), mean.tolist())
    return [CategoryShare(*one) for one in zip(names, *columns, strict=True)]
