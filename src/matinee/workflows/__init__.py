"""Whole tasks as functions: select models, train a run, update it, build the demo. No printing."""

from typing import TYPE_CHECKING

from matinee.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from matinee.workflows.demo import Demo, DemoData, build_demo, load_demo_data
    from matinee.workflows.models import Recipe, SelectedModels, load_recipe, select_models
    from matinee.workflows.train import TrainedRun, TrainingOptions, train_run
    from matinee.workflows.update import UpdatedRun, update_run

__all__ = [
    "Demo",
    "DemoData",
    "Recipe",
    "SelectedModels",
    "TrainedRun",
    "TrainingOptions",
    "UpdatedRun",
    "build_demo",
    "load_demo_data",
    "load_recipe",
    "select_models",
    "train_run",
    "update_run",
]

_MODULES = {
    "Demo": "matinee.workflows.demo",
    "DemoData": "matinee.workflows.demo",
    "Recipe": "matinee.workflows.models",
    "SelectedModels": "matinee.workflows.models",
    "TrainedRun": "matinee.workflows.train",
    "TrainingOptions": "matinee.workflows.train",
    "UpdatedRun": "matinee.workflows.update",
    "build_demo": "matinee.workflows.demo",
    "load_demo_data": "matinee.workflows.demo",
    "load_recipe": "matinee.workflows.models",
    "select_models": "matinee.workflows.models",
    "train_run": "matinee.workflows.train",
    "update_run": "matinee.workflows.update",
}

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_exports(globals(), _MODULES)
