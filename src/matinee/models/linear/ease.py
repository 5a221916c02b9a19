"""`ease`: embarrassingly shallow autoencoder, a closed-form item-item model.

Steck, "Embarrassingly shallow autoencoders for sparse data", WWW 2019. The weights B minimise
||X - XB||^2 + reg ||B||^2 with a zero diagonal, X the 0/1 users-by-movies matrix. With
P = (X'X + reg I)^-1 the solution is B = I - P / diag(P): one Cholesky factorisation.
"""

import numpy as np
from pydantic import Field
from scipy import sparse

from matinee.arrays import AnyFloats, Scores
from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.models.linear.closed_form import ClosedForm, ClosedFormConfig
from matinee.models.linear.ease_tail import tail_columns, tail_weights
from matinee.models.linear.head_tail import PopularityOrder
from matinee.models.linear.ridge import invert, neighbourhood_ridge
from matinee.models.linear.sparse import Matrix, add_cooccurrence, cooccurrence_blocks, recency_weights
from matinee.models.recommender import State


class EaseConfig(ClosedFormConfig):
    """Settings of `ease`."""

    reg: float = Field(default=500.0, gt=0, description="strength of the L2 penalty")
    half_life: float | None = Field(
        default=None, gt=0, description="movies after which an entry of a history counts half; none: all count alike"
    )


class Ease(ClosedForm):
    """Linear item-item weights, learned by ridge regression of every movie on all others."""

    name = "ease"
    description = "each movie predicted from all others at once, in closed form"
    config_class = EaseConfig
    bytes_to_fit = 3 * 4  # X'X, its inverse, and one block of copies
    bytes_kept = 2
    config: EaseConfig

    def entry_weights(self, histories: Histories) -> list[AnyFloats | None]:
        """Return the entries of X: recent movies count more if `half_life` is set."""
        return [recency_weights(histories, self.config.half_life)]

    def empty_sums(self, h: int) -> State:
        """Return zeros for X'X."""
        return {"gram": np.zeros((h, h), dtype=np.float32)}

    def accumulate(self, sums: State, histories: Histories, sign: int = 1) -> None:
        """Count the users who have both movies of each pair."""
        add_cooccurrence(sums["gram"], histories, sign)

    def solve(self, sums: State) -> Scores:
        """Return I - P / diag(P)."""
        return _weights(self._inverse(sums))

    def solve_with_tail(self, sums: State, histories: Histories, order: PopularityOrder) -> tuple[Scores, Matrix]:
        """Solve the head, and regress the tail on it, which needs X'X and the diagonal of P."""
        c = self.config
        columns = tail_columns(histories, order, sums["gram"], c.reg, c.tail_neighbours)
        inverse = self._inverse(sums)
        tail = tail_weights(histories, order, columns, np.diag(inverse).copy(), c.reg, c.tail_neighbours)
        return _weights(inverse), tail

    def solve_sparse(self, data: Dataset) -> Matrix:
        """Regress the Gram matrix on itself; no movie predicts itself."""
        blocks = (block for _, block in cooccurrence_blocks(data.histories, data.n_movies))
        gram = Matrix(sparse.vstack([Matrix(block) for block in blocks]))
        cross = gram.copy()
        cross.setdiag(0)
        cross.eliminate_zeros()
        return neighbourhood_ridge(gram, cross, self.config.reg, self.config.neighbours)

    def _inverse(self, sums: State) -> Scores:
        gram = sums.pop("gram")
        gram[np.diag_indices(len(gram))] += self.config.reg
        return invert(gram)


def _weights(inverse: Scores) -> Scores:
    inverse /= -np.diag(inverse).copy()
    inverse[np.diag_indices(len(inverse))] = 0
    return inverse
