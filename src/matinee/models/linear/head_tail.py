"""Weights of a closed form that is solved densely for the most-rated movies and sparsely for all others.

A dense solution takes n^2 numbers, 31 GB for 87,585 movies; yet a tenth of them has nearly all ratings. So the weights
among the most-rated movies, the head, are one dense block, and every other weight, from or to a movie of the tail, is
kept only for each tail movie's strongest neighbours.

The block is kept in half precision: eleven bits of each weight, which no list of MovieLens 1M notices
(`benchmarks/head_and_tail.py`), in half the memory.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from matinee.arrays import Indices, Scores
from matinee.data.histories import Histories
from matinee.models.linear.sparse import Matrix, pack, unpack
from matinee.models.recommender import State

_STRIPE_BYTES = 64 << 20  # of the block held in single precision at a time


@dataclass(frozen=True, eq=False)
class HeadTail:
    """A matrix (parts * movies, movies): dense among the movies of `head` in each part, sparse elsewhere."""

    head: Indices  # (h,) movie rows
    block: npt.NDArray[np.float16]  # (parts * h, h) from head movies, part by part, to head movies
    tail: Matrix  # (parts * movies, movies) with nothing where the block is

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the whole."""
        n_rows, n_columns = self.tail.shape
        return int(n_rows), int(n_columns)

    def product(self, query: Matrix) -> Scores:
        """`query` (n, parts * movies) times these weights: (n, movies)."""
        scores = (query @ self.tail).toarray().astype(np.float32, copy=False)
        scores[:, self.head] += self._block_product(query[:, self._block_rows()])
        return scores

    def rows(self, rows: Indices, movies: npt.NDArray[np.integer] | None = None) -> Scores:
        """Some rows (n,) of the whole, or of its columns `movies` (m,): (n, movies) or (n, m)."""
        columns = np.arange(self.shape[1]) if movies is None else movies
        found = self.tail[rows] if movies is None else self.tail[rows][:, movies]
        found = found.toarray().astype(np.float32, copy=False)
        row_place, column_place = (
            self._places(self._block_rows(), self.shape[0]),
            self._places(self.head, self.shape[1]),
        )
        in_rows, in_columns = np.flatnonzero(row_place[rows] >= 0), np.flatnonzero(column_place[columns] >= 0)
        block = self.block[np.ix_(row_place[rows[in_rows]], column_place[columns[in_columns]])]
        found[np.ix_(in_rows, in_columns)] += block.astype(np.float32)
        return found

    def state(self) -> State:
        """As named arrays."""
        return {"head": self.head, "block": self.block} | pack("tail", self.tail)

    @classmethod
    def restored(cls, state: State) -> "HeadTail":
        """From what `state` gave."""
        return cls(state["head"], state["block"], unpack("tail", state))

    def _block_rows(self) -> Indices:
        """The rows of the whole that the block's rows are: (parts * h,)."""
        n_movies = self.shape[1]
        return np.concatenate([part + self.head for part in range(0, self.shape[0], n_movies)])

    def _block_product(self, query: Matrix) -> Scores:
        """`query` (n, parts * h) times the block, whose rows become single precision a stripe at a time: (n, h)."""
        total = np.zeros((query.shape[0], len(self.head)), dtype=np.float32)
        used = np.unique(query.indices)
        stripe = max(1, _STRIPE_BYTES // (4 * max(len(self.head), 1)))
        columns = query.tocsc()
        for start in range(0, len(used), stripe):
            some = used[start : start + stripe]
            total += columns[:, some] @ self.block[some].astype(np.float32)
        return total

    @staticmethod
    def _places(rows: Indices, n: int) -> Indices:
        """Where each of n rows is among `rows`, -1 for those that are not: (n,)."""
        places = np.full(n, -1, dtype=np.int64)
        places[rows] = np.arange(len(rows))
        return places


@dataclass(frozen=True, eq=False)
class PopularityOrder:
    """Movies in the order of how often they were rated: place 0 is the most-rated one, the first `head` the head."""

    order: Indices  # (movies,) movie rows
    head: int
    rated: int  # movies with any rating: the tail's places run from `head` to here

    @classmethod
    def of(cls, counts: npt.NDArray[np.int64], head: int) -> "PopularityOrder":
        """From the ratings of each movie; equal ones keep the order of their rows."""
        order = np.argsort(-counts, kind="stable").astype(np.int64)
        rated = int(np.count_nonzero(counts))
        return cls(order, min(head, rated), rated)

    @classmethod
    def with_head(cls, counts: npt.NDArray[np.int64], head: Indices) -> "PopularityOrder":
        """With a head that was chosen before; the tail is ordered by what `counts` are now."""
        first = np.zeros(len(counts), dtype=bool)
        first[head] = True
        others = np.argsort(-np.where(first, -1, counts), kind="stable")[: len(counts) - len(head)]
        rated = len(head) + int(np.count_nonzero(counts[others]))
        return cls(np.concatenate([head, others]).astype(np.int64), len(head), rated)

    @property
    def rows(self) -> Indices:
        """The rows of the head: (h,)."""
        return self.order[: self.head]

    def places(self, histories: Histories) -> Histories:
        """The same histories with the places of movies instead of their rows."""
        place = np.empty(len(self.order), dtype=np.int32)
        place[self.order] = np.arange(len(self.order), dtype=np.int32)
        return Histories(histories.offsets, place[histories.movies])

    def whole(self, weights: sparse.coo_matrix, parts: int) -> Matrix:
        """Weights between places, (parts * movies, movies), as weights between rows."""
        n = len(self.order)
        order = self.order.astype(np.int32)  # as scipy keeps indices, so that it need not copy them
        rows = weights.row // n * n + order[weights.row % n]
        found = sparse.coo_matrix((weights.data, (rows, order[weights.col])), shape=(parts * n, n))
        return Matrix(found.tocsr())
