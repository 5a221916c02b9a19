"""How long does it take to draw three negatives for each rating of MovieLens 1M?"""

import time

import numpy as np

from benchmarks.measuring import fastest, ml_1m, record
from matinee.data.dataset import Dataset
from matinee.training.negatives import NegativeSampler, Strategy

NEGATIVES = 3
LOOPED = 5_000  # ratings the loop is timed on
STRATEGIES: tuple[Strategy, ...] = ("uniform", "popularity", "mixed")


def run() -> None:
    """Every strategy, in the order of the ratings and shuffled, and a loop over ratings as tutorials have it."""
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
    looped = _loop_seconds(data) * len(data.ratings) / LOOPED
    slowest = max(one["prepare"] + one["shuffled"] for one in seconds.values())
    record(
        "negative_sampling",
        "Drawing 3 negatives for each rating of MovieLens 1M, never a movie of the user's own: seconds.",
        {
            "ratings": len(data.ratings),
            "seconds": seconds,
            "loop": f"numpy.random.choice for each rating, own movies left in: {LOOPED:,} timed, scaled up",
            "loop_seconds": round(looped, 1),
            "ratio_to_slowest": round(looped / slowest),
        },
    )


def _loop_seconds(data: Dataset) -> float:
    """One call of `numpy.random.choice` on a list of the movies for each rating, its answer appended row by row.

    Walking a table row by row with pandas, which made the original slower still, is left out.
    """
    movies = np.unique(data.ratings.movie).tolist()
    pairs = list(zip(data.ratings.user[:LOOPED].tolist(), data.ratings.movie[:LOOPED].tolist(), strict=True))
    rows: list[list[int]] = []
    start = time.perf_counter()
    for user, movie in pairs:
        rows.append([user, movie, 1])
        for negative in np.random.choice(movies, NEGATIVES):
            rows.append([user, negative, 0])
    return time.perf_counter() - start
