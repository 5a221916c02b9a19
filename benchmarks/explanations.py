"""Are the reasons true? Remove the movie in the first reason from the history and score again."""

import os
import tempfile
import tomllib
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.harness import ml_1m, record
from matinee.data.histories import Histories
from matinee.data.splits import make_split
from matinee.index.top import top_rows
from matinee.models.linear.linear_recommender import LinearRecommender
from matinee.models.recommender import Recommender
from matinee.models.registry import make
from matinee.pipeline.explain.reasons import find_reasons

RECIPES = Path(__file__).parents[1] / "recipes"
RECOMMENDED = 1000
LIST_LENGTH = 10  # a recommendation is drawn from such a list
MODELS: dict[str, dict[str, Any]] = {
    "item_cf": {},
    "ease": {},
    "slist": {},
    "blend": {},
    "bayes_mf": {},
    "dssm": {},
    "hybrid": {},
}


def run() -> None:
    """Score 1,000 recommendations of each model on MovieLens 1M without their first reason.

    `$MATINEE_CHECKPOINTS` may name a folder with the `sasrec` trained by `deep_leave_last`.
    """
    split = make_split(ml_1m(), "leave-last")
    results: dict[str, Any] = {}
    models: dict[str, Recommender] = {name: make(name, **settings) for name, settings in MODELS.items()}
    sasrec = tomllib.loads((RECIPES / "sasrec-ml-1m.toml").read_text(encoding="utf-8"))["settings"]
    models["sasrec"] = make("sasrec", **sasrec)
    with tempfile.TemporaryDirectory() as temporary:
        for name, model in models.items():
            model.keep_checkpoints(Path(os.environ.get("MATINEE_CHECKPOINTS", temporary)))
            model.fit(split.train, split.validation)
            results[name] = _check_reasons(model, split.histories, split.before_test.movies)
            print(name, results[name], flush=True)
    record(
        "explanations",
        f"{RECOMMENDED:,} recommendations, MovieLens 1M: does the score fall without the movie in the first reason?",
        results,
    )


def _check_reasons(model: Recommender, histories: Histories, catalogue: Any) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    with_movie = falls = without_movie = 0
    max_error = 0.0
    for row in rng.integers(0, len(histories), RECOMMENDED).tolist():
        history = histories.block(row, row + 1)
        scores = model.score(history)
        scores[0, history.movies] = -np.inf
        movie = top_rows(scores, LIST_LENGTH)[0, rng.integers(0, LIST_LENGTH)]
        first = find_reasons(model, history, np.array([movie], dtype=np.int32), catalogue)[0][0]
        if first.kind not in ("liked", "watched"):
            without_movie += 1
            continue
        with_movie += 1
        score_without = model.score(history.with_gaps(history.movies == first.movies[0]))[0, movie]
        falls += bool(score_without < scores[0, movie])
        if isinstance(model, LinearRecommender):
            entries = np.arange(len(history.movies))
            total = model.contributions(history, entries, np.array([movie], dtype=np.int32)).sum(dtype=np.float64)
            max_error = max(max_error, abs(float(total) - float(model.score(history)[0, movie])))
    counts: dict[str, Any] = {
        "first_reason_is_a_movie": with_movie,
        "score_falls_without_it": falls,
        "first_reason_is_no_movie": without_movie,
    }
    if isinstance(model, LinearRecommender):
        counts["max_difference_of_contributions_and_score"] = max_error
    return counts
