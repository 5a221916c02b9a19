"""`slist`: a closed-form *sequential* item-item model.

After Choi et al., "Session-aware linear item-item models for session-based recommendation", WWW 2021. For
every position of every history, the past is summed up as a vector x in which the movie k steps back has
weight rate^(k-1), and y is the movie rated next. The weights B = (X'X + ridge I)^-1 X'Y are one Cholesky
solve. Two such pasts are stacked, one short and steep, one long and gentle, so B has twice as many rows as
there are movies.
"""

import numpy as np
from pydantic import Field
from scipy import sparse

from matinee.arrays import AnyFloats, Scores
from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.errors import ProtocolError
from matinee.models.linear.closed_form import ClosedForm, ClosedFormConfig
from matinee.models.linear.head_tail import PopularityOrder
from matinee.models.linear.ridge import neighbourhood_ridge, solve
from matinee.models.linear.slist_statistics import DecayWindow, add_sums, cross_entries, gram_entries, parts
from matinee.models.linear.slist_tail import tail_weights
from matinee.models.linear.sparse import Matrix
from matinee.models.recommender import State


class SlistConfig(ClosedFormConfig):
    """Settings of `slist`."""

    ridge: float = Field(default=100.0, gt=0)
    short_rate: float = Field(default=0.6, gt=0, lt=1)
    short_window: int = Field(default=5, ge=1)
    long_rate: float = Field(default=0.96, gt=0, lt=1)
    long_window: int = Field(default=60, ge=1)
    long_scale: float = Field(default=0.3, gt=0)  # a smaller scale is a stronger ridge on the long past


class Slist(ClosedForm):
    """Ridge regression from two decayed pasts to the next movie."""

    name = "slist"
    description = "the next movie from what was rated lately, in closed form"
    config_class = SlistConfig
    uses_timestamps = True
    bytes_to_fit = 4 * (2 * 2 + 2)  # X'X and X'Y, which becomes the solution
    bytes_kept = 2 * 2
    config: SlistConfig

    @property
    def pasts(self) -> tuple[DecayWindow, DecayWindow]:
        """The short and the long way of looking back."""
        c = self.config
        return DecayWindow(c.short_rate, c.short_window, 1.0), DecayWindow(c.long_rate, c.long_window, c.long_scale)

    def check(self, known: Dataset) -> None:
        """Raise `ProtocolError` without timestamps."""
        if not known.has_order:
            raise ProtocolError(f"slist needs to know what came after what, and {known.name} has no timestamps")

    def entry_weights(self, histories: Histories) -> list[AnyFloats | None]:
        """What each movie weighs in the short past, and in the long one."""
        age = histories.age
        return [np.where(age < past.window, past.scale * past.rate**age, 0) for past in self.pasts]

    def empty_sums(self, h: int) -> State:
        """The lower triangle of X'X, and X'Y transposed, so that the solver need not copy it."""
        return {
            "gram": np.zeros((2 * h, 2 * h), dtype=np.float32),
            "cross": np.zeros((h, 2 * h), dtype=np.float32),
        }

    def accumulate(self, sums: State, histories: Histories, sign: int = 1) -> None:
        """Add the pasts of these people's targets."""
        add_sums(sums["gram"], sums["cross"], histories, self.pasts, sign)

    def solve(self, sums: State) -> Scores:
        """(X'X + ridge I)^-1 X'Y."""
        weights = self._solution(sums)
        return np.ascontiguousarray(weights)

    def solve_with_tail(self, sums: State, histories: Histories, ranked: PopularityOrder) -> tuple[Scores, Matrix]:
        """The tail's regressions on the head need X'X as it was summed up."""
        c = self.config
        tail = tail_weights(histories, ranked, sums["gram"], self.pasts, c.ridge, c.tail_neighbours)
        return self._solution(sums), tail

    def solve_sparse(self, known: Dataset) -> Matrix:
        """As sums of sparse matrices."""
        n = known.n_movies
        gram, cross = Matrix((2 * n, 2 * n), dtype=np.float32), Matrix((2 * n, n), dtype=np.float32)
        for part in parts(known.histories):
            for rows, columns, values in gram_entries(part, self.pasts, n):
                gram += sparse.coo_matrix((values, (rows, columns)), shape=gram.shape).tocsr()
            for rows, columns, values in cross_entries(part, self.pasts, n):
                cross += sparse.coo_matrix((values, (rows, columns)), shape=cross.shape).tocsr()
        gram = gram + sparse.tril(gram, -1).T  # only the lower triangle was accumulated
        return neighbourhood_ridge(Matrix(gram), Matrix(cross), self.config.ridge, self.config.neighbours)

    def _solution(self, sums: State) -> Scores:
        gram, cross = sums.pop("gram"), sums.pop("cross")
        gram[np.diag_indices(len(gram))] += self.config.ridge
        return solve(gram, cross.T)
