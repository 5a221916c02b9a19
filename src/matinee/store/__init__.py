"""The database, and the only SQL."""

from typing import TYPE_CHECKING

from matinee.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from matinee.store.movie_table import read_movie_table
    from matinee.store.store import Store, open_store

__all__ = [
    "Store",
    "open_store",
    "read_movie_table",
]

_MODULES = {
    "Store": "matinee.store.store",
    "open_store": "matinee.store.store",
    "read_movie_table": "matinee.store.movie_table",
}

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_exports(globals(), _MODULES)
