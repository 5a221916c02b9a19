"""How long does each keystroke of a search take over 90,000 titles, with the people who made them?"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.measuring import film_table, record, tmdb_catalogue

MOVIES = 90_000
TYPED = 400  # titles of each kind, typed letter by letter
WHAT = f"A catalogue of {MOVIES:,} titles: milliseconds of one search, for each letter as it is typed?"

# In a process of its own, as a server would hold it.
MEASURED = """
import json, sys, time
import numpy as np
import polars as pl
import psutil
from matinee.models.baselines.popularity import Popularity
from matinee.pipeline.engine import Cinema
from matinee.pipeline.explore.title_search import TitleSearch

cinema = Cinema(pl.read_parquet(sys.argv[1]), Popularity(), (0.5, 5.0))
_ = cinema.names, cinema.rated
before, start = psutil.Process().memory_info().rss, time.perf_counter()
search = TitleSearch(cinema)
answer = {
    "seconds_to_make": round(time.perf_counter() - start, 2),
    "resident_mb": round((psutil.Process().memory_info().rss - before) / 1e6),
}
everything = []
for kind, texts in json.load(open(sys.argv[2])).items():
    waited, found = [], 0
    for text in texts:
        start = time.perf_counter()
        rows = search.find(text)
        waited.append(1000 * (time.perf_counter() - start))
        found += bool(rows)
    p50, p95, p99 = np.percentile(waited, [50, 95, 99])
    answer[kind] = {
        "searches": len(waited),
        "p50_ms": round(p50, 2),
        "p95_ms": round(p95, 2),
        "p99_ms": round(p99, 2),
        "most_ms": round(max(waited), 2),
        "found_something": round(found / len(waited), 3),
    }
    everything += waited
answer["all"] = {f"p{q}_ms": round(float(np.percentile(everything, q)), 2) for q in (50, 95, 99)}
print(json.dumps(answer))
"""


def run() -> None:
    """Real titles and names, and variations of them up to the number; typed from the first letter to the last."""
    rng = np.random.default_rng(0)
    films = _catalogue(rng)
    with tempfile.TemporaryDirectory() as temporary:
        catalogue, typed = Path(temporary) / "films.parquet", Path(temporary) / "typed.json"
        films.write_parquet(catalogue)
        typed.write_text(json.dumps(_typed(films, rng)), encoding="utf-8")
        made = subprocess.run(
            [sys.executable, "-c", MEASURED, str(catalogue), str(typed)], check=True, capture_output=True, text=True
        )
    record("title_search", WHAT, json.loads(made.stdout))


def _catalogue(rng: np.random.Generator) -> pl.DataFrame:
    """Films of TMDB and of the film table, then films whose titles are made of the words of two of them."""
    known = pl.concat([tmdb_catalogue().movies, film_table()], how="diagonal_relaxed")
    known = known.select("title", "year", "director", "cast").unique(["title", "year"], maintain_order=True)
    n = MOVIES - len(known)
    titles = known["title"].to_list()
    first, second = (rng.integers(0, len(known), n).tolist() for _ in range(2))
    mixed = [
        " ".join([*titles[one].split()[: rng.integers(1, 4)], *titles[two].split()[-rng.integers(1, 3) :]])
        for one, two in zip(first, second, strict=True)
    ]
    people = known.select("director", "cast")[rng.integers(0, len(known), n)]
    years = pl.Series("year", rng.integers(1920, 2027, n), dtype=known["year"].dtype)
    made = pl.DataFrame({"title": mixed}).with_columns(years, *people)
    films = pl.concat([known, made.select(known.columns)])
    rated = np.sort(rng.zipf(1.5, len(films)).clip(max=100_000))[::-1].astype(np.int64)
    return films.with_columns(rated=pl.Series(rated))


def _typed(films: pl.DataFrame, rng: np.random.Generator) -> dict[str, list[str]]:
    """What is typed, letter by letter."""
    titles = films["title"].gather(rng.choice(len(films), 3 * TYPED, replace=False)).to_list()
    names = films["director"].drop_nulls().explode().drop_nulls().unique(maintain_order=True)
    people = names.gather(rng.choice(len(names), TYPED, replace=False)).to_list()
    slips = [_slip(title, rng) for title in titles[TYPED : 2 * TYPED]]
    return {
        "one letter": list("abcdefghijklmnopqrstuvwxyz0123456789") * 10,
        "titles": [text for title in titles[:TYPED] for text in _letter_by_letter(title)],
        "titles with a slip": [text for title in slips for text in _letter_by_letter(title)],
        "titles without spaces": [title.replace(" ", "") for title in titles[2 * TYPED :]],
        "people": [text for name in people for text in _letter_by_letter(name)],
        "no title": ["".join(rng.choice(list("etaoinshrdlu"), rng.integers(4, 16))) for _ in range(TYPED)],
    }


def _letter_by_letter(text: str) -> list[str]:
    return [text[:end] for end in range(1, len(text) + 1)]


def _slip(text: str, rng: np.random.Generator) -> str:
    """With one letter wrong, missing, doubled or exchanged with the next."""
    at = int(rng.integers(0, max(len(text) - 1, 1)))
    letter = text[at]
    wrong = str(rng.choice(list("etaoinshrdlu")))
    return text[:at] + [wrong, "", letter * 2, text[at + 1 : at + 2] + letter][rng.integers(4)] + text[at + 1 :]
