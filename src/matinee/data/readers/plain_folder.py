"""Matinee's own format, the plain folder: `ratings`, `movies` and `users` as CSV or Parquet, and `posters/`.

A folder may have a predefined split: `ratings_train`, `ratings_test` and optionally `ratings_validation` instead of
`ratings`. `matinee.toml` beside the files can map other column names.
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
PART = "part"  # an extra column: the index in PARTS of the file that a rating came from
RATINGS_FILES = tuple(f"{name}{suffix}" for name in ("ratings", *PARTS) for suffix in (".csv", ".parquet"))
_RATING_TYPES: dict[str, pl.DataType] = {
    "user_id": pl.String(),
    "movie_id": pl.String(),
    "rating": pl.Float32(),
    "timestamp": pl.Int64(),
}
_SCALE = (0.5, 5.0)


def table_file(folder: Path, table: str) -> Path | None:
    """`<table>.csv` or `<table>.parquet`, None if neither exists. Raises `DataError` if both do."""
    files = [file for suffix in (".csv", ".parquet") if (file := folder / f"{table}{suffix}").is_file()]
    if len(files) > 1:
        raise DataError(f"both {files[0].name} and {files[1].name} are here. Remove one of them.", folder)
    return files[0] if files else None


def find_plain_folder(path: Path) -> Path | None:
    """The folder if it has ratings under one of the names of a plain folder."""
    has_ratings = any(table_file(path, name) is not None for name in ("ratings", *PARTS))
    return path if has_ratings else None


def read_plain_folder(folder: Path) -> Tables:
    """All ratings of a plain folder, including those of a predefined split.

    Raises `DataError` for an error in a table and `ConfigError` for an error in `matinee.toml`.
    """
    path = table_file(folder, "ratings")
    if path is None:
        return read_parts(folder)
    columns = read_column_map(folder)
    ratings, issues = _ratings(path, columns)
    return _with_other_tables(folder, columns, ratings, path, issues)


def read_parts(folder: Path) -> Tables:
    """A plain folder with a predefined split; the ratings have the extra column `PART`, and no lines.

    Raises `DataError` unless it has a training and a test part with the same columns.
    """
    columns = read_column_map(folder)
    issues: list[DataIssue] = []
    parts: list[pl.DataFrame] = []
    for number, name in enumerate(PARTS):
        path = table_file(folder, name)
        if path is None and name != "ratings_validation":
            raise DataError(
                f"no {name}.csv or {name}.parquet. A predefined split needs both ratings_train and ratings_test.",
                folder,
            )
        if path is None:
            continue
        part, more = _ratings(path, columns)
        part = part.drop(LINE, strict=False)
        if parts and part.columns != parts[0].columns[:-1]:
            first = ", ".join(parts[0].columns[:-1])
            raise DataError(f"has {', '.join(part.columns)} where ratings_train has {first}", path)
        parts.append(part.with_columns(pl.lit(number, dtype=pl.UInt8).alias(PART)))
        issues += more
    # "vertical_relaxed" makes ids text if they are text in one part.
    return _with_other_tables(folder, columns, pl.concat(parts, how="vertical_relaxed"), folder, issues)


def _with_other_tables(
    folder: Path, columns: ColumnMap, ratings: pl.DataFrame, path: Path, issues: list[DataIssue]
) -> Tables:
    """The ratings with the movies, users and posters of the folder."""
    movies, users = None, None
    movies_path, users_path = table_file(folder, "movies"), table_file(folder, "users")
    if movies_path is not None:
        movies, more = _table(movies_path, "movies", columns, ("movie_id", "title"))
        issues = issues + more + _ignored_columns(movies.columns, tuple(MOVIE_TYPES), movies_path)
    if users_path is not None:
        users, more = _table(users_path, "users", columns, ("user_id",))
        users, duplicates = check_users(users, users_path)
        issues = issues + more + duplicates
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
        issues=issues,
    )


def _ratings(path: Path, columns: ColumnMap) -> tuple[pl.DataFrame, list[DataIssue]]:
    names = _column_names(path, "ratings", columns, ("user_id", "movie_id"))
    types = {file_name: _RATING_TYPES[name] for file_name, name in names.items() if name in _RATING_TYPES}
    frame = read_typed(path, types) if path.suffix == ".csv" else _parquet(path, list(types))
    ratings = frame.rename(names, strict=False)
    raise_if_empty(ratings, path)
    checked = check_ratings(ratings, path, _header_rows(path), columns.scale or _SCALE, SCALE_HINT)
    return checked, _byte_order_issues(path) + _ignored_columns(list(names.values()), tuple(_RATING_TYPES), path)


def _table(path: Path, table: str, columns: ColumnMap, required: Sequence[str]) -> tuple[pl.DataFrame, list[DataIssue]]:
    names = _column_names(path, table, columns, required)
    if path.suffix == ".csv":
        return read_text(path).rename(names, strict=False), _byte_order_issues(path)
    return _parquet(path, list(names)).rename(names), []


def _column_names(path: Path, table: str, columns: ColumnMap, required: Sequence[str]) -> dict[str, str]:
    """Name in the file -> Matinee's name for every column. Raises `DataError` if a required one is missing."""
    header = read_header(path) if path.suffix == ".csv" else _parquet_columns(path)
    mapped = columns.columns.get(table, {})
    require_columns(header, [mapped.get(name, name) for name in required], path)
    require_columns(header, list(mapped.values()), path)
    renaming = columns.names(table, header)
    return {name: renaming.get(name, name) for name in header if name}


def _parquet_columns(path: Path) -> list[str]:
    try:
        return list(pl.read_parquet_schema(path))
    except (pl.exceptions.PolarsError, OSError) as error:
        reason = str(error).splitlines()[0]
        raise DataError(f"cannot be read as a Parquet file ({reason})", path) from error


def _parquet(path: Path, columns: list[str]) -> pl.DataFrame:
    try:
        return pl.read_parquet(path, columns=columns)
    except (pl.exceptions.PolarsError, OSError) as error:
        reason = str(error).splitlines()[0]
        raise DataError(f"cannot be read as a Parquet file ({reason})", path) from error


def _ignored_columns(columns: Sequence[str], valid: Sequence[str], path: Path) -> list[DataIssue]:
    unknown = [name for name in columns if name not in valid and name != LINE and not name.startswith(UNNAMED)]
    if not unknown:
        return []
    names = ", ".join(repr(name) for name in unknown[:5]) + (", ..." if len(unknown) > 5 else "")
    message = f"unknown columns were ignored: {names}; valid are {', '.join(valid)}"
    return [DataIssue("unknown columns", message, path, len(unknown), severity="note")]


def _byte_order_issues(path: Path) -> list[DataIssue]:
    return byte_order_mark(path) if path.suffix == ".csv" else []


def _header_rows(path: Path) -> int:
    return 1 if path.suffix == ".csv" else 0
