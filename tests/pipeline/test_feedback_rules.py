import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data.histories import GAP, Histories
from matinee.pipeline.feedback_rules import (
    clearly_liked_entries,
    disliked_entries,
    favourite_entries,
    liked_entries,
)

HALF_TO_FIVE = (0.5, 5.0)  # the upper half starts above 2.75, the lowest three tenths end at 1.85
ratings_lists = st.lists(st.integers(1, 10).map(lambda half: half / 2), max_size=8)


def entries(mask: np.ndarray) -> list[int]:
    return np.flatnonzero(mask).tolist()


@pytest.mark.parametrize(
    ("history", "ratings", "liked"),
    [
        ([1, 2, 3], [1, 4, 5], [1, 2]),
        ([1, 2, 3, 4], [1, 2, 4, 5], [2, 3]),  # the median is 3
        ([1, 2, 3], [4, 4, 4], [0, 1, 2]),
        ([1, GAP, 3], [5, 1, 4], [0, 2]),
        ([1, GAP, 3], None, [0, 2]),
        ([GAP], [5], []),
        ([], None, []),
        ([], [], []),
    ],
)
def test_liked_is_the_median_or_more(history: list[int], ratings: list[float] | None, liked: list[int]) -> None:
    assert entries(liked_entries(Histories.of([history], None if ratings is None else [ratings]))) == liked


def test_clearly_liked_is_also_in_the_upper_half_of_the_scale() -> None:
    # The medians are 2, 4, 3, 3.5 and, without the gap, 4.
    ratings = [[1, 2, 2], [3, 4, 5], [3, 3, 3], [3, 4], [5, 3, 4, 5], []]
    movies = [[0, 1, 2], [0, 1, 2], [0, 1, 2], [0, 1], [GAP, 0, 1, 2], []]
    liked = clearly_liked_entries(Histories.of(movies, ratings), HALF_TO_FIVE).tolist()
    assert liked == [*[False] * 3, False, True, True, *[True] * 3, False, True, False, False, True, True]
    assert clearly_liked_entries(Histories.of([[3, GAP, 5]]), HALF_TO_FIVE).tolist() == [True, False, True]


@given(st.lists(ratings_lists, max_size=6))
def test_clearly_liked_uses_the_median_of_each_user(ratings: list[list[float]]) -> None:
    histories = Histories.of([list(range(len(values))) for values in ratings], ratings)
    expected = [value >= np.median(values) and value > 2.75 for values in ratings for value in values]
    assert clearly_liked_entries(histories, HALF_TO_FIVE).tolist() == expected


@pytest.mark.parametrize(
    ("history", "ratings", "scale", "favourites"),
    [
        ([1, 2, 3], [3.5, 4, 5], (1, 5), [1, 2]),  # three quarters of the scale: 4
        ([1, 2, 3], [3.5, 4, 5], (0.5, 5), [1, 2]),  # 3.875
        ([1, 2], [7.5, 8], (1, 10), [1]),  # 7.75
        ([1, GAP, 3], [5, 5, 1], (1, 5), [0]),
        ([1, GAP, 3], None, (1, 5), [0, 2]),
        ([], [], (1, 5), []),
    ],
)
def test_favourites_are_rated_high_on_the_scale(
    history: list[int], ratings: list[float] | None, scale: tuple[float, float], favourites: list[int]
) -> None:
    histories = Histories.of([history], None if ratings is None else [ratings])
    assert entries(favourite_entries(histories, scale)) == favourites


@pytest.mark.parametrize(
    ("ratings", "scale", "disliked"),
    [
        ([], HALF_TO_FIVE, []),
        ([1, 4, 5], HALF_TO_FIVE, [0]),
        ([0.5, 1.5, 2, 4, 5], HALF_TO_FIVE, [0, 1]),
        ([2, 4, 5], (1, 5), [0]),  # the lowest three tenths end at 2.2
        ([2.5, 4, 5], (1, 5), []),
        ([3, 4, 9], (1, 10), [0]),  # at 3.7
        ([1, 1, 1], HALF_TO_FIVE, []),  # every rating is low
        ([1, 1, 1, 5], HALF_TO_FIVE, []),  # the median is 1
        ([0.5, 1, 1], HALF_TO_FIVE, [0]),
        ([0.5], HALF_TO_FIVE, [0]),  # the lowest rating is always a dislike
        ([0.5, 0.5, 5], HALF_TO_FIVE, [0, 1]),
        ([4, 4.5, 5], HALF_TO_FIVE, []),  # the lowest of them is not low on the scale
    ],
)
def test_disliked_is_low_on_the_scale_and_for_the_user(
    ratings: list[float], scale: tuple[float, float], disliked: list[int]
) -> None:
    history = Histories.of([list(range(len(ratings)))], [ratings])
    assert entries(disliked_entries(history, scale)) == disliked


def test_a_history_without_ratings_has_no_dislikes() -> None:
    assert disliked_entries(Histories.of([[1, 2, 3]]), HALF_TO_FIVE).tolist() == [False] * 3
    assert disliked_entries(Histories.of([[]]), HALF_TO_FIVE).tolist() == []


@given(ratings_lists, st.data())
def test_removed_entries_do_not_count_for_dislikes(ratings: list[float], data: st.DataObject) -> None:
    removed = np.array(data.draw(st.lists(st.booleans(), min_size=len(ratings), max_size=len(ratings))), dtype=bool)
    history = Histories.of([list(range(len(ratings)))], [ratings]).with_gaps(removed)
    expected = disliked_entries(history.without_gaps(), HALF_TO_FIVE)
    disliked = disliked_entries(history, HALF_TO_FIVE)
    assert not disliked[removed].any()
    assert disliked[~removed].tolist() == expected.tolist()
