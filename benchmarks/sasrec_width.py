"""Is a wider transformer worth its time, alone and in a blend? MovieLens 1M, by the validation movies alone.

All parts learn from the ratings before them. Each half of the people is ranked by a blend whose weights were learned on
the other half.
"""

import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.measuring import ml_1m, record
from matinee.data.splits import make_split
from matinee.evaluation.intervals import Bootstrap
from matinee.evaluation.metrics import PerUser
from matinee.models.blend import Blend
from matinee.models.experts import learn_weights
from matinee.models.recommender import Scores

TRAINING = {"epochs": 60, "patience": 60, "batch_size": 128, "schedule": "cosine", "warmup_steps": 50}
CLOSED = [{"model": "slist"}, {"model": "ease", "settings": {"half_life": 4.0}}, {"model": "ease"}]
WIDTHS = {
    "64 wide": {"width": 64, "heads": 1, "dropout": 0.1},
    "128 wide": {"width": 128, "heads": 2, "dropout": 0.2},
}
BLENDS = {"no network": [], "64 wide": [3], "128 wide": [4], "both": [3, 4]}  # beside the three closed forms


def run() -> None:
    """Train for an hour or so and judge; `$MATINEE_CHECKPOINTS` names a folder that keeps what is trained."""
    split = make_split(ml_1m(), "leave-last")
    train, validation = split.train, split.validation
    histories, targets = train.histories_of(validation.ratings.user), validation.ratings.movie
    networks = [{"model": "sasrec", "settings": {**sizes, "training": TRAINING}} for sizes in WIDTHS.values()]
    parts = Blend(parts=[*CLOSED, *networks]).parts
    with tempfile.TemporaryDirectory() as temporary:
        for part in parts:
            part.keep_checkpoints(Path(os.environ.get("MATINEE_CHECKPOINTS", temporary)))
            part.fit(train, validation if part.chooses else None)
    scores = [
        np.concatenate([part.score(histories.block(start, start + 512)) for start in range(0, len(targets), 512)])
        for part in parts
    ]
    logs = [part.log_scores for part in parts]
    in_one_half = np.random.default_rng(0).permutation(len(targets)) % 2 == 0

    def blended(chosen: list[int]) -> Scores:
        joined = np.empty_like(scores[0])
        blend = Blend(parts=[[*CLOSED, *networks][one] for one in chosen])
        for learning in (in_one_half, ~in_one_half):
            people = np.flatnonzero(learning)
            past = train.histories_of(validation.ratings.user[people])
            some = [scores[one][people] for one in chosen]
            blend.weights, blend.floors = learn_weights(some, past, targets[people], [logs[one] for one in chosen])
            joined[~learning] = blend.join([scores[one][~learning] for one in chosen])
        return joined

    bootstrap = Bootstrap(len(targets), seed=0)

    def figure(total: Scores) -> dict[str, float]:
        gain = _gain(total.copy(), histories.owner, histories.movies, targets)
        return vars(bootstrap.figure(PerUser(gain, np.ones(len(gain)))))

    answer: dict[str, Any] = {
        "alone": {name: figure(scores[3 + number]) for number, name in enumerate(WIDTHS)},
        "blended with three closed forms": {
            name: figure(blended([0, 1, 2, *networks_of])) for name, networks_of in BLENDS.items()
        },
    }
    record("sasrec_width", "MovieLens 1M, NDCG@10 of the validation movies: what does a wider transformer add?", answer)


def _gain(
    scores: Scores, owner: npt.NDArray[np.int64], seen: npt.NDArray[np.int32], targets: npt.NDArray[np.int32]
) -> npt.NDArray[np.float64]:
    """NDCG@10 of one movie each, what was seen before it left out, ties counted against it: (people,)."""
    own = scores[np.arange(len(targets)), targets]
    scores[owner, seen] = -np.inf
    ranks = (scores >= own[:, None]).sum(1)
    return np.where(ranks <= 10, 1 / np.log2(ranks + 1), 0.0)
