from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matinee.data.dataset import Ratings
from matinee.data.readers.rating_checks import (
    are_clocks,
    check_ratings,
    convert_to_seconds,
    last_of_duplicates,
    mixed_ids,
)
from matinee.errors import DataError

PATH = Path("ratings.csv")


def rows(values: list[int]) -> np.ndarray:
    return np.array(values, dtype=np.int32)


def one_user(timestamps: list[int]) -> Ratings:
    n = len(timestamps)
    return Ratings(rows([0] * n), rows(list(range(n))), None, np.array(timestamps, dtype=np.int64))


def test_the_ends_of_the_scale_belong_to_it():
    ratings = pl.DataFrame({"user_id": [1, 1], "movie_id": [1, 2], "rating": [0.1, 0.7]})

    checked = check_ratings(ratings, PATH, 1, (0.1, 0.7))

    assert checked.schema == {"user_id": pl.Int64, "movie_id": pl.Int64, "rating": pl.Float32}


@pytest.mark.parametrize("rating", [0.4, 5.5])
def test_a_rating_outside_the_scale_is_refused(rating: float):
    ratings = pl.DataFrame({"user_id": [1, 1], "movie_id": [1, 2], "rating": [4.0, rating]})

    with pytest.raises(
        DataError, match=rf"row 3, column rating: {rating}; expected a rating from 0.5 to 5, as documented"
    ):
        check_ratings(ratings, PATH, 1, (0.5, 5.0), ", as documented")


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)), max_size=30),
    st.booleans(),
)
@settings(deadline=None)
def test_the_latest_of_repeated_ratings_is_kept(table: list[tuple[int, int, int]], timed: bool):
    last: dict[tuple[int, int], int] = {}
    for index, (user, movie, time) in enumerate(table):
        before = last.get((user, movie))
        if before is None or not timed or time >= table[before][2]:
            last[user, movie] = index

    user, movie, time = (rows([row[column] for row in table]) for column in range(3))
    keep = last_of_duplicates(user, movie, time.astype(np.int64) if timed else None)

    assert np.flatnonzero(keep).tolist() == sorted(last.values())


@pytest.mark.parametrize(("factor", "unit"), [(1000, "milli"), (10**6, "micro"), (10**9, "nano")])
def test_finer_timestamps_become_seconds_in_order(factor: int, unit: str):
    # The first two are in the same second, the later one first in the file.
    finer = one_user([1_600_000_000 * factor + 2, 1_600_000_000 * factor + 1, 1_500_000_000 * factor])

    seconds, issues = convert_to_seconds(finer.ordered(), PATH)

    assert seconds.timestamp is not None
    assert seconds.timestamp.tolist() == [1_500_000_000, 1_600_000_000, 1_600_000_000]
    assert seconds.movie.tolist() == [2, 1, 0]
    assert [issue.kind for issue in issues] == ["timestamp unit"]
    assert f"{unit}seconds" in issues[0].message


def test_seconds_are_not_changed():
    clocks = one_user([900_000_000, 1_700_000_000])

    assert convert_to_seconds(clocks, PATH) == (clocks, [])
    assert are_clocks(clocks.timestamp)


def test_positions_are_noted():
    positions = one_user([0, 1, 2])

    same, issues = convert_to_seconds(positions, PATH)

    assert same is positions
    assert [(issue.kind, issue.severity) for issue in issues] == [("timestamps are positions", "note")]
    assert not are_clocks(positions.timestamp)
    assert not are_clocks(None)


def test_mixed_ids_are_reported():
    assert mixed_ids(pl.Series(["a", "b"]), PATH) == []
    assert mixed_ids(pl.Series(["1", "2"]), PATH) == []
    assert mixed_ids(pl.Series([1, 2]), PATH) == []
    (issue,) = mixed_ids(pl.Series("user_id", ["1", "2", "x"]), PATH)
    assert (issue.count, issue.column, issue.severity) == (1, "user_id", "note")
    assert "1 of 3" in issue.message
    assert "'x'" in issue.message
