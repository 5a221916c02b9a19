"""How do losses and samplers compare for a two-tower model, all else being equal?

Takes about 45 minutes on two idle cores. Finished models are saved in `results/dssm_losses.partial.json`, so that an
interrupted run continues where it stopped. The file is removed at the end.
"""

import json
import tomllib
from pathlib import Path
from typing import Any

from benchmarks.harness import RESULTS, ml_1m, ml_100k, record
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
ML_1M = {"training": {"epochs": 8, "patience": 2, "batch_size": 16, "lr": 2e-3}}
# A tenth of the ratings and a split by time: longer histories, more epochs, more dropout, and features of users and
# movies. Chosen with the full softmax, on validation and on similar splits of the time before the test.
ML_100K = {
    "half_lives": [0.5, 4.0, 32.0, 256.0],
    "max_length": 200,
    "dropout": 0.5,
    "movie_features": True,
    "demographics": True,
    "training": {"epochs": 20, "patience": 6, "batch_size": 16, "lr": 2e-3},
}

Settings = dict[str, Any]


def variants(samplers: tuple[str, ...]) -> dict[str, Settings]:
    """Return settings for each loss, with each of these samplers if it needs one, by name."""
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
    """Return the models compared on one split: name and settings by label."""
    as_written = tomllib.loads(AS_WRITTEN.read_text(encoding="utf-8"))["settings"]
    return (
        {name: (name, {}) for name in BASELINES}
        | {"dssm as written": ("dssm", as_written)}
        | {f"dssm {name}": ("dssm", towers | settings) for name, settings in variants(samplers).items()}
    )


def run() -> None:
    """Measure NDCG@10 and HR@10 on MovieLens 1M, leave-last, and recall@50 on MovieLens 100K, time:0.9."""
    leave_last = make_split(ml_1m(), "leave-last")
    by_time = make_split(ml_100k(), "time:0.9")
    all_variants = models(ML_1M, ("uniform", "popularity", "mixed"))
    losses = models(ML_100K, ("uniform",))
    record(
        "dssm_losses",
        "Two towers under one protocol, every loss and sampler: full-catalogue figures with 95% intervals.",
        {
            "protocol": {"ml-1m leave-last": ML_1M, "ml-100k time:0.9": ML_100K, "negatives": 3},
            "ml-1m leave-last": evaluate_models(leave_last, all_variants, ("ndcg@10", "hr@10"), (10,)),
            "ml-100k time:0.9": evaluate_models(by_time, losses, ("recall@50", "recall_pooled@50", "ndcg@50"), (50,)),
        },
    )
    PARTIAL.unlink(missing_ok=True)


def evaluate_models(
    split: Split, models_by_label: dict[str, tuple[str, Settings]], metrics: tuple[str, ...], ks: tuple[int, ...]
) -> dict[str, Any]:
    """Evaluate each model on a split. Results of an interrupted run are reused."""
    saved: dict[str, Any] = json.loads(PARTIAL.read_text(encoding="utf-8")) if PARTIAL.exists() else {}
    results: dict[str, Any] = {}
    for label, (name, settings) in models_by_label.items():
        key = f"{split.protocol} {split.whole.fingerprint} {label} {json.dumps(settings)}"
        if key not in saved:
            saved[key] = evaluate_model(label, make(name, **settings), split, metrics, ks)
            write_json(PARTIAL, saved)
        results[label] = saved[key]
        print(f"{split.protocol:12} {label:24} {results[label]}", flush=True)
    return results


def evaluate_model(
    label: str, model: Recommender, split: Split, metrics: tuple[str, ...], ks: tuple[int, ...]
) -> Settings:
    """Return the figures and costs of one model."""
    (report,) = evaluate({label: model}, split, ks).models
    results: Settings = {}
    for metric in metrics:
        figure = report.metrics[metric]
        results[metric] = {part: round(getattr(figure, part), 4) for part in ("value", "low", "high")}
    results["fit_seconds"] = report.fit_seconds
    if isinstance(model, NeuralRecommender):
        results["seconds_per_epoch"] = round(model.curve[-1]["seconds"] / len(model.curve), 2)
        results["best_epoch"] = None if model.best_epoch is None else model.best_epoch + 1
        results["validation"] = round(max(entry["NDCG@10"] for entry in model.curve), 4)
    return results
