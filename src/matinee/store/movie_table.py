"""The movie table: facts about 17,472 movies of 1940-2014, collected from Wikidata (CC0), in an SQLite file."""

import sqlite3
from contextlib import closing
from pathlib import Path

import polars as pl

from matinee.errors import DataError

# The columns read: their names in the file, then, in `_SCHEMA`, ours.
_SELECT = """
    SELECT omdb.imdbID, omdb.Title, omdb.Year, omdb.Director, omdb."Cast", omdb.Writer, omdb.Genre,
           omdb.Country, omdb.Language, omdb.Runtime, omdb.Released, tomatoes.Meter, tomatoes.userMeter,
           omdb.Metacritic, omdb.Oscars
    FROM omdb LEFT JOIN tomatoes ON tomatoes.ID = omdb.ID
    ORDER BY omdb.ID
"""
_SCHEMA = {
    "imdb_id": pl.String,
    "title": pl.String,
    "year": pl.Int32,
    "director": pl.String,
    "cast": pl.String,
    "writer": pl.String,
    "genres": pl.String,
    "country": pl.String,
    "language": pl.String,
    "runtime": pl.Int32,
    "release_date": pl.String,
    "critics_score": pl.Int32,
    "audience_score": pl.Int32,
    "metacritic": pl.Int32,
    "oscars": pl.Int32,
}
_IDENTITY = ("imdb_id", "title", "year", "genres")  # used for matching, so present even if empty
_LISTS = ("director", "cast", "writer", "genres", "country", "language")
_SHORTEST_RUNTIME = 5  # minutes; the two movies listed with less are full-length movies with a wrong runtime


def read_movie_table(path: Path) -> pl.DataFrame:
    """Read `movies.db`: one row per movie, without columns that are entirely unknown.

    imdb_id, title, year; director, cast, writer, genres, country and language as lists of names (in alphabetical
    order, so the first of the cast is not the lead); runtime in minutes; release_date, null if only the year is
    known; critics_score, audience_score and metacritic in 0-100; oscars won. Unknown values are null. Raises
    `DataError` if the file is missing, is no such database, or has no movies.
    """
    if not path.is_file():
        raise DataError("no such file. Download it with 'matinee data get movie-table'.", path)
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            rows = database.execute(_SELECT).fetchall()
        movies = pl.DataFrame(rows, schema=_SCHEMA, orient="row", strict=False)
    except sqlite3.Error as error:
        raise DataError(f"not an SQLite database with the tables omdb and tomatoes ({error}).", path) from error
    if movies.is_empty():
        raise DataError("the table omdb is empty.", path)
    movies = movies.with_columns(
        # The source adds "(2011 film)" to ambiguous titles. Our catalogue has the year.
        pl.col("title").str.replace(r"\s*\((?:\d{4} )?film\)$", ""),
        *(_names(column) for column in _LISTS),
        pl.when(pl.col("runtime") >= _SHORTEST_RUNTIME).then("runtime"),
        _date(),
    )
    columns = [column.name for column in movies if column.name in _IDENTITY or column.null_count() < len(column)]
    return movies.select(columns)


def _names(column: str) -> pl.Expr:
    # "Ann Smith, Bob Jones, Jr." are two names.
    joined = pl.col(column).str.replace_all(r", (Jr\.|Sr\.|III|PhD)", " $1").str.strip_chars()
    return pl.when(joined != "").then(joined.str.split(", "))


def _date() -> pl.Expr:
    date = pl.col("release_date").str.to_date("%Y-%m-%d", strict=False)
    first_of_january = (date.dt.month() == 1) & (date.dt.day() == 1)  # the source's date if only the year is known
    return pl.when(~first_of_january).then(date)
