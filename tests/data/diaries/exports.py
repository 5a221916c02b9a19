"""Exports of invented users as the sites write them, and small catalogues to match them with."""

import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

MOVIES = "Date,Name,Year,Letterboxd URI\n"  # of watched.csv, watchlist.csv and likes/films.csv
RATINGS = "Date,Name,Year,Letterboxd URI,Rating\n"
DIARY = "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date\n"
REVIEWS = "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Review,Tags,Watched Date\n"
IMDB_2017 = (
    "Const,Your Rating,Date Rated,Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,Genres,Num Votes,Release Date,"
    "Directors\n"
)
IMDB_TODAY = (
    "Position,Const,Created,Modified,Description,Title,Original Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,"
    "Genres,Num Votes,Release Date,Directors,Your Rating,Date Rated\n"
)
TRAKT = (
    "rated_at,type,title,year,trakt_rating,trakt_id,imdb_id,tmdb_id,tvdb_id,url,released,season_number,episode_number,"
    "episode_title,episode_released,episode_trakt_rating,episode_trakt_id,episode_imdb_id,episode_tmdb_id,"
    "episode_tvdb_id,genres,rating\n"
)
Listed = tuple[str, int | None]


def write_file(folder: Path, name: str, content: str | bytes) -> Path:
    """Write a file; text is encoded as UTF-8."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def write_zip(folder: Path, files: Mapping[str, str], name: str = "export.zip") -> Path:
    """Write an archive with these files."""
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in files.items():
            archive.writestr(member, content)
    return folder / name


def imdb_row(const: str, title: str, year: int, rating: int, kind: str = "movie", rated: str = "2021-05-01") -> str:
    """A row of the version from 2017."""
    return (
        f'{const},{rating},{rated},"{title}",https://x,{kind},7.5,100,{year},"Drama, Crime",1000,{year}-01-01,N. N.\n'
    )


def listed_row(const: str, titles: tuple[str, str], year: int, rating: str = "", kind: str = "Movie") -> str:
    """A row of today's version; `titles` are the title and the original one."""
    rated = "2023-06-07" if rating else ""
    facts = f"{kind},8,100,{year},Drama,1000,{year}-01-01,N. N.,{rating},{rated}"
    return f'1,{const},2023-01-01,2023-01-01,,"{titles[0]}","{titles[1]}",https://x,{facts}\n'


def trakt_movie(title: str, year: int | None, tmdb: int | None = None, **facts: Any) -> dict[str, Any]:
    """A row of Trakt's JSON."""
    ids = {"trakt": 1, "slug": title.lower(), "imdb": None, "tmdb": tmdb}
    return {**facts, "type": "movie", "movie": {"title": title, "year": year, "ids": ids}}


def to_json(items: Sequence[object]) -> str:
    return json.dumps(items)


def catalogue(*movies: Listed, **ids: Sequence[Any]) -> pl.DataFrame:
    """Movies with these titles and years, no genres, and columns of ids."""
    table = pl.DataFrame(movies, schema={"title": pl.String, "year": pl.Int32}, orient="row")
    genres = pl.Series("genres", [[] for _ in movies], dtype=pl.List(pl.String))
    return table.with_columns(genres, *(pl.Series(name, values) for name, values in ids.items()))
