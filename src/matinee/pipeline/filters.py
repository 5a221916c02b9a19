"""Which movies a list may hold: years, genres, language, running time, and single movies left out."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from matinee.arrays import Mask
from matinee.errors import NotFoundError


@dataclass(frozen=True)
class Filters:
    """What somebody asks for tonight; everything is allowed unless said otherwise.

    A movie of which the catalogue does not know what is asked about is left out.
    """

    years: tuple[int | None, int | None] = (None, None)  # first and last
    genres: tuple[str, ...] = ()  # one of these
    without_genres: tuple[str, ...] = ()  # none of these
    languages: tuple[str, ...] = ()  # one of these
    longest: int | None = None  # minutes
    without: tuple[int, ...] = ()  # movie rows

    def allowed(self, movies: pl.DataFrame) -> Mask:
        """Which movies of a catalogue pass: (movies,).

        Raises `NotFoundError` for a genre or language that no movie has, and for a question that the catalogue has
        no column to answer.
        """
        allowed = np.ones(len(movies), dtype=np.bool_)
        first, last = self.years
        if first is not None:
            allowed &= _true(movies["year"] >= first)
        if last is not None:
            allowed &= _true(movies["year"] <= last)
        if self.genres:
            allowed &= _any_of(movies, "genres", self.genres)
        if self.without_genres:
            allowed &= _true(movies["genres"].list.len() > 0) & ~_any_of(movies, "genres", self.without_genres)
        if self.languages:
            allowed &= _any_of(movies, "language", self.languages)
        if self.longest is not None:
            allowed &= _true(_column(movies, "runtime", "a longest running time") <= self.longest)
        allowed[list(self.without)] = False
        return allowed


def _column(movies: pl.DataFrame, name: str, asked: str) -> pl.Series:
    if name not in movies.columns:
        known = ", ".join(sorted(movies.columns))
        raise NotFoundError(f"{asked} was asked for, and the catalogue has no column '{name}'; its columns are {known}")
    return movies[name]


def _any_of(movies: pl.DataFrame, name: str, wanted: tuple[str, ...]) -> Mask:
    """Where the column, of names or lists of names, has one of `wanted`, whatever the case."""
    column = _column(movies, name, f"{name} {', '.join(wanted)}")
    if not isinstance(column.dtype, pl.List):
        column = pl.select(pl.concat_list(column)).to_series()
    names: list[str] = sorted(column.explode().drop_nulls().unique().to_list())
    known, folded = {one.casefold() for one in names}, [one.casefold() for one in wanted]
    unknown = [one for one, key in zip(wanted, folded, strict=True) if key not in known]
    if unknown:
        there = f"there are {', '.join(names)}" if names else "none is known"
        raise NotFoundError(f"no movie here has {name} '{unknown[0]}'; {there}")
    exact = [one for one in names if one.casefold() in folded]
    return _true(column.list.set_intersection(exact).list.len() > 0)


def _true(values: pl.Series) -> Mask:
    return values.fill_null(value=False).to_numpy().astype(np.bool_)
