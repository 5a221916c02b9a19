"""A rated data set whose movies the TMDB test server has; run as a program it enriches that data set."""

import sys
from dataclasses import replace
from pathlib import Path

import polars as pl

from matinee.data.dataset import Dataset
from matinee.data.fetching.enrichment import enrich
from matinee.data.fetching.rate_limited_client import RetryPolicy
from matinee.data.fetching.tmdb import Tmdb
from matinee.data.fetching.tmdb_key import TmdbKey
from tests.data.fetching.tmdb_server import KEY, TmdbServer, tmdb_movie
from tests.datasets import checkerboard

QUICK = RetryPolicy(rate=500, attempts=2, timeout=1, backoff=0.01)


def rated_dataset(n_movies: int = 12) -> Dataset:
    """A checkerboard whose movies have distinct titles, years and no other facts."""
    dataset = checkerboard(n_movies=n_movies)
    titles = [f"Distant Voices {row}" for row in range(n_movies)]
    years = pl.Series("year", [1980 + row for row in range(n_movies)], dtype=pl.Int32)
    return replace(
        dataset,
        movies=dataset.movies.with_columns(pl.Series("title", titles), years, genres=pl.lit([])).cast(
            {"genres": pl.List(pl.String)}
        ),
    )


def add_movies_to_server(server: TmdbServer, dataset: Dataset) -> None:
    """Add every movie to the server; the movie of row r has the id 500 + r."""
    for row, (title, year) in enumerate(dataset.movies.select("title", "year").iter_rows()):
        server.add(tmdb_movie(500 + row, title, f"{year}-05-05", (18, 80)))


def tmdb_client(address: str, cache: Path, policy: RetryPolicy = QUICK) -> Tmdb:
    return Tmdb(TmdbKey(KEY), cache, policy, api=address, images=address)


if __name__ == "__main__":
    enrich(rated_dataset(), tmdb_client(sys.argv[1], Path(sys.argv[2])))
