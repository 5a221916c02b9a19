"""What does bringing a run up to date cost beside training it anew, and how different are the lists?"""

import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measuring import ml_1m, record
from matinee.data.dataset import Dataset
from matinee.data.histories import Histories
from matinee.evaluation.ranking import rank_targets
from matinee.models.blend.blend import Blend
from matinee.models.incremental import STATISTICS_FOLDER, update
from matinee.models.linear.closed_form import ClosedForm, DatasetDelta
from matinee.models.linear.head_tail import HeadTail
from matinee.models.linear.sufficient_statistics import write_sums
from matinee.models.recommender import Recommender
from matinee.models.registry import make
from matinee.models.runs import load_run, save_run

SHARES = (0.001, 0.01, 0.1)  # of the ratings, the latest ones, that are new
QUARTER = 0.5  # of the movies are the head: a quarter of the memory
LISTS = 1_000


def run() -> None:
    """MovieLens 1M: a blend of a while ago, and all ratings now."""
    answer = _measured(ml_1m())
    record(
        "staying_fresh",
        "New ratings: seconds of --update and of a new training, and how alike their lists are?",
        answer,
    )


def _measured(data: Dataset) -> dict[str, Any]:
    head = int(QUARTER * data.n_movies)
    started = time.perf_counter()
    anew = make("blend", head=head).fit(data)
    found: dict[str, Any] = {"seconds of a new training": round(time.perf_counter() - started, 1), "head": head}
    times = np.asarray(data.ratings.timestamp)
    for share in SHARES:
        old = data.keep(times < np.quantile(times, 1 - share))
        with tempfile.TemporaryDirectory() as temporary:
            found[f"{share:.1%} new"] = _updated(old, data, anew, head, Path(temporary))
        print(data.name, share, found[f"{share:.1%} new"], flush=True)
    return found


def _updated(old: Dataset, data: Dataset, anew: Recommender, head: int, folder: Path) -> dict[str, Any]:
    model = make("blend", head=head)
    assert isinstance(model, Blend)
    model.keep_statistics(folder / "then")
    save_run(folder / "run", model.fit(old), old, folder, statistics=folder / "then")
    run = load_run(folder / "run")
    started = time.perf_counter()
    change = update(run.model, run.folder, run.movie_ids, data, folder / "now")
    seconds = time.perf_counter() - started
    kept = sum(path.stat().st_size for path in (run.folder / STATISTICS_FOLDER).rglob("*") if path.is_file())
    return {
        "people who rated since": len(change.after),
        "seconds": round(seconds, 1),
        "statistics_mb": round(kept / 1e6),
        "greatest difference of a part's score, in percent of its greatest": _difference(
            run.model, data, folder / "again"
        ),
        "movies of a list of ten that a new training has too": _shared(run.model, anew, data),
    }


def _difference(model: Recommender, data: Dataset, folder: Path) -> list[float]:
    """Of each part of an updated blend, from one solved from everybody's ratings with the same head."""
    assert isinstance(model, Blend)
    histories = data.histories.block(0, LISTS)
    every_row, nobody = np.arange(data.n_movies), Histories(np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.int32))
    found: list[float] = []
    for part in model.parts:
        assert isinstance(part, ClosedForm)
        assert isinstance(part.weights, HeadTail)
        scores, fresh = part.score(histories), type(part)(part.config)
        fresh.weights = part.weights
        write_sums(folder / part.solution_key, fresh.empty_sums(len(part.weights.head)))
        fresh.update(data, DatasetDelta(every_row, nobody, data.histories), folder)
        found.append(round(100 * float(np.abs(scores - fresh.score(histories)).max() / np.abs(scores).max()), 4))
    return found


def _shared(one: Recommender, other: Recommender, data: Dataset) -> float:
    histories = data.histories.block(0, LISTS)
    targets = histories.latest(1)
    lists = [rank_targets(model, histories, targets, 10).top for model in (one, other)]
    return round(float(np.mean([len(np.intersect1d(a, b)) for a, b in zip(*lists, strict=True)])), 2)
