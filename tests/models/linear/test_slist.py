import numpy as np
import pytest

from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.errors import ConfigError, ProtocolError
from matinee.models.linear.slist import Slist
from tests.datasets import checkerboard, small_ratings


def row_by_row(data: Dataset, model: Slist) -> tuple[np.ndarray, np.ndarray]:
    """X (positions, 2n) and Y (positions, n), built as the paper's formulas say."""
    n = data.n_movies
    histories = data.histories
    pasts, targets = [], []
    for user in range(len(histories)):
        movies = histories.movies[histories.offsets[user] : histories.offsets[user + 1]]
        for position in range(1, len(movies)):
            row = np.zeros(2 * n)
            for base, window in zip((0, n), model.windows, strict=True):
                for back in range(1, min(position, window.window) + 1):
                    row[base + movies[position - back]] += window.scale * window.rate ** (back - 1)
            pasts.append(row)
            targets.append(np.eye(n)[movies[position]])
    return np.array(pasts), np.array(targets)


def ridge_weights(X: np.ndarray, Y: np.ndarray, ridge: float) -> np.ndarray:
    return np.linalg.solve(X.T @ X + ridge * np.eye(X.shape[1]), X.T @ Y)


SETTINGS = [
    {},
    {"short_window": 1, "long_window": 2},
    {
        "short_rate": 0.3,
        "short_window": 7,
        "long_rate": 0.9,
        "long_window": 3,
        "long_scale": 1.7,
        "reg": 3.0,
    },
]


@pytest.mark.parametrize("settings", SETTINGS)
def test_weights_equal_those_of_the_matrices_built_row_by_row(settings) -> None:
    data = small_ratings(seed=3)
    model = Slist(**settings).fit(data)
    expected = ridge_weights(*row_by_row(data, model), model.config.reg)
    np.testing.assert_allclose(model.state()["weights"], expected, rtol=2e-3, atol=2e-5)


def test_accumulating_in_blocks_of_users_changes_nothing(monkeypatch) -> None:
    data = small_ratings(seed=4)
    whole = Slist().fit(data).state()["weights"]
    monkeypatch.setattr("matinee.models.linear.slist_statistics._BLOCK_ENTRIES", 17)
    np.testing.assert_allclose(Slist().fit(data).state()["weights"], whole, rtol=1e-4, atol=1e-6)


def test_the_sparse_solver_regresses_on_earlier_movies() -> None:
    data = small_ratings(seed=5)
    model = Slist(reg=10, solver="sparse", neighbours=2 * data.n_movies).fit(data)
    X, Y = row_by_row(data, model)
    weights = model.weights.toarray()
    for movie in range(data.n_movies):
        before = np.flatnonzero(X.T @ Y[:, movie])
        expected = ridge_weights(X[:, before], Y[:, [movie]], 10)[:, 0]
        np.testing.assert_allclose(weights[before, movie], expected, rtol=1e-3, atol=1e-5)
        assert not np.delete(weights[:, movie], before).any()


def test_a_repeating_order_is_learned() -> None:
    data = checkerboard()
    model = Slist(reg=1.0).fit(data)
    # Even movies are rated in the order 0, 2, 4, ...: after 2 comes 4, not 0.
    scores = model.score(Histories.of([[0, 2]]))[0]
    assert scores[4] == max(scores[[4, 6, 8]])


def test_an_empty_history_gives_equal_scores() -> None:
    data = small_ratings(seed=6)
    assert not Slist().fit(data).score(Histories.of([[]])).any()


def test_ratings_without_order_are_refused() -> None:
    data = small_ratings(seed=7, ordered=False)
    with pytest.raises(ProtocolError, match="no timestamps"):
        Slist().fit(data)


@pytest.mark.parametrize(("key", "value"), [("short_rate", 1.0), ("long_window", 0), ("reg", -1), ("solver", "magic")])
def test_settings_out_of_range_are_refused(key: str, value) -> None:
    with pytest.raises(ConfigError, match=key):
        Slist(**{key: value})
