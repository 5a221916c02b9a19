from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from matinee.data.readers import checks
from matinee.data.readers.checks import build_dataset
from matinee.data.readers.tables import DataIssue, Tables
from matinee.errors import DataError

PATH = Path("ratings.dat")
TABLES = Tables(
    name="small",
    ratings=pl.DataFrame(
        {
            "user_id": [7, 3, 7, 3],
            "movie_id": [20, 10, 10, 30],
            "rating": [4.0, 3.0, 5.0, 2.5],
            "timestamp": [900_000_300, 900_000_200, 900_000_100, 900_000_200],
        }
    ),
    movies=pl.DataFrame({"movie_id": [30, 10, 20, 40], "title": ["C", "A", "B", "D"]}),
    users=None,
    ratings_path=PATH,
)


def test_ids_ascend_and_ratings_are_ordered():
    dataset, issues = build_dataset(TABLES)

    assert dataset.user_ids.ids.tolist() == [3, 7]
    assert dataset.movie_ids.ids.tolist() == [10, 20, 30, 40]
    assert dataset.movies["title"].to_list() == ["A", "B", "C", "D"]
    ratings = dataset.ratings
    assert ratings.user.tolist() == [0, 0, 1, 1]
    assert ratings.movie.tolist() == [0, 2, 0, 1]
    assert ratings.rating is not None
    assert ratings.rating.tolist() == [3.0, 2.5, 5.0, 4.0]
    assert ratings.user.dtype == ratings.movie.dtype == np.int32
    assert ratings.rating.dtype == np.float32
    assert ratings.timestamp is not None
    assert ratings.timestamp.dtype == np.int64
    assert issues == []


def test_unlisted_movies_and_users_are_kept_and_reported():
    listed = pl.DataFrame({"movie_id": [10], "title": ["A"]})
    users = pl.DataFrame({"user_id": [3, 9], "age": [25, 30]})

    dataset, issues = build_dataset(replace(TABLES, movies=listed, users=users))

    assert dataset.movies["title"].to_list() == ["A", "Movie 20", "Movie 30"]
    assert dataset.users is not None
    assert dataset.users.rows() == [(3, 25), (7, None), (9, 30)]
    assert [(issue.kind, issue.count) for issue in issues] == [("orphan ratings", 2), ("unlisted users", 1)]
    assert "20, 30" in issues[0].message


def test_without_a_catalogue_the_rated_movies_are_listed():
    dataset, issues = build_dataset(replace(TABLES, movies=None))

    assert dataset.movies["title"].to_list() == ["Movie 10", "Movie 20", "Movie 30"]
    assert [(issue.kind, issue.count) for issue in issues] == [("no movies", 3)]


def test_repeated_ratings_are_dropped_and_located():
    again = pl.concat([TABLES.ratings, TABLES.ratings[:1].with_columns(rating=pl.lit(1.0))])

    dataset, (issue,) = build_dataset(replace(TABLES, ratings=again, header_rows=1))

    assert dataset.ratings.rating is not None
    assert dataset.ratings.rating.tolist() == [3.0, 2.5, 5.0, 1.0]
    assert (issue.kind, issue.count, issue.row, issue.path) == ("duplicate ratings", 1, 2, PATH)


def test_ids_that_are_text_in_one_table_are_text_in_all():
    movies = pl.DataFrame({"movie_id": ["10", "20", "30", "tt4"], "title": ["A", "B", "C", "D"]})

    dataset, issues = build_dataset(replace(TABLES, movies=movies))

    assert dataset.movie_ids.ids.tolist() == ["10", "20", "30", "tt4"]
    assert dataset.movies["title"].to_list() == ["A", "B", "C", "D"]
    assert [issue.kind for issue in issues] == ["mixed ids"]


def test_a_catalogue_without_ratings_is_a_dataset():
    nothing = pl.DataFrame(schema={"user_id": pl.Int64, "movie_id": pl.Int64})

    dataset, issues = build_dataset(replace(TABLES, ratings=nothing))

    assert (dataset.n_users, dataset.n_movies, len(dataset.ratings)) == (0, 4, 0)
    assert issues == []


def test_issues_of_the_reader_come_first():
    issue = DataIssue("byte-order mark", "a mark", PATH)

    _, issues = build_dataset(replace(TABLES, movies=None, issues=[issue]))

    assert issues[0] is issue
    assert len(issues) == 2


def test_an_invalid_value_is_refused_with_its_position():
    ratings = TABLES.ratings.with_columns(rating=pl.Series([4.0, 3.0, 6.0, 2.5]))

    with pytest.raises(DataError, match=r"ratings.dat, row 4, column rating: 6.0; expected a rating from 1 to 5$"):
        build_dataset(replace(TABLES, ratings=ratings, header_rows=1, scale=(1.0, 5.0)))


@pytest.mark.parametrize("ids", [[3, 900, 7, 7, 3, 10**12, 900], ["b", "ä", "a", "a", "b"]])
def test_ids_become_rows_a_block_at_a_time(ids: list[int] | list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "_BLOCK", 3)
    values = pl.Series(ids)
    vocabulary = values.unique().sort()
    rows = checks.rows_of(values, vocabulary)
    assert rows.dtype == np.int32
    assert vocabulary.gather(rows).to_list() == ids
