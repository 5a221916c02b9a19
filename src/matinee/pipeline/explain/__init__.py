"""Reasons for a recommendation, and what would change it."""

from typing import TYPE_CHECKING

from matinee.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from matinee.pipeline.explain.explanation import Detractor, Explanation, Supporter, explain_movie
    from matinee.pipeline.explain.rating_confidence import RatingConfidence
    from matinee.pipeline.explain.reasons import Reason

__all__ = [
    "Detractor",
    "Explanation",
    "RatingConfidence",
    "Reason",
    "Supporter",
    "explain_movie",
]

_MODULES = {
    "Detractor": "matinee.pipeline.explain.explanation",
    "Explanation": "matinee.pipeline.explain.explanation",
    "RatingConfidence": "matinee.pipeline.explain.rating_confidence",
    "Reason": "matinee.pipeline.explain.reasons",
    "Supporter": "matinee.pipeline.explain.explanation",
    "explain_movie": "matinee.pipeline.explain.explanation",
}

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_exports(globals(), _MODULES)
