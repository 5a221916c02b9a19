"""TMDB's facts about movies as columns of a catalogue: only empty cells are filled."""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from matinee.data.fetching.tmdb_responses import TmdbMovie, parse_date
from matinee.data.readers.columns import MOVIE_TYPES

MAX_CAST = 8
# No votes and no popularity: they are today's, so a model trained on older ratings would learn from the future.
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


def movie_facts(movie: TmdbMovie) -> dict[str, Any]:
    """The facts of a movie by column name; None or an empty list for an unknown fact."""
    released = parse_date(movie.release_date)
    return {
        "year": None if released is None else released.year,
        "genres": _names(genre.name for genre in movie.genres),
        "overview": _text(movie.overview),
        "language": _names([movie.original_language or ""]),
        "director": _names(movie.directors),
        "cast": _names(movie.cast)[:MAX_CAST],
        "runtime": movie.runtime or None,
        "release_date": released,
        "poster": _text(movie.poster_path),
        "imdb_id": _text(movie.imdb_id),
        "tmdb_id": movie.id,
    }


def fill_facts(movies: pl.DataFrame, responses: Mapping[int, TmdbMovie]) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The catalogue with the facts of `responses` (movie row -> movie) in its empty cells, and the columns filled."""
    facts = {row: movie_facts(movie) for row, movie in responses.items()}
    filled = movies
    filled_columns: list[str] = []
    for name in COLUMNS:
        values = [facts[row][name] if row in facts else None for row in range(len(movies))]
        new = pl.Series(name, values, dtype=MOVIE_TYPES[name])
        column = _merge(movies[name], new) if name in movies.columns else new
        if _count_filled(column) > (_count_filled(movies[name]) if name in movies.columns else 0):
            filled_columns.append(name)
            filled = filled.with_columns(column.fill_null([]) if column.dtype == pl.List else column)
    return filled, tuple(filled_columns)


def _merge(ours: pl.Series, theirs: pl.Series) -> pl.Series:
    if ours.dtype == pl.Null:
        return theirs
    return ours.zip_with(~_is_empty(ours), theirs) if ours.dtype == theirs.dtype else ours


def _is_empty(values: pl.Series) -> pl.Series:
    return values.list.len().fill_null(0) == 0 if isinstance(values.dtype, pl.List) else values.is_null()


def _count_filled(values: pl.Series) -> int:
    return len(values) - int(_is_empty(values).sum())


def _names(names: Iterable[str]) -> list[str]:
    # "|" separates names in a plain folder.
    return [cleaned for name in names if (cleaned := " ".join(name.replace("|", " ").split()))]


def _text(text: str | None) -> str | None:
    return (text or "").strip() or None
