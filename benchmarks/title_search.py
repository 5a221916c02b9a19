"""How long does the search take for each keystroke, over 90,000 titles with directors and casts?"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.harness import movie_table, record, tmdb_catalogue

MOVIES = 90_000
N_TITLES = 400  # of each kind, typed letter by letter
QUESTION = f"A catalogue of {MOVIES:,} titles: milliseconds of one search, for each keystroke?"

# Runs in a separate process, like a server.
PROGRAM = """
import json, sys, time
import numpy as np
import polars as pl
import psutil
from matinee.models.baselines.popularity import Popularity
from matinee.pipeline.engine import Engine
from matinee.pipeline.explore.title_search import TitleSearch

engine = Engine(pl.read_parquet(sys.argv[1]), Popularity(), (0.5, 5.0))
_ = engine.title_groups, engine.rating_counts
before, start = psutil.Process().memory_info().rss, time.perf_counter()
search = TitleSearch(engine)
answer = {
    "seconds_to_build": round(time.perf_counter() - start, 2),
    "resident_mb": round((psutil.Process().memory_info().rss - before) / 1e6),
}
all_milliseconds = []
for kind, texts in json.load(open(sys.argv[2])).items():
    milliseconds, hits = [], 0
    for text in texts:
        start = time.perf_counter()
        rows = search.find(text)
        milliseconds.append(1000 * (time.perf_counter() - start))
        hits += bool(rows)
    p50, p95, p99 = np.percentile(milliseconds, [50, 95, 99])
    answer[kind] = {
        "searches": len(milliseconds),
        "p50_ms": round(p50, 2),
        "p95_ms": round(p95, 2),
        "p99_ms": round(p99, 2),
        "max_ms": round(max(milliseconds), 2),
        "share_with_results": round(hits / len(milliseconds), 3),
    }
    all_milliseconds += milliseconds
answer["all"] = {f"p{q}_ms": round(float(np.percentile(all_milliseconds, q)), 2) for q in (50, 95, 99)}
print(json.dumps(answer))
"""


def run() -> None:
    """Search real and synthetic titles and names, typed from the first letter to the last."""
    rng = np.random.default_rng(0)
    movies = _catalogue(rng)
    with tempfile.TemporaryDirectory() as temporary:
        catalogue, queries = Path(temporary) / "movies.parquet", Path(temporary) / "queries.json"
        movies.write_parquet(catalogue)
        queries.write_text(json.dumps(_queries(movies, rng)), encoding="utf-8")
        synthetic_movies = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(catalogue), str(queries)], check=True, capture_output=True, text=True
        )
    record("title_search", QUESTION, json.loads(synthetic_movies.stdout))


def _catalogue(rng: np.random.Generator) -> pl.DataFrame:
    """Return the movies of TMDB and the movie table, and synthetic ones whose titles combine words of two titles."""
    real_movies = pl.concat([tmdb_catalogue().movies, movie_table()], how="diagonal_relaxed")
    real_movies = real_movies.select("title", "year", "director", "cast").unique(["title", "year"], maintain_order=True)
    n = MOVIES - len(real_movies)
    titles = real_movies["title"].to_list()
    first, second = (rng.integers(0, len(real_movies), n).tolist() for _ in range(2))
    mixed = [
        " ".join([*titles[first_row].split()[: rng.integers(1, 4)], *titles[second_row].split()[-rng.integers(1, 3) :]])
        for first_row, second_row in zip(first, second, strict=True)
    ]
    cast = real_movies.select("director", "cast")[rng.integers(0, len(real_movies), n)]
    years = pl.Series("year", rng.integers(1920, 2027, n), dtype=real_movies["year"].dtype)
    synthetic_movies = pl.DataFrame({"title": mixed}).with_columns(years, *cast)
    movies = pl.concat([real_movies, synthetic_movies.select(real_movies.columns)])
    rated = np.sort(rng.zipf(1.5, len(movies)).clip(max=100_000))[::-1].astype(np.int64)
    return movies.with_columns(rated=pl.Series(rated))


def _queries(movies: pl.DataFrame, rng: np.random.Generator) -> dict[str, list[str]]:
    """Return the queries of each kind."""
    titles = movies["title"].gather(rng.choice(len(movies), 3 * N_TITLES, replace=False)).to_list()
    names = movies["director"].drop_nulls().explode().drop_nulls().unique(maintain_order=True)
    queried_names = names.gather(rng.choice(len(names), N_TITLES, replace=False)).to_list()
    with_typos = [_add_typo(title, rng) for title in titles[N_TITLES : 2 * N_TITLES]]
    return {
        "one letter": list("abcdefghijklmnopqrstuvwxyz0123456789") * 10,
        "titles": [text for title in titles[:N_TITLES] for text in _letter_by_letter(title)],
        "titles with a typo": [text for title in with_typos for text in _letter_by_letter(title)],
        "titles without spaces": [title.replace(" ", "") for title in titles[2 * N_TITLES :]],
        "directors": [text for name in queried_names for text in _letter_by_letter(name)],
        "not a title": ["".join(rng.choice(list("etaoinshrdlu"), rng.integers(4, 16))) for _ in range(N_TITLES)],
    }


def _letter_by_letter(text: str) -> list[str]:
    return [text[:end] for end in range(1, len(text) + 1)]


def _add_typo(text: str, rng: np.random.Generator) -> str:
    """Replace, omit, double or swap one letter."""
    position = int(rng.integers(0, max(len(text) - 1, 1)))
    letter = text[position]
    wrong = str(rng.choice(list("etaoinshrdlu")))
    return (
        text[:position]
        + [wrong, "", letter * 2, text[position + 1 : position + 2] + letter][rng.integers(4)]
        + text[position + 1 :]
    )
