"""Similar movies, similar users, title search and the taste map."""

from typing import TYPE_CHECKING

from matinee.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from matinee.pipeline.explore.also_liked import AlsoLiked, LikesIndex
    from matinee.pipeline.explore.similar import SimilarMovie, find_similar
    from matinee.pipeline.explore.similar_users import SimilarUser, find_similar_users
    from matinee.pipeline.explore.taste_map import TasteMap, build_taste_map
    from matinee.pipeline.explore.title_search import TitleSearch

__all__ = [
    "AlsoLiked",
    "LikesIndex",
    "SimilarMovie",
    "SimilarUser",
    "TasteMap",
    "TitleSearch",
    "build_taste_map",
    "find_similar",
    "find_similar_users",
]

_MODULES = {
    "AlsoLiked": "matinee.pipeline.explore.also_liked",
    "LikesIndex": "matinee.pipeline.explore.also_liked",
    "SimilarMovie": "matinee.pipeline.explore.similar",
    "SimilarUser": "matinee.pipeline.explore.similar_users",
    "TasteMap": "matinee.pipeline.explore.taste_map",
    "TitleSearch": "matinee.pipeline.explore.title_search",
    "build_taste_map": "matinee.pipeline.explore.taste_map",
    "find_similar": "matinee.pipeline.explore.similar",
    "find_similar_users": "matinee.pipeline.explore.similar_users",
}

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_exports(globals(), _MODULES)
