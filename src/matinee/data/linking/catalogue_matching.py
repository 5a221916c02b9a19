"""Matching the movies of one catalogue with those of another by ids, title, year and genres.

Certain matches come first: the same id, then the same title in the same year, then a year apart (one catalogue
counts the festival, the other the release), then part of a title, then a title that is nearly the same. A movie that
is matched is not available to less certain matches. Where two candidates fit one movie, or two different movies one
candidate, none is matched: a wrong director is worse than no director.

On MovieLens 100K against the movie table this matches 1,423 of 1,682 movies, with 97% of the ratings, and all 186 that
differ in spelling or year were checked to be right; `title_keys` alone with the exact year match 1,321.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from matinee.arrays import Indices
from matinee.data.linking.entries import AMBIGUOUS, IDS, MISSED, CatalogueEntry, catalogue_entries
from matinee.data.linking.near_titles import nearest_movies

_Kind = Literal["whole", "parts"]
_Index = dict[tuple[_Kind, str, int | None], list[int]]  # (kind, form, year) -> candidate rows


class Evidence(IntEnum):
    """The fact by which a movie was matched."""

    NONE = 0
    ID = 1
    TITLE = 2
    NEAR_TITLE = 3


@dataclass(frozen=True)
class Matches:
    """For each movie the row of the same movie in the other catalogue, and the evidence for it."""

    rows: Indices  # (movies,) MISSED where none fits, AMBIGUOUS where several do
    evidence: npt.NDArray[np.int8]  # (movies,) values of Evidence


@dataclass(frozen=True)
class _Tier:
    """A degree of certainty: which title forms must be equal, and how many years the two may differ."""

    pairs: tuple[tuple[_Kind, _Kind], ...]  # (of the movie, of the candidate)
    years: tuple[int, ...]  # differences
    doubt: int  # 0: needs no further evidence, 1: needs a common genre or a long title, 2: needs both


_ACROSS: tuple[tuple[_Kind, _Kind], ...] = (("whole", "parts"), ("parts", "whole"))
_TIERS = (
    _Tier((("whole", "whole"),), (0,), doubt=0),
    _Tier((("whole", "whole"),), (-1, 1), doubt=1),
    _Tier(_ACROSS, (0,), doubt=1),
    _Tier(_ACROSS, (-1, 1), doubt=2),
)


def match_catalogues(movies: pl.DataFrame, candidates: pl.DataFrame) -> Matches:
    """The row of `candidates` that each of `movies` is.

    Both need `title`, `year` and `genres` (lists of names, null where unknown). Where both have `tmdb_id` or
    `imdb_id`, equal ids decide, and a candidate with another id never matches.
    """
    return match_entries(catalogue_entries(movies), catalogue_entries(candidates))


def match_entries(movies: Sequence[CatalogueEntry], candidates: Sequence[CatalogueEntry]) -> Matches:
    """`match_catalogues` for callers that keep the entries of a catalogue."""
    rows = _match_ids(movies, candidates)
    evidence = np.where(rows >= 0, Evidence.ID, Evidence.NONE).astype(np.int8)
    taken = set(rows[rows >= 0].tolist())
    index = _index(candidates)
    for tier in _TIERS:
        unmatched = np.flatnonzero(rows == MISSED).tolist()
        fitting = {row: _fitting(movies[row], tier, index, candidates, taken) for row in unmatched}
        _resolve({row: _only(claimed) for row, claimed in fitting.items()}, movies, rows, taken)
    evidence[(rows >= 0) & (evidence == Evidence.NONE)] = Evidence.TITLE
    _resolve(_near_titles(movies, candidates, rows, taken), movies, rows, taken)
    evidence[(rows >= 0) & (evidence == Evidence.NONE)] = Evidence.NEAR_TITLE
    return Matches(rows, evidence)


def _match_ids(movies: Sequence[CatalogueEntry], candidates: Sequence[CatalogueEntry]) -> Indices:
    """The candidate with the movie's own id, (movies,); an id that several candidates share is ignored."""
    rows = np.full(len(movies), MISSED, dtype=np.int64)
    for position in range(len(IDS)):
        ids = [candidate.ids[position] for candidate in candidates]
        counts = Counter(ids)
        row_of_id: dict[int | str | None, int] = {
            movie_id: row for row, movie_id in enumerate(ids) if movie_id is not None and counts[movie_id] == 1
        }
        for row in np.flatnonzero(rows == MISSED).tolist():
            rows[row] = row_of_id.get(movies[row].ids[position], MISSED)
    return rows


def _resolve(claims: Mapping[int, int], movies: Sequence[CatalogueEntry], rows: Indices, taken: set[int]) -> None:
    """Write into `rows` the candidate that each movie claims, unless another movie claims it too; update `taken`."""
    claimants: dict[int, list[int]] = defaultdict(list)
    for row, candidate in claims.items():
        rows[row] = candidate
        if candidate >= 0:
            claimants[candidate].append(row)
    for candidate, claiming in claimants.items():
        rows[claiming] = candidate if _is_one_movie([movies[row] for row in claiming]) else AMBIGUOUS
    taken.update(claimants)


def _only(candidates: list[int]) -> int:
    return AMBIGUOUS if len(candidates) > 1 else candidates[0] if candidates else MISSED


def _near_titles(
    movies: Sequence[CatalogueEntry], candidates: Sequence[CatalogueEntry], rows: Indices, taken: set[int]
) -> dict[int, int]:
    """The candidates not yet taken that unmatched movies claim because their titles are nearly the same."""
    missed = np.flatnonzero(rows == MISSED).tolist()
    free = [row for row in range(len(candidates)) if row not in taken]
    nearest = nearest_movies([movies[row] for row in missed], [candidates[row] for row in free]).tolist()
    return {row: free[index] if index >= 0 else index for row, index in zip(missed, nearest, strict=True)}


def _index(candidates: Sequence[CatalogueEntry]) -> _Index:
    index: _Index = defaultdict(list)
    kinds: tuple[_Kind, ...] = ("whole", "parts")
    for row, candidate in enumerate(candidates):
        for kind in kinds:
            for form in getattr(candidate.forms, kind):
                index[kind, form, candidate.year].append(row)
    return index


def _fitting(
    movie: CatalogueEntry, tier: _Tier, index: _Index, candidates: Sequence[CatalogueEntry], taken: set[int]
) -> list[int]:
    """The rows of candidates not yet taken that may be this movie at this tier, each once."""
    if movie.year is None:
        return []
    fitting: dict[int, None] = {}
    for mine, theirs in tier.pairs:
        forms: dict[str, int] = getattr(movie.forms, mine)
        for form, words in forms.items():
            for gap in tier.years:
                for row in index.get((theirs, form, movie.year + gap), []):
                    if row not in taken and _is_certain_enough(movie, candidates[row], words, tier.doubt):
                        fitting[row] = None
    return _with_exact_title(movie, fitting, candidates) if len(fitting) > 1 else list(fitting)


def _is_certain_enough(movie: CatalogueEntry, candidate: CatalogueEntry, words: int, doubt: int) -> bool:
    """True if the further evidence, a common genre and a long title, makes up for the doubt."""
    if not movie.may_be(candidate):
        return False
    if doubt == 0:
        return True
    alike = bool(movie.genres & candidate.genres)
    if doubt == 2:
        return alike and words >= 2
    unknown = not movie.genres or not candidate.genres
    return alike or words >= 3 or (unknown and words >= 2)


def _with_exact_title(movie: CatalogueEntry, fitting: Iterable[int], candidates: Sequence[CatalogueEntry]) -> list[int]:
    """Where "Undefeated" and "The Undefeated" came out in one year, the article decides."""
    same = [row for row in fitting if candidates[row].title.casefold() == movie.title.casefold()]
    return same if len(same) == 1 else list(fitting)


def _is_one_movie(movies: list[CatalogueEntry]) -> bool:
    """True if movies that claim one candidate are the same movie listed twice: MovieLens 100K has such pairs."""
    return len({(movie.year, movie.genres) for movie in movies}) == 1
