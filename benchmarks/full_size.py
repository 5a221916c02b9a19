"""How long do the commands of the README's "At full size" take, and how much memory?

They run as in the README, on synthetic data instead of the download. The titles are synthetic too, so all movies of
TMDB are added without ratings. Then a user rates forty movies and opens each page twice. Last, one rating in a thousand
is new, and the run is updated.
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

from benchmarks.harness import matinee_command, path_from_environment, record, synthetic
from benchmarks.load import running
from matinee.models.runs import load_run

RATINGS = 40
PAGES = {
    "tonight": "/",
    "movie": "/movies/{movie}",
    "search": "/search?q=the+night",
    "taste": "/taste",
    "taste map": "/taste/map",
    "lab": "/lab",
}
QUESTION = "The commands of the README's 'At full size': seconds, MB, and milliseconds of each page?"


def run() -> None:
    """Run `data link`, `train blend`, `train tfidf`, `serve` and `train --update`."""
    rated = synthetic(32)
    tmdb = path_from_environment("MATINEE_TMDB", "a TMDB catalogue")
    with (
        tempfile.TemporaryDirectory(dir=rated.resolve().parent) as temporary,
        patch.dict(os.environ, MATINEE_CACHE=str(Path(temporary) / "cache")),
    ):
        work = Path(temporary)
        data, blend, tfidf = work / "data", work / "runs" / "blend", work / "runs" / "tfidf"
        steps = {
            "link": ("data", "link", "--data", rated, "--catalogue", tmdb, "--add-movies", "--out", data),
            "train blend": ("train", "blend", "--data", data, "--out", blend, "--updatable"),
            "train tfidf": ("train", "tfidf", "--data", data, "--out", tfidf),
        }
        results: dict[str, Any] = {}
        for name, words in steps.items():
            results[name] = matinee_command(*words)
            print(name, results[name], flush=True)
        results["serve"] = _serve(blend, tfidf, work / "matinee.db")
        print("serve", results["serve"], flush=True)
        # In another process, since the peak memory of a child process includes that of its parent.
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            n_new = pool.submit(_rate_more, data / "ratings.parquet").result()
        results["train --update"] = {"new ratings": n_new} | matinee_command("train", "--update", blend, "--data", data)
    record("full_size", QUESTION, results | {"load_average": round(os.getloadavg()[1], 1)})


def _serve(blend: Path, tfidf: Path, database: Path) -> dict[str, Any]:
    movies = _most_rated(blend)
    start = time.perf_counter()
    with running(blend, database, 8493, "--content-run", str(tfidf)) as address:
        ready = time.perf_counter() - start
        with httpx.Client(base_url=address, follow_redirects=True, timeout=120) as client:
            client.post("/profiles", data={"name": "Ann"}).raise_for_status()
            for position, movie in enumerate(movies):
                rating = {"rating": 2 + position % 4}
                client.put(f"/api/v1/ratings/{movie}", json=rating).raise_for_status()
            pages = {name: _time_twice(client, path.format(movie=movies[0])) for name, path in PAGES.items()}
            metrics = client.get("/metrics").raise_for_status().text
    resident = next(line for line in metrics.splitlines() if line.startswith("process_resident_memory_bytes"))
    return {"ready_seconds": round(ready, 1), "resident_mb": round(float(resident.split()[1]) / 1e6), "pages_ms": pages}


def _most_rated(run: Path) -> list[str]:
    """Return the ids of the most-rated movies."""
    movies = load_run(run).movies.sort("rated", descending=True, maintain_order=True)
    return [str(movie) for movie in movies["movie_id"].head(RATINGS)]


def _rate_more(path: Path) -> int:
    """Add one rating in a thousand, of popular movies by active users. Returns their number."""
    ratings = pl.read_parquet(path)
    n = len(ratings) // 1000
    users, movies = (ratings[name].sample(2 * n, seed=seed) for seed, name in enumerate(("user_id", "movie_id")))
    drawn = pl.DataFrame({"user_id": users, "movie_id": movies}).unique(maintain_order=True)
    last = ratings["timestamp"].max()
    new = drawn.join(ratings, on=["user_id", "movie_id"], how="anti", maintain_order="left").head(n)
    new = new.with_columns(rating=pl.lit(4.0, pl.Float32), timestamp=last + 60 * pl.int_range(1, pl.len() + 1))
    pl.concat([ratings, new]).write_parquet(path)
    return len(new)


def _time_twice(client: httpx.Client, path: str) -> list[float]:
    milliseconds: list[float] = []
    for _ in range(2):
        start = time.perf_counter()
        client.get(path).raise_for_status()
        milliseconds.append(round(1000 * (time.perf_counter() - start), 1))
    return milliseconds
