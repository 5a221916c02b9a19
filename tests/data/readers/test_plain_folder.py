from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matinee.data.dataset import Dataset
from matinee.data.readers.formats import read_dataset

WHOLE = st.integers(0, 2**40)
# Letters, signs that CSV must quote, a line break inside, and characters outside Latin-1.
WORDS = st.text("ab01-_,;\"'\né千", min_size=1, max_size=6).filter(lambda text: text == text.strip())
STARS = st.floats(0.5, 5.0, width=32)
TIMES = st.integers(0, 4_000_000_000)
Row = tuple[Any, Any, float, int]


def tables(times: st.SearchStrategy[int] = TIMES, unique_times: bool = False) -> st.SearchStrategy[list[Row]]:
    """Ratings tables without repeated pairs, with ids that are all numbers or all text."""

    def of(ids: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Row]]:
        distinct: Any = (lambda row: row[:2], lambda row: row[3]) if unique_times else lambda row: row[:2]
        return st.lists(st.tuples(ids, ids, STARS, times), min_size=1, max_size=25, unique_by=distinct)

    return st.one_of(of(WHOLE), of(WORDS))


def write(folder: Path, rows: list[Row], suffix: str) -> None:
    frame = pl.DataFrame(rows, schema=["user_id", "movie_id", "rating", "timestamp"], orient="row", strict=False)
    if suffix == "csv":
        frame.write_csv(folder / "ratings.csv")
    else:
        frame.write_parquet(folder / "ratings.parquet")


def read_back(dataset: Dataset) -> list[Row]:
    ratings = dataset.ratings
    assert ratings.rating is not None
    assert ratings.timestamp is not None
    users, movies = dataset.user_ids.ids[ratings.user], dataset.movie_ids.ids[ratings.movie]
    columns = (users, movies, ratings.rating, ratings.timestamp)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def as_text(rows: list[Row]) -> list[Row]:
    return [(str(user), str(movie), stars, time) for user, movie, stars, time in rows]


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
@given(rows=tables())
@settings(max_examples=50, deadline=None)
def test_written_ratings_are_read_back_in_a_stable_order(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, rows: list[Row]
):
    folder = tmp_path_factory.mktemp("plain")
    write(folder, rows, suffix)

    dataset, _ = read_dataset(folder)

    # Words that happen to be whole numbers are read as numbers, and then sort as numbers.
    in_order = sorted(rows, key=lambda row: (dataset.user_ids.row(row[0]), row[3]))
    assert as_text(read_back(dataset)) == as_text(in_order)


@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_the_order_of_rows_with_distinct_times_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
):
    rows = data.draw(tables(unique_times=True))
    first_folder, second_folder = tmp_path_factory.mktemp("folder"), tmp_path_factory.mktemp("shuffled")
    write(first_folder, rows, "csv")
    write(second_folder, data.draw(st.permutations(rows)), "csv")

    first, second = read_dataset(first_folder)[0], read_dataset(second_folder)[0]

    assert first.fingerprint == second.fingerprint
    assert read_back(first) == read_back(second)
    assert first.movies.equals(second.movies)


def test_every_movie_column_is_read_from_csv(tmp_path: Path):
    (tmp_path / "ratings.csv").write_text("user_id,movie_id\n1,10\n")
    (tmp_path / "movies.csv").write_text(
        ",movie_id,title,year,genres,overview,language,vote_average,vote_count,popularity,release_date,poster,"
        "director,cast,country,runtime,imdb_id,tmdb_id,budget\n"
        '0,10,Heat,1995,Action|Crime,"Cops, and\nrobbers",en,7.9,7000,20.5,1995-12-15,heat.jpg,Michael Mann,'
        "Al Pacino|Robert De Niro,US,170,tt0113277,949,1\n"
    )
    (tmp_path / "posters").mkdir()

    dataset, issues = read_dataset(tmp_path)

    movie = dataset.movies.row(0, named=True)
    assert movie["genres"] == ["Action", "Crime"]
    assert movie["cast"] == ["Al Pacino", "Robert De Niro"]
    assert movie["overview"] == "Cops, and\nrobbers"
    assert (movie["runtime"], movie["imdb_id"], movie["tmdb_id"]) == (170, "tt0113277", 949)
    assert None not in movie.values()
    assert len(movie) == 17
    assert dataset.ratings.rating is None
    assert dataset.ratings.timestamp is None
    assert dataset.posters == tmp_path / "posters"
    assert dataset.scale == (0.5, 5.0)
    (issue,) = issues
    assert (issue.kind, issue.severity, issue.count) == ("unknown columns", "note", 1)
    assert "'budget'" in issue.message


def test_parquet_and_csv_give_the_same_dataset(tmp_path: Path):
    ratings = pl.DataFrame({"user_id": [1, 2], "movie_id": [10, 20], "rating": [4, 5], "timestamp": [10**9, 10**9]})
    movies = pl.DataFrame({"movie_id": [10, 20], "title": ["Heat", "Big"], "year": [1995, None]})
    users = pl.DataFrame({"user_id": [1, 2], "age": [25, 30], "gender": ["F", None]})
    first_folder, second_folder = tmp_path / "csv", tmp_path / "parquet"
    for folder in (first_folder, second_folder):
        folder.mkdir()
    for name, table in {"ratings": ratings, "movies": movies, "users": users}.items():
        table.write_csv(first_folder / f"{name}.csv")
        table.with_columns(pl.lit("x").alias("more")).write_parquet(second_folder / f"{name}.parquet")

    (first, _), (second, _) = read_dataset(first_folder), read_dataset(second_folder)

    assert first.fingerprint == second.fingerprint
    assert first.movies.equals(second.movies)
    assert first.users is not None
    assert second.users is not None
    assert second.users.drop("more").equals(first.users)


def test_parquet_with_dates_for_timestamps(tmp_path: Path):
    frame = pl.DataFrame({"user_id": ["a", "a"], "movie_id": [1.0, 2.0], "timestamp": [10**9, 10**9 + 1]})
    frame = frame.with_columns(pl.from_epoch("timestamp", "s"))
    frame.write_parquet(tmp_path / "ratings.parquet")

    dataset, _ = read_dataset(tmp_path)

    assert dataset.ratings.timestamp is not None
    assert dataset.ratings.timestamp.tolist() == [10**9, 10**9 + 1]
    assert dataset.movie_ids.ids.dtype == np.int64


def test_the_map_names_columns_and_sets_the_scale(tmp_path: Path):
    (tmp_path / "matinee.toml").write_text(
        'scale = [1, 10]\n[ratings]\nuser_id = "member"\nmovie_id = "title_no"\nrating = "stars"\n'
        '[movies]\nmovie_id = "title_no"\n'
    )
    (tmp_path / "ratings.csv").write_text("member,title_no,stars,rating\n1,10,9,bad\n")
    (tmp_path / "movies.csv").write_text("title_no,title\n10,Heat\n")

    dataset, _ = read_dataset(tmp_path)

    assert read_back_stars(dataset) == [9.0]
    assert dataset.scale == (1.0, 10.0)
    assert dataset.movies["title"].to_list() == ["Heat"]


def read_back_stars(dataset: Dataset) -> list[float]:
    assert dataset.ratings.rating is not None
    return dataset.ratings.rating.tolist()


def test_a_predefined_split_is_joined(tmp_path: Path):
    (tmp_path / "ratings_train.csv").write_text("user_id,movie_id,rating\n1,10,4\n2,10,3\n")
    (tmp_path / "ratings_test.csv").write_text("user_id,movie_id,rating\n1,x20,5\n")

    dataset, issues = read_dataset(tmp_path)

    assert dataset.movie_ids.ids.tolist() == ["10", "x20"]
    assert read_back_stars(dataset) == [4.0, 5.0, 3.0]
    assert {issue.kind for issue in issues} == {"no movies", "mixed ids"}


def test_rows_of_parquet_are_counted_from_one(tmp_path: Path):
    pl.DataFrame({"user_id": [1], "movie_id": [10]}).write_parquet(tmp_path / "ratings.parquet")
    movies = pl.DataFrame({"movie_id": [10, 20], "title": ["Heat", None]})
    movies.write_parquet(tmp_path / "movies.parquet")

    _, (issue,) = read_dataset(tmp_path)

    assert (issue.kind, issue.row) == ("empty titles", 2)


def test_unknown_columns_are_reported(tmp_path: Path):
    (tmp_path / "ratings.csv").write_text(",user_id,movie_id,stars\n0,1,10,5\n")

    issues = read_dataset(tmp_path)[1]

    (issue,) = (issue for issue in issues if issue.kind == "unknown columns")
    assert (issue.count, issue.severity) == (1, "note")
    assert "'stars'; valid are user_id, movie_id, rating, timestamp" in issue.message
