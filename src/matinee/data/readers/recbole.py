"""RecBole's atomic files: tab-separated, each column named with its type (`user_id:token`).

Format: https://recbole.io/docs/user_guide/data/atomic_files.html
"""

from pathlib import Path

import polars as pl

from matinee.data.readers.catalogue import check_users
from matinee.data.readers.column_map import SCALE_HINT, read_column_map
from matinee.data.readers.columns import parse_names
from matinee.data.readers.delimited import byte_order_mark, read_header, read_text, read_typed, require_columns
from matinee.data.readers.rating_checks import check_ratings, raise_if_empty
from matinee.data.readers.tables import DataIssue, Tables
from matinee.errors import DataError

_RATING_TYPES: dict[str, pl.DataType] = {
    "user_id": pl.String(),
    "item_id": pl.String(),
    "rating": pl.Float32(),
    "timestamp": pl.Float64(),
}
_NAMES = {
    "item_id": "movie_id",
    "movie_title": "title",
    "release_year": "year",
    "class": "genres",
    "genre": "genres",
}
_WHOLE_STARS = (1.0, 5.0)
_HALF_STARS = (0.5, 5.0)


def find_recbole(path: Path) -> Path | None:
    """A `.inter` file, or the only one of a folder. Raises `DataError` if a folder has several."""
    if path.is_file():
        return path if path.suffix == ".inter" else None
    files = sorted(path.glob("*.inter"))
    if len(files) > 1:
        names = ", ".join(file.name for file in files)
        raise DataError(f"several .inter files ({names}). Give the path of one of them.", path)
    return files[0] if files else None


def read_recbole(path: Path) -> Tables:
    """The ratings of one `.inter` file, with the `.item` and `.user` files of the same name if present.

    The files do not define a scale: unless `matinee.toml` sets one, it is 1 to 5 if all ratings are whole numbers and
    0.5 to 5 otherwise.
    """
    movies_path, users_path = path.with_suffix(".item"), path.with_suffix(".user")
    ratings = _interactions(path)
    scale = read_column_map(path.parent).scale or _usual_scale(ratings)
    ratings = check_ratings(ratings, path, 1, scale, SCALE_HINT)
    issues = byte_order_mark(path)
    movies = _items(movies_path) if movies_path.exists() else None
    users = None
    if users_path.exists():
        users, more = _users(users_path)
        issues += more
    return Tables(path.stem, ratings, movies, users, path, movies_path, 1, scale, issues=issues)


def _interactions(path: Path) -> pl.DataFrame:
    names = _short_names(path)
    require_columns(list(names.values()), ("user_id", "item_id"), path)
    types = {full: _RATING_TYPES[short] for full, short in names.items() if short in _RATING_TYPES}
    ratings = _rename(read_typed(path, types, "\t"), names)
    raise_if_empty(ratings, path)
    return ratings


def _items(path: Path) -> pl.DataFrame:
    items = _rename(read_text(path, "\t"), _short_names(path))
    require_columns(items.columns, ("movie_id", "title"), path)
    if "genres" not in items.columns:
        return items
    return items.with_columns(parse_names(items["genres"], separator=" ").alias("genres"))


def _users(path: Path) -> tuple[pl.DataFrame, list[DataIssue]]:
    users = _rename(read_text(path, "\t"), _short_names(path))
    require_columns(users.columns, ("user_id",), path)
    return check_users(users, path)


def _short_names(path: Path) -> dict[str, str]:
    """`user_id:token` -> `user_id`, for every column of the header."""
    return {full: full.split(":")[0] for full in read_header(path, "\t")}


def _rename(table: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    return table.rename({full: _NAMES.get(short, short) for full, short in names.items()}, strict=False)


def _usual_scale(ratings: pl.DataFrame) -> tuple[float, float]:
    if "rating" not in ratings.columns or not ratings["rating"].dtype.is_numeric():
        return _HALF_STARS
    values = ratings["rating"]
    return _WHOLE_STARS if (values == values.round()).all() else _HALF_STARS
