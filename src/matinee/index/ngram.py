"""Texts that are nearly spelled like one.

To compare letter by letter with a hundred thousand texts takes a tenth of a second. So only those are compared that
share most pairs of neighbouring letters with it, the edges of a text being letters too: the n-gram filter of Ukkonen,
"Approximate string-matching with q-grams and maximal matches", Theoretical Computer Science 1992, by Dice's measure.
"""

from collections.abc import Sequence

import numpy as np
from rapidfuzz import fuzz, process

from matinee.arrays import Indices

_EDGE = 1  # no letter
_COMPARED = 150  # texts, letter by letter
_BITS = 21  # of a code point


class NgramIndex:
    """Some texts, looked through once; finding reads only."""

    def __init__(self, texts: Sequence[str]):
        self._texts = texts
        pairs, owner = _pairs(texts)
        self._pairs = _different(pairs)
        number = np.searchsorted(self._pairs, pairs)
        once = _different(number * len(texts) + owner)  # a text that has a pair twice has it once
        number, owner = np.divmod(once, max(len(texts), 1))
        self._owner = owner.astype(np.int32)  # texts, by pair
        self._starts = np.searchsorted(number, np.arange(len(self._pairs) + 1))
        self._sizes = np.bincount(self._owner, minlength=len(texts))  # (texts,) pairs of each

    def nearest(self, text: str, k: int, least: float) -> list[tuple[int, float]]:
        """At most k places of texts, with a likeness of 0-100 that is at least `least`, the likest first."""
        wanted = _different(_pairs([text])[0])
        places = np.searchsorted(self._pairs, wanted)
        there = places < len(self._pairs)
        there[there] = self._pairs[places[there]] == wanted[there]
        owners = [self._owner[self._starts[one] : self._starts[one + 1]] for one in places[there].tolist()]
        if not owners:
            return []
        common = np.bincount(np.concatenate(owners), minlength=len(self._texts))
        dice = common / (self._sizes + len(wanted))
        count = min(_COMPARED, int(np.count_nonzero(common)))
        best = np.sort(np.argpartition(-dice, count - 1)[:count]).tolist()
        candidates = {place: self._texts[place] for place in best}
        found = process.extract(text, candidates, scorer=fuzz.ratio, limit=k, score_cutoff=least)
        return [(place, likeness) for _, likeness, place in found]


def _pairs(texts: Sequence[str]) -> tuple[Indices, Indices]:
    """All pairs of neighbouring letters as numbers, and the place of the text of each: (pairs,), (pairs,)."""
    edge = chr(_EDGE)
    joined = edge + "".join(f"{text}{edge}" for text in texts)
    letters = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.int64)
    lengths = np.array([len(text) + 1 for text in texts], dtype=np.int64)  # of each, with the edge after it
    return (letters[:-1] << _BITS) | letters[1:], np.repeat(np.arange(len(texts)), lengths)


def _different(numbers: Indices) -> Indices:
    """Each number once, ascending. `np.unique` hashes, which is far slower for millions."""
    ordered = np.sort(numbers)
    return ordered[np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]]
