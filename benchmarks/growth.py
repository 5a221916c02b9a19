"""What do reading, fitting, judging and serving cost as ratings grow from one million to thirty-two?

Made-up sets of 1, 4, 16 and 32 times MovieLens 1M, each step in a process of its own. A size is written down as soon
as it is done and not measured again: remove it from `results/growth.json` to do so. `MATINEE_GROWTH` names the sizes
(`1,4`) where not all are wanted.
"""

import io
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.measuring import RESULTS, record, synthetic
from matinee.data.files import write_bytes

SIZES = (1, 4, 16, 32)
USERS = 10_000  # judged on
REQUESTS = 200
QUESTION = "Made-up sets of 1, 4, 16 and 32 million ratings: seconds and memory of each step, as on a command line?"

# Each prints what it measured; the peak is that of the whole process.
_PEAK = """
import json, os, resource, sys, time
from pathlib import Path
def tell(**found):
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = {"cpu_seconds_of_the_process": round(used.ru_utime + used.ru_stime, 1), "load": round(os.getloadavg()[0], 1)}
    print(json.dumps(found | cpu | {"peak_mb": round(used.ru_maxrss / 1e3)}))
data, work = Path(sys.argv[1]), Path(sys.argv[2])
"""
_READ = """
start = time.perf_counter()
from matinee.data.readers.formats import read_dataset
dataset, _ = read_dataset(data)
tell(seconds=round(time.perf_counter() - start, 2), ratings=len(dataset.ratings), users=dataset.n_users,
     movies=dataset.n_movies)
"""
_FIT = """
from matinee.data.readers.formats import read_dataset
from matinee.data.splits import make_split
from matinee.models.memory_budget import coverage, usual_budget, within
from matinee.models.registry import make
from matinee.models.runs import save_run
split = make_split(read_dataset(data)[0], "leave-last")
budget = int(sys.argv[3]) or usual_budget()
start = time.perf_counter()
model = within(make("blend"), split.train.n_movies, budget)
model.fit(split.train, split.validation)
seconds = time.perf_counter() - start
save_run(work / "run", model, split.known, data)
stored = sum(path.stat().st_size for path in (work / "run").iterdir())
tell(seconds=round(seconds, 1), budget_gb=round(budget / 1e9, 2), run_mb=round(stored / 1e6),
     covers=coverage(model, split.known.counts) or "all movies densely",
     weights=[round(float(one), 3) for one in model.weights])
"""
_EVALUATE = """
from matinee.data.readers.formats import read_dataset
from matinee.data.splits import make_split
from matinee.evaluation.evaluate import evaluate
from matinee.models.registry import make
from matinee.models.runs import load_run
split = make_split(read_dataset(data)[0], "leave-last").with_tested(int(sys.argv[3]), 0)
models = {"blend": load_run(work / "run").model, "popularity": make("popularity").fit(split.known)}
start = time.perf_counter()
report = evaluate(models, split, fitted=dict.fromkeys(models, "fitted before"))
figures = {one.name: [round(value, 4) for value in vars(one.metrics["ndcg@10"]).values()] for one in report.models}
tell(seconds=round(time.perf_counter() - start, 1), users=len(split.tested_users), ndcg_at_10=figures,
     scoring_seconds={one.name: one.score_seconds for one in report.models})
"""
_SERVE = """
start = time.perf_counter()
import numpy as np
import psutil
from matinee.data.histories import Histories
from matinee.pipeline.engine import open_cinema
from matinee.pipeline.recommend import recommend
from matinee.pipeline.request import Request
cinema = open_cinema(work / "run")
rng = np.random.default_rng(0)
weight = cinema.rated / cinema.rated.sum()
def asking(length):
    rows = rng.choice(cinema.n_movies, length, replace=False, p=weight).tolist()
    return Request(Histories.of([rows], [rng.integers(1, 6, length).astype(float).tolist()]), diversity=0.3)
recommend(cinema, asking(10))
ready = time.perf_counter() - start
waited = {}
for length in (10, 100, 500):
    times = []
    for request in [asking(length) for _ in range(int(sys.argv[3]))]:
        before = time.perf_counter()
        recommend(cinema, request)
        times.append(1000 * (time.perf_counter() - before))
    waited[f"history of {length}"] = dict(zip(("p50_ms", "p99_ms"), np.percentile(times, [50, 99]).round(1).tolist()))
start = time.perf_counter()
cinema.lookup.find(cinema.lookup.label(0))
tell(ready_seconds=round(ready, 2), resident_mb=round(psutil.Process().memory_info().rss / 1e6), **waited,
     first_title_found_seconds=round(time.perf_counter() - start, 2))
"""
_ONE_THREAD: dict[str, str] = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS"), "1"
)


def run() -> None:
    """Each size that is wanted and not yet written down."""
    path = RESULTS / "growth.json"
    known = json.loads(path.read_text(encoding="utf-8")).get("sizes", {}) if path.exists() else {}
    wanted = [int(one) for one in os.environ.get("MATINEE_GROWTH", "").split(",") if one] or list(SIZES)
    for size in wanted:
        if str(size) not in known:
            known[str(size)] = _measured(size)
            known = {str(one): known[str(one)] for one in SIZES if str(one) in known}
            record("growth", QUESTION, {"sizes": known})
            write_bytes(RESULTS / "growth.png", _drawn(known))


def _measured(size: int) -> dict[str, Any]:
    folder = synthetic(size)
    with tempfile.TemporaryDirectory() as temporary:
        work, cache = Path(temporary), {"MATINEE_CACHE": str(Path(temporary) / "cache")}
        found = {"read": _step(_READ, folder, work, cache), "read again": _step(_READ, folder, work, cache)}
        for name, step, argument, environment in (
            ("fit", _FIT, os.environ.get("MATINEE_GROWTH_BYTES", "0"), cache),
            ("evaluate", _EVALUATE, str(USERS), cache),
            ("serve", _SERVE, str(REQUESTS), _ONE_THREAD),
        ):
            found[name] = _step(step, folder, work, environment, argument)
            print(size, name, found[name], flush=True)
    return found


def _step(step: str, folder: Path, work: Path, environment: dict[str, str], *arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-c", _PEAK + step, str(folder), str(work), *arguments]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=os.environ | environment)
    return json.loads(done.stdout)


def _drawn(sizes: dict[str, Any]) -> bytes:
    """A PNG: seconds and megabytes of each step over millions of ratings, both on logarithmic scales."""
    from matplotlib.figure import Figure as Drawing

    drawing = Drawing(figsize=(11, 4.5), layout="constrained")
    seconds, memory = drawing.subplots(1, 2)
    millions = [found["read"]["ratings"] / 1e6 for found in sizes.values()]
    for step in ("read", "read again", "fit", "evaluate", "serve"):
        steps = [found[step] for found in sizes.values()]
        seconds.plot(millions, [one.get("seconds", one.get("ready_seconds")) for one in steps], marker="o", label=step)
        memory.plot(millions, [one.get("resident_mb", one["peak_mb"]) for one in steps], marker="o", label=step)
    for axes, title in ((seconds, "seconds (serve: until ready)"), (memory, "MB at the peak (serve: resident)")):
        axes.set_xscale("log", base=2)
        axes.set_yscale("log")
        axes.set_xticks(millions, [f"{one:.0f}" for one in millions])
        axes.set_xlabel("millions of ratings")
        axes.set_title(title)
        axes.grid(alpha=0.3)
        axes.legend()
    content = io.BytesIO()
    drawing.savefig(content, format="png", dpi=120)
    return content.getvalue()
