"""From scores or texts to the best rows. Knows nothing about movies."""

from typing import TYPE_CHECKING

from matinee.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from matinee.index.ngram import NgramIndex
    from matinee.index.prefix import PrefixIndex
    from matinee.index.ranks import ranks_against_ties
    from matinee.index.top import top_rows

__all__ = [
    "NgramIndex",
    "PrefixIndex",
    "ranks_against_ties",
    "top_rows",
]

_MODULES = {
    "NgramIndex": "matinee.index.ngram",
    "PrefixIndex": "matinee.index.prefix",
    "ranks_against_ties": "matinee.index.ranks",
    "top_rows": "matinee.index.top",
}

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_exports(globals(), _MODULES)
