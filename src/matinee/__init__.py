"""Matinee: a movie recommender you own."""

from importlib.metadata import version

__version__ = version("matinee")
