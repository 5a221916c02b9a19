"""Joining a catalogue with the facts of other catalogues about its movies."""

from typing import TYPE_CHECKING

from matinee.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from matinee.data.linking.added_movies import add_movies
    from matinee.data.linking.catalogue_join import JoinReport, join_catalogue

__all__ = [
    "JoinReport",
    "add_movies",
    "join_catalogue",
]

_MODULES = {
    "JoinReport": "matinee.data.linking.catalogue_join",
    "add_movies": "matinee.data.linking.added_movies",
    "join_catalogue": "matinee.data.linking.catalogue_join",
}

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_exports(globals(), _MODULES)
