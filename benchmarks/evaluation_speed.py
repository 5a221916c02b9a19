"""How long does the evaluation of one fitted model take, compared with an independent library?"""

import time

import ir_measures
from ir_measures import AP, RR, P, R, nDCG

from benchmarks.harness import fastest, ml_1m, record
from matinee.data.splits import make_split
from matinee.evaluation.evaluate import evaluate
from matinee.evaluation.ranking import rank_targets
from matinee.models.baselines.popularity import Popularity

K = 50


def run() -> None:
    """Compute all metrics at 50 with intervals for 6,040 users, and only the metrics with ir-measures."""
    split = make_split(ml_1m(), "leave-last")
    model = Popularity().fit(split.train, split.validation)
    ours = fastest(lambda: evaluate({"popularity": model}, split, (K,), fitted={"popularity": "fitted before"}), 3)
    top = rank_targets(model, split.histories, split.targets, K).top
    users = [str(user) for user in split.tested_users]
    runs = {
        user: {str(movie): float(K - rank) for rank, movie in enumerate(row)}
        for user, row in zip(users, top, strict=True)
    }
    relevant = {user: {str(movie): 1} for user, movie in zip(users, split.targets.movies, strict=True)}
    start = time.perf_counter()
    ir_measures.calc_aggregate([nDCG @ K, R @ K, P @ K, RR @ K, AP @ K], relevant, runs)
    peer = time.perf_counter() - start
    record(
        "evaluation_speed",
        f"Evaluation of one fitted model on MovieLens 1M, 6,040 users, all metrics at {K}: seconds.",
        {
            "matinee_seconds": round(ours, 2),
            "matinee_does": "scoring, ranking the full catalogue, 12 metrics, slices, 1,000 resamples of each",
            "ir_measures_seconds": round(peer, 2),
            "ir_measures_does": "5 metrics of ready lists, no intervals",
            "ratio": round(ours / peer, 2),
        },
    )
