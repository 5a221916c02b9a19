"""Placeholder posters, drawn as SVG from a title, a year and genres."""

from typing import TYPE_CHECKING

from matinee.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from matinee.artwork.placeholder_poster import draw_poster

__all__ = [
    "draw_poster",
]

_MODULES = {
    "draw_poster": "matinee.artwork.placeholder_poster",
}

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_exports(globals(), _MODULES)
