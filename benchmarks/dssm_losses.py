"""What are losses and samplers worth to two towers, all else being equal?

Takes about 45 minutes on two quiet cores. What is done is kept in `results/dssm_losses.partial.json`, so that an
interrupted run goes on where it stopped; the file is removed at the end.
"""

import json
import tomllib
from pathlib import Path
from typing import Any

from benchmarks.measuring import RESULTS, ml_1m, ml_100k, record
from matinee.data.files import write_json
from matinee.data.splits import Split, make_split
from matinee.evaluation.evaluate import evaluate
from matinee.models.neural.neural_recommender import NeuralRecommender
from matinee.models.recommender import Recommender
from matinee.models.registry import make

PARTIAL = RESULTS / "dssm_losses.partial.json"
AS_WRITTEN = Path(__file__).parents[1] / "recipes" / "dssm-as-written.toml"
BASELINES = ("random", "popularity", "item_cf", "ease")

# One protocol: the default towers, 3 negatives, the epoch chosen by NDCG@10 on validation, as many epochs for all.
ML_1M = {"training": {"epochs": 8, "patience": 2, "batch_size": 16, "learning_rate": 2e-3}}
# A tenth of the ratings, and months ahead: longer pasts, more epochs, more dropout, and what is known of people and
# movies. Chosen with the full softmax, on validation and on such splits of what lies before the test.
ML_100K = {
    "half_lives": [0.5, 4.0, 32.0, 256.0],
    "length": 200,
    "dropout": 0.5,
    "movie_features": True,
    "demographics": True,
    "training": {"epochs": 20, "patience": 6, "batch_size": 16, "learning_rate": 2e-3},
}

Settings = dict[str, Any]


def variants(samplers: tuple[str, ...]) -> dict[str, Settings]:
    """Every loss, with each of these samplers if it needs one, by the names they shall have."""
    sampled = {
        f"{loss}, {sampler}": {"loss": loss, "sampler": sampler}
        for loss in ("bce", "triplet", "sampled")
        for sampler in samplers
    }
    return sampled | {
        "in_batch, no logQ": {"loss": "in_batch", "logq": False},
        "in_batch": {"loss": "in_batch"},
        "full": {"loss": "full"},
    }


def models(towers: Settings, samplers: tuple[str, ...]) -> dict[str, tuple[str, Settings]]:
    """Name and settings of everything that is compared on one split."""
    as_written = tomllib.loads(AS_WRITTEN.read_text(encoding="utf-8"))["settings"]
    return (
        {name: (name, {}) for name in BASELINES}
        | {"dssm as written": ("dssm", as_written)}
        | {f"dssm {name}": ("dssm", towers | settings) for name, settings in variants(samplers).items()}
    )


def run() -> None:
    """NDCG@10 and HR@10 on MovieLens 1M, leave-last; recall@50 on MovieLens 100K, time:0.9."""
    leave_last = make_split(ml_1m(), "leave-last")
    by_time = make_split(ml_100k(), "time:0.9")
    everything = models(ML_1M, ("uniform", "popularity", "mixed"))
    losses = models(ML_100K, ("uniform",))
    record(
        "dssm_losses",
        "Two towers under one protocol, every loss and sampler: full-catalogue figures with 95% intervals.",
        {
            "protocol": {"ml-1m leave-last": ML_1M, "ml-100k time:0.9": ML_100K, "negatives": 3},
            "ml-1m leave-last": judged(leave_last, everything, ("ndcg@10", "hr@10"), (10,)),
            "ml-100k time:0.9": judged(by_time, losses, ("recall@50", "recall_pooled@50", "ndcg@50"), (50,)),
        },
    )
    PARTIAL.unlink(missing_ok=True)


def judged(
    split: Split, wanted: dict[str, tuple[str, Settings]], metrics: tuple[str, ...], ks: tuple[int, ...]
) -> dict[str, Any]:
    """The figures of each model on a split; those that an interrupted run left are taken from it."""
    done: dict[str, Any] = json.loads(PARTIAL.read_text(encoding="utf-8")) if PARTIAL.exists() else {}
    found: dict[str, Any] = {}
    for label, (name, settings) in wanted.items():
        key = f"{split.protocol} {split.whole.fingerprint} {label} {json.dumps(settings)}"
        if key not in done:
            done[key] = figures(label, make(name, **settings), split, metrics, ks)
            write_json(PARTIAL, done)
        found[label] = done[key]
        print(f"{split.protocol:12} {label:24} {found[label]}", flush=True)
    return found


def figures(label: str, model: Recommender, split: Split, metrics: tuple[str, ...], ks: tuple[int, ...]) -> Settings:
    """What one model reached, and what it cost."""
    (report,) = evaluate({label: model}, split, ks).models
    answer: Settings = {}
    for metric in metrics:
        figure = report.metrics[metric]
        answer[metric] = {part: round(getattr(figure, part), 4) for part in ("value", "low", "high")}
    answer["fit_seconds"] = report.fit_seconds
    if isinstance(model, NeuralRecommender):
        answer["seconds_per_epoch"] = round(model.curve[-1]["seconds"] / len(model.curve), 2)
        answer["best_epoch"] = None if model.best_epoch is None else model.best_epoch + 1
        answer["validation"] = round(max(entry["NDCG@10"] for entry in model.curve), 4)
    return answer
