"""Measuring models on splits: metrics, intervals and tests. No fitting apart from each model's own `fit`."""

from typing import TYPE_CHECKING

from matinee.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from matinee.evaluation.documents import run_documents
    from matinee.evaluation.intervals import Bootstrap
    from matinee.evaluation.ranking import Ranking, rank_targets
    from matinee.evaluation.resources import ResourceMeter
    from matinee.evaluation.tradeoff import draw_tradeoff, measure_tradeoff

__all__ = [
    "Bootstrap",
    "Ranking",
    "ResourceMeter",
    "draw_tradeoff",
    "measure_tradeoff",
    "rank_targets",
    "run_documents",
]

_MODULES = {
    "Bootstrap": "matinee.evaluation.intervals",
    "Ranking": "matinee.evaluation.ranking",
    "ResourceMeter": "matinee.evaluation.resources",
    "draw_tradeoff": "matinee.evaluation.tradeoff",
    "measure_tradeoff": "matinee.evaluation.tradeoff",
    "rank_targets": "matinee.evaluation.ranking",
    "run_documents": "matinee.evaluation.documents",
}

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_exports(globals(), _MODULES)
