"""Titles that are nearly the same: "U.S. Marshalls" and "U.S. Marshals", "Nostalghia" and "Nostalgia".

Likeness is rapidfuzz's `ratio`: 100 less the share, in per cent, of the letters of both that have to be put in
or taken out to make one title of the other. How high it must be was read off pairs that are surely different:
the 10,000 films of a TMDB catalogue, 17,472 of Wikidata and 9,066 of MovieLens, each against the others of its
own list. Not one pair of them reaches what is asked here. What comes near is short ("Bad Seeds", "The Bad
Seed": 94), a year apart ("Bride & Prejudice", "Pride & Prejudice": 95), a sequel with a number, or the same
words in another order ("Knight and Day", "Day & Night"): so short titles are left out, a year apart needs more,
numbers are compared, and the order of words counts.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

from matinee.data.linking.entries import AMBIGUOUS, MISSED, CatalogueEntry
from matinee.data.linking.title_forms import spellings
from matinee.progress import track

SAME_YEAR = 90.0  # likeness at least
YEAR_APART = 98.0
MARGIN = 4.0  # by which the likest film must be ahead of the next
_SHORTEST = 9  # letters: in less, one letter makes another title
_CELLS = 1 << 24  # of one table of likenesses: 64 MB

_NUMBER = re.compile(r"\d+")


@dataclass
class _Titles:
    """The spellings of one year's movies, and whose each is."""

    texts: list[str] = field(default_factory=list[str])
    rows: list[int] = field(default_factory=list[int])


def nearest_movies(movies: Sequence[CatalogueEntry], films: Sequence[CatalogueEntry]) -> npt.NDArray[np.int64]:
    """For each movie the position of the one film whose title is nearly its own, (movies,) int64.

    MISSED where none is, AMBIGUOUS where several are. Both must be of one year, or a year apart for a higher
    likeness and a genre in common for certain; the numbers in both titles must be the same.
    """
    found = np.full(len(movies), MISSED, dtype=np.int64)
    mine, theirs = _by_year(movies), _by_year(films)
    for year in track(sorted(mine), "Comparing titles"):
        likeness: dict[int, dict[int, float]] = defaultdict(dict)
        for gap in (0, -1, 1):
            offered = theirs.get(year + gap)
            if offered is None:
                continue
            for row, film, score in _alike(mine[year], offered, SAME_YEAR if gap == 0 else YEAR_APART):
                if _fits(movies[row], films[film], certain=gap != 0):
                    likeness[row][film] = max(score, likeness[row].get(film, 0.0))
        for row, scores in likeness.items():
            found[row] = _clear_winner(scores)
    return found


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


def _alike(mine: _Titles, theirs: _Titles, bar: float) -> Iterator[tuple[int, int, float]]:
    """The movie, the film and the likeness wherever that reaches the bar and the numbers are the same."""
    step = max(1, _CELLS // len(theirs.texts))
    for start in range(0, len(mine.texts), step):
        texts = mine.texts[start : start + step]
        scores = process.cdist(texts, theirs.texts, scorer=fuzz.ratio, score_cutoff=bar, dtype=np.float32)
        for one, other in zip(*np.nonzero(scores), strict=True):
            if _numbers(texts[one]) == _numbers(theirs.texts[other]):
                yield mine.rows[start + one], theirs.rows[other], float(scores[one, other])


def _numbers(text: str) -> list[str]:
    return sorted(_NUMBER.findall(text))


def _fits(movie: CatalogueEntry, film: CatalogueEntry, certain: bool) -> bool:
    """Whether the genres agree; where they are unknown, only if that need not be certain."""
    unknown = not movie.genres or not film.genres
    return movie.may_be(film) and (bool(movie.genres & film.genres) or (unknown and not certain))


def _clear_winner(scores: dict[int, float]) -> int:
    first, *others = sorted(scores, key=lambda film: -scores[film])
    return AMBIGUOUS if others and scores[first] - scores[others[0]] < MARGIN else first
