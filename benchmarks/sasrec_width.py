"""Is a wider transformer better, alone and in a blend? On the validation movies of MovieLens 1M.

All parts learn from the ratings before them. Each half of the users is ranked by a blend whose weights were learned on
the other half.
"""

import os
import tempfile
import tomllib
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.harness import ml_1m, record
from matinee.arrays import Scores
from matinee.data.splits import make_split
from matinee.evaluation.intervals import Bootstrap
from matinee.evaluation.metrics import PerUser
from matinee.index.ranks import ranks_against_ties
from matinee.models.blend.blend import Blend
from matinee.models.blend.blend_weights import learn_weights

RECIPE = Path(__file__).parent.parent / "recipes" / "blend-with-sasrec-ml-1m.toml"
NARROW = {"embedding_dim": 64, "heads": 1, "dropout": 0.1}
BLENDS = {"no network": [], "64 wide": [3], "128 wide": [4], "both": [3, 4]}  # beside the three closed forms


def run() -> None:
    """Train for about an hour and evaluate. `$MATINEE_CHECKPOINTS` names a folder for checkpoints."""
    split = make_split(ml_1m(), "leave-last")
    train, validation = split.train, split.validation
    histories, targets = train.histories_of(validation.ratings.user), validation.ratings.movie
    *closed, wide = tomllib.loads(RECIPE.read_text(encoding="utf-8"))["settings"]["parts"]
    configs = [*closed, wide | {"settings": wide["settings"] | NARROW}, wide]
    parts = Blend(parts=configs).parts
    with tempfile.TemporaryDirectory() as temporary:
        for part in parts:
            part.keep_checkpoints(Path(os.environ.get("MATINEE_CHECKPOINTS", temporary)))
            part.fit(train, validation if part.uses_validation else None)
    scores = [
        np.concatenate([part.score(histories.block(start, start + 512)) for start in range(0, len(targets), 512)])
        for part in parts
    ]
    logs = [part.log_scores for part in parts]
    in_one_half = np.random.default_rng(0).permutation(len(targets)) % 2 == 0

    def blend_scores(indices: list[int]) -> Scores:
        joined = np.empty_like(scores[0])
        blend = Blend(parts=[configs[index] for index in indices])
        for learning in (in_one_half, ~in_one_half):
            learn_rows = np.flatnonzero(learning)
            past = train.histories_of(validation.ratings.user[learn_rows])
            part_scores = [scores[index][learn_rows] for index in indices]
            blend.weights, blend.floors = learn_weights(
                part_scores, past, targets[learn_rows], [logs[index] for index in indices]
            )
            joined[~learning] = blend.combine([scores[index][~learning] for index in indices])
        return joined

    bootstrap = Bootstrap(len(targets), seed=0)

    def figure(total: Scores) -> dict[str, float]:
        total = total.copy()
        total[histories.owner, histories.movies] = -np.inf
        ranks, _ = ranks_against_ties(total, np.arange(len(targets) + 1), targets)
        gain = np.where(ranks <= 10, 1 / np.log2(ranks + 1), 0.0)  # NDCG@10 of one target
        return vars(bootstrap.figure(PerUser(gain, np.ones(len(gain)))))

    alone = {"64 wide": 3, "128 wide": 4}
    results: dict[str, Any] = {
        "seconds of training": {name: round(parts[index].curve[-1]["seconds"]) for name, index in alone.items()},
        "alone": {name: figure(scores[index]) for name, index in alone.items()},
        "blended with three closed forms": {
            name: figure(blend_scores([0, 1, 2, *networks])) for name, networks in BLENDS.items()
        },
    }
    record(
        "sasrec_width", "MovieLens 1M, NDCG@10 of the validation movies: what does a wider transformer add?", results
    )
