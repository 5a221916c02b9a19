import numpy as np
import pytest

from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.errors import ConfigError, ProtocolError
from matinee.models.baselines.bias import Bias
from tests.datasets import dataset_of, small_ratings


@pytest.fixture
def three_movies() -> Dataset:
    """Mean 3; the first movie has 5 and 4, the second 2 and 1, the third none."""
    return dataset_of([0, 0, 1, 1], [0, 1, 0, 1], [5.0, 2.0, 4.0, 1.0], n_users=2, n_movies=3)


def test_biases_are_damped_means_worked_out_by_hand(three_movies: Dataset) -> None:
    model = Bias(movie_damping=1, user_damping=2).fit(three_movies)
    # Movie biases (2 + 1) / (2 + 1) = 1, (-1 - 2) / 3 = -1 and 0; so 4, 2 and 3 are expected.
    np.testing.assert_allclose(model.score(Histories.of([[]], [[]])), [[4, 2, 3]], rtol=1e-6)
    # Ratings of 5 and 2 are 1 and 0 more than expected: (1 + 0) / (2 + 2). A rating of 5 alone: 1 / (2 + 1).
    np.testing.assert_allclose(model.score(Histories.of([[0, 1]], [[5, 2]])), [[4.25, 2.25, 3.25]], rtol=1e-6)
    np.testing.assert_allclose(model.score(Histories.of([[0]], [[5]])), np.array([[13, 7, 10]]) / 3, rtol=1e-6)


def test_a_history_without_ratings_has_no_user_bias(three_movies: Dataset) -> None:
    model = Bias().fit(three_movies)
    scores = model.score(Histories.of([[], [0, 1]]))
    np.testing.assert_array_equal(scores[0], scores[1])


def test_ratings_stay_in_the_scale_of_the_data(three_movies: Dataset) -> None:
    model = Bias(movie_damping=0, user_damping=0).fit(three_movies)
    scores = model.score(Histories.of([[1], [0]], [[5.0], [0.5]]))
    low, high = three_movies.scale
    assert scores.max() == high
    assert scores.min() == low


def test_without_damping_an_unrated_movie_is_at_the_mean(three_movies: Dataset) -> None:
    scores = Bias(movie_damping=0, user_damping=0).fit(three_movies).score(Histories.of([[]], [[]]))
    np.testing.assert_allclose(scores, [[4.5, 1.5, 3.0]])


def test_it_learns_from_validation_too_and_loads_as_saved(tmp_path) -> None:
    data = small_ratings(seed=1)
    first = np.arange(len(data.ratings)) % 2 == 0
    model = Bias().fit(data.keep(first), data.keep(~first))
    whole = Bias().fit(data)
    np.testing.assert_allclose(model.score(data.histories), whole.score(data.histories), rtol=1e-6)
    model.save(tmp_path)
    np.testing.assert_array_equal(Bias.load(tmp_path).score(data.histories), model.score(data.histories))


def test_data_without_ratings_and_negative_damping_are_refused() -> None:
    with pytest.raises(ProtocolError, match="small 2 has none"):
        Bias().fit(small_ratings(seed=2, rated=False))
    with pytest.raises(ConfigError, match="user_damping"):
        Bias(user_damping=-1)
