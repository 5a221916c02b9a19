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
    """Each user rated one movie, at these times."""
    n = len(movies)
    return dataset_of(range(n), movies, timestamps=times, n_users=n, n_movies=4)


def test_every_movie_has_a_row() -> None:
    data = small_ratings(seed=3)
    stats = popularity_stats(data)
    assert stats.columns == ["rated", "rated_recently", "question"]
    counts = [int((data.ratings.movie == row).sum()) for row in range(data.n_movies)]
    assert stats["rated"].to_list() == counts
    assert counts[-1] == 0
    assert not set(stats.columns) & set(data.movies.columns)


def test_recent_ratings_are_the_latest_tenth() -> None:
    movies = [0] * 15 + [1] * 3 + [2, 0]  # twenty ratings, one a day: the last two are of movies 2 and 0
    stats = popularity_stats(of_times(START + np.arange(20) * DAY, movies))
    assert stats["rated"].to_list() == [16, 3, 1, 0]
    assert stats["rated_recently"].to_list() == [1, 0, 1, 0]


def test_ratings_at_the_same_time_are_recent_together() -> None:
    stats = popularity_stats(of_times([START] * 10 + [START + DAY] * 10, [0, 1] * 10))
    assert stats["rated_recently"].to_list() == [5, 5, 0, 0]


@pytest.mark.parametrize("times", [None, np.arange(20)], ids=["no times", "positions"])
def test_without_timestamps_all_ratings_are_recent(times: npt.NDArray[np.int64] | None) -> None:
    stats = popularity_stats(of_times(times, [0] * 15 + [1] * 5))
    assert stats["rated_recently"].to_list() == stats["rated"].to_list() == [15, 5, 0, 0]


@given(st.integers(0, 2**20), st.booleans())
def test_at_least_a_tenth_of_all_ratings_is_recent(seed: int, ordered: bool) -> None:
    data = small_ratings(seed, ordered=ordered)
    stats = popularity_stats(data)
    assert (stats["rated_recently"] <= stats["rated"]).all()
    assert stats["rated_recently"].sum() >= len(data.ratings) / 10


def test_questions_are_numbered_in_their_order() -> None:
    data = small_ratings(seed=5, n_users=60)
    questions = elicitation_order(data.histories, data.n_movies).tolist()
    assert len(questions) > 2
    stats = popularity_stats(data).with_row_index("row")
    assert stats.drop_nulls("question").sort("question")["row"].to_list() == questions
    assert sorted(stats["question"].drop_nulls().to_list()) == list(range(1, len(questions) + 1))
    assert stats["question"].null_count() == data.n_movies - len(questions)


def test_counts_do_not_depend_on_rating_values() -> None:

    data = checkerboard()
    others = replace(data, ratings=replace(data.ratings, rating=data.ratings.rating[::-1].copy()))
    assert popularity_stats(others).equals(popularity_stats(data))
    assert all(dtype.is_integer() for dtype in popularity_stats(data).dtypes)


def test_data_without_ratings_has_counts_of_zero() -> None:
    empty = checkerboard().keep(np.zeros(len(checkerboard().ratings), dtype=bool))
    stats = popularity_stats(empty)
    assert stats["rated"].sum() == stats["rated_recently"].sum() == 0
    assert stats["question"].to_list() == [None] * 12
    assert stats.schema["question"] == pl.Int32
