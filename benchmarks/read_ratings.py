"""How fast are a million ratings read, checked and sorted?"""

import tempfile
from pathlib import Path

import polars as pl

from benchmarks.harness import fastest, ml_1m, record
from matinee.data.readers.formats import read_dataset


def run() -> None:
    """Read MovieLens 1M in its `.dat` format, and only parse the same file with polars."""
    data = ml_1m()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        _write_dat(data, folder)
        matinee_seconds = fastest(lambda: read_dataset(folder))
        polars_seconds = fastest(lambda: pl.read_csv(folder / "ratings.dat", separator=":", has_header=False))
    record(
        "read_ratings",
        "Reading a .dat file of a million ratings into a checked, ordered Dataset: seconds.",
        {
            "ratings": len(data.ratings),
            "matinee_seconds": round(matinee_seconds, 3),
            "polars_parsing_alone_seconds": round(polars_seconds, 3),
            "ratio": round(matinee_seconds / polars_seconds, 2),
        },
    )


def _write_dat(data, folder: Path) -> None:
    ratings = data.ratings
    users, movies = data.user_ids.ids[ratings.user], data.movie_ids.ids[ratings.movie]
    rows = zip(users, movies, ratings.rating.astype(int), ratings.timestamp + 956_703_932, strict=True)
    (folder / "ratings.dat").write_text("".join(f"{u}::{m}::{r}::{t}\n" for u, m, r, t in rows), encoding="latin-1")
    movie_rows = data.movies.select("movie_id", "title", "year", "genres").iter_rows()
    lines = "".join(f"{row}::{title} ({year})::{'|'.join(genres)}\n" for row, title, year, genres in movie_rows)
    (folder / "movies.dat").write_text(lines, encoding="latin-1")
