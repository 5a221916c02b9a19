from collections.abc import Sequence
from functools import cache
from typing import Self

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from matinee.arrays import AnyFloats
from matinee.data.dataset import Dataset
from matinee.data.histories import GAP, Histories
from matinee.errors import NotFittedError
from matinee.models.linear.linear_recommender import LinearRecommender
from matinee.models.linear.sparse import Matrix
from matinee.models.registry import make
from tests.datasets import checkerboard

N = 12


class TwoWays(LinearRecommender):
    """Weighs all entries equally in one part; in the other each movie counts a tenth of the next one."""

    name = "two ways"

    def __init__(self, weights: npt.ArrayLike, few: bool = False):
        super().__init__()
        dense = np.asarray(weights, dtype=np.float32)
        self.weights = Matrix(dense) if few else dense
        self.n_movies = dense.shape[1]

    def fit(self, train: Dataset, validation: Dataset | None = None) -> Self:
        del train, validation
        return self

    def entry_weights(self, histories: Histories) -> Sequence[AnyFloats | None]:
        return [None, 0.1**histories.age]


# From movie 0, 1, 2 as they are, then counted by age: to each of three movies.
WEIGHTS = [[1, 2, 0], [0, 4, 8], [5, 0, 0], [10, 0, 0], [0, 20, 0], [0, 0, 30]]

Entries = npt.NDArray[np.int64]


@pytest.mark.parametrize("few", [False, True])
def test_scores_and_contributions_by_hand(few: bool) -> None:
    model = TwoWays(WEIGHTS, few)
    history = Histories.of([[2, 0, 1]])  # of ages 2, 1 and 0
    entries = np.arange(3)
    expected = [[5, 0, 0.3], [1 + 1, 2, 0], [0, 4 + 20, 8]]
    np.testing.assert_allclose(model.contributions(history, entries), expected, rtol=1e-6)
    np.testing.assert_allclose(model.score(history), [[7, 26, 8.3]], rtol=1e-6)
    np.testing.assert_allclose(
        model.score_without(history, entries), [[2, 26, 8], [5, 24, 8.3], [7, 2, 0.3]], atol=1e-5
    )
    some = np.array([2, 0], dtype=np.int32)
    np.testing.assert_allclose(model.contributions(history, np.array([1]), some), [[0, 2]], atol=1e-6)
    np.testing.assert_allclose(model.score_without(history, np.array([2, 0]), some), [[0.3, 7], [8, 2]], atol=1e-5)


@pytest.mark.parametrize("few", [False, True])
def test_a_gap_adds_nothing_and_keeps_the_age_of_others(few: bool) -> None:
    model = TwoWays(WEIGHTS, few)
    history = Histories.of([[2, GAP, 1]])
    np.testing.assert_allclose(model.score(history), [[5, 24, 8.3]], rtol=1e-6)
    np.testing.assert_array_equal(model.contributions(history, np.array([1])), [[0, 0, 0]])
    np.testing.assert_array_equal(model.score_without(history, np.array([1])), model.score(history))
    np.testing.assert_array_equal(model.score(Histories.of([[GAP, GAP], []])), np.zeros((2, 3)))


def test_the_same_movie_twice_adds_twice() -> None:
    history = Histories.of([[1, 1]])
    added = TwoWays(WEIGHTS).contributions(history, np.arange(2))
    np.testing.assert_allclose(added, [[0, 4 + 2, 8], [0, 4 + 20, 8]], rtol=1e-6)


def test_a_query_has_a_part_for_each_way_of_looking() -> None:
    query = TwoWays(WEIGHTS).query(Histories.of([[2, GAP], [], [0, 1]]))
    expected = [[0, 0, 1, 0, 0, 0.1], [0] * 6, [1, 1, 0, 0.1, 1, 0]]
    np.testing.assert_allclose(query.toarray(), expected, rtol=1e-6)
    assert query.nnz == 6  # nothing is stored for the gap


VARIANTS = {
    "item_cf": ("item_cf", {}),
    "item_cf, fading": ("item_cf", {"half_life": 2.0, "inverse_user_frequency": True}),
    "ease": ("ease", {"reg": 5.0}),
    "ease, fading": ("ease", {"half_life": 3.0}),
    "ease, sparse": ("ease", {"solver": "sparse", "neighbours": 4, "half_life": 3.0}),
    "ease, head and tail": ("ease", {"head": 7, "tail_neighbours": 4, "half_life": 3.0}),
    "slist": ("slist", {}),
    "slist, head and tail": ("slist", {"head": 7, "tail_neighbours": 4}),
    "slist, sparse": ("slist", {"solver": "sparse", "neighbours": 4}),
}


@cache
def fitted(variant: str) -> LinearRecommender:
    name, settings = VARIANTS[variant]
    model = make(name, **settings).fit(checkerboard())
    assert isinstance(model, LinearRecommender)
    return model


movies_or_gaps = st.lists(st.integers(GAP, N - 1), max_size=9)


def within(model: LinearRecommender, history: Histories) -> float:
    """The tolerance of two ways to add the same float32 numbers: 1 / 100,000 of what is added."""
    return 1e-5 * max(
        1e-9, float(np.abs(model.contributions(history, np.arange(len(history.movies)))).sum(axis=0).max())
    )


@pytest.mark.parametrize("variant", VARIANTS)
@given(movies_or_gaps)
def test_contributions_sum_up_to_the_score(variant: str, movies: list[int]) -> None:
    model, history = fitted(variant), Histories.of([movies])
    added = model.contributions(history, np.arange(len(movies)))
    assert added.shape == (len(movies), N)
    assert added.dtype == np.float32
    np.testing.assert_allclose(added.sum(axis=0), model.score(history)[0], rtol=1e-5, atol=within(model, history))
    assert not added[np.array(movies, dtype=np.int64) == GAP].any()


@pytest.mark.parametrize("variant", VARIANTS)
@given(movies_or_gaps.filter(bool), st.data())
def test_scores_without_an_entry_equal_those_with_a_gap(variant: str, movies: list[int], data: st.DataObject) -> None:
    model, history = fitted(variant), Histories.of([movies])
    entries = np.array(data.draw(st.lists(st.integers(0, len(movies) - 1), min_size=1, max_size=4)))
    again = [
        model.score(Histories.of([[GAP if position == entry else row for position, row in enumerate(movies)]]))[0]
        for entry in entries.tolist()
    ]
    without = model.score_without(history, entries)
    np.testing.assert_allclose(without, again, rtol=1e-5, atol=within(model, history))
    some = np.array(data.draw(st.lists(st.integers(0, N - 1), min_size=1, max_size=4)), dtype=np.int32)
    # Of few movies the score is summed up in another order.
    few = model.score_without(history, entries, some)
    np.testing.assert_allclose(few, without[:, some], rtol=1e-5, atol=within(model, history))


@pytest.mark.parametrize("few", [False, True])
def test_weights_come_back_as_they_went(few: bool) -> None:
    model, other = TwoWays(WEIGHTS, few), TwoWays(np.zeros((6, 3)))
    state = model.state()
    assert ("weights" in state) is not few
    other.restore(state)
    assert sparse.issparse(other.weights) is few
    history = Histories.of([[2, 0, 1]])
    np.testing.assert_array_equal(other.score(history), model.score(history))


@pytest.mark.parametrize("name", ["item_cf", "ease", "slist"])
def test_every_method_refuses_an_unfitted_model(name: str) -> None:
    model = make(name)
    history, entries = Histories.of([[1, 2]]), np.array([0])
    for ask in (model.contributions, model.score_without):
        with pytest.raises(NotFittedError, match=name):
            ask(history, entries)
    with pytest.raises(NotFittedError, match=name):
        model.score(history)
