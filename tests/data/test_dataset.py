from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data.dataset import Dataset
from matinee.data.vocabulary import Vocabulary
from tests.datasets import checkerboard, dataset_of, own_unrated, small_ratings

Row = tuple[int, int, int]  # user, movie, timestamp
tables = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 6), st.integers(0, 3)),
    unique_by=lambda row: row[:2],
    max_size=20,
)


def of_rows(rows: list[Row]) -> Dataset:
    users, movies, timestamps = zip(*rows, strict=True) if rows else ((), (), ())
    ratings = [1 + movie / 2 for movie in movies]
    return dataset_of(users, movies, ratings, timestamps, n_users=5, n_movies=7)


@given(tables)
def test_histories_are_oldest_first(rows: list[Row]) -> None:
    histories = of_rows(rows).histories
    for user in range(5):
        own = histories.block(user, user + 1)
        expected = sorted((row for row in rows if row[0] == user), key=lambda row: row[2])
        assert own.movies.tolist() == [movie for _, movie, _ in expected]
        assert own.timestamps is not None
        assert own.ratings is not None
        assert own.timestamps.tolist() == [timestamp for _, _, timestamp in expected]
        np.testing.assert_array_equal(own.ratings, 1 + own.movies / 2)


@given(tables, st.lists(st.integers(0, 4), max_size=6))
def test_histories_of_some_users_keep_the_order(rows: list[Row], users: list[int]) -> None:
    dataset = of_rows(rows)
    some = dataset.histories_of(np.array(users, dtype=np.int32))
    assert len(some) == len(users)
    for index, user in enumerate(users):
        actual, expected = some.block(index, index + 1), dataset.histories.block(user, user + 1)
        np.testing.assert_array_equal(actual.movies, expected.movies)
        np.testing.assert_array_equal(actual.ratings, expected.ratings)
        np.testing.assert_array_equal(actual.timestamps, expected.timestamps)


@given(tables, st.integers(0, 2**20))
def test_two_parts_together_are_the_whole(rows: list[Row], seed: int) -> None:
    dataset = of_rows([(user, movie, 10 * movie) for user, movie, _ in rows])  # no two times alike
    mask = np.random.default_rng(seed).random(len(rows)) < 0.5
    whole = dataset.keep(mask).concat(dataset.keep(~mask))
    for column in ("user", "movie", "rating", "timestamp"):
        np.testing.assert_array_equal(getattr(whole.ratings, column), getattr(dataset.ratings, column))
    assert whole.fingerprint == dataset.fingerprint


def test_keep_does_not_change_users_and_movies() -> None:
    dataset = small_ratings(1)
    assert dataset.counts.sum() == len(dataset.ratings)
    none = dataset.keep(np.zeros(len(dataset.ratings), dtype=np.bool_))
    assert (none.n_users, none.n_movies) == (dataset.n_users, dataset.n_movies)
    assert none.counts.tolist() == [0] * dataset.n_movies
    assert none.histories.lengths.tolist() == [0] * dataset.n_users


def test_without_order_users_keep_file_order() -> None:
    dataset = dataset_of([1, 0, 1, 0], [3, 2, 0, 1], n_users=2, n_movies=4)
    assert not dataset.has_order
    assert dataset.ratings.movie.tolist() == [2, 1, 3, 0]
    assert dataset.histories.ratings is None
    assert dataset.concat(dataset).ratings.rating is None


def test_fingerprint_changes_with_the_data() -> None:
    dataset = small_ratings(3)
    ratings = dataset.ratings
    assert ratings.rating is not None
    assert ratings.timestamp is not None
    changed = [
        replace(dataset, ratings=replace(ratings, rating=ratings.rating + 0.5)),
        replace(dataset, ratings=replace(ratings, rating=None)),
        replace(dataset, ratings=replace(ratings, timestamp=ratings.timestamp + 1)),
        replace(dataset, ratings=replace(ratings, timestamp=None)),
        replace(dataset, ratings=replace(ratings, movie=ratings.movie[::-1])),
        replace(dataset, movie_ids=Vocabulary(dataset.movie_ids.ids + 1)),
        dataset.keep(np.arange(len(ratings)) > 0),
        small_ratings(4),
    ]
    assert len({variant.fingerprint for variant in [dataset, *changed]}) == 1 + len(changed)
    assert small_ratings(3).fingerprint == dataset.fingerprint
    assert replace(dataset, name="another name").fingerprint == dataset.fingerprint


def test_fingerprint_distinguishes_users_from_movies() -> None:
    single = dataset_of([0], [0], n_users=1, n_movies=2)
    ids = np.array([5, 6, 7])
    two_movies = replace(single, movie_ids=Vocabulary(ids[:2]), user_ids=Vocabulary(ids[2:]))
    two_users = replace(single, movie_ids=Vocabulary(ids[:1]), user_ids=Vocabulary(ids[1:]))
    assert two_movies.fingerprint != two_users.fingerprint


@pytest.mark.parametrize("dtypes", [("<U3", "<U9"), ("<i4", "<i8")])
def test_fingerprint_does_not_depend_on_id_types(dtypes: tuple[str, str]) -> None:
    ids = np.array([101, 102])
    single = dataset_of([0, 0], [0, 1], n_users=1, n_movies=2)
    narrow, wide = (replace(single, movie_ids=Vocabulary(ids.astype(dtype))) for dtype in dtypes)
    assert narrow.fingerprint == wide.fingerprint


def test_checkerboard_matches_its_description() -> None:
    dataset = checkerboard(n_users=8, n_movies=12)
    assert ((dataset.ratings.user - dataset.ratings.movie) % 2 == 0).all()
    assert dataset.histories.lengths.tolist() == [4] * 8
    assert dataset.ratings.timestamp is not None
    assert all((np.diff(times) > 0).all() for times in np.split(dataset.ratings.timestamp, 8))
    assert own_unrated(dataset, 0) == [8, 10]
    assert own_unrated(dataset, 3) == [11, 1]
    assert dataset.movies["genres"][3].to_list() == ["Odd"]
    assert dataset.movie_ids.row(101) == 1


def test_histories_have_user_features() -> None:
    data = checkerboard(n_users=4)
    data = replace(data, users=data.users.with_columns(gender=pl.Series(["F", "M", "F", "M"])))
    assert data.histories.users["row"].to_list() == [0, 1, 2, 3]
    some = data.histories_of(np.array([3, 0], dtype=np.int32)).users
    assert some["row"].to_list() == [3, 0]
    assert some["gender"].to_list() == ["M", "F"]
    assert "user_id" not in some.columns
    assert replace(data, users=None).histories.users.columns == ["row"]


def test_equal_facts_have_equal_fingerprints(tmp_path: Path) -> None:
    data = checkerboard()
    data.movies.write_parquet(tmp_path / "movies.parquet")
    again = replace(data, movies=pl.read_parquet(tmp_path / "movies.parquet"))
    assert again.facts_fingerprint == data.facts_fingerprint
    other = replace(data, movies=data.movies.with_columns(pl.lit("Heat").alias("title")))
    assert other.facts_fingerprint != data.facts_fingerprint
