"""A ragged batch of histories, the input of models.

A history is one user's ratings, oldest first. Models take histories instead of user ids, so a new user is served
exactly like a user of the training set. The user's features may come with it, but models do not require them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

GAP = -1  # replaces the row of a removed movie, so that the others keep their positions


@dataclass(frozen=True, eq=False)
class Histories:
    """`len(self)` histories laid end to end; history i occupies entries `offsets[i]:offsets[i + 1]`."""

    offsets: npt.NDArray[np.int64]  # (n + 1,), offsets[0] == 0
    movies: npt.NDArray[np.int32]  # (entries,) movie rows, or GAP
    ratings: npt.NDArray[np.float32] | None = None  # (entries,) in the dataset's own scale
    timestamps: npt.NDArray[np.int64] | None = None  # (entries,) seconds
    # One row per history: `row`, the user's row in the dataset (null for a new user), and the user's features.
    users: pl.DataFrame | None = None

    @classmethod
    def of(cls, movies: Sequence[Sequence[int]], ratings: Sequence[Sequence[float]] | None = None) -> "Histories":
        """Histories from lists of movie rows, oldest first, and optionally their ratings."""
        lengths = np.array([len(rows) for rows in movies], dtype=np.int64)
        flat = np.array([row for rows in movies for row in rows], dtype=np.int32)
        flat_ratings = None
        if ratings is not None:
            flat_ratings = np.array([value for values in ratings for value in values], dtype=np.float32)
        return cls(offsets_of(lengths), flat, flat_ratings)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def lengths(self) -> npt.NDArray[np.int64]:
        """Movies in each history: (n,)."""
        return np.diff(self.offsets)

    @property
    def owner(self) -> npt.NDArray[np.int64]:
        """The index of the history of each entry: (entries,)."""
        return np.repeat(np.arange(len(self)), self.lengths)

    @property
    def age(self) -> npt.NDArray[np.int64]:
        """Steps back from the end of its history, 0 for the latest entry: (entries,)."""
        return np.repeat(self.offsets[1:], self.lengths) - 1 - np.arange(len(self.movies))

    def block(self, start: int, stop: int) -> "Histories":
        """The histories `start` to `stop`, without copying."""
        first, last = self.offsets[start], self.offsets[min(stop, len(self))]
        return Histories(
            self.offsets[start : stop + 1] - first,
            self.movies[first:last],
            None if self.ratings is None else self.ratings[first:last],
            None if self.timestamps is None else self.timestamps[first:last],
            None if self.users is None else self.users[start:stop],
        )

    def spans(self, entries: int) -> list[tuple[int, int]]:
        """Bounds of blocks of histories with about `entries` entries each."""
        cuts = np.arange(entries, len(self.movies) + entries, entries)
        stops = np.unique(np.append(np.minimum(np.searchsorted(self.offsets, cuts), len(self)), len(self))).tolist()
        starts = [0, *stops[:-1]]
        return [(start, stop) for start, stop in zip(starts, stops, strict=True) if stop > start]

    def latest(self, n: int) -> "Histories":
        """The last `n` entries of each history, or all if there are fewer."""
        recent = self.age < n
        return Histories(
            offsets_of(np.minimum(self.lengths, n)),
            self.movies[recent],
            None if self.ratings is None else self.ratings[recent],
            None if self.timestamps is None else self.timestamps[recent],
            self.users,
        )

    def each_with_gap(self, entries: npt.NDArray[np.int64]) -> "Histories":
        """For a single history of m entries: a copy for each of `entries` (n,), with a gap instead of that entry."""
        n, m = len(entries), len(self.movies)
        movies = np.tile(self.movies, (n, 1))
        movies[np.arange(n), entries] = GAP
        return Histories(
            np.arange(n + 1, dtype=np.int64) * m,
            movies.ravel(),
            None if self.ratings is None else np.tile(self.ratings, n),
            None if self.timestamps is None else np.tile(self.timestamps, n),
            None if self.users is None else self.users[np.zeros(n, dtype=np.int64)],
        )

    def with_gaps(self, mask: npt.NDArray[np.bool_]) -> "Histories":
        """The same histories with gaps where `mask` (entries,) is true."""
        return replace(self, movies=np.where(mask, GAP, self.movies).astype(np.int32))

    def without_gaps(self) -> "Histories":
        """The same histories without their gaps, for models that ignore the order."""
        real = self.movies != GAP
        if real.all():
            return self
        return Histories(
            offsets_of(np.bincount(self.owner[real], minlength=len(self))),
            self.movies[real],
            None if self.ratings is None else self.ratings[real],
            None if self.timestamps is None else self.timestamps[real],
            self.users,
        )

    def user_rows(self, n_users: int) -> npt.NDArray[np.int64]:
        """The row of each history's user if it is below `n_users`, -1 for any other user: (n,)."""
        if self.users is None:
            return np.full(len(self), -1, dtype=np.int64)
        rows = self.users["row"].fill_null(-1).to_numpy().astype(np.int64)
        return np.where(rows < n_users, rows, -1)


def offsets_of(lengths: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Lengths (n,) -> offsets (n + 1,)."""
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths, dtype=np.int64)])
