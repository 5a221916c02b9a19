"""Matinee: a movie recommender you own.

    from matinee import evaluate, make, make_split, read_dataset

The names below are the public ones, imported when they are first used. Others are in the subpackages.
"""

from importlib.metadata import version
from typing import TYPE_CHECKING

from matinee.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from matinee.data.dataset import Dataset
    from matinee.data.histories import Histories
    from matinee.data.readers.formats import read_dataset
    from matinee.data.splits import Split, make_split
    from matinee.errors import InputError, MatineeError
    from matinee.evaluation.evaluate import evaluate
    from matinee.i18n.reasons import reason_text
    from matinee.models.recommender import Recommender
    from matinee.models.registry import make
    from matinee.models.runs import Run, load_run, save_run
    from matinee.pipeline.engine import Engine, load_engine
    from matinee.pipeline.explain.explanation import Explanation, explain_movie
    from matinee.pipeline.explore.similar import find_similar
    from matinee.pipeline.filters import Filters
    from matinee.pipeline.recommend import Recommendation, recommend
    from matinee.pipeline.request import Request
    from matinee.reports.schema import Report
    from matinee.workflows.train import TrainingOptions, train_run
    from matinee.workflows.update import update_run

__all__ = [
    "Dataset",
    "Engine",
    "Explanation",
    "Filters",
    "Histories",
    "InputError",
    "MatineeError",
    "Recommendation",
    "Recommender",
    "Report",
    "Request",
    "Run",
    "Split",
    "TrainingOptions",
    "evaluate",
    "explain_movie",
    "find_similar",
    "load_engine",
    "load_run",
    "make",
    "make_split",
    "read_dataset",
    "reason_text",
    "recommend",
    "save_run",
    "train_run",
    "update_run",
]

__version__ = version("matinee")

_MODULES = {
    "Dataset": "matinee.data.dataset",
    "Engine": "matinee.pipeline.engine",
    "Explanation": "matinee.pipeline.explain.explanation",
    "Filters": "matinee.pipeline.filters",
    "Histories": "matinee.data.histories",
    "InputError": "matinee.errors",
    "MatineeError": "matinee.errors",
    "Recommendation": "matinee.pipeline.recommend",
    "Recommender": "matinee.models.recommender",
    "Report": "matinee.reports.schema",
    "Request": "matinee.pipeline.request",
    "Run": "matinee.models.runs",
    "Split": "matinee.data.splits",
    "TrainingOptions": "matinee.workflows.train",
    "evaluate": "matinee.evaluation.evaluate",
    "explain_movie": "matinee.pipeline.explain.explanation",
    "find_similar": "matinee.pipeline.explore.similar",
    "load_engine": "matinee.pipeline.engine",
    "load_run": "matinee.models.runs",
    "make": "matinee.models.registry",
    "make_split": "matinee.data.splits",
    "read_dataset": "matinee.data.readers.formats",
    "reason_text": "matinee.i18n.reasons",
    "recommend": "matinee.pipeline.recommend",
    "save_run": "matinee.models.runs",
    "train_run": "matinee.workflows.train",
    "update_run": "matinee.workflows.update",
}

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_exports(globals(), _MODULES)
