"""Are the reasons true? A movie named as the first reason is taken out, and the model asked again."""

import os
import tempfile
import tomllib
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measuring import ml_1m, record
from matinee.data.histories import Histories
from matinee.data.splits import make_split
from matinee.index.top import top_rows
from matinee.models.linear.linear_recommender import LinearRecommender
from matinee.models.recommender import Recommender
from matinee.models.registry import make
from matinee.pipeline.explain.reasons import reasons

RECIPES = Path(__file__).parents[1] / "recipes"
RECOMMENDED = 1000
PLACES = 10  # of the list a recommendation is drawn from
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
    """1,000 recommendations to random users of MovieLens 1M by each model, refolded without their first reason.

    `$MATINEE_CHECKPOINTS` may name a folder where `deep_leave_last` has left a trained `sasrec`.
    """
    split = make_split(ml_1m(), "leave-last")
    answer: dict[str, Any] = {}
    models: dict[str, Recommender] = {name: make(name, **settings) for name, settings in MODELS.items()}
    sasrec = tomllib.loads((RECIPES / "sasrec-ml-1m.toml").read_text(encoding="utf-8"))["settings"]
    models["sasrec"] = make("sasrec", **sasrec)
    with tempfile.TemporaryDirectory() as temporary:
        for name, model in models.items():
            model.keep_checkpoints(Path(os.environ.get("MATINEE_CHECKPOINTS", temporary)))
            model.fit(split.train, split.validation)
            answer[name] = _judged(model, split.histories, split.known.movies)
            print(name, answer[name], flush=True)
    record(
        "explanations",
        f"{RECOMMENDED:,} recommendations, MovieLens 1M: does the score fall without the movie named as first reason?",
        answer,
    )


def _judged(model: Recommender, histories: Histories, catalogue: Any) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    named = fell = unnamed = 0
    worst = 0.0
    for one in rng.integers(0, len(histories), RECOMMENDED).tolist():
        history = histories.block(one, one + 1)
        scores = model.score(history)
        scores[0, history.movies] = -np.inf
        movie = top_rows(scores, PLACES)[0, rng.integers(0, PLACES)]
        first = reasons(model, history, np.array([movie], dtype=np.int32), catalogue)[0][0]
        if first.kind not in ("liked", "watched"):
            unnamed += 1
            continue
        named += 1
        without = model.score(history.with_gaps(history.movies == first.movies[0]))[0, movie]
        fell += bool(without < scores[0, movie])
        if isinstance(model, LinearRecommender):
            entries = np.arange(len(history.movies))
            added = model.contributions(history, entries, np.array([movie], dtype=np.int32)).sum(dtype=np.float64)
            worst = max(worst, abs(float(added) - float(model.score(history)[0, movie])))
    told: dict[str, Any] = {"first_reason_is_a_movie": named, "score_fell_without_it": fell, "no_movie_named": unnamed}
    if isinstance(model, LinearRecommender):
        told["contributions_less_score_at_most"] = worst
    return told
