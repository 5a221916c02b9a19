"""Features: attributes of movies and users as arrays. Nothing here is trained."""

from typing import TYPE_CHECKING

from matinee.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from matinee.features.content import Content, content_features
    from matinee.features.facts import fact_vectors, genre_vectors
    from matinee.features.poster_embedding import frozen_embedding
    from matinee.features.posters import Posters, read_posters
    from matinee.features.text import overview_vectors
    from matinee.features.users import UserVocabulary
    from matinee.features.words import PADDING, title_words

__all__ = [
    "PADDING",
    "Content",
    "Posters",
    "UserVocabulary",
    "content_features",
    "fact_vectors",
    "frozen_embedding",
    "genre_vectors",
    "overview_vectors",
    "read_posters",
    "title_words",
]

_MODULES = {
    "Content": "matinee.features.content",
    "PADDING": "matinee.features.words",
    "Posters": "matinee.features.posters",
    "UserVocabulary": "matinee.features.users",
    "content_features": "matinee.features.content",
    "fact_vectors": "matinee.features.facts",
    "frozen_embedding": "matinee.features.poster_embedding",
    "genre_vectors": "matinee.features.facts",
    "overview_vectors": "matinee.features.text",
    "read_posters": "matinee.features.posters",
    "title_words": "matinee.features.words",
}

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_exports(globals(), _MODULES)
