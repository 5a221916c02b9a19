"""Weights of a closed form that is solved densely for the most-rated movies and sparsely for all others.

A dense solution takes n^2 numbers, 31 GB for 87,585 movies, but a tenth of the movies has nearly all ratings. So the
weights among the most-rated movies, the head, are one dense block. Weights from or to a movie of the tail are kept only
for its strongest neighbours.

The block is in half precision, eleven bits per weight. That halves the memory and changes no list of MovieLens 1M
(`benchmarks/head_and_tail.py`).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from matinee.arrays import AnyRows, Indices, Scores
from matinee.data.histories import Histories
from matinee.models.linear.sparse import Matrix, pack, unpack
from matinee.models.recommender import State

_STRIPE_BYTES = 64 << 20  # of the block held in single precision at a time


@dataclass(frozen=True, eq=False)
class HeadTail:
    """A matrix (parts * movies, movies): dense among the movies of `head` in each part, sparse elsewhere."""

    head: Indices  # (h,) movie rows
    block: npt.NDArray[np.float16]  # (parts * h, h) from head movies, part by part, to head movies
    tail: Matrix  # (parts * movies, movies), empty where the block is

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the whole matrix."""
        n_rows, n_columns = self.tail.shape
        return int(n_rows), int(n_columns)

    def product(self, query: Matrix) -> Scores:
        """Multiply `query` (n, parts * movies) by these weights: (n, movies)."""
        scores = (query @ self.tail).toarray().astype(np.float32, copy=False)
        scores[:, self.head] += self._block_product(query[:, self._block_rows()])
        return scores

    def rows(self, rows: Indices, movies: AnyRows | None = None) -> Scores:
        """Return rows (n,) of the whole matrix, or of its columns `movies` (m,): (n, movies) or (n, m)."""
        columns = np.arange(self.shape[1]) if movies is None else movies
        result = self.tail[rows] if movies is None else self.tail[rows][:, movies]
        result = result.toarray().astype(np.float32, copy=False)
        row_position, column_position = (
            self._positions(self._block_rows(), self.shape[0]),
            self._positions(self.head, self.shape[1]),
        )
        in_rows, in_columns = np.flatnonzero(row_position[rows] >= 0), np.flatnonzero(column_position[columns] >= 0)
        block = self.block[np.ix_(row_position[rows[in_rows]], column_position[columns[in_columns]])]
        result[np.ix_(in_rows, in_columns)] += block.astype(np.float32)
        return result

    def state(self) -> State:
        """Return named arrays."""
        return {"head": self.head, "block": self.block} | pack("tail", self.tail)

    @classmethod
    def from_state(cls, state: State) -> "HeadTail":
        """Rebuild the weights from the arrays of `state`."""
        return cls(state["head"], state["block"], unpack("tail", state))

    def _block_rows(self) -> Indices:
        """Return the row of the whole matrix for each row of the block: (parts * h,)."""
        n_movies = self.shape[1]
        return np.concatenate([part + self.head for part in range(0, self.shape[0], n_movies)])

    def _block_product(self, query: Matrix) -> Scores:
        """Multiply `query` (n, parts * h) by the block, in single precision, a stripe at a time: (n, h)."""
        total = np.zeros((query.shape[0], len(self.head)), dtype=np.float32)
        used = np.unique(query.indices)
        stripe = max(1, _STRIPE_BYTES // (4 * max(len(self.head), 1)))
        columns = query.tocsc()
        for start in range(0, len(used), stripe):
            stripe_rows = used[start : start + stripe]
            total += columns[:, stripe_rows] @ self.block[stripe_rows].astype(np.float32)
        return total

    @staticmethod
    def _positions(rows: Indices, n: int) -> Indices:
        """Return the position of each of n rows among `rows`, -1 for the others: (n,)."""
        positions = np.full(n, -1, dtype=np.int64)
        positions[rows] = np.arange(len(rows))
        return positions


@dataclass(frozen=True, eq=False)
class PopularityOrder:
    """Movies by number of ratings: position 0 is the most-rated one, and the first `head` positions are the head."""

    movies: Indices  # (movies,) movie rows
    head: int
    rated: int  # movies with ratings: the tail's positions run from `head` to here

    @classmethod
    def of(cls, counts: Indices, head: int) -> "PopularityOrder":
        """Order movies by their number of ratings; ties keep the order of rows."""
        order = np.argsort(-counts, kind="stable").astype(np.int64)
        rated = int(np.count_nonzero(counts))
        return cls(order, min(head, rated), rated)

    @classmethod
    def with_head(cls, counts: Indices, head: Indices) -> "PopularityOrder":
        """Keep a head that was chosen before, and order the tail by `counts`."""
        in_head = np.zeros(len(counts), dtype=bool)
        in_head[head] = True
        tail = np.argsort(-np.where(in_head, -1, counts), kind="stable")[: len(counts) - len(head)]
        rated = len(head) + int(np.count_nonzero(counts[tail]))
        return cls(np.concatenate([head, tail]).astype(np.int64), len(head), rated)

    @property
    def rows(self) -> Indices:
        """The movie rows of the head: (h,)."""
        return self.movies[: self.head]

    def to_positions(self, histories: Histories) -> Histories:
        """Replace movie rows by positions."""
        position = np.empty(len(self.movies), dtype=np.int32)
        position[self.movies] = np.arange(len(self.movies), dtype=np.int32)
        return Histories(histories.offsets, position[histories.movies])

    def to_movie_rows(self, weights: sparse.coo_matrix, parts: int) -> Matrix:
        """Turn weights between positions, (parts * movies, movies), into weights between movie rows."""
        n = len(self.movies)
        order = self.movies.astype(np.int32)  # the type of scipy's indices, so that it makes no copy
        rows = weights.row // n * n + order[weights.row % n]
        result = sparse.coo_matrix((weights.data, (rows, order[weights.col])), shape=(parts * n, n))
        return Matrix(result.tocsr())
