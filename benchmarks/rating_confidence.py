"""Is the confidence of predicted ratings calibrated: how often is the error at most one star, as predicted?"""

import numpy as np

from benchmarks.harness import ml_100k, record
from matinee.arrays import AnyFloats, Mask
from matinee.data.splits import make_split
from matinee.models.bayesian.bayes_mf import BayesMF
from matinee.pipeline.explain.rating_confidence import chance_within_a_star

PARTS = 5


def run() -> None:
    """Fit `bayes_mf` on 90% of MovieLens 100K and evaluate the rest in five parts, the least certain first."""
    split = make_split(ml_100k(), "random:0.1")
    before_test = split.before_test
    model = BayesMF().fit(before_test)
    users = np.unique(split.test.ratings.user)
    predicted: list[AnyFloats] = []
    correct: list[Mask] = []
    for user in users.tolist():
        test_ratings = split.test.ratings.keep(split.test.ratings.user == user)
        history = before_test.histories_of(np.array([user], dtype=np.int32))
        predicted.append(chance_within_a_star(model.predictive_std(history, test_ratings.movie)[0]))
        correct.append(np.abs(model.score(history)[0, test_ratings.movie] - test_ratings.rating) <= 1)
    chance, within = np.concatenate(predicted), np.concatenate(correct)
    parts = np.array_split(np.argsort(chance, kind="stable"), PARTS)
    record(
        "rating_confidence",
        "MovieLens 100K, a random tenth held out: how often is the error at most one "
        "star, and how often was it predicted to be?",
        {
            "ratings": len(chance),
            "predicted": round(float(chance.mean()), 3),
            "observed": round(float(within.mean()), 3),
            "by confidence": [
                {
                    "from": round(float(chance[part].min()), 3),
                    "to": round(float(chance[part].max()), 3),
                    "predicted": round(float(chance[part].mean()), 3),
                    "observed": round(float(within[part].mean()), 3),
                }
                for part in parts
            ],
        },
    )
