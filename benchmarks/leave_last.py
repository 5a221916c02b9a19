"""How good are the closed-form models on MovieLens 1M, and what does judging all of them cost?"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measuring import ml_1m_folder, record

MODELS = ("popularity", "item_cf", "ease", "slist", "blend")


def run() -> None:
    """Run `matinee evaluate` as a user would, and take its time, its memory and its figures."""
    folder = ml_1m_folder()
    with tempfile.TemporaryDirectory() as temporary:
        written = Path(temporary) / "out.json"
        command = [
            "evaluate",
            *MODELS,
            "--data",
            str(folder),
            "--split",
            "leave-last",
            "--json",
            str(written),
        ]
        start = time.perf_counter()
        child = os.posix_spawn(sys.executable, [sys.executable, "-c", _MAIN, *command], os.environ)
        _, status, usage = os.wait4(child, 0)
        seconds = time.perf_counter() - start
        if status:
            sys.exit(f"matinee {' '.join(command)} failed")
        report = json.loads(written.read_text(encoding="utf-8"))
    record(
        "leave_last",
        "MovieLens 1M, the last movie of each user, the full catalogue: how good, how long, how much memory?",
        {
            "command": f"matinee {' '.join(command[:-4])} --split leave-last --json out.json".replace(
                str(folder), "ml-1m"
            ),
            "seconds": round(seconds, 1),
            "peak_memory_mb": round(usage.ru_maxrss / 1e3),
            "models": {model["name"]: _headline(model) for model in report["models"]},
            "comparisons": report["comparisons"],
        },
    )


_MAIN = "from matinee.cli.app import main; main()"


def _headline(model: dict) -> dict:
    shown = {name: model["metrics"][name] for name in ("hr@10", "ndcg@10", "coverage@10", "novelty@10", "diversity@10")}
    return {**shown, "fit_seconds": model["fit_seconds"], "score_seconds": model["score_seconds"]}
