import datetime

import numpy as np
import pytest

from matinee.data.diaries.diary import DiaryEntry
from matinee.data.diaries.history import OwnRatings, build_history, oldest_first, rescale_rating


def entry(**facts) -> DiaryEntry:
    return DiaryEntry("Heat", "diary.csv", 2, **facts)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("stars", "scale", "rating"),
    [
        (3.5, (0.5, 5.0), 3.5),
        (4.0, (1.0, 5.0), 4.0),
        (0.5, (1.0, 5.0), 1.0),
        (4.5, (1.0, 5.0), 4.5),
        (3.5, (1.0, 10.0), 7.0),
        (2.5, (0.0, 1.0), 0.5),
    ],
)
def test_stars_on_other_scales(stars: float, scale: tuple[float, float], rating: float) -> None:
    assert rescale_rating(stars, scale) == rating


def test_missing_ratings_use_the_users_own_quantiles() -> None:
    # Sorted 1, 2, 4, 5: the median is 3; the upper quartile a quarter of the way from 4 to 5.
    own = OwnRatings.of([entry(rating=stars) for stars in (5.0, 1.0, 4.0, 2.0)] + [entry()], (1, 10))
    assert own.rating(entry(rating=1.5)) == (3.0, "")
    assert own.rating(entry(rating=1.5, liked=True)) == (3.0, "")
    assert own.rating(entry(watched=True)) == (6.0, "median")
    assert own.rating(entry(liked=True, watched=True)) == (8.5, "upper quartile")


def test_without_ratings_there_are_no_replacements() -> None:
    own = OwnRatings.of([entry(liked=True), entry()], (1, 10))
    assert own.rating(entry(liked=True)) == (None, "")
    assert own.rating(entry()) == (None, "")


def test_undated_movies_come_first_then_by_date() -> None:
    dates = ["2021-01-01", None, "2020-01-01", "2021-01-01", None]
    assert oldest_first([entry(date=day(text) if text else None) for text in dates]) == [1, 4, 2, 0, 3]


def test_timestamps_are_midnights_if_all_dates_are_known() -> None:
    entries = [entry(date=day("1970-01-02")), entry(date=day("2001-09-09"))]
    history = build_history(entries, [7, 3], [4.0, 2.5])
    assert (len(history), history.movies.tolist()) == (1, [7, 3])
    assert history.ratings is not None
    assert history.ratings.tolist() == [4.0, 2.5]
    assert history.timestamps is not None
    assert history.timestamps.tolist() == [86_400, 999_993_600]
    types = (history.offsets.dtype, history.movies.dtype, history.ratings.dtype, history.timestamps.dtype)
    assert types == (np.int64, np.int32, np.float32, np.int64)


def test_a_missing_date_removes_all_timestamps() -> None:
    history = build_history([entry(), entry(date=day("2001-09-09"))], [7, 3], [None, None])
    assert history.timestamps is None
    assert history.ratings is None


def test_an_empty_history() -> None:
    history = build_history([], [], [])
    assert (len(history), history.lengths.tolist()) == (1, [0])
