"""What does it cost, and bring, that a movie somebody did not like pushes its like down?"""

from typing import Any

import numpy as np

from benchmarks.measuring import ml_1m, record
from matinee.data.histories import Histories
from matinee.data.splits import make_split
from matinee.evaluation.intervals import Bootstrap
from matinee.evaluation.metrics import PerUser
from matinee.models.recommender import Recommender
from matinee.models.registry import make
from matinee.pipeline.dislikes import dislike_penalty, disliked_entries
from matinee.progress import track

K = 10
SCALE = (1.0, 5.0)
STRENGTHS = (0.25, 0.5, 1.0, 2.0)  # in units of what `pushed_down` gives
LIKED, DISLIKED = 4.0, 2.0  # a target that is at least, at most so good


def run() -> None:
    """Leave-last on MovieLens 1M: are liked movies still found, and disliked ones kept off the list?

    The strength is chosen on the validation movie of each user; the test movies are looked at beside it.
    """
    split = make_split(ml_1m(), "leave-last")
    model = make("blend").fit(split.train)
    users = np.intersect1d(split.tested_users, np.unique(split.validation.ratings.user))
    validation = _judged(model, split.train.histories_of(users), split.validation.histories_of(users))
    test = _judged(model, split.histories, split.targets)
    record(
        "dislikes",
        f"MovieLens 1M, leave-last, blend: NDCG@{K} of targets of 4 stars or more, and share of targets of 2 stars or "
        f"fewer that are among the first {K}?",
        {"validation": validation, "test": test},
    )


def _judged(model: Recommender, histories: Histories, targets: Histories) -> dict[str, Any]:
    gains: dict[str, list[float]] = {}
    for one in track(range(len(histories)), "judging"):
        history = histories.block(one, one + 1)
        disliked = disliked_entries(history, SCALE)
        target = int(targets.movies[targets.offsets[one]])
        for name, standing in _standings(model, history, disliked).items():
            standing[history.movies] = -np.inf
            place = int((standing >= standing[target]).sum())
            gains.setdefault(name, []).append(1 / np.log2(place + 1) if place <= K else 0.0)
    stars = np.asarray(targets.ratings)[targets.offsets[:-1]]
    return {name: _figures(np.array(values), stars) for name, values in gains.items()}


def _standings(model: Recommender, history: Histories, disliked: np.ndarray) -> dict[str, np.ndarray]:
    def places(scores: np.ndarray) -> np.ndarray:
        standing = np.empty(len(scores))
        standing[np.argsort(-scores, kind="stable")] = -np.log(np.arange(1, len(scores) + 1))
        return standing

    usual = places(model.score(history)[0])
    without = places(model.score(history.with_gaps(disliked))[0]) if disliked.any() else usual
    push = dislike_penalty(model, history.movies[disliked], history.movies[:0])
    found = {"taken for any other rating": usual, "taken out": without}
    found |= {f"taken out, and pushing {strength:g}": without - strength * push for strength in STRENGTHS}
    found |= {f"pushing {strength:g}, not taken out": usual - strength * push for strength in STRENGTHS}
    return {name: standing.copy() for name, standing in found.items()}


def _figures(gain: np.ndarray, stars: np.ndarray) -> dict[str, Any]:
    answer: dict[str, Any] = {}
    for name, members, values in (
        ("ndcg@10 of liked", stars >= LIKED, gain),
        ("shown though disliked", stars <= DISLIKED, (gain > 0).astype(float)),
    ):
        kept = values[members]
        answer[name] = vars(Bootstrap(len(kept), seed=0).figure(PerUser(kept, np.ones(len(kept)))))
        answer[name]["targets"] = len(kept)
    return answer
