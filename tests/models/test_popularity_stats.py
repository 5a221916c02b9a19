from dataclasses import replace

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data.dataset import Dataset
from matinee.models.elicitation import elicitation_order
from matinee.models.popularity_stats import popularity_stats
from tests.datasets import DAY, START, checkerboard, dataset_of, small_ratings


def of_times(times: npt.ArrayLike | None, movies: list[int]) -> Dataset:
    """Everybody rated one movie, at these times."""
    n = len(movies)
    return dataset_of(range(n), movies, timestamps=times, n_users=n, n_movies=4)


def test_there_is_a_row_for_each_movie_rated_or_not() -> None:
    data = small_ratings(seed=3)
    found = popularity_stats(data)
    assert found.columns == ["rated", "rated_lately", "question"]
    counts = [int((data.ratings.movie == row).sum()) for row in range(data.n_movies)]
    assert found["rated"].to_list() == counts
    assert counts[-1] == 0
    assert not set(found.columns) & set(data.movies.columns)


def test_lately_is_the_latest_tenth_of_all_ratings() -> None:
    movies = [0] * 15 + [1] * 3 + [2, 0]  # twenty ratings, one a day: the last two are of movies 2 and 0
    found = popularity_stats(of_times(START + np.arange(20) * DAY, movies))
    assert found["rated"].to_list() == [16, 3, 1, 0]
    assert found["rated_lately"].to_list() == [1, 0, 1, 0]


def test_ratings_of_one_moment_are_late_together() -> None:
    found = popularity_stats(of_times([START] * 10 + [START + DAY] * 10, [0, 1] * 10))
    assert found["rated_lately"].to_list() == [5, 5, 0, 0]


@pytest.mark.parametrize("times", [None, np.arange(20)], ids=["no times", "positions"])
def test_where_it_is_not_known_when_all_count(times: npt.NDArray[np.int64] | None) -> None:
    found = popularity_stats(of_times(times, [0] * 15 + [1] * 5))
    assert found["rated_lately"].to_list() == found["rated"].to_list() == [15, 5, 0, 0]


@given(st.integers(0, 2**20), st.booleans())
def test_never_more_late_ratings_than_ratings_and_a_tenth_of_them_at_least(seed: int, ordered: bool) -> None:
    data = small_ratings(seed, ordered=ordered)
    found = popularity_stats(data)
    assert (found["rated_lately"] <= found["rated"]).all()
    assert found["rated_lately"].sum() >= len(data.ratings) / 10


def test_questions_are_numbered_in_the_order_to_ask_them() -> None:
    data = small_ratings(seed=5, n_users=60)
    asked = elicitation_order(data.histories, data.n_movies).tolist()
    assert len(asked) > 2
    found = popularity_stats(data).with_row_index("row")
    assert found.drop_nulls("question").sort("question")["row"].to_list() == asked
    assert sorted(found["question"].drop_nulls().to_list()) == list(range(1, len(asked) + 1))
    assert found["question"].null_count() == data.n_movies - len(asked)


def test_who_rated_what_cannot_be_told_from_it() -> None:
    """The same counts, whoever gave the ratings and however many stars."""
    data = checkerboard()
    others = replace(data, ratings=replace(data.ratings, rating=data.ratings.rating[::-1].copy()))
    assert popularity_stats(others).equals(popularity_stats(data))
    assert all(dtype.is_integer() for dtype in popularity_stats(data).dtypes)


def test_nobody_is_an_audience_too() -> None:
    empty = checkerboard().keep(np.zeros(len(checkerboard().ratings), dtype=bool))
    found = popularity_stats(empty)
    assert found["rated"].sum() == found["rated_lately"].sum() == 0
    assert found["question"].to_list() == [None] * 12
    assert found.schema["question"] == pl.Int32
