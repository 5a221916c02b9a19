"""How much time and memory does reading take as a data set grows, with and without the cache?"""

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from benchmarks.harness import RESULTS, record, synthetic

FACTORS = (1, 4, 16, 32)  # times MovieLens 1M; 32 is MovieLens 32M
ROUNDS = 3
_PROGRAM = """
import json, sys, time
start = time.perf_counter()
from matinee.data.readers import cache
from matinee.data.readers.formats import read_dataset
cache.LARGE = 0
imported = time.perf_counter()
dataset, issues = read_dataset(sys.argv[1])
end = time.perf_counter()
print(json.dumps({"seconds": end - imported, "import_seconds": imported - start, "ratings": len(dataset.ratings)}))
"""


def run() -> None:
    """Read synthetic data of 1, 4, 16 and 32 times MovieLens 1M, each time in a separate process."""
    results = {f"{factor}x": _measure(synthetic(factor)) for factor in FACTORS}
    _plot(results)
    record(
        "reading_scaling",
        f"Reading CSV, with and without keeping it, and opening what was kept: the middle of {ROUNDS}, seconds and MB.",
        {**results, "load_average": round(os.getloadavg()[1], 1)},
    )


def _measure(folder: Path) -> dict[str, Any]:
    rounds: list[dict[str, dict[str, float]]] = []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as cache_folder:
            cached = os.environ | {"MATINEE_CACHE": cache_folder}
            rounds.append(
                {
                    "read": _run_program(folder, os.environ | {"MATINEE_CACHE": "off"}),
                    "read_and_keep": _run_program(folder, cached),
                    "open_again": _run_program(folder, cached),
                }
            )
        print(folder.name, rounds[-1], flush=True)
    medians = {
        f"{mode}_{name}": sorted(round_[mode][name] for round_ in rounds)[ROUNDS // 2]
        for mode in rounds[0]
        for name in ("seconds", "peak_mb")
    }
    csv = (folder / "ratings.csv").stat().st_size
    return {"ratings": rounds[0]["read"]["ratings"], "csv_mb": round(csv / 1e6), **medians}


def _run_program(folder: Path, environment: dict[str, str]) -> dict[str, float]:
    with tempfile.TemporaryFile("w+") as output:
        words = [sys.executable, "-c", _PROGRAM, str(folder)]
        child = os.posix_spawn(
            sys.executable, words, environment, file_actions=[(os.POSIX_SPAWN_DUP2, output.fileno(), 1)]
        )
        _, status, usage = os.wait4(child, 0)
        if status:
            sys.exit(f"reading {folder.name} failed")
        output.seek(0)
        measurement = json.load(output)
    return {**measurement, "seconds": round(measurement["seconds"], 2), "peak_mb": round(usage.ru_maxrss / 1e3)}


def _plot(results: dict[str, dict[str, Any]]) -> None:
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    millions = [round_["ratings"] / 1e6 for round_ in results.values()]
    modes = {"read": "read", "read_and_keep": "read and cache", "open_again": "open from the cache"}
    for mode, label in modes.items():
        left.plot(millions, [round_[f"{mode}_seconds"] for round_ in results.values()], marker="o", label=label)
        right.plot(millions, [round_[f"{mode}_peak_mb"] for round_ in results.values()], marker="o", label=label)
    left.set(xscale="log", yscale="log", ylabel="seconds", title="Time")
    left.yaxis.set_major_formatter("{x:g}")
    right.set(ylabel="MB, peak", title="Memory", ylim=(0, None))
    for axes in (left, right):
        axes.set(xlabel="million ratings", xticks=millions, xticklabels=[f"{round_:.0f}" for round_ in millions])
        axes.minorticks_off()
        axes.grid(alpha=0.3)
    left.legend()
    figure.savefig(RESULTS / "reading_scaling.png", dpi=110)
    plt.close(figure)
