"""TMDB catalogues as people pass them round in one CSV: genres as TMDB's ids, as names, or as Kaggle's lists.

A first column without a name or with a nonsense one, and any other unknown column, is ignored.
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
_KNOWN = (
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
# {"id": 18, "name": "Drama"}; one widespread file has Python's quotes instead of JSON's.
_NAMED = re.compile(r"""["']name["']\s*:\s*["']([^"']+)["']""")


def looks_like_tmdb(header: list[str]) -> bool:
    """Whether these are the columns of a TMDB catalogue."""
    return {"id", "title"} <= set(header) and bool({"genre_ids", "genres"} & set(header))


def read_tmdb(path: Path) -> Tables:
    """A catalogue without ratings; a movie's id is TMDB's. Raises `DataError` if one is not a number."""
    if not looks_like_tmdb(read_header(path)):
        raise DataError("not a TMDB catalogue; expected columns id, title and genre_ids or genres", path)
    table = read_text(path)
    if table.is_empty():
        raise DataError("no movies in the file; expected at least one row of them", path)
    ids = parse_whole_ids(table, "id", path, 1)
    genres, findings = _genres(table, path)
    kept = [name for name in (*_NAMES, *_KNOWN) if name in table.columns]
    movies = table.select(*kept, LINE).rename(_NAMES, strict=False)
    movies = movies.with_columns(ids.alias("movie_id"), ids.alias("tmdb_id"), genres)
    none = pl.DataFrame(schema={"user_id": pl.Int64, "movie_id": pl.Int64})
    findings += byte_order_mark(path)
    return Tables(path.stem, none, movies, None, path, path, 1, issues=findings)


def _genres(table: pl.DataFrame, path: Path) -> tuple[pl.Series, list[DataIssue]]:
    if "genre_ids" not in table.columns:
        names = [_names_in(text or "") for text in table["genres"]]
        return pl.Series("genres", names, dtype=pl.List(pl.String)), []
    ids = [[int(one) for one in re.findall(r"\d+", text or "")] for text in table["genre_ids"]]
    names = [[GENRE_NAMES[one] for one in row if one in GENRE_NAMES] for row in ids]
    unknown = [(index, one) for index, row in enumerate(ids) for one in row if one not in GENRE_NAMES]
    findings: list[DataIssue] = []
    if unknown:
        index, first = unknown[0]
        message = f"{len(unknown)} genre ids are not in TMDB's table, first {format_value(first)}; they were left out"
        row = line_of(table, index, 1)
        findings.append(DataIssue("unknown genres", message, path, len(unknown), row, "genre_ids"))
    return pl.Series("genres", names, dtype=pl.List(pl.String)), findings


def _names_in(text: str) -> list[str]:
    """`Drama, Crime`, `Drama|Crime` or `[{"id": 18, "name": "Drama"}]` -> `["Drama", ...]`."""
    if text.startswith("["):
        return _NAMED.findall(text)
    return [name.strip() for name in _SEPARATOR.split(text) if name.strip()]
