import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.index.top import descending, top_rows

values = st.sampled_from([-np.inf, -2.5, 0.0, 0.5, 1.0, 7.0])
different = st.lists(st.integers(-50, 50), min_size=1, max_size=12, unique=True)


def naive(scores: list[float], k: int) -> list[int]:
    """Best first, equal scores in column order, -1 for columns that may not be shown."""
    best = sorted(range(len(scores)), key=lambda column: (-scores[column], column))[:k]
    return [column if scores[column] > -np.inf else -1 for column in best]


@given(different, st.integers(1, 14))
def test_the_best_come_first(scores: list[float], k: int) -> None:
    assert top_rows(np.array([scores], dtype=np.float32), k)[0].tolist() == naive(scores, k)


@given(st.lists(values, min_size=1, max_size=12), st.integers(1, 14))
def test_the_best_come_first_with_ties(scores: list[float], k: int) -> None:
    top = top_rows(np.array([scores], dtype=np.float32), k)[0].tolist()
    assert len(top) == min(k, len(scores))
    shown = [column for column in top if column >= 0]
    assert top == shown + [-1] * (len(top) - len(shown))
    assert len(set(shown)) == len(shown)
    assert [scores[column] for column in shown] == [scores[column] for column in naive(scores, k) if column >= 0]
    assert shown == sorted(shown, key=lambda column: (-scores[column], column))


def test_each_row_has_its_own_list() -> None:
    scores = np.array([[3, 1, 2], [-np.inf, 5, 5], [-np.inf, -np.inf, -np.inf]], dtype=np.float32)
    top = top_rows(scores, 2)
    assert top.tolist() == [[0, 2], [1, 2], [-1, -1]]
    assert top.dtype == np.int32


def test_no_rows_give_no_lists() -> None:
    assert top_rows(np.zeros((0, 4), dtype=np.float32), 2).shape == (0, 2)


def test_scores_are_not_changed() -> None:
    scores = np.array([[3.0, 1.0, 2.0]], dtype=np.float32)
    top_rows(scores, 2)
    assert scores.tolist() == [[3.0, 1.0, 2.0]]


@pytest.mark.parametrize("n", [30, 200])
def test_ties_go_to_the_first_columns(n: int) -> None:
    scores = np.ones((1, n), dtype=np.float32)
    scores[0, n // 2] = 2
    assert top_rows(scores, 5)[0].tolist() == naive(scores[0].tolist(), 5)


def test_a_shorter_list_is_the_beginning_of_a_longer_one() -> None:
    scores = np.random.default_rng(0).integers(0, 3, (20, 100)).astype(np.float32)
    np.testing.assert_array_equal(top_rows(scores, 5), top_rows(scores, 20)[:, :5])


def test_a_list_of_none_is_empty() -> None:
    assert top_rows(np.array([[3.0, 1.0]], dtype=np.float32), 0).shape == (1, 0)


@given(st.lists(st.sampled_from([0.0, -0.0, 1.5, -1.5, 2.0, 1e-40, -1e-40, 3e38, np.inf, -np.inf]), max_size=30))
def test_descending_is_a_stable_sort(row: list[float]) -> None:
    scores = np.array(row, dtype=np.float32)
    assert descending(scores).tolist() == np.argsort(-scores, kind="stable").tolist()
