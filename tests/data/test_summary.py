import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl

from matinee.data.readers.checks import build_dataset
from matinee.data.readers.tables import DataIssue, Tables
from matinee.data.summary import Spread, summarise

PATH = Path("ratings.csv")
TABLES = Tables(
    name="small",
    ratings=pl.DataFrame(
        {
            "user_id": [1, 1, 1, 2],
            "movie_id": [10, 20, 30, 10],
            "rating": [0.5, 4.0, 4.0, 5.0],
            "timestamp": [1_000_000_000, 1_000_100_000, 1_000_200_000, 1_500_000_000],
        }
    ),
    movies=pl.DataFrame(
        {
            "movie_id": [10, 20, 30, 40],
            "title": ["A (1990)", "B (1991)", "C", "D"],
            "genres": [["Drama", "Crime"], ["Drama"], ["Action"], []],
        }
    ),
    users=None,
    ratings_path=PATH,
)


def test_counts_spreads_and_shares():
    summary = summarise(*build_dataset(TABLES))

    assert (summary.users, summary.movies, summary.ratings, summary.rated_movies) == (2, 4, 4, 3)
    assert summary.density == 0.5
    assert (summary.first, summary.last) == ("2001-09-09", "2017-07-14")
    assert summary.histogram == {0.5: 1, 4.0: 2, 5.0: 1}
    assert summary.per_user == Spread(1, 2.0, 3)
    assert summary.per_movie == Spread(1, 1.0, 2)
    assert summary.top_tenth_share == 0.5
    assert list(summary.genres.items()) == [("Drama", 2), ("Action", 1), ("Crime", 1)]
    assert summary.filled == {"movie_id": 1.0, "title": 1.0, "year": 0.5, "genres": 0.75}


def test_the_tenth_of_the_movies_is_a_tenth():
    ratings = pl.DataFrame({"user_id": np.arange(23), "movie_id": [0] * 3 + [1] * 2 + list(range(2, 20))})
    summary = summarise(*build_dataset(replace(TABLES, ratings=ratings, movies=None)))

    assert summary.rated_movies == 20
    assert summary.top_tenth_share == 5 / 23


def test_positions_and_missing_times_have_no_dates():
    positions = TABLES.ratings.with_columns(timestamp=pl.Series([0, 1, 2, 0]))

    for ratings in (positions, TABLES.ratings.drop("timestamp")):
        summary = summarise(*build_dataset(replace(TABLES, ratings=ratings)))
        assert (summary.first, summary.last) == (None, None)


def test_a_catalogue_without_ratings_has_no_spreads():
    nothing = pl.DataFrame(schema={"user_id": pl.Int64, "movie_id": pl.Int64})

    summary = summarise(*build_dataset(replace(TABLES, ratings=nothing)))

    assert (summary.per_user, summary.per_movie, summary.top_tenth_share) == (None, None, None)
    assert (summary.density, summary.histogram) == (0.0, {})


def test_the_worst_issues_come_first_in_json():
    dataset, _ = build_dataset(TABLES)
    issues = [
        DataIssue("a", "a note", PATH, 100, severity="note"),
        DataIssue("b", "a few", PATH, 2),
        DataIssue("c", "many", PATH, 50),
    ]

    summary = summarise(dataset, issues)
    content = json.loads(summary.to_json())

    assert [issue.kind for issue in summary.issues] == ["c", "b", "a"]
    assert content["issues"][0] == {
        "kind": "c", "message": "many", "path": "ratings.csv", "count": 50, "row": None, "column": None,
        "severity": "warning",
    }  # fmt: skip
    assert content["histogram"] == {"0.5": 1, "4.0": 2, "5.0": 1}
    assert content["per_user"] == {"minimum": 1, "median": 2.0, "maximum": 3}
    assert content["scale"] == [0.5, 5.0]
