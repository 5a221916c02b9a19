"""All models by name, one line each.

A model's file is imported when the model is first used, so that PyTorch is needed for networks only.
"""

from importlib import import_module
from typing import Any

from rapidfuzz import process

from matinee.errors import NotFoundError
from matinee.models.recommender import Recommender

MODELS = {  # name -> module in this package and class in it
    "random": "baselines.random:Random",
    "popularity": "baselines.popularity:Popularity",
    "bias": "baselines.bias:Bias",
    "item_cf": "linear.item_cf:ItemCF",
    "tfidf": "linear.tfidf:TfIdf",
    "ease": "linear.ease:Ease",
    "slist": "linear.slist:Slist",
    "bayes_mf": "bayesian.bayes_mf:BayesMF",
    "text_cnn": "neural.text_cnn:TextCNN",
    "poster_towers": "neural.poster_towers:PosterTowers",
    "dssm": "neural.dssm:DSSM",
    "hybrid": "neural.hybrid:Hybrid",
    "sasrec": "neural.sasrec:SASRec",
    "blend": "blend.blend:Blend",
}

_DEEP_LIBRARIES = {"torch": "PyTorch", "sklearn": "scikit-learn", "PIL": "Pillow"}  # module -> name of the library


def model_class(name: str) -> type[Recommender]:
    """Return the class of a registered model.

    Raises `NotFoundError` for an unknown name, with the most similar name and all names, and for a network if PyTorch
    or another library that it needs is not installed.
    """
    if name not in MODELS:
        most_similar = process.extractOne(name, MODELS.keys(), score_cutoff=60)
        hint = f" Did you mean '{most_similar[0]}'?" if most_similar else ""
        raise NotFoundError(f"No model is called '{name}'.{hint} The models are {', '.join(MODELS)}.")
    file, _, attribute = MODELS[name].partition(":")
    try:
        return getattr(import_module(f"matinee.models.{file}"), attribute)
    except ModuleNotFoundError as missing:
        if missing.name not in _DEEP_LIBRARIES:
            raise
        library = _DEEP_LIBRARIES[missing.name]
        raise NotFoundError(
            f"{name} needs {library}, which is not installed. Run: pip install 'matinee[deep]'"
        ) from missing


def make(name: str, **settings: Any) -> Recommender:
    """Make an unfitted model with these settings. Raises `ConfigError` and `NotFoundError`."""
    return model_class(name)(**settings)
