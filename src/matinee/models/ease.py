"""`ease`: embarrassingly shallow autoencoder, a closed-form item-item model.

Steck, "Embarrassingly shallow autoencoders for sparse data", WWW 2019. The weights B minimise
||X - XB||^2 + ridge ||B||^2 with a zero diagonal, X the 0/1 users-by-movies matrix. With
P = (X'X + ridge I)^-1 the solution is B = I - P / diag(P): one Cholesky factorisation.
"""

from typing import Literal, Self

import numpy as np
from pydantic import Field
from scipy import sparse

from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.models.linear import LinearRecommender
from matinee.models.recommender import Config, Scores, learn_from
from matinee.models.ridge import invert, neighbourhood_ridge, require_memory
from matinee.models.sparse import Matrix, Weights, cooccurrence_blocks, recency_weights


class EaseConfig(Config):
    """Settings of `ease`."""

    ridge: float = Field(default=500.0, gt=0)
    half_life: float | None = Field(default=None, gt=0)  # movies back at which a history entry counts half
    solver: Literal["dense", "sparse"] = "dense"  # sparse: only the strongest neighbours of each movie
    neighbours: int = Field(default=200, ge=1)  # of each movie, for the sparse solver


class Ease(LinearRecommender):
    """Linear item-item weights, learned by ridge regression of every movie on all others."""

    name = "ease"
    about = "each movie predicted from all others at once, in closed form"
    config_class = EaseConfig
    config: EaseConfig

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        """Solve for the weights. Raises `MemoryNeededError` if the dense solution would not fit."""
        known = learn_from(train, validation)
        self.n_movies = known.n_movies
        self.weights = self._solve_dense(known) if self.config.solver == "dense" else self._solve_sparse(known)
        return self

    def entry_weights(self, histories: Histories) -> list[Weights | None]:
        """The entries of X, recent movies counting more where `half_life` is set."""
        return [recency_weights(histories, self.config.half_life)]

    def _solve_dense(self, known: Dataset) -> Scores:
        n = known.n_movies
        require_memory("ease", n, bytes_needed=3 * 4 * n * n)  # X'X, its inverse, and one block of copies
        gram = np.empty((n, n), dtype=np.float32)
        for start, block in cooccurrence_blocks(known.histories, n):
            gram[start : start + len(block)] = block
        gram[np.diag_indices(n)] += self.config.ridge
        inverse = invert(gram)
        weights = inverse
        weights /= -np.diag(inverse).copy()
        weights[np.diag_indices(n)] = 0
        return weights

    def _solve_sparse(self, known: Dataset) -> Matrix:
        # The Gram matrix is both what is regressed and what is regressed on, save that no movie predicts itself.
        blocks = (block for _, block in cooccurrence_blocks(known.histories, known.n_movies))
        gram = Matrix(sparse.vstack([Matrix(block) for block in blocks]))
        cross = gram.copy()
        cross.setdiag(0)
        cross.eliminate_zeros()
        return neighbourhood_ridge(gram, cross, self.config.ridge, self.config.neighbours)
