"""`ease`: embarrassingly shallow autoencoder, a closed-form item-item model.

Steck, "Embarrassingly shallow autoencoders for sparse data", WWW 2019. The weights B minimise
||X - XB||^2 + ridge ||B||^2 with a zero diagonal, X the 0/1 users-by-movies matrix. With
P = (X'X + ridge I)^-1 the solution is B = I - P / diag(P): one Cholesky factorisation.
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

    ridge: float = Field(default=500.0, gt=0)
    half_life: float | None = Field(default=None, gt=0)  # movies back at which a history entry counts half


class Ease(ClosedForm):
    """Linear item-item weights, learned by ridge regression of every movie on all others."""

    name = "ease"
    description = "each movie predicted from all others at once, in closed form"
    config_class = EaseConfig
    bytes_to_fit = 3 * 4  # X'X, its inverse, and one block of copies
    bytes_kept = 2
    config: EaseConfig

    def entry_weights(self, histories: Histories) -> list[AnyFloats | None]:
        """The entries of X, recent movies counting more where `half_life` is set."""
        return [recency_weights(histories, self.config.half_life)]

    def empty_sums(self, h: int) -> State:
        """X'X."""
        return {"gram": np.zeros((h, h), dtype=np.float32)}

    def accumulate(self, sums: State, histories: Histories, sign: int = 1) -> None:
        """Count who has both of each two movies."""
        add_cooccurrence(sums["gram"], histories, sign)

    def solve(self, sums: State) -> Scores:
        """I - P / diag(P)."""
        return _weights(self._inverse(sums))

    def solve_with_tail(self, sums: State, histories: Histories, ranked: PopularityOrder) -> tuple[Scores, Matrix]:
        """The tail's regressions on the head need X'X, and its weights the diagonal of P."""
        c = self.config
        columns = tail_columns(histories, ranked, sums["gram"], c.ridge, c.tail_neighbours)
        inverse = self._inverse(sums)
        tail = tail_weights(histories, ranked, columns, np.diag(inverse).copy(), c.ridge, c.tail_neighbours)
        return _weights(inverse), tail

    def solve_sparse(self, known: Dataset) -> Matrix:
        """The Gram matrix is what is regressed and what is regressed on, save that no movie predicts itself."""
        blocks = (block for _, block in cooccurrence_blocks(known.histories, known.n_movies))
        gram = Matrix(sparse.vstack([Matrix(block) for block in blocks]))
        cross = gram.copy()
        cross.setdiag(0)
        cross.eliminate_zeros()
        return neighbourhood_ridge(gram, cross, self.config.ridge, self.config.neighbours)

    def _inverse(self, sums: State) -> Scores:
        gram = sums.pop("gram")
        gram[np.diag_indices(len(gram))] += self.config.ridge
        return invert(gram)


def _weights(inverse: Scores) -> Scores:
    inverse /= -np.diag(inverse).copy()
    inverse[np.diag_indices(len(inverse))] = 0
    return inverse
