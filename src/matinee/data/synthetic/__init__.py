"""Synthetic ratings of any size, in the format of MovieLens, from users whose true tastes are known."""

from typing import TYPE_CHECKING

from matinee.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from matinee.data.synthetic.size import Size
    from matinee.data.synthetic.world import World
    from matinee.data.synthetic.writing import load_world, write_movielens

__all__ = [
    "Size",
    "World",
    "load_world",
    "write_movielens",
]

_MODULES = {
    "Size": "matinee.data.synthetic.size",
    "World": "matinee.data.synthetic.world",
    "load_world": "matinee.data.synthetic.writing",
    "write_movielens": "matinee.data.synthetic.writing",
}

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_exports(globals(), _MODULES)
