"""How long does one person wait for a list, and how much memory does a run take that is ready to answer?"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measuring import ml_1m, ml_1m_folder, record
from matinee.models.registry import make
from matinee.models.runs import save_run

LENGTHS = (0, 1, 10, 50, 100, 200, 500)
REQUESTS = 200  # for each length

# In a process of its own with one thread, as a server would hold the run.
MEASURED = """
import json, sys, time
from pathlib import Path
import numpy as np
import psutil
start = time.perf_counter()
from matinee.data.histories import Histories
from matinee.pipeline.engine import open_cinema
from matinee.pipeline.recommend import recommend
from matinee.pipeline.request import Request

stars = Path(sys.argv[2]) if sys.argv[2] else None
cinema = open_cinema(Path(sys.argv[1]), stars)
rng = np.random.default_rng(0)
weight = cinema.rated / cinema.rated.sum()

def asking(length):
    rows = rng.choice(cinema.n_movies, length, replace=False, p=weight).astype(int).tolist()
    return Request(Histories.of([rows], [rng.integers(1, 6, length).astype(float).tolist()]), diversity=0.3)

recommend(cinema, asking(10))
answer = {"ready_seconds": round(time.perf_counter() - start, 2)}
for length in json.loads(sys.argv[3]):
    requests = [asking(length) for _ in range(int(sys.argv[4]))]
    waited = []
    for request in requests:
        before = time.perf_counter()
        recommend(cinema, request)
        waited.append(1000 * (time.perf_counter() - before))
    p50, p99 = np.percentile(waited, [50, 99])
    answer[f"history of {length}"] = {"p50_ms": round(p50, 2), "p99_ms": round(p99, 2)}
answer["resident_mb"] = round(psutil.Process().memory_info().rss / 1e6)
print(json.dumps(answer))
"""


def run() -> None:
    """Train `blend` and `bayes_mf` on MovieLens 1M, then ask for lists of ten with reasons, on one core."""
    data = ml_1m()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        save_run(folder / "blend", make("blend").fit(data), data, ml_1m_folder())
        save_run(folder / "stars", make("bayes_mf").fit(data), data, ml_1m_folder())
        answer = {
            "blend": _measured(folder / "blend", None),
            "blend, with predicted stars of bayes_mf": _measured(folder / "blend", folder / "stars"),
        }
    record(
        "recommend_latency",
        f"MovieLens 1M, one thread: milliseconds of a list of ten with reasons, {REQUESTS} requests for each length?",
        answer,
    )


def _measured(run: Path, stars: Path | None) -> dict[str, object]:
    arguments = [str(run), str(stars or ""), json.dumps(LENGTHS), str(REQUESTS)]
    one_thread = {
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "POLARS_MAX_THREADS": "1",
    }
    found = subprocess.run(
        [sys.executable, "-c", MEASURED, *arguments], check=True, capture_output=True, text=True, env=one_thread
    )
    return json.loads(found.stdout)
