"""Which rows of a catalogue are the same movie: some catalogues list a movie more than once."""

from functools import cached_property

import numpy as np
import polars as pl

from matinee.arrays import AnyRows, Indices


class MovieIdentity:
    """Groups of catalogue rows that have the same title and year."""

    def __init__(self, movies: pl.DataFrame):
        """Group the rows of a catalogue."""
        self.by_row = self.groups(movies)  # (movies,)

    @staticmethod
    def groups(movies: pl.DataFrame) -> Indices:
        """The group of each movie, numbered from 0 in the order of title and year: (movies,)."""
        ranks = movies.select(pl.struct("title", "year").rank("dense").alias("group"))["group"]
        return ranks.to_numpy().astype(np.int64) - 1

    @cached_property
    def n_groups(self) -> int:
        """The number of different movies."""
        return int(self.by_row.max(initial=-1)) + 1

    def listings_of(self, rows: AnyRows) -> Indices:
        """These rows and every other listing of the same movies, ascending."""
        return np.flatnonzero(np.isin(self.by_row, self.by_row[rows]))

    def first_listings(self, rows: AnyRows) -> Indices:
        """Positions in `rows` of the first listing of each movie, ascending."""
        return np.sort(np.unique(self.by_row[rows], return_index=True)[1])
