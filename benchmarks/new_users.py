"""Are recommendations for new users as good as for users in the training data?"""

from dataclasses import replace

import numpy as np

from benchmarks.harness import ml_1m, record
from matinee.data.dataset import Dataset
from matinee.data.splits import Split, make_split
from matinee.evaluation.intervals import Bootstrap
from matinee.evaluation.metrics import accuracy
from matinee.evaluation.ranking import rank_targets
from matinee.models.registry import make

K = 10
HELD_OUT = 0.1  # share of users, with all their ratings
PARTS = {"slist": {}, "ease, half-life 4": {"half_life": 4.0}, "ease": {}, "blend": {}}


def run() -> None:
    """Evaluate a tenth of the users of MovieLens 1M with models trained with and without them."""
    data = ml_1m()
    split = make_split(data, "leave-last")
    rng = np.random.default_rng(0)
    held_out = np.zeros(data.n_users, dtype=bool)
    held_out[rng.choice(data.n_users, round(HELD_OUT * data.n_users), replace=False)] = True
    tested = np.flatnonzero(held_out[split.tested_users])
    bootstrap = Bootstrap(len(tested), seed=0)
    results: dict[str, object] = {}
    for name, settings in PARTS.items():
        gains = {}
        for in_training in (True, False):
            model = make(name.split(",")[0], **settings)
            train, validation = split.train, split.validation
            if not in_training:
                train, validation = _without(train, held_out), _without(validation, held_out)
            model.fit(train, validation)
            past, targets = _test_histories(split, tested)
            gains[in_training] = accuracy(rank_targets(model, past, targets, K), K)[f"ndcg@{K}"]
        trained, untrained = (bootstrap.figure(gains[in_training]) for in_training in (True, False))
        results[name] = {
            "in training": vars(trained),
            "never in training": vars(untrained),
            "difference": vars(bootstrap.difference(gains[False], gains[True])),
            "ratio": round(untrained.value / trained.value, 4),
        }
        print(name, results[name], flush=True)
    record(
        "new_users",
        f"MovieLens 1M, leave-last, NDCG@{K} of {len(tested)} users: with them in training, and held out?",
        results,
    )


def _without(data: Dataset, held_out: np.ndarray) -> Dataset:
    return replace(data.keep(~held_out[data.ratings.user]), anonymous=True)


def _test_histories(split: Split, tested: np.ndarray) -> tuple:
    """Return histories and targets of some of the test users, who are anonymous."""
    users = split.tested_users[tested]
    before_test = replace(split.before_test, anonymous=True)
    return before_test.histories_of(users), split.test.histories_of(users)
