import numpy as np
import pytest

from matinee.models.linear.item_cf import ItemCF
from tests.datasets import small_ratings


@pytest.mark.parametrize("inverse_user_frequency", [False, True])
def test_similarity_is_the_cosine_of_weighted_columns(inverse_user_frequency: bool) -> None:
    data = small_ratings(seed=1)
    X = np.zeros((data.n_users, data.n_movies))
    X[data.ratings.user, data.ratings.movie] = 1
    if inverse_user_frequency:
        X *= np.sqrt(1 / np.log1p(X.sum(axis=1, keepdims=True)))
    norms = np.linalg.norm(X, axis=0)
    expected = X.T @ X / np.maximum(np.outer(norms, norms), 1e-12)
    np.fill_diagonal(expected, 0)
    model = ItemCF(neighbours=data.n_movies, inverse_user_frequency=inverse_user_frequency).fit(data)
    np.testing.assert_allclose(model.weights.toarray(), expected, rtol=1e-4, atol=1e-6)


def test_only_the_nearest_are_kept() -> None:
    data = small_ratings(seed=2)
    every = ItemCF(neighbours=data.n_movies).fit(data).weights.toarray()
    few = ItemCF(neighbours=3).fit(data).weights.toarray()
    third = np.sort(every, axis=1)[:, -3]
    np.testing.assert_array_equal(few, np.where(every >= third[:, None], every, 0))


def test_scores_sum_the_similarities_with_decay() -> None:
    data = small_ratings(seed=3)
    model = ItemCF(half_life=1.0).fit(data)
    similarity = model.weights.toarray()
    history = data.histories_of(np.array([1], dtype=np.int32))
    expected = sum(
        0.5 ** (len(history.movies) - 1 - position) * similarity[movie] for position, movie in enumerate(history.movies)
    )
    np.testing.assert_allclose(model.score(history)[0], expected, rtol=1e-4, atol=1e-6)
