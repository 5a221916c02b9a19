"""Every model by name: one line each."""

from typing import Any

from rapidfuzz import process

from matinee.errors import NotFoundError
from matinee.models.blend import Blend
from matinee.models.ease import Ease
from matinee.models.item_cf import ItemCF
from matinee.models.popularity import Popularity
from matinee.models.random import Random
from matinee.models.recommender import Recommender
from matinee.models.slist import Slist

MODELS: dict[str, type[Recommender]] = {
    model.name: model
    for model in (
        Random,
        Popularity,
        ItemCF,
        Ease,
        Slist,
        Blend,
    )
}


def model_class(name: str) -> type[Recommender]:
    """The class of a registered model. Raises `NotFoundError` naming the nearest and listing all."""
    if name not in MODELS:
        nearest = process.extractOne(name, MODELS.keys(), score_cutoff=60)
        hint = f"did you mean '{nearest[0]}'? " if nearest else ""
        raise NotFoundError(f"no model is called '{name}'; {hint}the models are {', '.join(MODELS)}")
    return MODELS[name]


def make(name: str, **settings: Any) -> Recommender:
    """A fresh, unfitted model with these settings."""
    return model_class(name)(**settings)
