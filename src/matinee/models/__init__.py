"""Models that score movies. No data reading, training loops, top-k, SQL or HTTP."""

from typing import TYPE_CHECKING

from matinee.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from matinee.models.capabilities import HasVectors, PredictsUncertainty, SimilarBy, TrainsInEpochs
    from matinee.models.memory_budget import fit_to_memory
    from matinee.models.recommender import Config, Recommender, State, with_validation
    from matinee.models.registry import MODELS, make, model_class
    from matinee.models.runs import DataInfo, Run, RunInfo, load_run, save_run

__all__ = [
    "MODELS",
    "Config",
    "DataInfo",
    "HasVectors",
    "PredictsUncertainty",
    "Recommender",
    "Run",
    "RunInfo",
    "SimilarBy",
    "State",
    "TrainsInEpochs",
    "fit_to_memory",
    "load_run",
    "make",
    "model_class",
    "save_run",
    "with_validation",
]

_MODULES = {
    "Config": "matinee.models.recommender",
    "DataInfo": "matinee.models.runs",
    "HasVectors": "matinee.models.capabilities",
    "MODELS": "matinee.models.registry",
    "PredictsUncertainty": "matinee.models.capabilities",
    "Recommender": "matinee.models.recommender",
    "Run": "matinee.models.runs",
    "RunInfo": "matinee.models.runs",
    "SimilarBy": "matinee.models.capabilities",
    "State": "matinee.models.recommender",
    "TrainsInEpochs": "matinee.models.capabilities",
    "fit_to_memory": "matinee.models.memory_budget",
    "load_run": "matinee.models.runs",
    "make": "matinee.models.registry",
    "model_class": "matinee.models.registry",
    "save_run": "matinee.models.runs",
    "with_validation": "matinee.models.recommender",
}

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_exports(globals(), _MODULES)
