import math

import numpy as np
import pytest

from matinee.data.histories import Histories
from matinee.errors import ConfigError
from matinee.training import negatives
from matinee.training.negatives import NegativeSampler, Strategy

# Of movies 0 to 5: movie 0 was rated by all three, movie 1 by two, movies 2 and 3 by one, movies 4 and 5 by none.
HISTORIES = Histories.of([[0, 1], [2, 0, 1], [0, 3], []])
N_MOVIES = 6
COUNTS = np.array([3, 2, 1, 1, 0, 0])
STRATEGIES: tuple[Strategy, ...] = ("uniform", "popularity", "mixed")


def chances(strategy: Strategy, power: float = 0.75) -> np.ndarray:
    """What each strategy says of itself, written out."""
    popular = COUNTS**power / (COUNTS**power).sum()
    return {"uniform": np.full(6, 1 / 6), "popularity": popular, "mixed": 0.5 / 6 + 0.5 * popular}[strategy]


def shares(sampler: NegativeSampler, user: int, n: int = 200_000) -> np.ndarray:
    """Count how often each movie is drawn for one user."""
    drawn = sampler.draw(np.full(n // 4, user), 4, np.random.default_rng(1))
    return np.bincount(drawn.ravel(), minlength=N_MOVIES) / drawn.size


def random_histories(n_users: int, n_movies: int) -> Histories:
    rng = np.random.default_rng(5)
    return Histories.of([rng.permutation(n_movies)[: rng.integers(n_movies)].tolist() for _ in range(n_users)])


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_movies_are_drawn_as_often_as_the_strategy_says(strategy: Strategy) -> None:
    sampler = NegativeSampler(HISTORIES, N_MOVIES, strategy, allow_own=True)
    np.testing.assert_allclose(shares(sampler, 1), chances(strategy), atol=0.005)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_without_own_movies_the_others_keep_their_proportions(strategy: Strategy) -> None:
    """User 2 rated movies 0 and 3."""
    expected = chances(strategy) * [0, 1, 1, 0, 1, 1]
    sampler = NegativeSampler(HISTORIES, N_MOVIES, strategy)
    np.testing.assert_allclose(shares(sampler, 2), expected / expected.sum(), atol=0.005)


def test_the_power_flattens_popularity() -> None:
    for power in (0.0, 0.5, 1.0):
        sampler = NegativeSampler(HISTORIES, N_MOVIES, "popularity", power, allow_own=True)
        np.testing.assert_allclose(shares(sampler, 0), chances("popularity", power), atol=0.005)


@pytest.mark.parametrize("bitmap_bytes", [1 << 20, 0])
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_never_a_movie_of_ones_own(strategy: Strategy, bitmap_bytes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether own movies are looked up in the bitmap or by search."""
    monkeypatch.setattr(negatives, "_BITMAP_BYTES", bitmap_bytes)
    histories = random_histories(50, 37)
    users = np.random.default_rng(2).integers(50, size=3000).astype(np.int32)
    drawn = NegativeSampler(histories, 37, strategy).draw(users, 5, np.random.default_rng(3))
    assert drawn.shape == (3000, 5)
    assert drawn.dtype == np.int32
    held = {(owner, movie) for owner, movie in zip(histories.owner.tolist(), histories.movies.tolist(), strict=True)}
    pairs = {(user, movie) for user, row in zip(users.tolist(), drawn.tolist(), strict=True) for movie in row}
    assert not pairs & held
    assert all(0 <= movie < 37 for _, movie in pairs)


def test_own_movies_are_drawn_if_allowed() -> None:
    own = NegativeSampler(HISTORIES, N_MOVIES, "popularity", allow_own=True).draw(
        np.zeros(100, dtype=np.int32), 3, np.random.default_rng(0)
    )
    assert np.isin(own, [0, 1]).any()


def test_a_user_with_one_unrated_movie_gets_only_that() -> None:
    """User 0 rated all but two movies that others hardly rated: drawing at random finds them once in thousands."""
    most = list(range(2, 40))
    histories = Histories.of([most, [0], [1], [1], *([most] * 3000)])
    sampler = NegativeSampler(histories, 40, "popularity", power=1.0)
    drawn = sampler.draw(np.zeros(3000, dtype=np.int32), 2, np.random.default_rng(0))
    assert np.mean(drawn == 1) == pytest.approx(2 / 3, abs=0.03)
    assert np.mean(drawn == 0) == pytest.approx(1 / 3, abs=0.03)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_log_probability_is_the_log_of_the_chance(strategy: Strategy) -> None:
    sampler = NegativeSampler(HISTORIES, N_MOVIES, strategy)
    assert sampler.log_probability.dtype == np.float32
    np.testing.assert_allclose(np.exp(sampler.log_probability), chances(strategy), rtol=1e-6)


def test_log_probability_by_hand() -> None:
    """With power 1 movie 0 has three of the seven ratings, and movie 5 none."""
    log_probability = NegativeSampler(HISTORIES, N_MOVIES, "popularity", power=1.0).log_probability
    assert log_probability[0] == pytest.approx(math.log(3 / 7))
    assert log_probability[5] == -np.inf


def test_one_seed_gives_one_answer() -> None:
    sampler = NegativeSampler(HISTORIES, N_MOVIES, "mixed")
    users = np.arange(4).repeat(50)
    first, same, other = (sampler.draw(users, 3, np.random.default_rng(seed)) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, same)
    assert (first != other).any()


def test_a_movie_rated_twice_counts_once_among_ones_own() -> None:
    sampler = NegativeSampler(Histories.of([[0, 0, 1]]), 3, "uniform")
    assert np.unique(sampler.draw(np.zeros(20, dtype=np.int32), 2, np.random.default_rng(0))).tolist() == [2]


def test_empty_histories_and_no_users_are_served() -> None:
    sampler = NegativeSampler(HISTORIES, N_MOVIES, "uniform")
    assert sampler.draw(np.array([3]), 4, np.random.default_rng(0)).shape == (1, 4)
    assert sampler.draw(np.array([], dtype=np.int32), 4, np.random.default_rng(0)).shape == (0, 4)


def test_histories_without_ratings_are_enough_for_uniform(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(negatives, "_BITMAP_BYTES", 0)
    drawn = NegativeSampler(Histories.of([[], []]), 3, "uniform").draw(np.arange(2), 2, np.random.default_rng(0))
    assert drawn.shape == (2, 2)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_user_who_rated_everything_is_refused(strategy: Strategy) -> None:
    histories = Histories.of([[0], [1, 0, 2]])
    sampler = NegativeSampler(histories, 3, strategy)
    with pytest.raises(ConfigError, match=r"History 1 has all 3 movies .* allow_own"):
        sampler.draw(np.array([0, 1]), 2, np.random.default_rng(0))
    assert sampler.draw(np.array([0, 0]), 2, np.random.default_rng(0)).min() > 0
    allowed = NegativeSampler(histories, 3, strategy, allow_own=True)
    assert allowed.draw(np.array([0, 1]), 2, np.random.default_rng(0)).shape == (2, 2)


def test_popularity_refuses_users_who_rated_all_rated_movies() -> None:
    histories = Histories.of([[0, 1], [1]])
    with pytest.raises(ConfigError, match="History 0 has all 2 movies"):
        NegativeSampler(histories, 3, "popularity").draw(np.array([0]), 1, np.random.default_rng(0))
    assert NegativeSampler(histories, 3, "mixed").draw(np.array([0]), 1, np.random.default_rng(0)).tolist() == [[2]]


def test_invalid_settings_are_refused() -> None:
    with pytest.raises(ConfigError, match="n_movies=3"):
        NegativeSampler(HISTORIES, 3, "uniform")
    with pytest.raises(ConfigError, match="power=-1"):
        NegativeSampler(HISTORIES, N_MOVIES, "popularity", power=-1)
    with pytest.raises(ConfigError, match="'mixed' needs ratings"):
        NegativeSampler(Histories.of([[]]), 3, "mixed")
