"""The columns that Matinee uses, and parsing the values of files into their types."""

import re
from pathlib import Path

import polars as pl

from matinee.data.readers.delimited import LINE, line_of
from matinee.data.readers.tables import DataIssue
from matinee.errors import DataError

RATING_COLUMNS = ("user_id", "movie_id", "rating", "timestamp")
_NAMES = pl.List(pl.String())
MOVIE_TYPES: dict[str, pl.DataType] = {
    "movie_id": pl.Int64(),  # or String, if a file's ids are not numbers
    "title": pl.String(),
    "year": pl.Int32(),
    "genres": _NAMES,
    "overview": pl.String(),
    "language": _NAMES,  # names or codes, as in the files
    "country": _NAMES,
    "director": _NAMES,
    "writer": _NAMES,
    "cast": _NAMES,
    "runtime": pl.Int32(),  # minutes
    "release_date": pl.Date(),
    "vote_average": pl.Float64(),
    "vote_count": pl.Int64(),
    "popularity": pl.Float64(),
    "critics_score": pl.Int32(),  # of 100, as metacritic
    "metacritic": pl.Int32(),
    "oscars": pl.Int32(),
    "poster": pl.String(),
    "imdb_id": pl.String(),  # "tt0114709"
    "tmdb_id": pl.Int64(),
}
_NO_GENRE = ("(no genres listed)", "unknown")  # how MovieLens marks movies without genres


def parse_ids(values: pl.Series) -> pl.Series:
    """Ids as Int64 if every one is a plain whole number, else as text ("007" is text); null where missing."""
    if values.dtype.is_integer() or values.dtype == pl.Null:
        return values.cast(pl.Int64, strict=False)
    if values.dtype.is_float():  # how a table with gaps stores whole numbers
        whole = values.cast(pl.Int64, strict=False)
        return whole if (whole == values).all() else values.cast(pl.String)
    stripped = values.cast(pl.String).str.strip_chars().replace("", None)
    distinct = stripped.drop_nulls().unique()
    written_back = distinct.cast(pl.Int64, strict=False).cast(pl.String)
    return stripped.cast(pl.Int64) if written_back.eq_missing(distinct).all() else stripped


def parse_whole_ids(
    frame: pl.DataFrame, name: str, path: Path, header_rows: int, file_name: str | None = None
) -> pl.Series:
    """A column of ids that are numbers in this format, as Int64; `file_name` is its name in the file.

    Raises `DataError` at the first id that is missing or not a number.
    """
    values = parse_ids(frame[name])
    if values.dtype == pl.String:
        values = frame[name].cast(pl.String).str.strip_chars().cast(pl.Int64, strict=False)
    raise_first(frame, values.is_null(), name, path, header_rows, "a whole number as the id", file_name)
    return values


def parse_numbers(values: pl.Series) -> pl.Series:
    """Numbers as Float64, null for empty and other cells. Text is parsed, booleans are not."""
    if values.dtype == pl.String:
        return values.str.strip_chars().cast(pl.Float64, strict=False)
    if values.dtype.is_numeric():
        return values.cast(pl.Float64)
    return pl.Series(values.name, [None] * len(values), dtype=pl.Float64)


def parse_timestamps(values: pl.Series) -> pl.Series:
    """Timestamps as Int64, null for other cells; dates and times become seconds since 1970, UTC."""
    if values.dtype.is_integer():
        return values.cast(pl.Int64, strict=False)
    if values.dtype == pl.Date or values.dtype == pl.Datetime:
        return values.dt.epoch("s").cast(pl.Int64)
    numbers = parse_numbers(values)
    if values.dtype == pl.String:  # Float64 would round the last digits of nanoseconds
        whole = values.str.strip_chars().cast(pl.Int64, strict=False)
        return whole.zip_with(whole.is_not_null(), numbers.floor().cast(pl.Int64, strict=False))
    return numbers.floor().cast(pl.Int64, strict=False)


def parse_names(values: pl.Series, separator: str = "|") -> pl.Series:
    """Lists of names from one text per row (or from lists), never null, without MovieLens' marks for no genre."""
    if values.dtype != pl.List:
        around = rf"\s*{re.escape(separator)}\s*"
        values = values.cast(pl.String).str.strip_chars().str.replace_all(around, separator).str.split(separator)
    names = values.cast(pl.List(pl.String)).to_frame("names")
    is_name = ~pl.element().is_in(["", *_NO_GENRE])
    empty = pl.lit([], dtype=pl.List(pl.String))
    return names.select(pl.col("names").list.filter(is_name).fill_null(empty)).to_series()


def typed_movies(movies: pl.DataFrame, path: Path) -> tuple[pl.DataFrame, list[DataIssue]]:
    """The known columns (and `LINE`) in their types; unreadable cells become empty, with an issue."""
    issues: list[DataIssue] = []
    typed: list[pl.Series] = [parse_ids(movies["movie_id"]).alias("movie_id")]
    for name, dtype in MOVIE_TYPES.items():
        if name == "movie_id" or name not in movies.columns:
            continue
        column = movies[name]
        values = _convert(column, dtype)
        typed.append(values.alias(name))
        if dtype != pl.List(pl.String):
            issues += _unreadable(movies, column, values, path)
    if LINE in movies.columns:
        typed.append(movies[LINE])
    return pl.DataFrame(typed), issues


def raise_first(
    frame: pl.DataFrame,
    bad: pl.Series,
    name: str,
    path: Path,
    header_rows: int,
    expected: str,
    file_name: str | None = None,
) -> None:
    """Raise `DataError` for the first row where `bad` is true: its line, its column, its value."""
    index = bad.arg_max()
    if index is None or not bad[index]:
        return
    value = frame[name][index]
    text = "no value" if value is None or value == "" else format_value(value)
    row = line_of(frame, index, header_rows)
    raise DataError(f"{text}; expected {expected}", path, row, file_name or name)


def format_value(value: object) -> str:
    """A value for a one-line message: text in quotes, long values cut."""
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."


def _convert(values: pl.Series, dtype: pl.DataType) -> pl.Series:
    if dtype == pl.List(pl.String):
        return parse_names(values)
    if dtype == pl.Date:
        return values.str.to_date("%Y-%m-%d", strict=False) if values.dtype == pl.String else values.cast(pl.Date)
    if dtype == pl.String:
        return values.cast(pl.String).str.strip_chars().replace("", None)
    numbers = parse_numbers(values).fill_nan(None)
    return (numbers if dtype == pl.Float64 else numbers.round()).cast(dtype, strict=False)


def _unreadable(movies: pl.DataFrame, raw: pl.Series, parsed: pl.Series, path: Path) -> list[DataIssue]:
    is_filled = raw.is_not_null() & (raw != "") if raw.dtype == pl.String else raw.is_not_null()
    bad = is_filled & parsed.is_null()
    count = int(bad.sum())
    if not count:
        return []
    index = bad.arg_max() or 0
    message = f"{count} values cannot be read, first {format_value(raw[index])}; they were left empty"
    row = line_of(movies, index, 0)
    return [DataIssue("unreadable values", message, path, count, row, raw.name)]
