"""Rows by the first letters of their texts, such as titles, names or single words.

All texts are in one sorted list, each with its rows; so the rows of a prefix are one slice.
"""

from bisect import bisect_left, bisect_right
from typing import Self

import numpy as np
import polars as pl

from matinee.arrays import MovieRows

_AFTER_ALL = "\U0010ffff"  # sorts after every continuation of a prefix


class PrefixIndex:
    """An index of texts and their rows. Thread-safe: searching only reads."""

    def __init__(self, pairs: pl.DataFrame):
        """Index `pairs`, with the columns `text` and `row`. A text may have several rows, and a row several texts."""
        ordered = pairs.unique().sort("text", "row")
        counted = ordered.group_by("text", maintain_order=True).len()
        self.texts = counted["text"].to_list()
        self._rows = ordered["row"].to_numpy().astype(np.int32)
        self._starts = np.cumsum([0, *counted["len"].to_list()])  # (texts + 1,) where the rows of each begin

    @classmethod
    def of_words(cls, pairs: pl.DataFrame) -> Self:
        """An index of the single words of the texts."""
        words = pairs.select(pl.col("text").str.split(" "), "row").explode("text")
        return cls(words.filter(pl.col("text") != ""))

    def with_prefix(self, prefix: str) -> MovieRows:
        """The rows of all texts that begin with a prefix; a row may occur more than once."""
        return self._between(bisect_left(self.texts, prefix), bisect_left(self.texts, prefix + _AFTER_ALL))

    def exactly(self, text: str) -> MovieRows:
        """The rows of a text, each once."""
        return self._between(bisect_left(self.texts, text), bisect_right(self.texts, text))

    def at(self, index: int) -> MovieRows:
        """The rows of the text at an index of `texts`, each once."""
        return self._between(index, index + 1)

    def _between(self, first: int, last: int) -> MovieRows:
        return self._rows[self._starts[first] : self._starts[last]]
