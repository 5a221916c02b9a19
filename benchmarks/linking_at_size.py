"""How long does it take to join 87,585 movies with 32 million ratings to a catalogue, and how much of it is right?

Made-up titles would be in no catalogue. So the most rated movies of made-up data of the size of MovieLens 32M are given
the titles of real films (TMDB's, the film table's, those of MovieLens latest), one in twenty with a letter left out.
The others have titles put together from two halves of real ones, in the year and with the genres of a real film: as
long, as odd and as many in a year as real ones. Some of these come out as the title of a film after all.
"""

import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from benchmarks.measuring import film_table, given_folder, matinee_command, ml_latest, record, synthetic, tmdb_catalogue
from matinee.data.readers.formats import read_dataset

MISSPELT = 20  # one real title in so many
_COLUMNS = ["title", "year", "genres"]
_NO_FILM = 9_000_000  # made-up TMDB ids, of films that no catalogue here has, begin here


def run() -> None:
    """`matinee data link` in a process of its own: by titles alone and with `links.csv`, to TMDB and the film table."""
    rated = synthetic(32)
    tmdb = given_folder("MATINEE_TMDB", "a catalogue of TMDB")
    movies = _movies(read_dataset(rated)[0].counts)
    answer: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(dir=rated.resolve().parent) as temporary:
        folder = Path(temporary) / "ml-32m"
        folder.mkdir()
        _write(movies, rated, folder)
        answer["by titles, TMDB's 10,000"] = _linked(folder, str(tmdb), movies)
        answer["by titles, film table"] = _linked(folder, "films", movies)
        _write_links(movies, rated, folder)
        answer["by links.csv, TMDB's 10,000"] = _linked(folder, str(tmdb), movies)
    record(
        "linking_at_size",
        "matinee data link of 87,585 movies and 32 million ratings: seconds from the CSV and from what was kept, MB.",
        {**answer, "load_average": round(os.getloadavg()[1], 1)},
    )


def _movies(counts: np.ndarray) -> pl.DataFrame:
    """title, year, genres and tmdb_id (0: not TMDB's), one row a movie: real titles where ratings are most."""
    tmdb = tmdb_catalogue().movies.select(*_COLUMNS, "tmdb_id")
    not_its = pl.lit(0, pl.Int64).alias("tmdb_id")
    others = [films.select(*_COLUMNS, not_its) for films in (film_table(), ml_latest().movies)]
    real = pl.concat([tmdb, *others]).filter(pl.col("year").is_not_null() & ~pl.col("title").str.contains("[()]"))
    real = real.unique(_COLUMNS[:2], keep="first", maintain_order=True)
    rng = np.random.default_rng(0)
    first, second = (real[rng.integers(0, len(real), 3 * len(counts))] for _ in range(2))
    titles = [_halves(*pair) for pair in zip(first["title"], second["title"], strict=True)]
    made = first.with_columns(pl.Series("title", titles), not_its)
    made = made.unique(_COLUMNS[:2], keep="first", maintain_order=True)
    made = made.join(real, on=_COLUMNS[:2], how="anti", maintain_order="left").head(len(counts) - len(real))
    misspelt = [
        _without_a_letter(title) if place % MISSPELT == 0 else title for place, title in enumerate(real["title"])
    ]
    rows = pl.concat([real.with_columns(pl.Series("title", misspelt)), made])
    return rows[np.argsort(np.argsort(-counts, kind="stable"))]


def _without_a_letter(title: str) -> str:
    place = len(title) // 2 if len(title) > 9 else len(title)
    return title[:place] + title[place + 1 :]


def _halves(first: str, second: str) -> str:
    one, other = first.split(), second.split()
    return " ".join([*one[: (len(one) + 1) // 2], *other[len(other) // 2 :]])


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
    foreign = _NO_FILM + pl.int_range(pl.len())
    known = pl.when(pl.col("tmdb_id") > 0).then("tmdb_id").otherwise(foreign)
    table = movies.select(_ids(rated), imdbId=foreign, tmdbId=known)
    table.write_csv(folder / "links.csv")


def _linked(folder: Path, films: str, movies: pl.DataFrame) -> dict[str, Any]:
    """What the command took, from the CSV files and once more from what was kept of them, and what it found."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        environment = {"MATINEE_CACHE": temporary}
        joined = Path(temporary) / "joined"
        time.sleep(3)  # files that have just changed are not kept
        first = _in_a_process(folder, films, joined, environment)
        report = json.loads((joined.with_suffix(".json")).read_text(encoding="utf-8"))[0]
        right = _right(joined, movies) if films != "films" else None
        again = _in_a_process(folder, films, joined.with_name("again"), environment)
    found = {name: report[name]["movies"] for name in ("by_id", "by_title", "by_near_title", "ambiguous", "missed")}
    answer = {"from_csv": first, "from_what_was_kept": again, **found}
    if right is not None:
        answer |= {"of_tmdb": int((movies["tmdb_id"] > 0).sum()), **right}
    print(films, answer, flush=True)
    return answer


def _right(joined: Path, movies: pl.DataFrame) -> dict[str, int]:
    """How many movies of TMDB's titles got their own film's votes, and how many others got any."""
    table = pl.read_parquet(joined / "movies.parquet")
    votes = tmdb_catalogue().movies.select("tmdb_id", wanted="vote_count")
    both = movies.join(votes, on="tmdb_id", how="left", maintain_order="left").with_columns(table["vote_count"])
    own = both.filter(pl.col("wanted").is_not_null())
    return {
        "right": own.filter(pl.col("vote_count") == pl.col("wanted")).height,
        "wrong": own.filter(pl.col("vote_count") != pl.col("wanted")).height,
        "strangers_matched": both.filter(pl.col("wanted").is_null() & pl.col("vote_count").is_not_null()).height,
    }


def _in_a_process(folder: Path, films: str, out: Path, environment: dict[str, str]) -> dict[str, float]:
    words = ("--data", folder, "--films", films, "--out", out, "--json", out.with_suffix(".json"))
    return matinee_command("data", "link", *words, environment=environment, silent=True)
