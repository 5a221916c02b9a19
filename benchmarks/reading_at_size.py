"""How long does reading take, and how much memory, as a data set grows; and how long does opening it again?"""

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from benchmarks.measuring import RESULTS, record, synthetic

FACTORS = (1, 4, 16, 32)  # times MovieLens 1M; 32 is MovieLens 32M
ROUNDS = 3
_PROGRAM = """
import json, sys, time
start = time.perf_counter()
from matinee.data.readers import cache
from matinee.data.readers.formats import read_dataset
cache.LARGE = 0
begun = time.perf_counter()
dataset, findings = read_dataset(sys.argv[1])
end = time.perf_counter()
print(json.dumps({"seconds": end - begun, "import_seconds": begun - start, "ratings": len(dataset.ratings)}))
"""


def run() -> None:
    """Made-up data of 1, 4, 16 and 32 times MovieLens 1M, each reading in a process of its own."""
    found = {f"{factor}x": _measured(synthetic(factor)) for factor in FACTORS}
    _draw(found)
    record(
        "reading_at_size",
        f"Reading CSV, with and without keeping it, and opening what was kept: the middle of {ROUNDS}, seconds and MB.",
        {**found, "load_average": round(os.getloadavg()[1], 1)},
    )


def _measured(folder: Path) -> dict[str, Any]:
    rounds: list[dict[str, dict[str, float]]] = []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as kept:
            cached = os.environ | {"MATINEE_CACHE": kept}
            rounds.append(
                {
                    "read": _in_a_process(folder, os.environ | {"MATINEE_CACHE": "off"}),
                    "read_and_keep": _in_a_process(folder, cached),
                    "open_again": _in_a_process(folder, cached),
                }
            )
        print(folder.name, rounds[-1], flush=True)
    middle = {
        f"{way}_{name}": sorted(one[way][name] for one in rounds)[ROUNDS // 2]
        for way in rounds[0]
        for name in ("seconds", "peak_mb")
    }
    csv = (folder / "ratings.csv").stat().st_size
    return {"ratings": rounds[0]["read"]["ratings"], "csv_mb": round(csv / 1e6), **middle}


def _in_a_process(folder: Path, environment: dict[str, str]) -> dict[str, float]:
    with tempfile.TemporaryFile("w+") as told:
        words = [sys.executable, "-c", _PROGRAM, str(folder)]
        child = os.posix_spawn(
            sys.executable, words, environment, file_actions=[(os.POSIX_SPAWN_DUP2, told.fileno(), 1)]
        )
        _, status, usage = os.wait4(child, 0)
        if status:
            sys.exit(f"reading {folder.name} failed")
        told.seek(0)
        answer = json.load(told)
    return {**answer, "seconds": round(answer["seconds"], 2), "peak_mb": round(usage.ru_maxrss / 1e3)}


def _draw(found: dict[str, dict[str, Any]]) -> None:
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    millions = [one["ratings"] / 1e6 for one in found.values()]
    ways = {"read": "read", "read_and_keep": "read and keep", "open_again": "open what was kept"}
    for way, label in ways.items():
        left.plot(millions, [one[f"{way}_seconds"] for one in found.values()], marker="o", label=label)
        right.plot(millions, [one[f"{way}_peak_mb"] for one in found.values()], marker="o", label=label)
    left.set(xscale="log", yscale="log", ylabel="seconds", title="Time")
    left.yaxis.set_major_formatter("{x:g}")
    right.set(ylabel="MB, at most", title="Memory", ylim=(0, None))
    for axes in (left, right):
        axes.set(xlabel="million ratings", xticks=millions, xticklabels=[f"{one:.0f}" for one in millions])
        axes.minorticks_off()
        axes.grid(alpha=0.3)
    left.legend()
    figure.savefig(RESULTS / "reading_at_size.png", dpi=110)
    plt.close(figure)
