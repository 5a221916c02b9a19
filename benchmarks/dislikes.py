"""How much does the penalty for movies similar to disliked ones help, and what does it cost?"""

from typing import Any

import numpy as np

from benchmarks.harness import ml_1m, record
from matinee.data.histories import Histories
from matinee.data.splits import make_split
from matinee.evaluation.intervals import Bootstrap
from matinee.evaluation.metrics import PerUser
from matinee.models.recommender import Recommender
from matinee.models.registry import make
from matinee.pipeline.dislikes import dislike_penalty
from matinee.pipeline.feedback_rules import disliked_entries
from matinee.progress import track

K = 10
SCALE = (1.0, 5.0)
STRENGTHS = (0.25, 0.5, 1.0, 2.0)  # factors of `dislike_penalty`
LIKED, DISLIKED = 4.0, 2.0  # ratings of liked targets from, of disliked targets up to


def run() -> None:
    """Measure on MovieLens 1M, leave-last, whether liked movies stay on the list and disliked ones leave it.

    The strength is chosen on the validation movie of each user. The test movies confirm it.
    """
    split = make_split(ml_1m(), "leave-last")
    model = make("blend").fit(split.train)
    users = np.intersect1d(split.tested_users, np.unique(split.validation.ratings.user))
    validation = _evaluate(model, split.train.histories_of(users), split.validation.histories_of(users))
    test = _evaluate(model, split.histories, split.targets)
    record(
        "dislikes",
        f"MovieLens 1M, leave-last, blend: NDCG@{K} of targets of 4 stars or more, and share of targets of 2 stars or "
        f"fewer that are among the first {K}?",
        {"validation": validation, "test": test},
    )


def _evaluate(model: Recommender, histories: Histories, targets: Histories) -> dict[str, Any]:
    gains: dict[str, list[float]] = {}
    for row in track(range(len(histories)), "evaluating"):
        history = histories.block(row, row + 1)
        disliked = disliked_entries(history, SCALE)
        target = int(targets.movies[targets.offsets[row]])
        for name, rank_score in _rank_scores(model, history, disliked).items():
            rank_score[history.movies] = -np.inf
            rank = int((rank_score >= rank_score[target]).sum())
            gains.setdefault(name, []).append(1 / np.log2(rank + 1) if rank <= K else 0.0)
    ratings = np.asarray(targets.ratings)[targets.offsets[:-1]]
    return {name: _figures(np.array(values), ratings) for name, values in gains.items()}


def _rank_scores(model: Recommender, history: Histories, disliked: np.ndarray) -> dict[str, np.ndarray]:
    def to_rank_score(scores: np.ndarray) -> np.ndarray:
        rank_score = np.empty(len(scores))
        rank_score[np.argsort(-scores, kind="stable")] = -np.log(np.arange(1, len(scores) + 1))
        return rank_score

    with_all = to_rank_score(model.score(history)[0])
    without_disliked = to_rank_score(model.score(history.with_gaps(disliked))[0]) if disliked.any() else with_all
    penalty = dislike_penalty(model, history.movies[disliked], history.movies[:0])
    variants = {"as any other rating": with_all, "left out of the history": without_disliked}
    variants |= {
        f"left out of the history, penalty {strength:g}": without_disliked - strength * penalty
        for strength in STRENGTHS
    }
    variants |= {f"in the history, penalty {strength:g}": with_all - strength * penalty for strength in STRENGTHS}
    return {name: rank_score.copy() for name, rank_score in variants.items()}


def _figures(gain: np.ndarray, ratings: np.ndarray) -> dict[str, Any]:
    results: dict[str, Any] = {}
    for name, members, values in (
        ("ndcg@10 of liked", ratings >= LIKED, gain),
        ("disliked but listed", ratings <= DISLIKED, (gain > 0).astype(float)),
    ):
        selected = values[members]
        results[name] = vars(Bootstrap(len(selected), seed=0).figure(PerUser(selected, np.ones(len(selected)))))
        results[name]["targets"] = len(selected)
    return results
