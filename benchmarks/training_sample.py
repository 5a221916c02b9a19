"""How many users does a closed form need to learn from, and how many do the weights of a blend need?"""

import io
from typing import Any

import numpy as np

from benchmarks.harness import RESULTS, ml_1m, record
from matinee.data.files import write_bytes
from matinee.data.splits import Split, make_split
from matinee.evaluation.intervals import Bootstrap
from matinee.evaluation.metrics import PerUser, accuracy
from matinee.evaluation.ranking import rank_targets
from matinee.models.blend.blend import Blend
from matinee.models.recommender import Recommender
from matinee.models.registry import make

SHARES = (0.0625, 0.125, 0.25, 0.5, 1.0)
PARTS = ("slist", "ease")
WEIGHTS = "blend, its weights learned on a share"


def run() -> None:
    """Learn from random shares of the users of MovieLens 1M, leave-last, and measure NDCG@10 on all users."""
    split = make_split(ml_1m(), "leave-last")
    bootstrap = Bootstrap(len(split.tested_users), seed=0)
    order = np.random.default_rng(0).permutation(split.train.n_users)
    curves: dict[str, dict[str, Any]] = {name: {} for name in (*PARTS, WEIGHTS)}
    for share in SHARES:
        n_users = int(share * split.train.n_users)
        chosen = np.zeros(split.train.n_users, dtype=np.bool_)
        chosen[order[:n_users]] = True
        for name in PARTS:
            model = make(name).fit(split.before_test.keep(chosen[split.before_test.ratings.user]))
            curves[name][f"{share:g}"] = _figure(_ndcg(model, split), bootstrap)
        blend = make("blend", max_users=n_users).fit(split.train, split.validation)
        assert isinstance(blend, Blend)
        curves[WEIGHTS][f"{share:g}"] = _figure(_ndcg(blend, split), bootstrap)
        curves[WEIGHTS][f"weights, {share:g}"] = blend.weights.round(3).tolist()
        print(share, {name: curve[f"{share:g}"] for name, curve in curves.items()}, flush=True)
    record(
        "training_sample",
        "MovieLens 1M, leave-last: NDCG@10 and its interval by the share of users in training?",
        curves,
    )
    write_bytes(RESULTS / "training_sample.png", _plot(curves))


def _ndcg(model: Recommender, split: Split) -> PerUser:
    return accuracy(rank_targets(model, split.histories, split.targets, 10), 10)["ndcg@10"]


def _figure(values: PerUser, bootstrap: Bootstrap) -> list[float]:
    """Return the value and the ends of the 95% interval."""
    return [round(value, 4) for value in vars(bootstrap.figure(values)).values()]


def _plot(curves: dict[str, dict[str, Any]]) -> bytes:
    from matplotlib.figure import Figure as Drawing

    drawing = Drawing(figsize=(7, 4), layout="constrained")
    axes: Any = drawing.subplots()
    for name, curve in curves.items():
        middle, low, high = np.array([curve[f"{share:g}"] for share in SHARES]).T
        axes.errorbar(SHARES, middle, [middle - low, high - middle], capsize=3, marker=".", label=name)
    axes.set_xscale("log", base=2)
    axes.set_xticks(SHARES, ["1/16", "1/8", "1/4", "1/2", "all"])
    axes.set_xlabel("share of 6,040 users")
    axes.set_ylabel("NDCG@10")
    axes.set_ylim(bottom=0)
    axes.legend()
    axes.grid(alpha=0.3)
    content = io.BytesIO()
    drawing.savefig(content, format="png", dpi=120)
    return content.getvalue()
