"""Titles as they are typed: found from the first letters of their words on, forgiving mistakes when nothing is found.

All words of all titles lie in one sorted list, each with the rows of its movies. So the movies of a prefix are one
slice, and those of several words the rows that are in all of their slices. Letters are compared one by one only
when no movie is found this way.
"""

from bisect import bisect_left

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

from matinee.data.titles import split_year, title_keys
from matinee.pipeline.cinema import Cinema

_AFTER_ALL = "\U0010ffff"  # sorts after whatever a prefix can go on with
_ALIKE_WORD = 70.0  # of 100, by rapidfuzz's ratio: "shawshenk" is 89 from "shawshank"
_ALIKE_TITLE = 70.0
_AS_ALIKE = 5.0  # as the most alike word, nearly
_SPELLINGS = 5  # of one mistyped word that are tried
_LONGEST = 100  # characters of a query that count

Rows = npt.NDArray[np.int32]


class TitleSearch:
    """The titles of a catalogue, made once; finding reads only."""

    def __init__(self, cinema: Cinema):
        """Look through all titles once."""
        self._names, self._rated = cinema.names, cinema.rated
        self._keys = [title_keys(title) for title in cinema.movies["title"].to_list()]
        pairs = {(word, row) for row, keys in enumerate(self._keys) for key in keys for word in key.split()}
        pairs |= {(str(year), row) for row, year in enumerate(cinema.movies["year"].to_list()) if year is not None}
        ordered = sorted(pairs)
        self._words = sorted({word for word, _ in ordered})
        self._rows = np.array([row for _, row in ordered], dtype=np.int32)
        counts = np.zeros(len(self._words) + 1, dtype=np.int64)
        place = {word: number for number, word in enumerate(self._words, 1)}
        for word, _ in ordered:
            counts[place[word]] += 1
        self._starts = np.cumsum(counts)  # (words + 1,) where the rows of each word begin
        self._texts = {row: keys[0] for row, keys in enumerate(self._keys)}

    def find(self, text: str, k: int = 10) -> list[int]:
        """At most k rows, the likeliest first: whole titles, then beginnings of titles, then what most have rated."""
        title, year = split_year(text[:_LONGEST])
        key = title_keys(title)[0] if title.strip() else ""
        words = [*key.split(), *([] if year is None else [str(year)])]
        if not words:
            return []
        rows = self._with_all([self._with_prefix(word) for word in words])
        if not len(rows):
            rows = self._with_all([self._with_spelling(word) for word in words])
        if len(rows):
            return self._best(rows, key, k)
        alike = process.extract(key, self._texts, scorer=fuzz.WRatio, limit=k, score_cutoff=_ALIKE_TITLE)
        return self._once([row for _, _, row in alike], k)

    def _with_prefix(self, prefix: str) -> Rows:
        first, last = bisect_left(self._words, prefix), bisect_left(self._words, prefix + _AFTER_ALL)
        return self._rows[self._starts[first] : self._starts[last]]

    def _with_spelling(self, word: str) -> Rows:
        exact = self._with_prefix(word)
        if len(exact):
            return exact
        alike = process.extract(word, self._words, scorer=fuzz.ratio, limit=_SPELLINGS, score_cutoff=_ALIKE_WORD)
        found = [
            self._rows[self._starts[place] : self._starts[place + 1]]
            for _, score, place in alike
            if score >= alike[0][1] - _AS_ALIKE
        ]
        return np.concatenate(found) if found else self._rows[:0]

    @staticmethod
    def _with_all(found: list[Rows]) -> Rows:
        rows = np.unique(found[0])
        for others in found[1:]:
            rows = np.intersect1d(rows, others)
        return rows

    def _best(self, rows: Rows, key: str, k: int) -> list[int]:
        def rank(row: int) -> tuple[bool, bool, int, int]:
            keys = self._keys[row]
            whole, begins = key in keys, any(one.startswith(key) for one in keys)
            return not whole, not begins, -int(self._rated[row]), row

        return self._once(sorted(rows.tolist(), key=rank), k)

    def _once(self, rows: list[int], k: int) -> list[int]:
        """The first k films of rows: one that is listed twice comes once."""
        names: set[int] = set()
        found: list[int] = []
        for row in rows:
            name = int(self._names[row])
            if name not in names:
                names.add(name)
                found.append(row)
            if len(found) == k:
                break
        return found
