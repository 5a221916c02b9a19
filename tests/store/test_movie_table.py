import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from matinee.errors import DataError
from matinee.store.movie_table import read_movie_table

OMDB = ["ID", "imdbID", "Title", "Year", "Runtime", "Genre", "Released", "Director", "Writer", "Cast"]
OMDB += ["Metacritic", "Language", "Country", "Oscars"]
TOMATOES = ["ID", "Meter", "userMeter"]

FARGO: dict[str, Any] = {
    "ID": 1,
    "imdbID": "tt0116282",
    "Title": "Fargo",
    "Year": 1996,
    "Runtime": 98.0,
    "Genre": "Comedy, Drama, Crime",
    "Released": "1996-03-08",
    "Director": "Ethan Coen, Joel Coen",
    "Writer": None,
    "Cast": "Frances McDormand, Harve Presnell, Steve Reevis, Jr., William H. Macy",
    "Metacritic": 86,
    "Language": "English",
    "Country": "United Kingdom, United States",
    "Oscars": 2,
}
BARE: dict[str, Any] = {
    "ID": 2,
    "imdbID": "tt1016075",
    "Title": "Faust (2011 film)",
    "Year": 2011,
    "Runtime": 1.0,
    "Genre": "",
    "Released": "2011-01-01",
    "Director": "",
    "Cast": "",
    "Oscars": 0,
}


def database(path: Path, movies: list[dict[str, Any]], tomatoes: list[tuple[Any, ...]]) -> Path:
    with closing(sqlite3.connect(path)) as connection, connection:
        quoted = ", ".join(f'"{name}"' for name in OMDB)
        connection.execute(f"CREATE TABLE omdb ({quoted})")
        connection.execute(f"CREATE TABLE tomatoes ({', '.join(TOMATOES)})")
        placeholders = ", ".join("?" * len(OMDB))
        rows = [[movie.get(name) for name in OMDB] for movie in movies]
        connection.executemany(f"INSERT INTO omdb VALUES ({placeholders})", rows)
        connection.executemany("INSERT INTO tomatoes VALUES (?, ?, ?)", tomatoes)
    return path


def test_reads_the_facts_of_a_movie(tmp_path):
    movies = read_movie_table(database(tmp_path / "movies.db", [FARGO], [(1, 94, None)]))
    assert movies.to_dicts() == [
        {
            "imdb_id": "tt0116282",
            "title": "Fargo",
            "year": 1996,
            "director": ["Ethan Coen", "Joel Coen"],
            "cast": ["Frances McDormand", "Harve Presnell", "Steve Reevis Jr.", "William H. Macy"],
            "genres": ["Comedy", "Drama", "Crime"],
            "country": ["United Kingdom", "United States"],
            "language": ["English"],
            "runtime": 98,
            "release_date": date(1996, 3, 8),
            "critics_score": 94,
            "metacritic": 86,
            "oscars": 2,
        }
    ]
    assert movies.schema["year"] == movies.schema["runtime"] == pl.Int32


def test_unknown_values_are_null(tmp_path):
    path = database(tmp_path / "movies.db", [FARGO, BARE], [(1, 94, None)])
    bare = read_movie_table(path).row(1, named=True)
    assert bare["title"] == "Faust"
    assert bare["oscars"] == 0
    unknown = [
        "director",
        "cast",
        "genres",
        "country",
        "language",
        "runtime",
        "release_date",
        "critics_score",
        "metacritic",
    ]
    assert [bare[name] for name in unknown] == [None] * len(unknown)


def test_unknown_columns_are_left_out_except_those_for_matching(tmp_path):
    movies = read_movie_table(database(tmp_path / "movies.db", [BARE], []))
    assert movies.columns == ["imdb_id", "title", "year", "genres", "oscars"]


def test_reads_without_writing(tmp_path):
    path = database(tmp_path / "with ? and #.db", [FARGO], [])
    path.chmod(0o444)
    before = path.read_bytes()
    assert len(read_movie_table(path)) == 1
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_file_is_not_created(tmp_path):
    with pytest.raises(DataError, match=r"movies\.db: no such file"):
        read_movie_table(tmp_path / "movies.db")
    assert list(tmp_path.iterdir()) == []


def test_refuses_files_that_are_no_movie_table(tmp_path):
    text = tmp_path / "text.db"
    text.write_text("not a database, " * 100)
    with pytest.raises(DataError, match=r"text\.db: not an SQLite database with the tables omdb and tomatoes"):
        read_movie_table(text)
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection, connection:
        connection.execute("CREATE TABLE omdb (ID)")
    with pytest.raises(DataError, match="no such"):
        read_movie_table(other)
    with pytest.raises(DataError, match="the table omdb is empty"):
        read_movie_table(database(tmp_path / "empty.db", [], []))
