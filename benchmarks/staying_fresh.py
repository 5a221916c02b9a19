"""What does bringing a run up to date cost beside training it anew, and how different are the lists?"""

import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measuring import Skipped, ml_1m, record, synthetic
from matinee.data.dataset import Dataset
from matinee.data.readers.formats import read_dataset
from matinee.evaluation.ranking import rank_targets
from matinee.models.blend import Blend
from matinee.models.closed_form import ClosedForm
from matinee.models.recommender import Recommender
from matinee.models.registry import make
from matinee.models.runs import load_run, save_run
from matinee.models.updating import STATISTICS_FOLDER, update

SHARES = (0.001, 0.01, 0.1)  # of the ratings, the latest ones, that are new
QUARTER = 0.5  # of the movies are the head: a quarter of the memory
LISTS = 1_000


def run() -> None:
    """MovieLens 1M and, where it is, made-up data four times as large: a blend of a while ago, and all ratings now."""
    answer = {"MovieLens 1M": _measured(ml_1m())}
    try:
        answer["made up, 4 times as large"] = _measured(read_dataset(synthetic(4))[0])
    except Skipped as reason:
        print(reason)
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
        "people who rated since": len(change.come),
        "seconds": round(seconds, 1),
        "statistics_mb": round(kept / 1e6),
        "greatest difference of a part's score, in percent of its greatest": _difference(run.model, data),
        "movies of a list of ten that a new training has too": _shared(run.model, anew, data),
    }


def _difference(model: Recommender, data: Dataset) -> list[float]:
    """Of each part of an updated blend, from a fit on everything that chooses its head anew."""
    assert isinstance(model, Blend)
    histories = data.histories.block(0, LISTS)
    found: list[float] = []
    for part in model.parts:
        assert isinstance(part, ClosedForm)
        scores, fresh = part.score(histories), make(part.name, **part.config.model_dump()).fit(data)
        found.append(round(100 * float(np.abs(scores - fresh.score(histories)).max() / np.abs(scores).max()), 4))
    return found


def _shared(one: Recommender, other: Recommender, data: Dataset) -> float:
    histories = data.histories.block(0, LISTS)
    targets = histories.latest(1)
    lists = [rank_targets(model, histories, targets, 10).top for model in (one, other)]
    return round(float(np.mean([len(np.intersect1d(a, b)) for a, b in zip(*lists, strict=True)])), 2)
