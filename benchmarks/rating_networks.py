"""What is a network of a tutorial worth as it was written, mended, and with each mend undone?"""

import tomllib
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measuring import Skipped, ml_1m, record
from matinee.data.dataset import Dataset
from matinee.data.splits import Split, make_split
from matinee.evaluation.evaluate import evaluate
from matinee.features.posters import read_posters
from matinee.models.recommender import Recommender
from matinee.models.registry import make

RECIPES = Path(__file__).parents[1] / "recipes"
PROTOCOL = "random:0.1"

MENDS_UNDONE: dict[str, dict[str, Any]] = {
    "convolutions at random, never trained": {"convolutions": "random"},
    "dropout on while scoring": {"dropout_at_scoring": True},
    "one normalisation shared by six features": {"shared_batch_norm": True},
    "no biases": {"biases": False},
    "not kept in the scale": {"bounded": False},
    "embeddings that start as wide as PyTorch makes them": {"start": 1.0},
}


def run() -> None:
    """Judge the networks on MovieLens 1M, a random tenth of the ratings, and those of posters where there are any."""
    data = ml_1m()
    _text_cnn(make_split(data, PROTOCOL))
    _poster_towers(data)


def _text_cnn(split: Split) -> None:
    models = {"bias": make("bias"), "text_cnn, mended": make("text_cnn"), "text_cnn, as written": _recipe("text_cnn")}
    models |= {f"mended, but {name}": make("text_cnn", **settings) for name, settings in MENDS_UNDONE.items()}
    record(
        "text_cnn",
        "MovieLens 1M, a random tenth of the ratings: text_cnn as written, mended, and with each mend undone?",
        {"split": f"{PROTOCOL}, seed 0", "models": _judged(models, split)},
    )


def _poster_towers(data: Dataset) -> None:
    if data.posters is None:
        raise Skipped("the part on poster_towers needs a folder posters/ in the data, with <movie_id>.jpg")
    posters = read_posters(data.movies, data.posters)
    pictured = data.keep(posters.known[data.ratings.movie])
    models = {
        "bias": make("bias"),
        "poster_towers, posters described": make("poster_towers"),
        "poster_towers, no poster": make("poster_towers", poster="none"),
        "poster_towers, posters by convolutions": make("poster_towers", poster="cnn"),
        "poster_towers, as written": _recipe("poster_towers"),
    }
    record(
        "poster_towers",
        "MovieLens 1M, only the ratings of movies with posters, a random tenth of them: what is poster_towers worth?",
        {
            "split": f"{PROTOCOL}, seed 0, of the ratings of movies that have a poster",
            "movies_with_posters": int(np.count_nonzero(posters.known)),
            "movies_without": posters.missing,
            "broken_posters": len(posters.broken),
            "ratings_kept": len(pictured.ratings),
            "ratings_left_out": len(data.ratings) - len(pictured.ratings),
            "models": _judged(models, make_split(pictured, PROTOCOL)),
        },
    )


def _recipe(model: str) -> Recommender:
    content = tomllib.loads((RECIPES / f"{model}-as-written.toml").read_text(encoding="utf-8"))
    return make(model, **content["settings"])


def _judged(models: dict[str, Recommender], split: Split) -> dict[str, Any]:
    report = evaluate(models, split, ks=[10])
    found: dict[str, Any] = {}
    for judged in report.models:
        rmse, mae = (judged.metrics[name] for name in ("rmse", "mae"))
        found[judged.name] = {
            "rmse": [round(rmse.value, 4), round(rmse.low, 4), round(rmse.high, 4)],
            "mae": [round(mae.value, 4), round(mae.low, 4), round(mae.high, 4)],
            "fit_seconds": round(judged.fit_seconds, 1),
            "epochs": len(models[judged.name].curve),
            "settings": judged.settings,
        }
    return found
