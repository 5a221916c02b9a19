"""The training loop, batches and negatives. Knows no model."""

from typing import TYPE_CHECKING

from matinee.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from matinee.training.curves import draw_curves
    from matinee.training.loop import Training, TrainingConfig, Validation
    from matinee.training.negatives import NegativeSampler

__all__ = [
    "NegativeSampler",
    "Training",
    "TrainingConfig",
    "Validation",
    "draw_curves",
]

_MODULES = {
    "NegativeSampler": "matinee.training.negatives",
    "Training": "matinee.training.loop",
    "TrainingConfig": "matinee.training.loop",
    "Validation": "matinee.training.loop",
    "draw_curves": "matinee.training.curves",
}

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_exports(globals(), _MODULES)
