"""Every model by name: one line each.

A model's file is imported when the model is asked for, so that nobody needs PyTorch, or waits for it, who
asks for no deep model.
"""

from importlib import import_module
from typing import Any

from rapidfuzz import process

from matinee.errors import NotFoundError
from matinee.models.recommender import Recommender

MODELS = {  # name -> file in this folder and class in it
    "random": "random:Random",
    "popularity": "popularity:Popularity",
    "bias": "bias:Bias",
    "item_cf": "item_cf:ItemCF",
    "facts": "facts:Facts",
    "ease": "ease:Ease",
    "slist": "slist:Slist",
    "bayes_mf": "bayes_mf:BayesMF",
    "text_cnn": "text_cnn:TextCNN",
    "poster_towers": "poster_towers:PosterTowers",
    "dssm": "dssm:DSSM",
    "hybrid": "hybrid:Hybrid",
    "sasrec": "sasrec:SASRec",
    "blend": "blend:Blend",
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
