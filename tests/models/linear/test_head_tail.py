import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from matinee.data.histories import Histories
from matinee.models.linear.head_tail import HeadTail, PopularityOrder
from matinee.models.linear.sparse import Matrix

PARTS, N = 2, 6
HEAD = np.array([4, 1, 3])


def whole(seed: int) -> np.ndarray:
    """Small whole numbers, which half precision holds exactly."""
    return np.random.default_rng(seed).integers(-9, 10, (PARTS * N, N)).astype(np.float32)


def divided(weights: np.ndarray) -> HeadTail:
    rows = np.concatenate([HEAD, HEAD + N])
    tail = weights.copy()
    tail[np.ix_(rows, HEAD)] = 0
    return HeadTail(HEAD, weights[np.ix_(rows, HEAD)].astype(np.float16), Matrix(tail))


@given(st.integers(0, 50))
def test_it_is_the_same_matrix_in_two_pieces(seed: int) -> None:
    weights = whole(seed)
    query = np.random.default_rng(seed).integers(0, 3, (5, PARTS * N)).astype(np.float32)
    np.testing.assert_array_equal(divided(weights).product(Matrix(query)), query @ weights)


@given(st.lists(st.integers(0, PARTS * N - 1), max_size=6), st.none() | st.lists(st.integers(0, N - 1), max_size=5))
def test_rows_and_columns_are_those_of_the_whole(rows: list[int], movies: list[int] | None) -> None:
    weights = whole(1)
    selected = np.array(rows, dtype=np.int64)
    columns = None if movies is None else np.array(movies, dtype=np.int32)
    result = divided(weights).rows(selected, columns)
    assert result.dtype == np.float32
    np.testing.assert_array_equal(result, weights[selected] if columns is None else weights[selected][:, columns])


def test_the_block_is_worked_on_in_stripes(monkeypatch: pytest.MonkeyPatch) -> None:
    weights, query = whole(2), np.ones((3, PARTS * N), dtype=np.float32)
    monkeypatch.setattr("matinee.models.linear.head_tail._STRIPE_BYTES", 1)
    np.testing.assert_array_equal(divided(weights).product(Matrix(query)), query @ weights)


def test_it_comes_back_as_it_went() -> None:
    model = divided(whole(3))
    state = model.state()
    assert state["block"].dtype == np.float16
    query = Matrix(np.eye(PARTS * N, dtype=np.float32))
    np.testing.assert_array_equal(HeadTail.from_state(state).product(query), model.product(query))


def test_positions_follow_the_number_of_ratings() -> None:
    order = PopularityOrder.of(np.array([2, 0, 5, 2]), 2)
    assert order.movies.tolist() == [2, 0, 3, 1]
    assert (order.rows.tolist(), order.rated) == ([2, 0], 3)
    assert order.to_positions(Histories.of([[3, 2], [0]])).movies.tolist() == [2, 0, 1]
    assert PopularityOrder.of(np.array([2, 0, 5, 2]), 9).head == 3  # a movie without ratings is never in the head


def test_a_head_that_was_chosen_before_stays() -> None:
    order = PopularityOrder.with_head(np.array([2, 9, 5, 0, 7]), np.array([2, 0]))
    assert order.movies.tolist() == [2, 0, 1, 4, 3]
    assert (order.head, order.rated) == (2, 4)


def test_weights_between_positions_become_weights_between_rows() -> None:
    order = PopularityOrder.of(np.array([1, 3, 2]), 1)  # positions 0, 1, 2 are rows 1, 2, 0
    between = sparse.coo_matrix(([1.0, 2.0], ([0, 3 + 2], [2, 1])), shape=(6, 3))
    expected = np.zeros((6, 3))
    expected[1, 0], expected[3 + 0, 2] = 1, 2
    np.testing.assert_array_equal(order.to_movie_rows(between, parts=2).toarray(), expected)
