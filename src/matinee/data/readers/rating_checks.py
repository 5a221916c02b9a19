"""What can be wrong with ratings: the values themselves, movies rated twice, clocks in other units."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from matinee.arrays import MovieRows
from matinee.data.dataset import Ratings
from matinee.data.readers.columns import parse_ids, parse_numbers, parse_timestamps, raise_first
from matinee.data.readers.delimited import LINE, line_of
from matinee.data.readers.tables import DataIssue
from matinee.errors import DataError

_LAST_POSITION = 10_000_000  # a clock has passed this 116 days into 1970; a position in a history never does
_UNITS = ((1e17, 1_000_000_000, "nano"), (1e14, 1_000_000, "micro"), (1e11, 1_000, "milli"))  # by median


def check_ratings(
    ratings: pl.DataFrame, path: Path, header_rows: int, scale: tuple[float, float], hint: str = ""
) -> pl.DataFrame:
    """The same rows in Matinee's types: ids Int64 or String, rating Float32, timestamp Int64 (and `LINE`).

    Raises `DataError` with file, row and column at the first id, rating or timestamp that is missing or is
    not one, and at a rating outside `scale`; `hint` is added to that last message.
    """
    typed: dict[str, pl.Series] = {}
    for name in ("user_id", "movie_id"):
        typed[name] = parse_ids(ratings[name])
        raise_first(ratings, typed[name].is_null(), name, path, header_rows, "an id")
    if "rating" in ratings.columns:
        typed["rating"] = _stars(ratings, path, header_rows, scale, hint)
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
    """A note where only some of the distinct ids are whole numbers, since then all of them count as text."""
    if distinct.dtype != pl.String:
        return []
    text = distinct.filter(~distinct.str.contains(r"^-?(0|[1-9]\d*)$"))
    if not len(text) or len(text) == len(distinct):
        return []
    count, everything = len(text), len(distinct)
    message = f"{count} of {everything} ids are not whole numbers, first {text.first()!r}; all are kept as text"
    return [DataIssue("mixed ids", message, path, count, column=distinct.name, severity="note")]


def kept_of_repeated(
    user: MovieRows, movie: MovieRows, timestamp: npt.NDArray[np.int64] | None
) -> npt.NDArray[np.bool_]:
    """Which ratings stay when users rated movies more than once: (n,) rows -> (n,) mask.

    Of one user's ratings of one movie the one with the latest timestamp stays; among equal timestamps, or
    without any, the last in the file.
    """
    in_order = _pairs(user, movie)
    in_order.sort()
    if not (in_order[1:] == in_order[:-1]).any():
        return np.ones(len(user), dtype=np.bool_)
    del in_order  # before more is made: each of these arrays takes 256 MB for 32 million ratings
    pair = _pairs(user, movie)
    order = np.lexsort((pair,) if timestamp is None else (timestamp, pair))  # stable: file order breaks ties
    last = np.append(pair[order][1:] != pair[order][:-1], True)
    kept = np.zeros(len(pair), dtype=np.bool_)
    kept[order[last]] = True
    return kept


def _pairs(user: MovieRows, movie: MovieRows) -> npt.NDArray[np.int64]:
    pair = user.astype(np.int64)
    pair *= int(movie.max(initial=0)) + 1
    pair += movie
    return pair


def repeated(ratings: pl.DataFrame, kept: npt.NDArray[np.bool_], path: Path, header_rows: int) -> list[DataIssue]:
    """The finding for ratings that `kept_of_repeated` leaves out."""
    count = int(len(kept) - kept.sum())
    if not count:
        return []
    index = int(np.argmin(kept))
    user, movie = ratings["user_id"][index], ratings["movie_id"][index]
    message = (
        f"{count} ratings were given again later, first by user {user} to movie {movie}; the latest of each was kept"
    )
    row = None if path.is_dir() else line_of(ratings, index, header_rows)  # a folder: from several files
    return [DataIssue("duplicate ratings", message, path, count, row)]


def in_seconds(ratings: Ratings, path: Path) -> tuple[Ratings, list[DataIssue]]:
    """Ordered ratings with timestamps in seconds, whatever unit they came in; positions are only noted."""
    times = ratings.timestamp
    if times is None or not len(times):
        return ratings, []
    median = float(np.median(times))
    for above, factor, unit in _UNITS:
        if median > above:
            message = f"timestamps are {unit}seconds (median {median:.0f}); they were divided by {factor}"
            found = DataIssue("timestamp unit", message, path, len(times), column="timestamp")
            # The order is already that of the finer clock, and stays.
            return replace(ratings, timestamp=times // factor), [found]
    if times.max() < _LAST_POSITION:
        message = f"timestamps reach only {times.max()}: positions, not clocks, so no split by date is possible"
        found = DataIssue("timestamps are positions", message, path, len(times), column="timestamp", severity="note")
        return ratings, [found]
    return ratings, []


def are_clocks(timestamps: npt.NDArray[np.int64] | None) -> bool:
    """Whether timestamps are times of day and year rather than positions in a history (or unknown)."""
    return timestamps is not None and bool(len(timestamps)) and bool(timestamps.max() >= _LAST_POSITION)


def raise_if_empty(ratings: pl.DataFrame, path: Path) -> None:
    """Raise `DataError` for a ratings file without ratings."""
    if ratings.is_empty():
        raise DataError("no ratings in the file; expected at least one row of them", path)


def _stars(ratings: pl.DataFrame, path: Path, header_rows: int, scale: tuple[float, float], hint: str) -> pl.Series:
    stars = parse_numbers(ratings["rating"]).cast(pl.Float32)
    raise_first(ratings, stars.is_null() | ~stars.is_finite(), "rating", path, header_rows, "a number")
    # Compared as Float32, so that a scale that starts at 0.1 includes the rating 0.1.
    low, high = np.float32(scale[0]), np.float32(scale[1])
    values = stars.to_numpy()
    outside = pl.Series((values < low) | (values > high))
    expected = f"a rating from {scale[0]:g} to {scale[1]:g}"
    raise_first(ratings, outside, "rating", path, header_rows, expected + hint)
    return stars
