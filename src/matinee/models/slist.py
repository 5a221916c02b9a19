"""`slist`: a closed-form *sequential* item-item model.

After Choi et al., "Session-aware linear item-item models for session-based recommendation", WWW 2021. For
every position of every history, the past is summed up as a vector x in which the movie k steps back has
weight rate^(k-1), and y is the movie rated next. The weights B = (X'X + ridge I)^-1 X'Y are one Cholesky
solve. Two such pasts are stacked, one short and steep, one long and gentle, so B has twice as many rows as
there are movies.

X has a row per rating and some 60 entries a row, but X'X needs neither to be built. Positions of one history
that are d steps apart add, over all later targets that see both, a geometric series with a closed form: so
each (older, newer) pair adds one number, and X'X costs ratings x window instead of ratings x window^2.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
import numpy.typing as npt
from pydantic import Field
from scipy import sparse

from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.errors import ProtocolError
from matinee.models.linear import LinearRecommender
from matinee.models.recommender import Config, Scores, learn_from
from matinee.models.ridge import neighbourhood_ridge, require_memory, solve
from matinee.models.sparse import Matrix, Weights
from matinee.progress import track

_BLOCK_ENTRIES = 1 << 20  # ratings handled at a time while accumulating

Indices = npt.NDArray[np.int64]


class SlistConfig(Config):
    """Settings of `slist`."""

    ridge: float = Field(default=100.0, gt=0)
    short_rate: float = Field(default=0.6, gt=0, lt=1)
    short_window: int = Field(default=5, ge=1)
    long_rate: float = Field(default=0.96, gt=0, lt=1)
    long_window: int = Field(default=60, ge=1)
    long_scale: float = Field(default=0.3, gt=0)  # a smaller scale is a stronger ridge on the long past
    solver: Literal["dense", "sparse"] = "dense"  # sparse: only the strongest neighbours of each movie
    neighbours: int = Field(default=200, ge=1)  # of each movie, for the sparse solver


@dataclass(frozen=True)
class Past:
    """One way of looking back: the movie `age` steps back weighs scale * rate^age, up to `window` movies."""

    rate: float
    window: int
    scale: float


class Slist(LinearRecommender):
    """Ridge regression from two decayed pasts to the next movie."""

    name = "slist"
    about = "the next movie from what was rated lately, in closed form"
    config_class = SlistConfig
    uses_timestamps = True
    config: SlistConfig

    @property
    def pasts(self) -> tuple[Past, Past]:
        """The short and the long way of looking back."""
        c = self.config
        return Past(c.short_rate, c.short_window, 1.0), Past(c.long_rate, c.long_window, c.long_scale)

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        """Accumulate X'X and X'Y and solve. Raises `MemoryNeededError` and, without timestamps, `ProtocolError`."""
        known = learn_from(train, validation)
        if not known.has_order:
            raise ProtocolError(f"slist needs to know what came after what, and {known.name} has no timestamps")
        self.n_movies = known.n_movies
        self.weights = self._solve_dense(known) if self.config.solver == "dense" else self._solve_sparse(known)
        return self

    def entry_weights(self, histories: Histories) -> list[Weights | None]:
        """What each movie weighs in the short past, and in the long one."""
        age = histories.age
        return [np.where(age < past.window, past.scale * past.rate**age, 0) for past in self.pasts]

    def _solve_dense(self, known: Dataset) -> Scores:
        n = known.n_movies
        require_memory("slist", n, bytes_needed=4 * (2 * n * 2 * n + 2 * 2 * n * n))  # X'X, X'Y and the solution
        gram = np.zeros((2 * n, 2 * n), dtype=np.float32)
        cross = np.zeros((n, 2 * n), dtype=np.float32)  # transposed, so that the solver need not copy it
        for part in _parts(known.histories):
            for rows, columns, values in _gram_entries(part, self.pasts, n):
                np.add.at(gram.ravel(), rows * (2 * n) + columns, values)
            for rows, columns, values in _cross_entries(part, self.pasts, n):
                np.add.at(cross.ravel(), columns * (2 * n) + rows, values)
        gram[np.diag_indices(2 * n)] += self.config.ridge
        return np.ascontiguousarray(solve(gram, cross.T))

    def _solve_sparse(self, known: Dataset) -> Matrix:
        n = known.n_movies
        gram, cross = Matrix((2 * n, 2 * n), dtype=np.float32), Matrix((2 * n, n), dtype=np.float32)
        for part in _parts(known.histories):
            for rows, columns, values in _gram_entries(part, self.pasts, n):
                gram += sparse.coo_matrix((values, (rows, columns)), shape=gram.shape).tocsr()
            for rows, columns, values in _cross_entries(part, self.pasts, n):
                cross += sparse.coo_matrix((values, (rows, columns)), shape=cross.shape).tocsr()
        gram = gram + sparse.tril(gram, -1).T  # only the lower triangle was accumulated
        return neighbourhood_ridge(Matrix(gram), Matrix(cross), self.config.ridge, self.config.neighbours)


def _parts(histories: Histories) -> Iterator[Histories]:
    """The histories in blocks of about `_BLOCK_ENTRIES` ratings, with progress."""
    cuts = np.arange(_BLOCK_ENTRIES, len(histories.movies) + _BLOCK_ENTRIES, _BLOCK_ENTRIES)
    stops = np.unique(np.minimum(np.searchsorted(histories.offsets, cuts), len(histories)))
    starts = [0, *stops[:-1].tolist()]
    for start, stop in track(list(zip(starts, stops.tolist(), strict=True)), "accumulating pairs"):
        yield histories.block(start, stop)


def _gram_entries(
    histories: Histories, pasts: tuple[Past, Past], n_movies: int
) -> Iterator[tuple[Indices, Indices, Scores]]:
    """Entries (row, column, value) whose sum is the lower triangle of X'X (2n, 2n), the short past first.

    A pair of positions `lag` apart is seen together by each target after the newer one, until the older one
    leaves its window or the history ends. If the newer has age a then, it adds (rate rate')^a times the
    constant for the lag: a geometric series in a.
    """
    short, long = pasts
    later_targets = histories.age  # targets after each position
    for row_past, column_past, row_base, column_base in (
        (short, short, 0, 0),
        (long, long, n_movies, n_movies),
        (long, short, n_movies, 0),
    ):
        same = row_past is column_past
        for lag in range(0 if same else 1 - column_past.window, row_past.window):
            # lag > 0: the movie seen through row_past is the older one; lag < 0: through column_past.
            newer, older = _positions(histories, abs(lag))
            in_row, in_column = (older, newer) if lag >= 0 else (newer, older)
            values = _series(row_past, column_past, lag)[
                np.minimum(later_targets[newer], _terms(row_past, column_past, lag))
            ]
            rows = row_base + histories.movies[in_row].astype(np.int64)
            columns = column_base + histories.movies[in_column].astype(np.int64)
            if same and lag > 0:  # the mirrored pair belongs to this block too; keep what is in the lower triangle
                rows, columns = np.maximum(rows, columns), np.minimum(rows, columns)
                values = np.where(rows == columns, 2 * values, values)
            yield rows, columns, values


def _cross_entries(
    histories: Histories, pasts: tuple[Past, Past], n_movies: int
) -> Iterator[tuple[Indices, Indices, Scores]]:
    """Entries (row, column, value) whose sum is X'Y (2n, n): each movie `lag` steps before a target."""
    for base, past in ((0, pasts[0]), (n_movies, pasts[1])):
        for lag in range(1, past.window + 1):
            target, source = _positions(histories, lag)
            weight = np.full(len(target), past.scale * past.rate ** (lag - 1), dtype=np.float32)
            yield (
                base + histories.movies[source].astype(np.int64),
                histories.movies[target].astype(np.int64),
                weight,
            )


def _positions(histories: Histories, lag: int) -> tuple[Indices, Indices]:
    """All positions with another `lag` steps before them in the same history, and those others."""
    place = np.arange(len(histories.movies)) - np.repeat(histories.offsets[:-1], histories.lengths)
    newer = np.flatnonzero(place >= lag)
    return newer, newer - lag


def _terms(row_past: Past, column_past: Past, lag: int) -> int:
    """How many ages of the newer movie leave both movies inside their windows."""
    return min(row_past.window - max(lag, 0), column_past.window + min(lag, 0))


def _series(row_past: Past, column_past: Past, lag: int) -> Scores:
    """Entry m: the sum over the first m ages of the newer movie of the product of both weights."""
    older_rate = row_past.rate if lag >= 0 else column_past.rate
    ratio = row_past.rate * column_past.rate
    constant = row_past.scale * column_past.scale * older_rate ** abs(lag)
    sums = np.cumsum(constant * ratio ** np.arange(_terms(row_past, column_past, lag)))
    return np.concatenate([[0], sums]).astype(np.float32)
