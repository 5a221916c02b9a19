"""From a request to an explained list of movies. No SQL, HTTP or training."""

from typing import TYPE_CHECKING

from matinee.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from matinee.pipeline.engine import Engine, load_engine
    from matinee.pipeline.filters import Filters
    from matinee.pipeline.recommend import Recommendation, RecommendationList
    from matinee.pipeline.request import Request
    from matinee.pipeline.title_lookup import TitleLookup

__all__ = [
    "Engine",
    "Filters",
    "Recommendation",
    "RecommendationList",
    "Request",
    "TitleLookup",
    "load_engine",
]

_MODULES = {
    "Engine": "matinee.pipeline.engine",
    "Filters": "matinee.pipeline.filters",
    "Recommendation": "matinee.pipeline.recommend",
    "RecommendationList": "matinee.pipeline.recommend",
    "Request": "matinee.pipeline.request",
    "TitleLookup": "matinee.pipeline.title_lookup",
    "load_engine": "matinee.pipeline.engine",
}

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_exports(globals(), _MODULES)
