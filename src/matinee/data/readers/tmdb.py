"""TMDB catalogues in one CSV file: genres as TMDB's ids, as names, or as lists in Kaggle's format.

Unknown columns are ignored, including a first column without a name.
"""

import re
from pathlib import Path

import polars as pl

from matinee.data.readers.columns import format_value, parse_whole_ids
from matinee.data.readers.delimited import LINE, byte_order_mark, line_of, read_header, read_text
from matinee.data.readers.tables import DataIssue, Tables
from matinee.errors import DataError

# TMDB's own public table: https://developer.themoviedb.org/reference/genre-movie-list
GENRE_NAMES = {
    28: "Action",
    12: "Adventure",
    16: "Animation",
    35: "Comedy",
    80: "Crime",
    99: "Documentary",
    18: "Drama",
    10751: "Family",
    14: "Fantasy",
    36: "History",
    27: "Horror",
    10402: "Music",
    9648: "Mystery",
    10749: "Romance",
    878: "Science Fiction",
    10770: "TV Movie",
    53: "Thriller",
    10752: "War",
    37: "Western",
}
_NAMES = {"id": "movie_id", "original_language": "language"}
_COLUMNS = (
    "title",
    "overview",
    "vote_average",
    "vote_count",
    "popularity",
    "release_date",
    "runtime",
    "imdb_id",
)
_SEPARATOR = re.compile(r"[,|]")
# {"id": 18, "name": "Drama"}; one common file has Python's quotes instead of JSON's.
_NAMED = re.compile(r"""["']name["']\s*:\s*["']([^"']+)["']""")


def find_catalogue(path: Path) -> Path | None:
    """A TMDB catalogue, or the only one of a folder."""
    if path.is_file():
        return path if path.suffix == ".csv" and _is_catalogue(read_header(path)) else None
    catalogues = [file for file in sorted(path.glob("*.csv")) if _is_catalogue_file(file)]
    return catalogues[0] if len(catalogues) == 1 else None


def _is_catalogue(header: list[str]) -> bool:
    return {"id", "title"} <= set(header) and bool({"genre_ids", "genres"} & set(header))


def _is_catalogue_file(file: Path) -> bool:
    try:
        return _is_catalogue(read_header(file))
    except DataError:  # any other CSV file in the folder
        return False


def read_tmdb(path: Path) -> Tables:
    """A catalogue without ratings; a movie's id is TMDB's. Raises `DataError` if one is not a number."""
    if not _is_catalogue(read_header(path)):
        raise DataError("not a TMDB catalogue. It needs the columns id, title and genre_ids or genres.", path)
    table = read_text(path)
    if table.is_empty():
        raise DataError("no movies in the file; expected at least one row", path)
    ids = parse_whole_ids(table, "id", path, 1)
    genres, issues = _genres(table, path)
    columns = [name for name in (*_NAMES, *_COLUMNS) if name in table.columns]
    movies = table.select(*columns, LINE).rename(_NAMES, strict=False)
    movies = movies.with_columns(ids.alias("movie_id"), ids.alias("tmdb_id"), genres)
    no_ratings = pl.DataFrame(schema={"user_id": pl.Int64, "movie_id": pl.Int64})
    issues += byte_order_mark(path)
    return Tables(path.stem, no_ratings, movies, None, path, path, 1, issues=issues)


def _genres(table: pl.DataFrame, path: Path) -> tuple[pl.Series, list[DataIssue]]:
    if "genre_ids" not in table.columns:
        names = [_parse_genre_names(text or "") for text in table["genres"]]
        return pl.Series("genres", names, dtype=pl.List(pl.String)), []
    ids = [[int(number) for number in re.findall(r"\d+", text or "")] for text in table["genre_ids"]]
    names = [[GENRE_NAMES[genre_id] for genre_id in row if genre_id in GENRE_NAMES] for row in ids]
    unknown = [(index, genre_id) for index, row in enumerate(ids) for genre_id in row if genre_id not in GENRE_NAMES]
    issues: list[DataIssue] = []
    if unknown:
        index, first = unknown[0]
        message = f"{len(unknown)} genre ids are not in TMDB's table, first {format_value(first)}; they were ignored"
        row = line_of(table, index, 1)
        issues.append(DataIssue("unknown genres", message, path, len(unknown), row, "genre_ids"))
    return pl.Series("genres", names, dtype=pl.List(pl.String)), issues


def _parse_genre_names(text: str) -> list[str]:
    """`Drama, Crime`, `Drama|Crime` or `[{"id": 18, "name": "Drama"}]` -> `["Drama", ...]`."""
    if text.startswith("["):
        return _NAMED.findall(text)
    return [name.strip() for name in _SEPARATOR.split(text) if name.strip()]
