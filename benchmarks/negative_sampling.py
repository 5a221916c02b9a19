"""How long does it take to draw three negatives for each rating of MovieLens 1M?"""

import time

import numpy as np

from benchmarks.harness import fastest, ml_1m, record
from matinee.data.dataset import Dataset
from matinee.training.negatives import NegativeSampler, Strategy

NEGATIVES = 3
LOOP_RATINGS = 5_000  # ratings of the timed loop
STRATEGIES: tuple[Strategy, ...] = ("uniform", "popularity", "mixed")


def run() -> None:
    """Time each strategy, in the order of the ratings and shuffled, and a loop over ratings as in tutorials."""
    data = ml_1m()
    rng = np.random.default_rng(0)
    in_order, shuffled = data.ratings.user, rng.permutation(data.ratings.user)
    seconds: dict[str, dict[str, float]] = {}
    for strategy in STRATEGIES:
        sampler = NegativeSampler(data.histories, data.n_movies, strategy)
        seconds[strategy] = {
            "prepare": round(fastest(lambda s=strategy: NegativeSampler(data.histories, data.n_movies, s)), 3),
            "in_order": round(fastest(lambda s=sampler: s.draw(in_order, NEGATIVES, rng)), 3),
            "shuffled": round(fastest(lambda s=sampler: s.draw(shuffled, NEGATIVES, rng)), 3),
        }
    loop = _loop_seconds(data) * len(data.ratings) / LOOP_RATINGS
    slowest = max(times["prepare"] + times["shuffled"] for times in seconds.values())
    record(
        "negative_sampling",
        "Drawing 3 negatives for each rating of MovieLens 1M, never a movie of the user: seconds.",
        {
            "ratings": len(data.ratings),
            "seconds": seconds,
            "loop": f"numpy.random.choice for each rating, own movies left in: {LOOP_RATINGS:,} timed, scaled up",
            "loop_seconds": round(loop, 1),
            "ratio_to_slowest": round(loop / slowest),
        },
    )


def _loop_seconds(data: Dataset) -> float:
    """Time one call of `numpy.random.choice` on a list of movies per rating, with results appended row by row.

    Iteration over a pandas table, which makes the original even slower, is left out.
    """
    movies = np.unique(data.ratings.movie).tolist()
    pairs = list(
        zip(data.ratings.user[:LOOP_RATINGS].tolist(), data.ratings.movie[:LOOP_RATINGS].tolist(), strict=True)
    )
    rows: list[list[int]] = []
    start = time.perf_counter()
    for user, movie in pairs:
        rows.append([user, movie, 1])
        for negative in np.random.choice(movies, NEGATIVES):
            rows.append([user, negative, 0])
    return time.perf_counter() - start
