"""The film table: facts about 17,472 films of 1940-2014, collected from Wikidata (CC0), in an SQLite file."""

import sqlite3
from contextlib import closing
from pathlib import Path

import polars as pl

from matinee.errors import DataError

# The kept columns: what they are called there, what they are called here.
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
_IDENTITY = ("imdb_id", "title", "year", "genres")  # what films are matched by, there even if empty
_LISTS = ("director", "cast", "writer", "genres", "country", "language")
_SHORTEST_RUNTIME = 5  # minutes; the two films listed with less are feature films with a slip


def read_movie_table(path: Path) -> pl.DataFrame:
    """Read `movies.db`: one row per film, without those facts that are unknown throughout.

    imdb_id, title, year; director, cast, writer, genres, country and language as lists of names (people in
    alphabetical order: the first of the cast is not the star); runtime in minutes; release_date null
    where only the year is known; critics_score, audience_score and metacritic in 0-100; oscars won. What is
    not known is null. Raises DataError if the file is missing, not such a database, or holds no film.
    """
    if not path.is_file():
        raise DataError("no such file; expected the film table, an SQLite database", path)
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            rows = database.execute(_SELECT).fetchall()
        films = pl.DataFrame(rows, schema=_SCHEMA, orient="row", strict=False)
    except sqlite3.Error as error:
        raise DataError(f"expected an SQLite database with the tables omdb and tomatoes ({error})", path) from error
    if films.is_empty():
        raise DataError("expected films in the table omdb, found none", path)
    films = films.with_columns(
        # Two films of one name are told apart by "(2011 film)" there; here the year does that.
        pl.col("title").str.replace(r"\s*\((?:\d{4} )?film\)$", ""),
        *(_names(column) for column in _LISTS),
        pl.when(pl.col("runtime") >= _SHORTEST_RUNTIME).then("runtime"),
        _date(),
    )
    known = [fact.name for fact in films if fact.name in _IDENTITY or fact.null_count() < len(fact)]
    return films.select(known)


def _names(column: str) -> pl.Expr:
    # "Ann Smith, Bob Jones, Jr." is two people.
    joined = pl.col(column).str.replace_all(r", (Jr\.|Sr\.|III|PhD)", " $1").str.strip_chars()
    return pl.when(joined != "").then(joined.str.split(", "))


def _date() -> pl.Expr:
    date = pl.col("release_date").str.to_date("%Y-%m-%d", strict=False)
    first_of_january = (date.dt.month() == 1) & (date.dt.day() == 1)  # how the source writes "only the year is known"
    return pl.when(~first_of_january).then(date)
