"""The plain folder: `ratings`, `movies` and `users` as CSV or Parquet, and `posters/<movie_id>.jpg`.

A folder may bring its own split instead: `ratings_train`, `ratings_test` and, if it has one,
`ratings_validation` in place of `ratings`. `matinee.toml` beside the files can give other column names.
"""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from matinee.data.readers.catalogue import check_users
from matinee.data.readers.column_map import SCALE_HINT, ColumnMap, read_column_map
from matinee.data.readers.columns import MOVIE_TYPES
from matinee.data.readers.delimited import (
    LINE,
    UNNAMED,
    byte_order_mark,
    read_header,
    read_text,
    read_typed,
    require_columns,
)
from matinee.data.readers.rating_checks import check_ratings, raise_if_empty
from matinee.data.readers.tables import DataIssue, Tables
from matinee.errors import DataError

PARTS = ("ratings_train", "ratings_validation", "ratings_test")
PART = "part"  # the column that says which of PARTS a rating came from, as its position there
_RATING_TYPES: dict[str, pl.DataType] = {
    "user_id": pl.String(),
    "movie_id": pl.String(),
    "rating": pl.Float32(),
    "timestamp": pl.Int64(),
}
_SCALE = (0.5, 5.0)


def table_file(folder: Path, table: str) -> Path | None:
    """`<table>.csv` or `<table>.parquet`, None if neither is there. Raises `DataError` if both are."""
    files = [file for suffix in (".csv", ".parquet") if (file := folder / f"{table}{suffix}").is_file()]
    if len(files) > 1:
        raise DataError(f"both {files[0].name} and {files[1].name} are here; expected one of them", folder)
    return files[0] if files else None


def is_plain_folder(folder: Path) -> bool:
    """Whether the folder has ratings under one of the plain names."""
    return any(table_file(folder, name) is not None for name in ("ratings", *PARTS))


def read_plain_folder(folder: Path) -> Tables:
    """A plain folder, whole: a split of its own is put together again.

    Raises `DataError` for what is wrong in a table and `ConfigError` for what is wrong in `matinee.toml`.
    """
    path = table_file(folder, "ratings")
    if path is None:
        return read_parts(folder)
    columns = read_column_map(folder)
    ratings, findings = _ratings(path, columns)
    return _beside(folder, columns, ratings, path, findings)


def read_parts(folder: Path) -> Tables:
    """A plain folder that brings its own split; the ratings have the extra column `PART`, and no lines.

    Raises `DataError` unless there are a training and a test part, with the same columns.
    """
    columns = read_column_map(folder)
    findings: list[DataIssue] = []
    parts: list[pl.DataFrame] = []
    for number, name in enumerate(PARTS):
        path = table_file(folder, name)
        if path is None and name != "ratings_validation":
            raise DataError(f"no {name}.csv or {name}.parquet; expected both ratings_train and ratings_test", folder)
        if path is None:
            continue
        part, found = _ratings(path, columns)
        part = part.drop(LINE, strict=False)
        if parts and part.columns != parts[0].columns[:-1]:
            first = ", ".join(parts[0].columns[:-1])
            raise DataError(f"has {', '.join(part.columns)} where ratings_train has {first}", path)
        parts.append(part.with_columns(pl.lit(number, dtype=pl.UInt8).alias(PART)))
        findings += found
    # "vertical_relaxed" makes ids text if they are text in one part.
    return _beside(folder, columns, pl.concat(parts, how="vertical_relaxed"), folder, findings)


def _beside(folder: Path, columns: ColumnMap, ratings: pl.DataFrame, path: Path, findings: list[DataIssue]) -> Tables:
    """The ratings and what lies beside them."""
    movies, users = None, None
    movies_path, users_path = table_file(folder, "movies"), table_file(folder, "users")
    if movies_path is not None:
        movies, found = _table(movies_path, "movies", columns, ("movie_id", "title"))
        findings = findings + found + _ignored(movies.columns, tuple(MOVIE_TYPES), movies_path)
    if users_path is not None:
        users, found = _table(users_path, "users", columns, ("user_id",))
        users, repaired = check_users(users, users_path)
        findings = findings + found + repaired
    posters = folder / "posters"
    return Tables(
        name=folder.name,
        ratings=ratings,
        movies=movies,
        users=users,
        ratings_path=path,
        movies_path=movies_path,
        header_rows=_header_rows(path),
        scale=columns.scale or _SCALE,
        posters=posters if posters.is_dir() else None,
        issues=findings,
    )


def _ratings(path: Path, columns: ColumnMap) -> tuple[pl.DataFrame, list[DataIssue]]:
    names = _renaming(path, "ratings", columns, ("user_id", "movie_id"))
    types = {given: _RATING_TYPES[name] for given, name in names.items() if name in _RATING_TYPES}
    frame = read_typed(path, types) if path.suffix == ".csv" else _parquet(path, list(types))
    ratings = frame.rename(names, strict=False)
    raise_if_empty(ratings, path)
    checked = check_ratings(ratings, path, _header_rows(path), columns.scale or _SCALE, SCALE_HINT)
    return checked, _mark(path) + _ignored(list(names.values()), tuple(_RATING_TYPES), path)


def _table(path: Path, table: str, columns: ColumnMap, needed: Sequence[str]) -> tuple[pl.DataFrame, list[DataIssue]]:
    names = _renaming(path, table, columns, needed)
    if path.suffix == ".csv":
        return read_text(path).rename(names, strict=False), _mark(path)
    return _parquet(path, list(names)).rename(names), []


def _renaming(path: Path, table: str, columns: ColumnMap, needed: Sequence[str]) -> dict[str, str]:
    """Name in the file -> Matinee's name for every column. Raises `DataError` if a needed one is missing."""
    found = read_header(path) if path.suffix == ".csv" else _parquet_columns(path)
    mapped = columns.columns.get(table, {})
    require_columns(found, [mapped.get(name, name) for name in needed], path)
    require_columns(found, list(mapped.values()), path)
    renaming = columns.names(table, found)
    return {name: renaming.get(name, name) for name in found if name}


def _parquet_columns(path: Path) -> list[str]:
    try:
        return list(pl.read_parquet_schema(path))
    except (pl.exceptions.PolarsError, OSError) as error:
        reason = str(error).splitlines()[0]
        raise DataError(f"cannot be read; expected a Parquet file ({reason})", path) from error


def _parquet(path: Path, columns: list[str]) -> pl.DataFrame:
    try:
        return pl.read_parquet(path, columns=columns)
    except (pl.exceptions.PolarsError, OSError) as error:
        reason = str(error).splitlines()[0]
        raise DataError(f"cannot be read; expected a Parquet file ({reason})", path) from error


def _ignored(columns: Sequence[str], known: Sequence[str], path: Path) -> list[DataIssue]:
    unknown = [name for name in columns if name not in known and name != LINE and not name.startswith(UNNAMED)]
    if not unknown:
        return []
    names = ", ".join(repr(name) for name in unknown[:5]) + (", ..." if len(unknown) > 5 else "")
    message = f"columns that are not known were left out: {names}; known are {', '.join(known)}"
    return [DataIssue("unknown columns", message, path, len(unknown), severity="note")]


def _mark(path: Path) -> list[DataIssue]:
    return byte_order_mark(path) if path.suffix == ".csv" else []


def _header_rows(path: Path) -> int:
    return 1 if path.suffix == ".csv" else 0
