"""Checks of ratings: invalid values, repeated ratings, timestamps in other units."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from matinee.arrays import Mask, MovieRows
from matinee.data.dataset import Ratings
from matinee.data.readers.columns import parse_ids, parse_numbers, parse_timestamps, raise_first
from matinee.data.readers.delimited import LINE, line_of
from matinee.data.readers.tables import DataIssue
from matinee.errors import DataError

_LAST_POSITION = 10_000_000  # a clock time is larger after 116 days of 1970; a position in a history never is
_UNITS = ((1e17, 1_000_000_000, "nano"), (1e14, 1_000_000, "micro"), (1e11, 1_000, "milli"))  # by median


def check_ratings(
    ratings: pl.DataFrame, path: Path, header_rows: int, scale: tuple[float, float], hint: str = ""
) -> pl.DataFrame:
    """The same rows in Matinee's types: ids Int64 or String, rating Float32, timestamp Int64 (and `LINE`).

    Raises `DataError` with file, row and column at the first missing or invalid id, rating or timestamp, and at a
    rating outside `scale`; `hint` is added to that last message.
    """
    typed: dict[str, pl.Series] = {}
    for name in ("user_id", "movie_id"):
        typed[name] = parse_ids(ratings[name])
        raise_first(ratings, typed[name].is_null(), name, path, header_rows, "an id")
    if "rating" in ratings.columns:
        typed["rating"] = _parse_ratings(ratings, path, header_rows, scale, hint)
    if "timestamp" in ratings.columns:
        times = parse_timestamps(ratings["timestamp"])
        expected = "a timestamp (whole seconds since 1970)"
        raise_first(ratings, times.is_null(), "timestamp", path, header_rows, expected)
        raise_first(ratings, times < 0, "timestamp", path, header_rows, expected)
        typed["timestamp"] = times
    if LINE in ratings.columns:
        typed[LINE] = ratings[LINE]
    return pl.DataFrame(typed)


def mixed_ids(distinct: pl.Series, path: Path) -> list[DataIssue]:
    """A note if only some of the distinct ids are whole numbers, since then all of them count as text."""
    if distinct.dtype != pl.String:
        return []
    text = distinct.filter(~distinct.str.contains(r"^-?(0|[1-9]\d*)$"))
    if not len(text) or len(text) == len(distinct):
        return []
    count, total = len(text), len(distinct)
    message = f"{count} of {total} ids are not whole numbers, first {text.first()!r}; all are treated as text"
    return [DataIssue("mixed ids", message, path, count, column=distinct.name, severity="note")]


def last_of_duplicates(user: MovieRows, movie: MovieRows, timestamp: npt.NDArray[np.int64] | None) -> Mask:
    """A mask of the ratings to keep if users rated movies more than once: (n,) rows -> (n,).

    Of a user's ratings of one movie, the one with the latest timestamp is kept; with equal or no timestamps, the last
    in the file.
    """
    ordered = _pairs(user, movie)
    ordered.sort()
    if not (ordered[1:] == ordered[:-1]).any():
        return np.ones(len(user), dtype=np.bool_)
    del ordered  # each of these arrays takes 256 MB for 32 million ratings
    pair = _pairs(user, movie)
    order = np.lexsort((pair,) if timestamp is None else (timestamp, pair))  # stable: file order breaks ties
    last = np.append(pair[order][1:] != pair[order][:-1], True)
    keep = np.zeros(len(pair), dtype=np.bool_)
    keep[order[last]] = True
    return keep


def _pairs(user: MovieRows, movie: MovieRows) -> npt.NDArray[np.int64]:
    pair = user.astype(np.int64)
    pair *= int(movie.max(initial=0)) + 1
    pair += movie
    return pair


def duplicate_issues(ratings: pl.DataFrame, keep: Mask, path: Path, header_rows: int) -> list[DataIssue]:
    """The issue for ratings that `last_of_duplicates` drops."""
    count = int(len(keep) - keep.sum())
    if not count:
        return []
    index = int(np.argmin(keep))
    user, movie = ratings["user_id"][index], ratings["movie_id"][index]
    message = (
        f"{count} ratings were repeated later, first by user {user} for movie {movie}; the latest of each was kept"
    )
    row = None if path.is_dir() else line_of(ratings, index, header_rows)  # a folder: from several files
    return [DataIssue("duplicate ratings", message, path, count, row)]


def convert_to_seconds(ratings: Ratings, path: Path) -> tuple[Ratings, list[DataIssue]]:
    """Ordered ratings with timestamps converted to seconds; positions are not converted, only noted."""
    times = ratings.timestamp
    if times is None or not len(times):
        return ratings, []
    median = float(np.median(times))
    for above, factor, unit in _UNITS:
        if median > above:
            message = f"timestamps are {unit}seconds (median {median:.0f}); they were divided by {factor}"
            issue = DataIssue("timestamp unit", message, path, len(times), column="timestamp")
            # The order of the finer clock is kept.
            return replace(ratings, timestamp=times // factor), [issue]
    if times.max() < _LAST_POSITION:
        message = f"timestamps reach only {times.max()}: they are positions, so no split by date is possible"
        issue = DataIssue("timestamps are positions", message, path, len(times), column="timestamp", severity="note")
        return ratings, [issue]
    return ratings, []


def are_clocks(timestamps: npt.NDArray[np.int64] | None) -> bool:
    """True if timestamps are clock times, False if they are positions in a history or missing."""
    return timestamps is not None and bool(len(timestamps)) and bool(timestamps.max() >= _LAST_POSITION)


def raise_if_empty(ratings: pl.DataFrame, path: Path) -> None:
    """Raise `DataError` for a ratings file without ratings."""
    if ratings.is_empty():
        raise DataError("no ratings in the file; expected at least one row", path)


def _parse_ratings(
    ratings: pl.DataFrame, path: Path, header_rows: int, scale: tuple[float, float], hint: str
) -> pl.Series:
    parsed = parse_numbers(ratings["rating"]).cast(pl.Float32)
    raise_first(ratings, parsed.is_null() | ~parsed.is_finite(), "rating", path, header_rows, "a number")
    # Compared as Float32, so that a scale from 0.1 includes the rating 0.1.
    low, high = np.float32(scale[0]), np.float32(scale[1])
    values = parsed.to_numpy()
    outside = pl.Series((values < low) | (values > high))
    expected = f"a rating from {scale[0]:g} to {scale[1]:g}"
    raise_first(ratings, outside, "rating", path, header_rows, expected + hint)
    return parsed
