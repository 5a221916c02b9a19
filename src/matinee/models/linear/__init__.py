"""Item-item models: a score is a weighted sum over the movies of a history."""

from typing import TYPE_CHECKING

from matinee.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from matinee.models.linear.sparse import Matrix, pack, recency_weights, unpack, user_movie_matrix

__all__ = [
    "Matrix",
    "pack",
    "recency_weights",
    "unpack",
    "user_movie_matrix",
]

_MODULES = {
    "Matrix": "matinee.models.linear.sparse",
    "pack": "matinee.models.linear.sparse",
    "recency_weights": "matinee.models.linear.sparse",
    "unpack": "matinee.models.linear.sparse",
    "user_movie_matrix": "matinee.models.linear.sparse",
}

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_exports(globals(), _MODULES)
