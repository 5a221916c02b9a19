"""What do reading, fitting, evaluating and serving cost as ratings grow from one million to thirty-two?

Synthetic sets of 1, 4, 16 and 32 times MovieLens 1M, with each step in a separate process. Each finished size is saved
and not measured again: remove it from `results/growth.json` to repeat it. `MATINEE_GROWTH` selects sizes (`1,4`).
"""

import io
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.harness import RESULTS, record, synthetic
from matinee.data.files import write_bytes

SIZES = (1, 4, 16, 32)
USERS = 10_000  # test users
REQUESTS = 200
QUESTION = "Synthetic sets of 1, 4, 16 and 32 million ratings: seconds and memory of each step, as on a command line?"

# Each program prints its measurements. The peak is that of the whole process.
_PEAK = """
import json, os, resource, sys, time
from pathlib import Path
def report_usage(**measured):
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = {"cpu_seconds_of_process": round(used.ru_utime + used.ru_stime, 1), "load": round(os.getloadavg()[0], 1)}
    print(json.dumps(measured | cpu | {"peak_mb": round(used.ru_maxrss / 1e3)}))
data, work = Path(sys.argv[1]), Path(sys.argv[2])
"""
_READ = """
start = time.perf_counter()
from matinee.data.readers.formats import read_dataset
dataset, _ = read_dataset(data)
report_usage(seconds=round(time.perf_counter() - start, 2), ratings=len(dataset.ratings), users=dataset.n_users,
     movies=dataset.n_movies)
"""
_FIT = """
from matinee.data.readers.formats import read_dataset
from matinee.data.splits import make_split
from matinee.models.memory_budget import default_budget, describe_solver, fit_to_memory
from matinee.models.registry import make
from matinee.models.runs import save_run
split = make_split(read_dataset(data)[0], "leave-last")
budget = int(sys.argv[3]) or default_budget()
start = time.perf_counter()
model = fit_to_memory(make("blend"), split.train.n_movies, budget)
model.fit(split.train, split.validation)
seconds = time.perf_counter() - start
save_run(work / "run", model, split.before_test, data)
stored = sum(path.stat().st_size for path in (work / "run").iterdir())
report_usage(seconds=round(seconds, 1), budget_gb=round(budget / 1e9, 2), run_mb=round(stored / 1e6),
     solver="; ".join(map(str, describe_solver(model, split.before_test.counts))) or "all movies densely",
     weights=[round(float(weight), 3) for weight in model.weights])
"""
_EVALUATE = """
from matinee.data.readers.formats import read_dataset
from matinee.data.splits import make_split
from matinee.evaluation.evaluate import evaluate
from matinee.models.registry import make
from matinee.models.runs import load_run
split = make_split(read_dataset(data)[0], "leave-last").sample_tested(int(sys.argv[3]), 0)
models = {"blend": load_run(work / "run").model, "popularity": make("popularity").fit(split.before_test)}
start = time.perf_counter()
report = evaluate(models, split, fitted=dict.fromkeys(models, "fitted before"))
figures = {
    model.name: [round(value, 4) for value in vars(model.metrics["ndcg@10"]).values()] for model in report.models
}
report_usage(seconds=round(time.perf_counter() - start, 1), users=len(split.tested_users), ndcg_at_10=figures,
     scoring_seconds={model.name: model.score_seconds for model in report.models})
"""
_SERVE = """
start = time.perf_counter()
import numpy as np
import psutil
from matinee.data.histories import Histories
from matinee.pipeline.engine import load_engine
from matinee.pipeline.recommend import recommend
from matinee.pipeline.request import Request
engine = load_engine(work / "run")
rng = np.random.default_rng(0)
weight = engine.rating_counts / engine.rating_counts.sum()
def request_of(length):
    rows = rng.choice(engine.n_movies, length, replace=False, p=weight).tolist()
    return Request(Histories.of([rows], [rng.integers(1, 6, length).astype(float).tolist()]), diversity=0.3)
recommend(engine, request_of(10))
ready = time.perf_counter() - start
latency = {}
for length in (10, 100, 500):
    times = []
    for request in [request_of(length) for _ in range(int(sys.argv[3]))]:
        before = time.perf_counter()
        recommend(engine, request)
        times.append(1000 * (time.perf_counter() - before))
    latency[f"history of {length}"] = dict(zip(("p50_ms", "p99_ms"), np.percentile(times, [50, 99]).round(1).tolist()))
start = time.perf_counter()
engine.lookup.find(engine.lookup.label(0))
report_usage(ready_seconds=round(ready, 2), resident_mb=round(psutil.Process().memory_info().rss / 1e6), **latency,
     first_title_found_seconds=round(time.perf_counter() - start, 2))
"""
_ONE_THREAD: dict[str, str] = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS"), "1"
)


def run() -> None:
    """Measure each selected size that has no result yet."""
    path = RESULTS / "growth.json"
    results = json.loads(path.read_text(encoding="utf-8")).get("sizes", {}) if path.exists() else {}
    sizes = [int(size) for size in os.environ.get("MATINEE_GROWTH", "").split(",") if size] or list(SIZES)
    for size in sizes:
        if str(size) not in results:
            results[str(size)] = _measure(size)
            results = {str(known_size): results[str(known_size)] for known_size in SIZES if str(known_size) in results}
            record("growth", QUESTION, {"sizes": results})
            write_bytes(RESULTS / "growth.png", _plot(results))


def _measure(size: int) -> dict[str, Any]:
    folder = synthetic(size)
    with tempfile.TemporaryDirectory() as temporary:
        work, cache = Path(temporary), {"MATINEE_CACHE": str(Path(temporary) / "cache")}
        measured = {"read": _step(_READ, folder, work, cache), "read again": _step(_READ, folder, work, cache)}
        for name, step, argument, environment in (
            ("fit", _FIT, os.environ.get("MATINEE_GROWTH_BYTES", "0"), cache),
            ("evaluate", _EVALUATE, str(USERS), cache),
            ("serve", _SERVE, str(REQUESTS), _ONE_THREAD),
        ):
            measured[name] = _step(step, folder, work, environment, argument)
            print(size, name, measured[name], flush=True)
    return measured


def _step(step: str, folder: Path, work: Path, environment: dict[str, str], *arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-c", _PEAK + step, str(folder), str(work), *arguments]
    process = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=os.environ | environment)
    return json.loads(process.stdout)


def _plot(sizes: dict[str, Any]) -> bytes:
    """Return a PNG: seconds and megabytes of each step by millions of ratings, on logarithmic scales."""
    from matplotlib.figure import Figure as Drawing

    drawing = Drawing(figsize=(11, 4.5), layout="constrained")
    seconds, memory = drawing.subplots(1, 2)
    millions = [measured["read"]["ratings"] / 1e6 for measured in sizes.values()]
    for step in ("read", "read again", "fit", "evaluate", "serve"):
        steps = [measured[step] for measured in sizes.values()]
        seconds.plot(
            millions,
            [step_result.get("seconds", step_result.get("ready_seconds")) for step_result in steps],
            marker="o",
            label=step,
        )
        memory.plot(
            millions,
            [step_result.get("resident_mb", step_result["peak_mb"]) for step_result in steps],
            marker="o",
            label=step,
        )
    for axes, title in ((seconds, "seconds (serve: until ready)"), (memory, "MB at the peak (serve: resident)")):
        axes.set_xscale("log", base=2)
        axes.set_yscale("log")
        axes.set_xticks(millions, [f"{number:.0f}" for number in millions])
        axes.set_xlabel("millions of ratings")
        axes.set_title(title)
        axes.grid(alpha=0.3)
        axes.legend()
    content = io.BytesIO()
    drawing.savefig(content, format="png", dpi=120)
    return content.getvalue()
