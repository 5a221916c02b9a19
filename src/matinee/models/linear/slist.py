"""`slist`: a closed-form *sequential* item-item model.

After Choi et al., "Session-aware linear item-item models for session-based recommendation", WWW 2021. For
every position of every history, a vector x holds the past, in which the movie k steps back has weight
rate^(k-1), and y is the movie rated next. The weights B = (X'X + reg I)^-1 X'Y are one Cholesky solve. Two
such windows are stacked, a short steep one and a long flat one, so B has twice as many rows as movies.
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
from matinee.models.linear.slist_statistics import DecayWindow, add_sums, cross_entries, gram_entries, history_blocks
from matinee.models.linear.slist_tail import tail_weights
from matinee.models.linear.sparse import Matrix
from matinee.models.recommender import State


class SlistConfig(ClosedFormConfig):
    """Settings of `slist`."""

    reg: float = Field(default=100.0, gt=0, description="strength of the L2 penalty")
    short_rate: float = Field(default=0.6, gt=0, lt=1, description="decay per movie of the short window")
    short_window: int = Field(default=5, ge=1, description="movies in the short window")
    long_rate: float = Field(default=0.96, gt=0, lt=1, description="decay per movie of the long window")
    long_window: int = Field(default=60, ge=1, description="movies in the long window")
    long_scale: float = Field(
        default=0.3, gt=0, description="weight of the long window; a smaller one is a stronger penalty on it"
    )


class Slist(ClosedForm):
    """Ridge regression from two decayed windows of the past to the next movie."""

    name = "slist"
    description = "the next movie from the latest ones, in closed form"
    config_class = SlistConfig
    uses_timestamps = True
    bytes_to_fit = 4 * (2 * 2 + 2)  # X'X, and X'Y, which the solution overwrites
    bytes_kept = 2 * 2
    config: SlistConfig

    @property
    def windows(self) -> tuple[DecayWindow, DecayWindow]:
        """The short and the long window."""
        c = self.config
        return DecayWindow(c.short_rate, c.short_window, 1.0), DecayWindow(c.long_rate, c.long_window, c.long_scale)

    def check_data(self, data: Dataset) -> None:
        """Raise `ProtocolError` without timestamps."""
        if not data.has_order:
            raise ProtocolError(f"slist needs the order of ratings, and {data.name} has no timestamps.")

    def entry_weights(self, histories: Histories) -> list[AnyFloats | None]:
        """Return the weight of each entry in the short and in the long window."""
        age = histories.age
        return [np.where(age < window.window, window.scale * window.rate**age, 0) for window in self.windows]

    def empty_sums(self, h: int) -> State:
        """Return zeros for the lower triangle of X'X, and for X'Y transposed, which the solver need not copy."""
        return {
            "gram": np.zeros((2 * h, 2 * h), dtype=np.float32),
            "cross": np.zeros((h, 2 * h), dtype=np.float32),
        }

    def accumulate(self, sums: State, histories: Histories, sign: int = 1) -> None:
        """Add the windows before each target of these histories."""
        add_sums(sums["gram"], sums["cross"], histories, self.windows, sign)

    def solve(self, sums: State) -> Scores:
        """Return (X'X + reg I)^-1 X'Y."""
        weights = self._solution(sums)
        return np.ascontiguousarray(weights)

    def solve_with_tail(self, sums: State, histories: Histories, order: PopularityOrder) -> tuple[Scores, Matrix]:
        """Regress the tail on the head, which needs X'X, then solve the head."""
        c = self.config
        tail = tail_weights(histories, order, sums["gram"], self.windows, c.reg, c.tail_neighbours)
        return self._solution(sums), tail

    def solve_sparse(self, data: Dataset) -> Matrix:
        """Add up sparse matrices, and regress on neighbours only."""
        n = data.n_movies
        gram, cross = Matrix((2 * n, 2 * n), dtype=np.float32), Matrix((2 * n, n), dtype=np.float32)
        for part in history_blocks(data.histories):
            for rows, columns, values in gram_entries(part, self.windows, n):
                gram += sparse.coo_matrix((values, (rows, columns)), shape=gram.shape).tocsr()
            for rows, columns, values in cross_entries(part, self.windows, n):
                cross += sparse.coo_matrix((values, (rows, columns)), shape=cross.shape).tocsr()
        gram = gram + sparse.tril(gram, -1).T  # only the lower triangle was accumulated
        return neighbourhood_ridge(Matrix(gram), Matrix(cross), self.config.reg, self.config.neighbours)

    def _solution(self, sums: State) -> Scores:
        gram, cross = sums.pop("gram"), sums.pop("cross")
        gram[np.diag_indices(len(gram))] += self.config.reg
        return solve(gram, cross.T)
