"""Matinee: a movie recommender you own.

    from matinee import evaluate, make, make_split, read_dataset

The names below are the public ones, imported when they are first used. Others are in the subpackages.
"""

from importlib.metadata import version

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

__version__ = version("matinee")
