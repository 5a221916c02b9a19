"""Titles that are nearly the same: "U.S. Marshalls" and "U.S. Marshals", "Nostalghia" and "Nostalgia".

Likeness is rapidfuzz's `ratio`: 100 less the share, in per cent, of the letters of both that have to be put in
or taken out to turn one title into the other. The thresholds were read off pairs that are surely different:
the 10,000 movies of a TMDB catalogue, 17,472 of Wikidata and 9,066 of MovieLens, each against the others of its
own list. No such pair reaches the thresholds used here. The pairs that come near are short ("Bad Seeds", "The Bad
Seed": 94), a year apart ("Bride & Prejudice", "Pride & Prejudice": 95), a sequel with a number, or the same
words in another order ("Knight and Day", "Day & Night"). So short titles are left out, a year apart needs a higher
likeness, numbers are compared, and the order of words counts.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from rapidfuzz import fuzz, process

from matinee.arrays import Indices
from matinee.data.linking.entries import AMBIGUOUS, MISSED, CatalogueEntry
from matinee.data.linking.title_forms import spellings
from matinee.progress import track

SAME_YEAR = 90.0  # minimum likeness
YEAR_APART = 98.0
MARGIN = 4.0  # by which the most similar title must be ahead of the next
_SHORTEST = 9  # letters: in a shorter title one letter makes another title
_CELLS = 1 << 24  # in one table of likenesses: 64 MB

_NUMBER = re.compile(r"\d+")


@dataclass
class _Titles:
    """The spellings of one year's titles, and the row of each one's movie."""

    texts: list[str] = field(default_factory=list[str])
    rows: list[int] = field(default_factory=list[int])


def nearest_movies(movies: Sequence[CatalogueEntry], candidates: Sequence[CatalogueEntry]) -> Indices:
    """For each movie the index of the only candidate with nearly the same title, (movies,).

    MISSED without a similar title, AMBIGUOUS with several. Both must be of one year, or a year apart with a
    higher likeness and a common genre; the numbers in both titles must be the same.
    """
    nearest = np.full(len(movies), MISSED, dtype=np.int64)
    mine, theirs = _by_year(movies), _by_year(candidates)
    for year in track(sorted(mine), "Comparing titles"):
        likeness: dict[int, dict[int, float]] = defaultdict(dict)
        for gap in (0, -1, 1):
            other_titles = theirs.get(year + gap)
            if other_titles is None:
                continue
            threshold = SAME_YEAR if gap == 0 else YEAR_APART
            for row, candidate, score in _similar_titles(mine[year], other_titles, threshold):
                if _fits(movies[row], candidates[candidate], certain=gap != 0):
                    likeness[row][candidate] = max(score, likeness[row].get(candidate, 0.0))
        for row, scores in likeness.items():
            nearest[row] = _clear_winner(scores)
    return nearest


def _by_year(entries: Sequence[CatalogueEntry]) -> dict[int, _Titles]:
    years: dict[int, _Titles] = defaultdict(_Titles)
    for row, entry in enumerate(entries):
        if entry.year is None:
            continue
        for text in spellings(entry.title):
            if len(text.replace(" ", "")) >= _SHORTEST:
                years[entry.year].texts.append(text)
                years[entry.year].rows.append(row)
    return years


def _similar_titles(mine: _Titles, theirs: _Titles, threshold: float) -> Iterator[tuple[int, int, float]]:
    """The movie, the candidate and the likeness where it reaches `threshold` and the numbers are the same."""
    step = max(1, _CELLS // len(theirs.texts))
    for start in range(0, len(mine.texts), step):
        texts = mine.texts[start : start + step]
        scores = process.cdist(texts, theirs.texts, scorer=fuzz.ratio, score_cutoff=threshold, dtype=np.float32)
        for my_index, other_index in zip(*np.nonzero(scores), strict=True):
            if _numbers(texts[my_index]) == _numbers(theirs.texts[other_index]):
                yield mine.rows[start + my_index], theirs.rows[other_index], float(scores[my_index, other_index])


def _numbers(text: str) -> list[str]:
    return sorted(_NUMBER.findall(text))


def _fits(movie: CatalogueEntry, candidate: CatalogueEntry, certain: bool) -> bool:
    """True if the genres agree; unknown genres are accepted unless the match must be `certain`."""
    unknown = not movie.genres or not candidate.genres
    return movie.may_be(candidate) and (bool(movie.genres & candidate.genres) or (unknown and not certain))


def _clear_winner(scores: dict[int, float]) -> int:
    first, *others = sorted(scores, key=lambda candidate: -scores[candidate])
    return AMBIGUOUS if others and scores[first] - scores[others[0]] < MARGIN else first
