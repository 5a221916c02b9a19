"""How good is a network of a tutorial as written, fixed, and with each fix undone?"""

import tomllib
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.harness import Skipped, ml_1m, record
from matinee.data.dataset import Dataset
from matinee.data.splits import Split, make_split
from matinee.evaluation.evaluate import evaluate
from matinee.features.posters import read_posters
from matinee.models.recommender import Recommender
from matinee.models.registry import make

RECIPES = Path(__file__).parents[1] / "recipes"
PROTOCOL = "random:0.1"

FIXES_UNDONE: dict[str, dict[str, Any]] = {
    "random convolutions, not trained": {"convolutions": "random"},
    "dropout while scoring": {"dropout_at_scoring": True},
    "one normalisation for six features": {"shared_batch_norm": True},
    "no biases": {"biases": False},
    "not bounded to the scale": {"bounded": False},
    "embeddings initialised as in PyTorch": {"init_std": 1.0},
}


def run() -> None:
    """Evaluate the networks on a random tenth of MovieLens 1M, those with posters only if there are posters."""
    data = ml_1m()
    _text_cnn(make_split(data, PROTOCOL))
    _poster_towers(data)


def _text_cnn(split: Split) -> None:
    models = {"bias": make("bias"), "text_cnn, fixed": make("text_cnn"), "text_cnn, as written": _recipe("text_cnn")}
    models |= {f"fixed, but {name}": make("text_cnn", **settings) for name, settings in FIXES_UNDONE.items()}
    record(
        "text_cnn",
        "MovieLens 1M, a random tenth of the ratings: text_cnn as written, fixed, and with each fix undone?",
        {"split": f"{PROTOCOL}, seed 0", "models": _evaluate(models, split)},
    )


def _poster_towers(data: Dataset) -> None:
    if data.posters is None:
        raise Skipped("the part on poster_towers needs a folder posters/ in the data, with <movie_id>.jpg")
    posters = read_posters(data.movies, data.posters)
    with_posters = data.keep(posters.has_poster[data.ratings.movie])
    models = {
        "bias": make("bias"),
        "poster_towers, posters embedded": make("poster_towers"),
        "poster_towers, no poster": make("poster_towers", poster="none"),
        "poster_towers, posters by convolutions": make("poster_towers", poster="cnn"),
        "poster_towers, as written": _recipe("poster_towers"),
    }
    record(
        "poster_towers",
        "MovieLens 1M, only the ratings of movies with posters, a random tenth of them: how good is poster_towers?",
        {
            "split": f"{PROTOCOL}, seed 0, of the ratings of movies that have a poster",
            "movies_with_posters": int(np.count_nonzero(posters.has_poster)),
            "movies_without": posters.missing,
            "broken_posters": len(posters.broken),
            "ratings_with_posters": len(with_posters.ratings),
            "ratings_without_posters": len(data.ratings) - len(with_posters.ratings),
            "models": _evaluate(models, make_split(with_posters, PROTOCOL)),
        },
    )


def _recipe(model: str) -> Recommender:
    content = tomllib.loads((RECIPES / f"{model}-as-written.toml").read_text(encoding="utf-8"))
    return make(model, **content["settings"])


def _evaluate(models: dict[str, Recommender], split: Split) -> dict[str, Any]:
    report = evaluate(models, split, ks=[10])
    results: dict[str, Any] = {}
    for model_report in report.models:
        rmse, mae = (model_report.metrics[name] for name in ("rmse", "mae"))
        results[model_report.name] = {
            "rmse": [round(rmse.value, 4), round(rmse.low, 4), round(rmse.high, 4)],
            "mae": [round(mae.value, 4), round(mae.low, 4), round(mae.high, 4)],
            "fit_seconds": round(model_report.fit_seconds, 1),
            "epochs": len(models[model_report.name].curve),
            "settings": model_report.settings,
        }
    return results
