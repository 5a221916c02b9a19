from math import prod

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.errors import ConfigError
from matinee.pipeline.group.aggregation import STRATEGIES, Strategy, aggregate

groups = st.builds(
    lambda seed, n_guests, movies, coarse: _satisfactions(seed, n_guests, movies, coarse),
    st.integers(0, 2**20),
    st.integers(2, 8),
    st.integers(1, 12),
    st.booleans(),
)


def _satisfactions(seed: int, n_guests: int, movies: int, coarse: bool) -> npt.NDArray[np.float64]:
    """Random satisfactions (guests, movies); coarse ones are often equal."""
    rng = np.random.default_rng(seed)
    return rng.integers(1, 9, (n_guests, movies)) / 10 if coarse else rng.uniform(0.01, 1, (n_guests, movies))


@pytest.mark.parametrize(
    ("satisfactions", "strategy", "order"),
    [
        # The mean is 5/8 and 9/16, the smallest 1/4 and 1/2, the product 1/4 and 5/16.
        ([[1, 1 / 2], [1 / 4, 5 / 8]], "average", [0, 1]),
        ([[1, 1 / 2], [1 / 4, 5 / 8]], "least-misery", [1, 0]),
        ([[1, 1 / 2], [1 / 4, 5 / 8]], "fair", [1, 0]),
        # The first has the greatest product. The other means are equal, and the second guest has only half so far.
        ([[1, 7 / 8, 1 / 4], [1 / 2, 1 / 4, 7 / 8]], "average", [0, 1, 2]),
        ([[1, 7 / 8, 1 / 4], [1 / 2, 1 / 4, 7 / 8]], "fair", [0, 2, 1]),
        # Equal means, then the greater smallest; equal smallest, then the greater mean.
        ([[1, 5 / 8, 1 / 8], [1 / 8, 1 / 2, 1]], "average", [1, 0, 2]),
        ([[1 / 4, 1 / 4, 1 / 8], [1 / 2, 5 / 8, 1]], "least-misery", [1, 0, 2]),
    ],
)
def test_orders_by_hand(satisfactions: list[list[float]], strategy: Strategy, order: list[int]) -> None:
    assert aggregate(np.array(satisfactions), 3, strategy) == order


@given(groups, st.integers(1, 4))
def test_fair_takes_the_greatest_product_of_sums(delight: npt.NDArray[np.float64], k: int) -> None:
    sums = [0.0] * len(delight)
    left = set(range(delight.shape[1]))
    for movie in aggregate(delight, k, "fair"):
        products = {
            candidate: prod(before + more for before, more in zip(sums, delight[:, candidate], strict=True))
            for candidate in left
        }
        assert products[movie] >= max(products.values()) * (1 - 1e-9)
        left.remove(movie)
        sums = [before + more for before, more in zip(sums, delight[:, movie], strict=True)]


@pytest.mark.parametrize("strategy", STRATEGIES)
@given(groups, st.integers(1, 14))
def test_the_order_of_guests_does_not_matter(strategy: Strategy, delight: npt.NDArray[np.float64], k: int) -> None:
    order = aggregate(delight, k, strategy)
    assert len(set(order)) == len(order) == min(k, delight.shape[1])
    for guest_order in (np.arange(len(delight))[::-1], np.random.default_rng(k).permutation(len(delight))):
        assert aggregate(delight[guest_order], k, strategy) == order
    assert aggregate(delight, 1, strategy) == order[:1]


@pytest.mark.parametrize("strategy", STRATEGIES)
@given(groups, st.integers(0, 11))
def test_a_common_favourite_is_first(strategy: Strategy, delight: npt.NDArray[np.float64], favourite: int) -> None:
    favourite %= delight.shape[1]
    delight = delight / 2
    delight[:, favourite] = np.maximum(delight.max(axis=1) * 1.01, delight[:, favourite])
    assert aggregate(delight, 3, strategy)[0] == favourite


@given(groups)
def test_least_misery_maximizes_the_smallest_satisfaction(delight: npt.NDArray[np.float64]) -> None:
    first = aggregate(delight, 3, "least-misery")[0]
    assert delight[:, first].min() == max(min(column) for column in delight.T.tolist())


@given(groups)
def test_no_movie_is_better_for_all_guests_than_the_first(delight: npt.NDArray[np.float64]) -> None:
    for strategy in STRATEGIES:
        first = delight[:, [aggregate(delight, 1, strategy)[0]]]
        assert not (delight > first).all(axis=0).any()


def test_an_unknown_strategy_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"No strategy is called .loudest.\. Use one of fair, average, least-misery"):
        aggregate(np.ones((2, 2)), 1, "loudest")  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("strategy", STRATEGIES)
@given(st.integers(0, 2**20), st.integers(2, 8))
def test_permuted_satisfactions_are_ties(strategy: Strategy, seed: int, n_guests: int) -> None:
    """Sums of floats depend on their order, yet of equal movies the earlier is first."""
    rng = np.random.default_rng(seed)
    delight = rng.permuted(np.tile(rng.uniform(0.01, 1, n_guests), (6, 1)), axis=1).T  # (guests, movies)
    assert aggregate(delight, 1, strategy) == [0]
