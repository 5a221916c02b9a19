"""The common part of `ease` and `slist`: dense, head-and-tail and sparse solutions, and updates.

A closed form is solved from sums over users. So an update does not need the ratings of all users: the old histories of
the users with new ratings are subtracted from the sums, their new histories are added, and the system is solved again.
"""

import hashlib
from abc import abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal, Self

import numpy as np
from pydantic import Field

from matinee.arrays import Indices, Scores
from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.errors import RunError
from matinee.models.linear.head_tail import HeadTail, PopularityOrder
from matinee.models.linear.linear_recommender import LinearRecommender
from matinee.models.linear.ridge import require_memory
from matinee.models.linear.sparse import Matrix
from matinee.models.linear.sufficient_statistics import read_sums, write_sums
from matinee.models.recommender import Config, State, with_validation


class ClosedFormConfig(Config):
    """Settings of all closed forms."""

    solver: Literal["dense", "sparse"] = Field(
        default="dense", description="`dense`, or `sparse`: only from the strongest neighbours of each movie"
    )
    neighbours: int = Field(default=200, ge=1, description="neighbours of each movie, for the sparse solver")
    head: int | None = Field(
        default=None, ge=1, description="most-rated movies solved densely, the others through neighbours; none: all"
    )
    tail_neighbours: int = Field(default=100, ge=1, description="neighbours of each movie outside the head")


@dataclass(frozen=True, eq=False)
class DatasetDelta:
    """The changes of a dataset since a fit, in its current movie rows."""

    rows: Indices  # (movies at the fit,) the current row of each
    before: Histories  # histories at the fit, of users with new ratings
    after: Histories  # current histories of the same users and of new ones


class ClosedForm(LinearRecommender):
    """Weights solved from sums over users."""

    bytes_to_fit: ClassVar[int]  # per pair of densely solved movies
    bytes_kept: ClassVar[int]  # per pair, in half precision
    statistics: Path | None = None  # folder for the sums, so that the fit can be updated

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        """Sum up and solve. Raises `MemoryNeededError` if the dense solution does not fit into memory."""
        data = with_validation(train, validation)
        self.check_data(data)
        self.n_movies = data.n_movies
        settings: ClosedFormConfig = self.config  # pyright: ignore[reportAssignmentType]
        head = settings.head
        if hasattr(self, "weights"):
            del self.weights  # free the memory of an earlier fit
        if settings.solver == "sparse":
            self.weights = self.solve_sparse(data)
        elif head is not None and head < data.n_movies:
            order = PopularityOrder.of(data.counts, head)
            histories = order.to_positions(data.histories)
            sums = self._empty_sums(order.head)
            self.accumulate(sums, histories)
            self.weights = self._solved(sums, histories, order)
        else:
            sums = self._empty_sums(data.n_movies)
            self.accumulate(sums, data.histories)
            self.weights = self.solve(sums)
        return self

    def check_data(self, data: Dataset) -> None:
        """Raise `ProtocolError` if the model cannot learn from this data."""

    @abstractmethod
    def empty_sums(self, h: int) -> State:
        """Return sums of zero, for the first h positions."""

    @abstractmethod
    def accumulate(self, sums: State, histories: Histories, sign: int = 1) -> None:
        """Add these histories, whose movies are positions, to the sums of the first h; with -1 subtract them."""

    @abstractmethod
    def solve(self, sums: State) -> Scores:
        """Return the weights (parts * h, h). The sums are overwritten and removed from `sums`, to save memory."""

    @abstractmethod
    def solve_with_tail(self, sums: State, histories: Histories, order: PopularityOrder) -> tuple[Scores, Matrix]:
        """Return the weights of `solve`, and the weights from and to all movies outside the head."""

    @abstractmethod
    def solve_sparse(self, data: Dataset) -> Matrix:
        """Return weights from the strongest neighbours of each movie only."""

    def keep_sums(self, folder: Path) -> None:
        """Let the next fit write its sums to `folder`."""
        self.statistics = folder

    def update(self, data: Dataset, delta: DatasetDelta, statistics: Path) -> None:
        """Update to a fit on `data` with the same head, from the sums that an earlier fit wrote to `statistics`.

        Raises `RunError` if they are missing.
        """
        if not isinstance(self.weights, HeadTail):
            raise RunError(f"{self.name} has no head to update. Train the run again, with --updatable.")
        order = PopularityOrder.with_head(data.counts, delta.rows[self.weights.head])
        sums = read_sums(statistics / self.solution_key)
        self.n_movies = data.n_movies
        del self.weights
        self.accumulate(sums, order.to_positions(delta.before), -1)
        self.accumulate(sums, order.to_positions(delta.after))
        self.weights = self._solved(sums, order.to_positions(data.histories), order)

    @property
    def solution_key(self) -> str:
        """A name of the solution: models with the same key have equal weights after equal fits."""
        settings = self.config.model_dump_json(exclude={"half_life"})
        return f"{self.name}-{hashlib.blake2b(settings.encode(), digest_size=4).hexdigest()}"

    def _empty_sums(self, h: int) -> State:
        require_memory(self.name, h, bytes_needed=self.bytes_to_fit * h * h)
        return self.empty_sums(h)

    def _solved(self, sums: State, histories: Histories, order: PopularityOrder) -> HeadTail:
        if self.statistics is not None:
            write_sums(self.statistics / self.solution_key, sums)
        block, tail = self.solve_with_tail(sums, histories, order)
        return HeadTail(order.rows, block.astype(np.float16, order="C"), tail)
