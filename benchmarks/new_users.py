"""Is somebody who was never in training served as well as somebody who was?"""

from dataclasses import replace

import numpy as np

from benchmarks.measuring import ml_1m, record
from matinee.data.dataset import Dataset
from matinee.data.splits import Split, make_split
from matinee.evaluation.intervals import Bootstrap
from matinee.evaluation.metrics import accuracy
from matinee.evaluation.ranking import rank_targets
from matinee.models.registry import make

K = 10
STRANGERS = 0.1  # of the users, held out whole
PARTS = {"slist": {}, "ease, half-life 4": {"half_life": 4.0}, "ease": {}, "blend": {}}


def run() -> None:
    """Leave-last on MovieLens 1M for a tenth of the users, with models that met them in training and that did not."""
    data = ml_1m()
    split = make_split(data, "leave-last")
    rng = np.random.default_rng(0)
    strangers = np.zeros(data.n_users, dtype=bool)
    strangers[rng.choice(data.n_users, round(STRANGERS * data.n_users), replace=False)] = True
    tested = np.flatnonzero(strangers[split.tested_users])
    bootstrap = Bootstrap(len(tested), seed=0)
    answer: dict[str, object] = {}
    for name, settings in PARTS.items():
        gains = {}
        for known in (True, False):
            model = make(name.split(",")[0], **settings)
            train, validation = split.train, split.validation
            if not known:
                train, validation = _without(train, strangers), _without(validation, strangers)
            model.fit(train, validation)
            past, targets = _some(split, tested)
            gains[known] = accuracy(rank_targets(model, past, targets, K), K)[f"ndcg@{K}"]
        met, unmet = (bootstrap.figure(gains[known]) for known in (True, False))
        answer[name] = {
            "in training": vars(met),
            "never in training": vars(unmet),
            "difference": vars(bootstrap.difference(gains[False], gains[True])),
            "ratio": round(unmet.value / met.value, 4),
        }
        print(name, answer[name], flush=True)
    record(
        "new_users",
        f"MovieLens 1M, leave-last, NDCG@{K} of {len(tested)} users: with them in training, and held out whole?",
        answer,
    )


def _without(data: Dataset, strangers: np.ndarray) -> Dataset:
    return replace(data.keep(~strangers[data.ratings.user]), strangers=True)


def _some(split: Split, tested: np.ndarray) -> tuple:
    """Histories, as strangers', and targets of some of the tested users."""
    users = split.tested_users[tested]
    known = replace(split.known, strangers=True)
    return known.histories_of(users), split.test.histories_of(users)
