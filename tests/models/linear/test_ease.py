import numpy as np
import pytest

from matinee.data.dataset import Dataset
from matinee.errors import MemoryNeededError
from matinee.models.linear.ease import Ease
from tests.datasets import small_ratings


def dense(data: Dataset) -> np.ndarray:
    X = np.zeros((data.n_users, data.n_movies))
    X[data.ratings.user, data.ratings.movie] = 1
    return X


def test_weights_equal_the_formula_and_solve_the_stated_problem() -> None:
    data = small_ratings(seed=1)
    X = dense(data)
    ridge = 7.0
    P = np.linalg.inv(X.T @ X + ridge * np.eye(data.n_movies))
    expected = -P / np.diag(P)
    np.fill_diagonal(expected, 0)
    weights = Ease(reg=ridge).fit(data).state()["weights"]
    np.testing.assert_allclose(weights, expected, rtol=1e-3, atol=1e-5)
    # Stationarity of ||X - XB||^2 + ridge ||B||^2 off the diagonal, which is held at zero.
    slope = X.T @ (X @ weights - X) + ridge * weights
    np.fill_diagonal(slope, 0)
    assert np.abs(slope).max() < 1e-3


def test_half_life_halves_the_weight_of_older_movies() -> None:
    data = small_ratings(seed=2)
    model = Ease(half_life=2.0, reg=5.0).fit(data)
    histories = data.histories_of(np.array([0], dtype=np.int32))
    weights = model.state()["weights"]
    recency = 0.5 ** (np.arange(len(histories.movies))[::-1] / 2.0)
    np.testing.assert_allclose(model.score(histories)[0], recency @ weights[histories.movies], rtol=1e-4, atol=1e-6)


def test_the_sparse_solver_with_all_neighbours_equals_ridge() -> None:
    data = small_ratings(seed=3)
    X = dense(data)
    ridge = 7.0
    model = Ease(reg=ridge, solver="sparse", neighbours=data.n_movies).fit(data)
    weights = model.weights.toarray()
    for movie in range(data.n_movies):
        others = np.flatnonzero((np.arange(data.n_movies) != movie) & (X.T @ X[:, movie] > 0))
        A = X[:, others]
        expected = np.linalg.solve(A.T @ A + ridge * np.eye(len(others)), A.T @ X[:, movie])
        np.testing.assert_allclose(weights[others, movie], expected, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("name", ["ease", "slist"])
def test_a_solution_that_exceeds_memory_is_refused(name: str, monkeypatch) -> None:
    from matinee.models.registry import make

    data = small_ratings(seed=4)
    monkeypatch.setattr("matinee.models.linear.ridge._free_bytes", lambda: 1000)
    with pytest.raises(MemoryNeededError) as refused:
        make(name).fit(data)
    message = str(refused.value)
    assert "\n" not in message
    assert f"{data.n_movies} movies" in message
    assert "solver=sparse" in message
    make(name, solver="sparse").fit(data)  # and the way out works
