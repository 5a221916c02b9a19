from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from matinee.data.readers.columns import (
    format_value,
    parse_ids,
    parse_names,
    parse_numbers,
    parse_timestamps,
    typed_movies,
)


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ([1, 2], [1, 2]),
        (["1", " 2 "], [1, 2]),
        (["1", "007"], ["1", "007"]),
        (["1", "x"], ["1", "x"]),
        (["1", "", None], [1, None, None]),
        ([1.0, None], [1, None]),
        ([1.5, 2.0], ["1.5", "2.0"]),
        ([str(2**64)], [str(2**64)]),
    ],
)
def test_ids_are_numbers_only_without_loss(raw: list[object], read: list[object]):
    assert parse_ids(pl.Series(raw)).to_list() == read


def test_numbers_are_parsed_from_text_only():
    assert parse_numbers(pl.Series(["1", " 2.5", "", "x"])).to_list() == [1.0, 2.5, None, None]
    assert parse_numbers(pl.Series([True])).to_list() == [None]


@pytest.mark.parametrize(
    "raw",
    [
        [978300760],
        ["978300760"],
        [978300760.9],
        ["978300760.0"],
        ["9.7830076e8"],
        [datetime(2000, 12, 31, 22, 12, 40, tzinfo=UTC)],
    ],
    ids=str,
)
def test_timestamps_have_many_formats(raw: list[object]):
    assert parse_timestamps(pl.Series(raw)).to_list() == [978300760]


def test_long_timestamps_in_text_keep_every_digit():
    assert parse_timestamps(pl.Series(["1700000000123456789", "x"])).to_list() == [1700000000123456789, None]


def test_dates_are_their_first_second():
    assert parse_timestamps(pl.Series([date(1970, 1, 2)])).to_list() == [86400]


def test_names_are_lists_without_blanks():
    raw = pl.Series(["Action| Sci-Fi |", "(no genres listed)", "unknown", "", None])

    assert parse_names(raw).to_list() == [["Action", "Sci-Fi"], [], [], [], []]
    assert parse_names(pl.Series([["Action", ""], None])).to_list() == [["Action"], []]


def test_unreadable_cells_are_emptied_and_reported():
    movies = pl.DataFrame(
        {
            "movie_id": ["1", "2", "3"],
            "year": ["1995", "V", "next"],
            "release_date": ["1995-01-31", "", "31.1.1995"],
            "runtime": ["80.6", "90", None],
            "budget": ["1", "2", "3"],
        }
    )

    typed, issues = typed_movies(movies, Path("movies.csv"))

    assert typed["year"].to_list() == [1995, None, None]
    assert typed["release_date"].to_list() == [date(1995, 1, 31), None, None]
    assert typed["runtime"].to_list() == [81, 90, None]
    assert "budget" not in typed.columns
    assert [(issue.column, issue.count, issue.row) for issue in issues] == [
        ("year", 2, 2),
        ("release_date", 1, 3),
    ]
    assert "'V'" in issues[0].message


def test_values_in_messages_stay_short_and_on_one_line():
    assert format_value("a\nb") == r"'a\nb'"
    assert len(format_value("x" * 1000)) == 40


def test_nan_is_an_empty_cell():
    movies = pl.DataFrame({"movie_id": [1, 2], "vote_average": [float("nan"), 7.5], "year": [float("nan"), 1995.0]})

    typed, _ = typed_movies(movies, Path("movies.parquet"))

    assert typed.select("vote_average", "year").rows() == [(None, None), (7.5, 1995)]
