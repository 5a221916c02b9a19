"""Movies and users as vectors of one space, computed from who rated what.

A truncated singular value decomposition of the ratings (Cremonesi, Koren and Turrin, "Performance of recommender
algorithms on top-N recommendation tasks", RecSys 2010: PureSVD). The column of a movie with n ratings is scaled by
n^-tempering, so that popular movies do not take up all directions.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from sklearn.utils.extmath import randomized_svd

from matinee.arrays import Embeddings
from matinee.data.histories import Histories
from matinee.models.linear.sparse import Matrix, user_movie_matrix


@dataclass(frozen=True, eq=False)
class Factors:
    """X diag(weights) = U S V', cut off after d singular values."""

    vectors: Embeddings  # (movies, d): V S, scaled so that the mean square over rated movies is 1
    weights: Embeddings  # (movies,): weight of an entry of a history
    folding: Embeddings  # (d,): sum of weight * vector * folding over a history is its user's row of U, up to a factor


def rating_factors(histories: Histories, n_movies: int, width: int, tempering: float) -> Factors:
    """Factorise these histories; `d` is `width`, or less for few users or movies.

    Movies without ratings have zero vectors, and the mean weight over ratings.
    """
    counts = np.bincount(histories.movies, minlength=n_movies)
    rated = np.flatnonzero(counts)
    weights = np.maximum(counts, 1.0) ** -tempering
    weights[counts == 0] = np.average(weights[rated], weights=counts[rated])
    matrix = Matrix(user_movie_matrix(histories, n_movies)[:, rated] @ sparse.diags_array(weights[rated]))
    width = min(width, len(rated), int((histories.lengths > 0).sum()))
    _, strength, directions = randomized_svd(matrix.astype(np.float64), width, n_iter=7, random_state=0)
    strong = strength > 1e-6 * strength[0]
    strength, directions = strength[strong], directions[strong]
    vectors = np.zeros((n_movies, len(strength)))
    vectors[rated] = directions.T * strength
    unit = np.sqrt((vectors[rated] ** 2).mean())
    folding = (unit / strength) ** 2
    return Factors(
        (vectors / unit).astype(np.float32),
        weights.astype(np.float32),
        folding.astype(np.float32),
    )
