"""How long does a list take for one user, and how much memory does a loaded run need?"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.harness import ml_1m, ml_1m_folder, record
from matinee.models.registry import make
from matinee.models.runs import save_run

LENGTHS = (0, 1, 10, 50, 100, 200, 500)
REQUESTS = 200  # per length

# Runs in a separate process with one thread, like a server.
PROGRAM = """
import json, sys, time
from pathlib import Path
import numpy as np
import psutil
start = time.perf_counter()
from matinee.data.histories import Histories
from matinee.pipeline.engine import load_engine
from matinee.pipeline.recommend import recommend
from matinee.pipeline.request import Request

rating_run = Path(sys.argv[2]) if sys.argv[2] else None
engine = load_engine(Path(sys.argv[1]), rating_run)
rng = np.random.default_rng(0)
weight = engine.rating_counts / engine.rating_counts.sum()

def request_of(length):
    rows = rng.choice(engine.n_movies, length, replace=False, p=weight).astype(int).tolist()
    return Request(Histories.of([rows], [rng.integers(1, 6, length).astype(float).tolist()]), diversity=0.3)

recommend(engine, request_of(10))
answer = {"ready_seconds": round(time.perf_counter() - start, 2)}
for length in json.loads(sys.argv[3]):
    requests = [request_of(length) for _ in range(int(sys.argv[4]))]
    milliseconds = []
    for request in requests:
        before = time.perf_counter()
        recommend(engine, request)
        milliseconds.append(1000 * (time.perf_counter() - before))
    p50, p99 = np.percentile(milliseconds, [50, 99])
    answer[f"history of {length}"] = {"p50_ms": round(p50, 2), "p99_ms": round(p99, 2)}
answer["resident_mb"] = round(psutil.Process().memory_info().rss / 1e6)
print(json.dumps(answer))
"""


def run() -> None:
    """Train `blend` and `bayes_mf` on MovieLens 1M, then compute lists of ten with reasons on one core."""
    data = ml_1m()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        save_run(folder / "blend", make("blend").fit(data), data, ml_1m_folder())
        save_run(folder / "rating-run", make("bayes_mf").fit(data), data, ml_1m_folder())
        results = {
            "blend": _measure(folder / "blend", None),
            "blend, with predicted stars of bayes_mf": _measure(folder / "blend", folder / "rating-run"),
        }
    record(
        "recommend_latency",
        f"MovieLens 1M, one thread: milliseconds of a list of ten with reasons, {REQUESTS} requests for each length?",
        results,
    )


def _measure(run: Path, rating_run: Path | None) -> dict[str, object]:
    arguments = [str(run), str(rating_run or ""), json.dumps(LENGTHS), str(REQUESTS)]
    one_thread = {
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "POLARS_MAX_THREADS": "1",
    }
    process = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments], check=True, capture_output=True, text=True, env=one_thread
    )
    return json.loads(process.stdout)
