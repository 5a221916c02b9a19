"""A rated data set whose movies TMDB's server of the tests knows, and one run of asking about them as a program."""

import sys
from dataclasses import replace
from pathlib import Path

import polars as pl

from matinee.data.dataset import Dataset
from matinee.data.fetching.enriching import enrich
from matinee.data.fetching.rate_limited_client import RetryPolicy
from matinee.data.fetching.tmdb import Tmdb
from matinee.data.fetching.tmdb_key import TmdbKey
from tests.data.fetching.tmdb_server import KEY, TmdbServer, film
from tests.datasets import checkerboard

QUICK = RetryPolicy(rate=500, attempts=2, seconds=1, pause=0.01)


def rated(n_movies: int = 12) -> Dataset:
    """A checkerboard whose movies have titles of their own, years and no other facts."""
    dataset = checkerboard(n_movies=n_movies)
    titles = [f"Distant Voices {row}" for row in range(n_movies)]
    years = pl.Series("year", [1980 + row for row in range(n_movies)], dtype=pl.Int32)
    return replace(
        dataset,
        movies=dataset.movies.with_columns(pl.Series("title", titles), years, genres=pl.lit([])).cast(
            {"genres": pl.List(pl.String)}
        ),
    )


def teach(server: TmdbServer, dataset: Dataset) -> None:
    """Let the server know every movie; the film of row r has the id 500 + r."""
    for row, (title, year) in enumerate(dataset.movies.select("title", "year").iter_rows()):
        server.add(film(500 + row, title, f"{year}-05-05", (18, 80)))


def tmdb_at(address: str, cache: Path, manners: RetryPolicy = QUICK) -> Tmdb:
    return Tmdb(TmdbKey(KEY), cache, manners, api=address, images=address)


if __name__ == "__main__":
    enrich(rated(), tmdb_at(sys.argv[1], Path(sys.argv[2])))
