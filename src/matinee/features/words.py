"""Words of titles as numbers."""

import re
import unicodedata

import numpy as np
import numpy.typing as npt
import polars as pl

from matinee.data.titles import article_first, split_year

PADDING = 0

# Letters and digits of any script, with accents that stand apart from their letter and, in the Indian scripts, Thai,
# Lao and Japanese, the marks that are part of a syllable. An apostrophe inside a word belongs to it.
_LETTER = r"[^\W_]|[\u0300-\u036F\u0900-\u0DFF\u0E31-\u0E4E\u3099\u309A]"
_WORD = re.compile(rf"(?:{_LETTER})+(?:'(?:{_LETTER})+)*")


def title_words(movies: pl.DataFrame, length: int = 15) -> tuple[npt.NDArray[np.int32], list[str]]:
    """Return the first `length` words of each title, (movies, length) int32, and the sorted vocabulary.

    Word n of the vocabulary has the number n + 1; `PADDING` fills short titles on the right.
    """
    titles = [split_words(title)[:length] for title in movies["title"].fill_null("").to_list()]
    vocabulary = sorted({word for words in titles for word in words})
    number = {word: index for index, word in enumerate(vocabulary, PADDING + 1)}
    rows = np.full((len(titles), length), PADDING, dtype=np.int32)
    for row, words in enumerate(titles):
        rows[row, : len(words)] = [number[word] for word in words]
    return rows, vocabulary


def split_words(title: str) -> list[str]:
    """Split `"Schindler's List (1993)"` into `["schindler's", "list"]`, `"Matrix, The"` into `["the", "matrix"]`."""
    name = article_first(split_year(title)[0]).lower().replace("’", "'")
    return _WORD.findall(unicodedata.normalize("NFC", name))
