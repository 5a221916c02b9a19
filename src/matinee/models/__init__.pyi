from .capabilities import (
    HasVectors as HasVectors,
    PredictsUncertainty as PredictsUncertainty,
    SimilarBy as SimilarBy,
    TrainsInEpochs as TrainsInEpochs,
)
from .memory_budget import fit_to_memory as fit_to_memory
from .recommender import (
    Config as Config,
    Recommender as Recommender,
    State as State,
    with_validation as with_validation,
)
from .registry import MODELS as MODELS, make as make, model_class as model_class
from .runs import DataInfo as DataInfo, Run as Run, RunInfo as RunInfo, load_run as load_run, save_run as save_run
