"""Every model by name: one line each.

A model's file is imported when the model is asked for, so that nobody needs PyTorch, or waits for it, who
asks for no deep model.
"""

from importlib import import_module
from typing import Any

from rapidfuzz import process

from matinee.errors import NotFoundError
from matinee.models.recommender import Recommender

MODELS = {  # name -> module in this folder and class in it
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

_OF_DEEP_MODELS = {"torch": "PyTorch", "sklearn": "scikit-learn", "PIL": "Pillow"}  # module -> what people call it


def model_class(name: str) -> type[Recommender]:
    """The class of a registered model.

    Raises `NotFoundError` for an unknown name, with the nearest and all that there are, and for a deep model
    where PyTorch or another library of theirs is not installed.
    """
    if name not in MODELS:
        nearest = process.extractOne(name, MODELS.keys(), score_cutoff=60)
        hint = f"did you mean '{nearest[0]}'? " if nearest else ""
        raise NotFoundError(f"no model is called '{name}'; {hint}the models are {', '.join(MODELS)}")
    file, _, attribute = MODELS[name].partition(":")
    try:
        return getattr(import_module(f"matinee.models.{file}"), attribute)
    except ModuleNotFoundError as missing:
        if missing.name not in _OF_DEEP_MODELS:
            raise
        library = _OF_DEEP_MODELS[missing.name]
        raise NotFoundError(f"{name} needs {library}, which is not installed: pip install 'matinee[deep]'") from missing


def make(name: str, **settings: Any) -> Recommender:
    """A fresh, unfitted model with these settings."""
    return model_class(name)(**settings)
