"""What TMDB knows of films, as columns of a catalogue: only empty cells are filled."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from matinee.data.fetching.tmdb_answers import TmdbMovie, day
from matinee.data.readers.columns import MOVIE_TYPES

MOST_CAST = 8
# No votes and no popularity: they are of today, and a model that learns from them knows the future.
COLUMNS = (
    "year",
    "genres",
    "overview",
    "language",
    "director",
    "cast",
    "runtime",
    "release_date",
    "poster",
    "imdb_id",
    "tmdb_id",
)


def facts_of(film: TmdbMovie) -> dict[str, Any]:
    """The facts of a film under our names; None or an empty list for what TMDB does not know."""
    released = day(film.release_date)
    return {
        "year": None if released is None else released.year,
        "genres": _names(genre.name for genre in film.genres),
        "overview": _text(film.overview),
        "language": _names([film.original_language or ""]),
        "director": _names(film.directors),
        "cast": _names(film.cast)[:MOST_CAST],
        "runtime": film.runtime or None,
        "release_date": released,
        "poster": _text(film.poster_path),
        "imdb_id": _text(film.imdb_id),
        "tmdb_id": film.id,
    }


def with_facts(movies: pl.DataFrame, films: Mapping[int, TmdbMovie]) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The catalogue with the facts of `films` (row -> film) in its empty cells, and the columns that gained by it."""
    facts = {row: facts_of(film) for row, film in films.items()}
    filled = movies
    gained: list[str] = []
    for name in COLUMNS:
        values = [facts[row][name] if row in facts else None for row in range(len(movies))]
        known = pl.Series(name, values, dtype=MOVIE_TYPES[name])
        column = _merged(movies[name], known) if name in movies.columns else known
        if _filled(column) > (_filled(movies[name]) if name in movies.columns else 0):
            gained.append(name)
            filled = filled.with_columns(column.fill_null([]) if column.dtype == pl.List else column)
    return filled, tuple(gained)


def _merged(ours: pl.Series, theirs: pl.Series) -> pl.Series:
    if ours.dtype == pl.Null:
        return theirs
    return ours.zip_with(~_is_empty(ours), theirs) if ours.dtype == theirs.dtype else ours


def _is_empty(values: pl.Series) -> pl.Series:
    return values.list.len().fill_null(0) == 0 if isinstance(values.dtype, pl.List) else values.is_null()


def _filled(values: pl.Series) -> int:
    return len(values) - int(_is_empty(values).sum())


def _names(names: Any) -> list[str]:
    # "|" parts names in a plain folder.
    return [name for one in names if (name := " ".join(one.replace("|", " ").split()))]


def _text(text: str | None) -> str | None:
    return (text or "").strip() or None
