"""How long does an update of a run take compared with a new training, and how much do the lists differ?"""

import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.harness import ml_1m, record
from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.evaluation.ranking import rank_targets
from matinee.models.blend.blend import Blend
from matinee.models.incremental import STATISTICS_FOLDER, update_model
from matinee.models.linear.closed_form import ClosedForm, DatasetDelta
from matinee.models.linear.head_tail import HeadTail
from matinee.models.linear.sufficient_statistics import write_sums
from matinee.models.recommender import Recommender
from matinee.models.registry import make
from matinee.models.runs import load_run, save_run

SHARES = (0.001, 0.01, 0.1)  # of the ratings, the latest ones, that are new
HEAD_SHARE = 0.5  # share of movies in the head: a quarter of the memory
LISTS = 1_000


def run() -> None:
    """Update blends of MovieLens 1M trained on older ratings with all ratings."""
    results = _measure(ml_1m())
    record(
        "incremental_update",
        "New ratings: seconds of --update and of a full training, and how many movies do their lists share?",
        results,
    )


def _measure(data: Dataset) -> dict[str, Any]:
    head = int(HEAD_SHARE * data.n_movies)
    started = time.perf_counter()
    retrained = make("blend", head=head).fit(data)
    results: dict[str, Any] = {"seconds of a full training": round(time.perf_counter() - started, 1), "head": head}
    times = np.asarray(data.ratings.timestamp)
    for share in SHARES:
        before = data.keep(times < np.quantile(times, 1 - share))
        with tempfile.TemporaryDirectory() as temporary:
            results[f"{share:.1%} new"] = _update(before, data, retrained, head, Path(temporary))
        print(data.name, share, results[f"{share:.1%} new"], flush=True)
    return results


def _update(before: Dataset, data: Dataset, retrained: Recommender, head: int, folder: Path) -> dict[str, Any]:
    model = make("blend", head=head)
    assert isinstance(model, Blend)
    model.keep_sums(folder / "before")
    save_run(folder / "run", model.fit(before), before, folder, statistics=folder / "before")
    run = load_run(folder / "run")
    started = time.perf_counter()
    change = update_model(run.model, run.folder, run.movie_ids, data, folder / "now")
    seconds = time.perf_counter() - started
    statistics_bytes = sum(
        path.stat().st_size for path in (run.folder / STATISTICS_FOLDER).rglob("*") if path.is_file()
    )
    return {
        "users with new ratings": len(change.after),
        "seconds": round(seconds, 1),
        "statistics_mb": round(statistics_bytes / 1e6),
        "max difference of a part's score, in percent of its maximum": _difference(run.model, data, folder / "again"),
        "movies in common with a full training, of ten": _overlap(run.model, retrained, data),
    }


def _difference(model: Recommender, data: Dataset, folder: Path) -> list[float]:
    """Compare each part of an updated blend with one solved from all ratings with the same head."""
    assert isinstance(model, Blend)
    histories = data.histories.block(0, LISTS)
    every_row, no_histories = (
        np.arange(data.n_movies),
        Histories(np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.int32)),
    )
    results: list[float] = []
    for part in model.parts:
        assert isinstance(part, ClosedForm)
        assert isinstance(part.weights, HeadTail)
        scores, fresh = part.score(histories), type(part)(part.config)
        fresh.weights = part.weights
        write_sums(folder / part.solution_key, fresh.empty_sums(len(part.weights.head)))
        fresh.update(data, DatasetDelta(every_row, no_histories, data.histories), folder)
        results.append(round(100 * float(np.abs(scores - fresh.score(histories)).max() / np.abs(scores).max()), 4))
    return results


def _overlap(first: Recommender, second: Recommender, data: Dataset) -> float:
    histories = data.histories.block(0, LISTS)
    targets = histories.latest(1)
    lists = [rank_targets(model, histories, targets, 10).top for model in (first, second)]
    return round(float(np.mean([len(np.intersect1d(a, b)) for a, b in zip(*lists, strict=True)])), 2)
