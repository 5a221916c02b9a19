"""Are predicted stars as sure as they say: of those with so much chance to be within a star, how many are?"""

import numpy as np
import numpy.typing as npt

from benchmarks.measuring import ml_100k, record
from matinee.data.splits import make_split
from matinee.models.bayesian.bayes_mf import BayesMF
from matinee.pipeline.explain.rating_confidence import chance_within_a_star

PARTS = 5


def run() -> None:
    """`bayes_mf` on nine tenths of MovieLens 100K; the rest is judged in five parts, the least sure first."""
    split = make_split(ml_100k(), "random:0.1")
    known = split.known
    model = BayesMF().fit(known)
    users = np.unique(split.test.ratings.user)
    said: list[npt.NDArray[np.floating]] = []
    held: list[npt.NDArray[np.bool_]] = []
    for user in users.tolist():
        mine = split.test.ratings.keep(split.test.ratings.user == user)
        history = known.histories_of(np.array([user], dtype=np.int32))
        said.append(chance_within_a_star(model.predictive_std(history, mine.movie)[0]))
        held.append(np.abs(model.score(history)[0, mine.movie] - mine.rating) <= 1)
    chance, within = np.concatenate(said), np.concatenate(held)
    parts = np.array_split(np.argsort(chance, kind="stable"), PARTS)
    record(
        "star_sureness",
        "MovieLens 100K, a random tenth held out: of the ratings whose predicted stars have so much chance to be "
        "within one star, how many are?",
        {
            "ratings": len(chance),
            "said": round(float(chance.mean()), 3),
            "were": round(float(within.mean()), 3),
            "by sureness": [
                {
                    "from": round(float(chance[part].min()), 3),
                    "to": round(float(chance[part].max()), 3),
                    "said": round(float(chance[part].mean()), 3),
                    "were": round(float(within[part].mean()), 3),
                }
                for part in parts
            ],
        },
    )
