"""Search for texts with a similar spelling.

Comparing a query letter by letter with a hundred thousand texts takes a tenth of a second. So only the texts that share
most pairs of neighbouring letters with it are compared, with the edges of a text counting as letters: the n-gram filter
of Ukkonen, "Approximate string-matching with q-grams and maximal matches", Theoretical Computer Science 1992, with
Dice's measure.
"""

from collections.abc import Sequence

import numpy as np
from rapidfuzz import fuzz, process

from matinee.arrays import Indices

_EDGE = 1  # a code point that no text contains
_COMPARED = 150  # texts compared letter by letter
_BITS = 21  # of a code point


class NgramIndex:
    """An index of texts by their pairs of letters. Thread-safe: searching only reads."""

    def __init__(self, texts: Sequence[str]):
        """Index the texts once."""
        self._texts = texts
        pairs, owner = _letter_pairs(texts)
        self._pairs = _distinct(pairs)
        pair_number = np.searchsorted(self._pairs, pairs)
        entries = _distinct(pair_number * len(texts) + owner)  # one entry for a pair that a text has twice
        pair_number, owner = np.divmod(entries, max(len(texts), 1))
        self._owner = owner.astype(np.int32)  # texts, by pair
        self._starts = np.searchsorted(pair_number, np.arange(len(self._pairs) + 1))
        self._sizes = np.bincount(self._owner, minlength=len(texts))  # (texts,) distinct pairs of each

    def nearest(self, text: str, k: int, min_similarity: float) -> list[tuple[int, float]]:
        """At most k texts as (index, similarity), the most similar first, with a similarity from 0 to 100."""
        query_pairs = _distinct(_letter_pairs([text])[0])
        positions = np.searchsorted(self._pairs, query_pairs)
        exists = positions < len(self._pairs)
        exists[exists] = self._pairs[positions[exists]] == query_pairs[exists]
        owners = [self._owner[self._starts[pair] : self._starts[pair + 1]] for pair in positions[exists].tolist()]
        if not owners:
            return []
        common = np.bincount(np.concatenate(owners), minlength=len(self._texts))
        dice = common / (self._sizes + len(query_pairs))
        count = min(_COMPARED, int(np.count_nonzero(common)))
        best = np.sort(np.argpartition(-dice, count - 1)[:count]).tolist()
        candidates = {index: self._texts[index] for index in best}
        matches = process.extract(text, candidates, scorer=fuzz.ratio, limit=k, score_cutoff=min_similarity)
        return [(index, similarity) for _, similarity, index in matches]


def _letter_pairs(texts: Sequence[str]) -> tuple[Indices, Indices]:
    """All pairs of neighbouring letters as numbers, and the index of the text of each: (pairs,), (pairs,)."""
    edge = chr(_EDGE)
    joined = edge + "".join(f"{text}{edge}" for text in texts)
    letters = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.int64)
    lengths = np.array([len(text) + 1 for text in texts], dtype=np.int64)  # of each text with the edge after it
    return (letters[:-1] << _BITS) | letters[1:], np.repeat(np.arange(len(texts)), lengths)


def _distinct(numbers: Indices) -> Indices:
    """Each number once, ascending. `np.unique` hashes, which is far slower for millions."""
    ordered = np.sort(numbers)
    return ordered[np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]]
