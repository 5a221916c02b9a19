"""Filters of a list: years, genres, language, running time and single movies."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from matinee.arrays import Mask
from matinee.errors import NotFoundError


@dataclass(frozen=True)
class Filters:
    """Conditions on the movies of a list. By default every movie is allowed.

    A movie whose value for a condition is unknown does not pass it.
    """

    years: tuple[int | None, int | None] = (None, None)  # first and last
    genres: tuple[str, ...] = ()  # at least one of these
    without_genres: tuple[str, ...] = ()  # none of these
    languages: tuple[str, ...] = ()  # at least one of these
    max_runtime: int | None = None  # minutes
    without: tuple[int, ...] = ()  # movie rows

    def allowed(self, movies: pl.DataFrame) -> Mask:
        """The movies of a catalogue that pass: (movies,).

        Raises `NotFoundError` for a genre or language that no movie has, and for a condition on a column that the
        catalogue lacks.
        """
        allowed = np.ones(len(movies), dtype=np.bool_)
        first, last = self.years
        if first is not None:
            allowed &= _to_mask(movies["year"] >= first)
        if last is not None:
            allowed &= _to_mask(movies["year"] <= last)
        if self.genres:
            allowed &= _has_any(movies, "genres", self.genres)
        if self.without_genres:
            allowed &= _to_mask(movies["genres"].list.len() > 0) & ~_has_any(movies, "genres", self.without_genres)
        if self.languages:
            allowed &= _has_any(movies, "language", self.languages)
        if self.max_runtime is not None:
            allowed &= _to_mask(_column(movies, "runtime") <= self.max_runtime)
        allowed[list(self.without)] = False
        return allowed


def _column(movies: pl.DataFrame, name: str) -> pl.Series:
    if name not in movies.columns:
        columns = ", ".join(sorted(movies.columns))
        raise NotFoundError(f"This catalogue has no column '{name}' to filter by. Its columns are {columns}.")
    return movies[name]


def _has_any(movies: pl.DataFrame, name: str, values: tuple[str, ...]) -> Mask:
    """The movies whose column, of names or lists of names, has one of `values`, ignoring case: (movies,)."""
    column = _column(movies, name)
    if not isinstance(column.dtype, pl.List):
        column = pl.select(pl.concat_list(column)).to_series()
    names: list[str] = sorted(column.explode().drop_nulls().unique().to_list())
    folded_names = {name.casefold() for name in names}
    folded_values = {value.casefold() for value in values}
    unknown = [value for value in values if value.casefold() not in folded_names]
    if unknown:
        choices = f"Choose from {', '.join(names)}." if names else "No values are known."
        raise NotFoundError(f"No movie has {name} '{unknown[0]}'. {choices}")
    exact = [name for name in names if name.casefold() in folded_values]
    return _to_mask(column.list.set_intersection(exact).list.len() > 0)


def _to_mask(values: pl.Series) -> Mask:
    return values.fill_null(value=False).to_numpy().astype(np.bool_)
