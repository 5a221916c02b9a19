import numpy as np

from matinee.data.histories import Histories
from matinee.models.linear.sparse import user_movie_matrix
from matinee.models.neural.pure_svd import rating_factors
from tests.datasets import small_ratings


def test_with_all_directions_the_scaled_ratings_come_back() -> None:
    data = small_ratings(0)
    factors = rating_factors(data.histories, data.n_movies, width=100, tempering=0.25)
    matrix = user_movie_matrix(data.histories, data.n_movies).toarray() * factors.weights
    users = matrix @ (factors.vectors * factors.folding)
    np.testing.assert_allclose(users @ factors.vectors.T, matrix, atol=1e-4)


def test_vectors_have_unit_mean_square_and_unrated_movies_none() -> None:
    data = small_ratings(1)
    factors = rating_factors(data.histories, data.n_movies, width=3, tempering=0.0)
    assert factors.vectors.shape == (data.n_movies, 3)
    assert data.counts[-1] == 0
    assert not factors.vectors[-1].any()
    np.testing.assert_allclose((factors.vectors[data.counts > 0] ** 2).mean(), 1, rtol=1e-5)


def test_tempering_by_hand() -> None:
    """Movie 0 has four ratings, movie 1 one, movie 2 none: 4^-0.5, 1, and the mean of those five."""
    histories = Histories.of([[0], [0, 1], [0], [0]])
    weights = rating_factors(histories, 3, width=1, tempering=0.5).weights
    np.testing.assert_allclose(weights, [0.5, 1, (4 * 0.5 + 1) / 5])
