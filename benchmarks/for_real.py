"""From ratings of the size of MovieLens 32M to a page of tonight's films: each command of the README's "For real".

The commands are run as they stand there, on made-up data in place of the download. Their titles are made up too, so
TMDB's films come in as films nobody rated. Then somebody rates forty films, and looks at each page twice. Last, one
rating in a thousand is new, and the run is brought up to date.
"""

import os
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
import polars as pl

from benchmarks.load import running
from benchmarks.measuring import given_folder, matinee_command, record, synthetic
from matinee.models.runs import load_run

RATINGS = 40
PAGES = {
    "tonight": "/",
    "film": "/movies/{movie}",
    "search": "/search?q=the+night",
    "your taste": "/taste",
    "its map": "/taste/map",
    "lab": "/lab",
}
QUESTION = "The commands of the README's 'For real', one after another: seconds, MB, and milliseconds of each page?"


def run() -> None:
    """`data link`, `train blend`, `train facts`, `serve`."""
    rated = synthetic(32)
    tmdb = given_folder("MATINEE_TMDB", "a catalogue of TMDB")
    with (
        tempfile.TemporaryDirectory(dir=rated.resolve().parent) as temporary,
        patch.dict(os.environ, MATINEE_CACHE=str(Path(temporary) / "cache")),
    ):
        work = Path(temporary)
        films, blend, facts = work / "films", work / "runs" / "blend", work / "runs" / "tfidf"
        steps = {
            "link": ("data", "link", "--data", rated, "--films", tmdb, "--add-films", "--out", films),
            "train blend": ("train", "blend", "--data", films, "--out", blend, "--updatable"),
            "train tfidf": ("train", "tfidf", "--data", films, "--out", facts),
        }
        answer: dict[str, Any] = {}
        for name, words in steps.items():
            answer[name] = matinee_command(*words)
            print(name, answer[name], flush=True)
        answer["serve"] = _served(blend, facts, work / "matinee.db")
        print("serve", answer["serve"], flush=True)
        # Elsewhere, since the peak of a process counts what it was begun from.
        with ProcessPoolExecutor(1, get_context("spawn")) as other:
            new = other.submit(_rate_more, films / "ratings.parquet").result()
        answer["train --update"] = {"new ratings": new} | matinee_command("train", "--update", blend, "--data", films)
    record("for_real", QUESTION, answer | {"load_average": round(os.getloadavg()[1], 1)})


def _served(blend: Path, facts: Path, database: Path) -> dict[str, Any]:
    movies = _famous(blend)
    start = time.perf_counter()
    with running(blend, database, 8493, "--content", str(facts)) as address:
        ready = time.perf_counter() - start
        with httpx.Client(base_url=address, follow_redirects=True, timeout=120) as client:
            client.post("/profiles", data={"name": "Ann"}).raise_for_status()
            for place, movie in enumerate(movies):
                stars = {"stars": 2 + place % 4}
                client.put(f"/api/v1/ratings/{movie}", json=stars).raise_for_status()
            pages = {name: _asked_twice(client, path.format(movie=movies[0])) for name, path in PAGES.items()}
            told = client.get("/metrics").raise_for_status().text
    resident = next(line for line in told.splitlines() if line.startswith("process_resident_memory_bytes"))
    return {"ready_seconds": round(ready, 1), "resident_mb": round(float(resident.split()[1]) / 1e6), "pages_ms": pages}


def _famous(run: Path) -> list[str]:
    """Ids of movies that many rated."""
    movies = load_run(run).movies.sort("rated", descending=True, maintain_order=True)
    return [str(one) for one in movies["movie_id"].head(RATINGS)]


def _rate_more(path: Path) -> int:
    """Let some people rate one movie more, of those that many rated: one rating in a thousand."""
    ratings = pl.read_parquet(path)
    n = len(ratings) // 1000
    users, movies = (ratings[name].sample(2 * n, seed=seed) for seed, name in enumerate(("user_id", "movie_id")))
    drawn = pl.DataFrame({"user_id": users, "movie_id": movies}).unique(maintain_order=True)
    last = ratings["timestamp"].max()
    new = drawn.join(ratings, on=["user_id", "movie_id"], how="anti", maintain_order="left").head(n)
    new = new.with_columns(rating=pl.lit(4.0, pl.Float32), timestamp=last + 60 * pl.int_range(1, pl.len() + 1))
    pl.concat([ratings, new]).write_parquet(path)
    return len(new)


def _asked_twice(client: httpx.Client, path: str) -> list[float]:
    waited: list[float] = []
    for _ in range(2):
        start = time.perf_counter()
        client.get(path).raise_for_status()
        waited.append(round(1000 * (time.perf_counter() - start), 1))
    return waited
