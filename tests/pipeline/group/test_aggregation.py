from math import prod

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.errors import ConfigError
from matinee.pipeline.group.aggregation import STRATEGIES, Strategy, aggregate

delights_of_companies = st.builds(
    lambda seed, people, movies, coarse: _delights(seed, people, movies, coarse),
    st.integers(0, 2**20),
    st.integers(2, 8),
    st.integers(1, 12),
    st.booleans(),
)


def _delights(seed: int, people: int, movies: int, coarse: bool) -> npt.NDArray[np.float64]:
    """Coarse ones are often equal."""
    rng = np.random.default_rng(seed)
    return rng.integers(1, 9, (people, movies)) / 10 if coarse else rng.uniform(0.01, 1, (people, movies))


@pytest.mark.parametrize(
    ("satisfactions", "strategy", "order"),
    [
        # The mean is 5/8 and 9/16, the smallest 1/4 and 1/2, the product 1/4 and 5/16.
        ([[1, 1 / 2], [1 / 4, 5 / 8]], "average", [0, 1]),
        ([[1, 1 / 2], [1 / 4, 5 / 8]], "least-misery", [1, 0]),
        ([[1, 1 / 2], [1 / 4, 5 / 8]], "fair", [1, 0]),
        # The first has the greatest product. Of the others the means are equal, and the second person has had half.
        ([[1, 7 / 8, 1 / 4], [1 / 2, 1 / 4, 7 / 8]], "average", [0, 1, 2]),
        ([[1, 7 / 8, 1 / 4], [1 / 2, 1 / 4, 7 / 8]], "fair", [0, 2, 1]),
        # Equal means, then the greater smallest; equal smallest, then the greater mean.
        ([[1, 5 / 8, 1 / 8], [1 / 8, 1 / 2, 1]], "average", [1, 0, 2]),
        ([[1 / 4, 1 / 4, 1 / 8], [1 / 2, 5 / 8, 1]], "least-misery", [1, 0, 2]),
    ],
)
def test_orders_by_hand(satisfactions: list[list[float]], strategy: Strategy, order: list[int]) -> None:
    assert aggregate(np.array(satisfactions), 3, strategy) == order


@given(delights_of_companies, st.integers(1, 4))
def test_fair_turns_take_the_greatest_product_of_what_people_have_had(delight: npt.NDArray[np.float64], k: int) -> None:
    had = [0.0] * len(delight)
    left = set(range(delight.shape[1]))
    for movie in aggregate(delight, k, "fair"):
        products = {one: prod(before + more for before, more in zip(had, delight[:, one], strict=True)) for one in left}
        assert products[movie] >= max(products.values()) * (1 - 1e-9)
        left.remove(movie)
        had = [before + more for before, more in zip(had, delight[:, movie], strict=True)]


@pytest.mark.parametrize("strategy", STRATEGIES)
@given(delights_of_companies, st.integers(1, 14))
def test_movies_are_chosen_once_and_the_order_of_people_does_not_matter(
    strategy: Strategy, delight: npt.NDArray[np.float64], k: int
) -> None:
    order = aggregate(delight, k, strategy)
    assert len(set(order)) == len(order) == min(k, delight.shape[1])
    for people in (np.arange(len(delight))[::-1], np.random.default_rng(k).permutation(len(delight))):
        assert aggregate(delight[people], k, strategy) == order
    assert aggregate(delight, 1, strategy) == order[:1]


@pytest.mark.parametrize("strategy", STRATEGIES)
@given(delights_of_companies, st.integers(0, 11))
def test_what_everybody_likes_best_is_first(
    strategy: Strategy, delight: npt.NDArray[np.float64], favourite: int
) -> None:
    favourite %= delight.shape[1]
    delight = delight / 2
    delight[:, favourite] = np.maximum(delight.max(axis=1) * 1.01, delight[:, favourite])
    assert aggregate(delight, 3, strategy)[0] == favourite


@given(delights_of_companies)
def test_with_least_misery_nobody_could_be_better_off_at_the_bottom(delight: npt.NDArray[np.float64]) -> None:
    first = aggregate(delight, 3, "least-misery")[0]
    assert delight[:, first].min() == max(min(column) for column in delight.T.tolist())


@given(delights_of_companies)
def test_no_movie_is_better_for_everybody_than_the_first(delight: npt.NDArray[np.float64]) -> None:
    for strategy in STRATEGIES:
        first = delight[:, [aggregate(delight, 1, strategy)[0]]]
        assert not (delight > first).all(axis=0).any()


def test_an_unknown_strategy_is_refused() -> None:
    with pytest.raises(ConfigError, match="No strategy is called 'loudest'. Use one of fair, average, least-misery"):
        aggregate(np.ones((2, 2)), 1, "loudest")  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("strategy", STRATEGIES)
@given(st.integers(0, 2**20), st.integers(2, 8))
def test_movies_that_divide_the_same_delights_otherwise_are_equal(strategy: Strategy, seed: int, people: int) -> None:
    """Though sums of floats depend on their order: of equal movies the earlier is first."""
    rng = np.random.default_rng(seed)
    delight = rng.permuted(np.tile(rng.uniform(0.01, 1, people), (6, 1)), axis=1).T  # (people, movies)
    assert aggregate(delight, 1, strategy) == [0]
