"""What `ease` and `slist` share: dense for all movies, dense for the most-rated ones, or sparse; and staying fresh.

A closed form is solved from sums over people. So ratings that came since need no second look at all others: what
the people they are of added is taken off the sums, what they add now is added, and the system is solved again.
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
    """Settings that both have."""

    solver: Literal["dense", "sparse"] = "dense"  # sparse: only the strongest neighbours of each movie
    neighbours: int = Field(default=200, ge=1)  # of each movie, for the sparse solver
    head: int | None = Field(default=None, ge=1)  # most-rated movies solved densely, the others reached sparsely
    tail_neighbours: int = Field(default=100, ge=1)  # of each movie that is not in the head


@dataclass(frozen=True, eq=False)
class DatasetDelta:
    """What is new since a fit, in the movie rows of today."""

    rows: Indices  # (movies then,) the row that each movie has now
    before: Histories  # what people who have rated since had rated then
    after: Histories  # what they and whoever is new have rated now


class ClosedForm(LinearRecommender):
    """Weights solved from sums over people."""

    bytes_to_fit: ClassVar[int]  # times the square of the movies solved densely
    bytes_kept: ClassVar[int]  # the same, of a block in half precision
    statistics: Path | None = None  # folder to leave the sums in, so that the fit can be updated

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        """Sum up and solve. Raises `MemoryNeededError` if the dense solution would not fit."""
        known = with_validation(train, validation)
        self.check(known)
        self.n_movies = known.n_movies
        settings: ClosedFormConfig = self.config  # pyright: ignore[reportAssignmentType]
        head = settings.head
        if hasattr(self, "weights"):
            del self.weights  # an earlier fit's, which would be held beside the new ones
        if settings.solver == "sparse":
            self.weights = self.solve_sparse(known)
        elif head is not None and head < known.n_movies:
            ranked = PopularityOrder.of(known.counts, head)
            histories = ranked.places(known.histories)
            sums = self._empty_sums(ranked.head)
            self.accumulate(sums, histories)
            self.weights = self._solved(sums, histories, ranked)
        else:
            sums = self._empty_sums(known.n_movies)
            self.accumulate(sums, known.histories)
            self.weights = self.solve(sums)
        return self

    def check(self, known: Dataset) -> None:
        """Raise `ProtocolError` for what cannot be learned from."""

    @abstractmethod
    def empty_sums(self, h: int) -> State:
        """The sums over nobody, of the first h places."""

    @abstractmethod
    def accumulate(self, sums: State, histories: Histories, sign: int = 1) -> None:
        """Add to the sums what these people, whose movies are places, say of the first h; with -1 take it off."""

    @abstractmethod
    def solve(self, sums: State) -> Scores:
        """The weights (parts * h, h). The sums are overwritten and taken out of `sums`, so that none is held twice."""

    @abstractmethod
    def solve_with_tail(self, sums: State, histories: Histories, ranked: PopularityOrder) -> tuple[Scores, Matrix]:
        """`solve`, and the weights from and to all movies that are not in the head."""

    @abstractmethod
    def solve_sparse(self, known: Dataset) -> Matrix:
        """The weights from each movie's strongest neighbours alone."""

    def keep_sums(self, folder: Path) -> None:
        """Let the next fit leave its sums in `folder`."""
        self.statistics = folder

    def update(self, known: Dataset, change: DatasetDelta, statistics: Path) -> None:
        """Become what a fit on `known` with the same head would be, from the sums an earlier fit left in `statistics`.

        Raises `RunError` if they are not there.
        """
        if not isinstance(self.weights, HeadTail):
            raise RunError(f"{self.name} has no head whose sums could be updated; expected a run trained --updatable")
        ranked = PopularityOrder.with_head(known.counts, change.rows[self.weights.head])
        sums = read_sums(statistics / self.solution_key)
        self.n_movies = known.n_movies
        del self.weights
        self.accumulate(sums, ranked.places(change.before), -1)
        self.accumulate(sums, ranked.places(change.after))
        self.weights = self._solved(sums, ranked.places(known.histories), ranked)

    @property
    def solution_key(self) -> str:
        """Names what is solved: models of equal solution have equal weights after equal fits."""
        settings = self.config.model_dump_json(exclude={"half_life"})
        return f"{self.name}-{hashlib.blake2b(settings.encode(), digest_size=4).hexdigest()}"

    def _empty_sums(self, h: int) -> State:
        require_memory(self.name, h, bytes_needed=self.bytes_to_fit * h * h)
        return self.empty_sums(h)

    def _solved(self, sums: State, histories: Histories, ranked: PopularityOrder) -> HeadTail:
        if self.statistics is not None:
            write_sums(self.statistics / self.solution_key, sums)
        block, tail = self.solve_with_tail(sums, histories, ranked)
        return HeadTail(ranked.rows, block.astype(np.float16, order="C"), tail)
