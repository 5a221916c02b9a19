"""How long does it take to join 87,585 movies with 32 million ratings to a catalogue, and how many matches are right?

Synthetic titles are in no catalogue. So the most-rated movies of synthetic data of the size of MovieLens 32M get titles
of real movies (of TMDB, the movie table and MovieLens latest), one in twenty with a missing letter. The other titles
combine two halves of real titles, with the year and genres of a real movie, so their lengths and years are realistic.
A few of these are real titles by chance.
"""

import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from benchmarks.harness import (
    matinee_command,
    ml_latest,
    movie_table,
    path_from_environment,
    record,
    synthetic,
    tmdb_catalogue,
)
from matinee.data.readers.formats import read_dataset

TYPO_EVERY = 20  # one real title in 20 has a typo
_COLUMNS = ["title", "year", "genres"]
_FIRST_FOREIGN_ID = 9_000_000  # first TMDB id that no catalogue has


def run() -> None:
    """Run `matinee data link` with and without `links.csv`, to TMDB and to the movie table."""
    rated = synthetic(32)
    tmdb = path_from_environment("MATINEE_TMDB", "a TMDB catalogue")
    movies = _build_movies(read_dataset(rated)[0].counts)
    results: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(dir=rated.resolve().parent) as temporary:
        folder = Path(temporary) / "ml-32m"
        folder.mkdir()
        _write(movies, rated, folder)
        results["by titles, TMDB's 10,000"] = _link(folder, str(tmdb), movies)
        results["by titles, movie table"] = _link(folder, "movie-table", movies)
        _write_links(movies, rated, folder)
        results["by links.csv, TMDB's 10,000"] = _link(folder, str(tmdb), movies)
    record(
        "linking_speed",
        "matinee data link of 87,585 movies and 32 million ratings: seconds from CSV and from the cache, MB.",
        {**results, "load_average": round(os.getloadavg()[1], 1)},
    )


def _build_movies(counts: np.ndarray) -> pl.DataFrame:
    """Return title, year, genres and tmdb_id (0: not in TMDB) of each movie. The most-rated ones have real titles."""
    tmdb = tmdb_catalogue().movies.select(*_COLUMNS, "tmdb_id")
    no_tmdb_id = pl.lit(0, pl.Int64).alias("tmdb_id")
    others = [catalogue.select(*_COLUMNS, no_tmdb_id) for catalogue in (movie_table(), ml_latest().movies)]
    real = pl.concat([tmdb, *others]).filter(pl.col("year").is_not_null() & ~pl.col("title").str.contains("[()]"))
    real = real.unique(_COLUMNS[:2], keep="first", maintain_order=True)
    rng = np.random.default_rng(0)
    first, second = (real[rng.integers(0, len(real), 3 * len(counts))] for _ in range(2))
    titles = [_halves(*pair) for pair in zip(first["title"], second["title"], strict=True)]
    synthetic_movies = first.with_columns(pl.Series("title", titles), no_tmdb_id)
    synthetic_movies = synthetic_movies.unique(_COLUMNS[:2], keep="first", maintain_order=True)
    synthetic_movies = synthetic_movies.join(real, on=_COLUMNS[:2], how="anti", maintain_order="left").head(
        len(counts) - len(real)
    )
    titles_with_typos = [
        _drop_letter(title) if position % TYPO_EVERY == 0 else title for position, title in enumerate(real["title"])
    ]
    rows = pl.concat([real.with_columns(pl.Series("title", titles_with_typos)), synthetic_movies])
    return rows[np.argsort(np.argsort(-counts, kind="stable"))]


def _drop_letter(title: str) -> str:
    position = len(title) // 2 if len(title) > 9 else len(title)
    return title[:position] + title[position + 1 :]


def _halves(first: str, second: str) -> str:
    first_words, second_words = first.split(), second.split()
    return " ".join([*first_words[: (len(first_words) + 1) // 2], *second_words[len(second_words) // 2 :]])


def _ids(rated: Path) -> pl.Series:
    return pl.read_csv(rated / "movies.csv", columns=["movieId"]).to_series().sort()


def _write(movies: pl.DataFrame, rated: Path, folder: Path) -> None:
    (folder / "ratings.csv").hardlink_to((rated / "ratings.csv").resolve())
    table = movies.select(
        _ids(rated),
        title=pl.format("{} ({})", "title", "year"),
        genres=pl.col("genres").list.join("|"),
    )
    table.write_csv(folder / "movies.csv")


def _write_links(movies: pl.DataFrame, rated: Path, folder: Path) -> None:
    foreign = _FIRST_FOREIGN_ID + pl.int_range(pl.len())
    tmdb_ids = pl.when(pl.col("tmdb_id") > 0).then("tmdb_id").otherwise(foreign)
    table = movies.select(_ids(rated), imdbId=foreign, tmdbId=tmdb_ids)
    table.write_csv(folder / "links.csv")


def _link(folder: Path, catalogue: str, movies: pl.DataFrame) -> dict[str, Any]:
    """Return the cost of the command from CSV files and from the cache, and its matches."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        environment = {"MATINEE_CACHE": temporary}
        joined = Path(temporary) / "joined"
        time.sleep(3)  # files that have just changed are not cached
        first = _run_link(folder, catalogue, joined, environment)
        report = json.loads((joined.with_suffix(".json")).read_text(encoding="utf-8"))[0]
        right = _count_right(joined, movies) if catalogue != "movie-table" else None
        second = _run_link(folder, catalogue, joined.with_name("again"), environment)
    counts = {name: report[name]["movies"] for name in ("by_id", "by_title", "by_near_title", "ambiguous", "missed")}
    results = {"from_csv": first, "from_cache": second, **counts}
    if right is not None:
        results |= {"of_tmdb": int((movies["tmdb_id"] > 0).sum()), **right}
    print(catalogue, results, flush=True)
    return results


def _count_right(joined: Path, movies: pl.DataFrame) -> dict[str, int]:
    """Count the movies with a title of TMDB that got the right votes, and others that got any."""
    table = pl.read_parquet(joined / "movies.parquet")
    votes = tmdb_catalogue().movies.select("tmdb_id", wanted="vote_count")
    both = movies.join(votes, on="tmdb_id", how="left", maintain_order="left").with_columns(table["vote_count"])
    own = both.filter(pl.col("wanted").is_not_null())
    return {
        "right": own.filter(pl.col("vote_count") == pl.col("wanted")).height,
        "wrong": own.filter(pl.col("vote_count") != pl.col("wanted")).height,
        "foreign_movies_matched": both.filter(pl.col("wanted").is_null() & pl.col("vote_count").is_not_null()).height,
    }


def _run_link(folder: Path, catalogue: str, out: Path, environment: dict[str, str]) -> dict[str, float]:
    words = ("--data", folder, "--catalogue", catalogue, "--out", out, "--json", out.with_suffix(".json"))
    return matinee_command("data", "link", *words, environment=environment, silent=True)
