"""Which movie of a catalogue each film of a diary is, and what became of every single entry.

Ids come first, then title and year as `data/linking` compares them: other spellings, titles in brackets, a part of a
title, titles nearly the same. A diary says less of a film than a catalogue (no genres), but its films do exist; so
two rules are added: a title found just once within a year of the year given is that film, and so is one found just
once in the whole catalogue where no year is given. What fits several movies is not guessed.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from matinee.data.diaries.catalogue_index import CatalogueIndex
from matinee.data.diaries.diary import Diary, DiaryEntry, merge_entries
from matinee.data.diaries.history import OwnRatings, Scale, build_history, oldest_first
from matinee.data.histories import Histories
from matinee.data.linking.catalogue_matching import Evidence, match_entries
from matinee.data.linking.entries import AMBIGUOUS, CatalogueEntry
from matinee.data.linking.title_forms import title_forms

GroupName = Literal["matched", "ambiguous", "missed", "set aside", "folded"]


@dataclass(frozen=True)
class MatchOutcome:
    """What became of one entry, and why."""

    entry: DiaryEntry
    group: GroupName
    reason: str
    row: int | None = None  # of its movie, where that was found
    evidence: Evidence = Evidence.NONE  # what it was found by
    choices: tuple[int, ...] = ()  # rows of the movies it may be, or of the nearest there are
    rating: float | None = None  # as it counts in the history, in the catalogue's scale
    filled: str = ""  # what stands in for a rating not given: median, upper quartile


@dataclass(frozen=True, eq=False)
class MatchedDiary:
    """A history over a catalogue, and every entry of the diary in exactly one of five groups."""

    history: Histories  # of one person
    watchlist: npt.NDArray[np.int32]  # (n,) rows of movies wanted and not seen, in the diary's order
    matched: tuple[MatchOutcome, ...]  # those of the history in its order, then those of the watchlist
    ambiguous: tuple[MatchOutcome, ...]
    missed: tuple[MatchOutcome, ...]
    set_aside: tuple[MatchOutcome, ...]  # not films, or without a title
    folded: tuple[MatchOutcome, ...]  # into another entry of the same movie

    @property
    def outcomes(self) -> tuple[MatchOutcome, ...]:
        """All five groups, one after another."""
        return self.matched + self.ambiguous + self.missed + self.set_aside + self.folded


def match_diary(diary: Diary, catalogue: pl.DataFrame | CatalogueIndex, scale: Scale) -> MatchedDiary:
    """The diary as a history over a catalogue, its ratings on a scale from `scale[0]` to `scale[1]`.

    The catalogue has `title`, `year` and `genres` (lists of names), and where known `imdb_id` and `tmdb_id`; for many
    diaries, make its `CatalogueIndex` once. For the order of the history and its unrated films see `history.py`.
    """
    index = catalogue if isinstance(catalogue, CatalogueIndex) else CatalogueIndex(catalogue)
    set_aside = [MatchOutcome(one, "set aside", _why_aside(one)) for one in diary.entries if _why_aside(one)]
    films = [one for one in diary.entries if not _why_aside(one)]
    found = _found(films, index)
    of_movie: dict[int, list[MatchOutcome]] = {}
    for outcome in found:
        if outcome.row is not None:
            of_movie.setdefault(outcome.row, []).append(outcome)
    whole = {row: merge_entries([one.entry for one in outcomes]) for row, outcomes in of_movie.items()}
    seen = [row for row, entry in whole.items() if entry.seen]
    seen = [seen[place] for place in oldest_first([whole[row] for row in seen])]
    wanted = [row for row, entry in whole.items() if not entry.seen]
    own = OwnRatings.of(films, scale)
    ratings = {row: own.rating(whole[row]) for row in seen}
    return MatchedDiary(
        history=build_history([whole[row] for row in seen], seen, [ratings[row][0] for row in seen]),
        watchlist=np.array(wanted, dtype=np.int32),
        matched=(
            *(replace(of_movie[row][0], rating=ratings[row][0], filled=ratings[row][1]) for row in seen),
            *(of_movie[row][0] for row in wanted),
        ),
        ambiguous=tuple(one for one in found if one.group == "ambiguous"),
        missed=tuple(one for one in found if one.group == "missed"),
        set_aside=tuple(set_aside),
        folded=tuple(_folded(one, first.entry) for first, *others in of_movie.values() for one in others),
    )


def _why_aside(entry: DiaryEntry) -> str:
    if entry.kind != "film":
        return f"{entry.kind}, not a film"
    return "" if entry.identified else "no title, as of a film the site deleted"


def _folded(outcome: MatchOutcome, first: DiaryEntry) -> MatchOutcome:
    return replace(outcome, group="folded", reason=f"the same movie as {first.label}, {first.file} line {first.line}")


def _found(films: Sequence[DiaryEntry], index: CatalogueIndex) -> list[MatchOutcome]:
    """What each film is, in their order: matched, ambiguous or missed."""
    wanted = [_linked(film) for film in films]
    matches = match_entries(wanted, index.entries)
    taken = set(matches.rows[matches.rows >= 0].tolist())
    outcomes: list[MatchOutcome] = []
    for film, entry, row, sign in zip(films, wanted, matches.rows.tolist(), matches.evidence.tolist(), strict=True):
        if row >= 0:
            outcomes.append(MatchOutcome(film, "matched", _how(film, index, row, Evidence(sign)), row, Evidence(sign)))
        elif row == AMBIGUOUS:
            outcomes.append(_ambiguous(film, tuple(index.with_title(entry, 1) or index.nearest(entry))))
        else:
            outcomes.append(_by_title_alone(film, entry, index, taken))
    return _without_rivals(outcomes, taken)


def _linked(film: DiaryEntry) -> CatalogueEntry:
    """The film as linking compares it: its original title is one in brackets."""
    title = film.title
    if film.original_title:
        title += f" ({film.original_title.translate({ord('('): ' ', ord(')'): ' '})})"
    return CatalogueEntry(title, film.year, frozenset(), title_forms(title), (film.tmdb_id, film.imdb_id))


def _by_title_alone(film: DiaryEntry, entry: CatalogueEntry, index: CatalogueIndex, taken: set[int]) -> MatchOutcome:
    """By the whole title, where just one movie has it.

    Of the same year that may be a movie already taken: the film is in the diary twice. A year apart it may not, since
    then the diary has both films.
    """
    rows = index.with_title(entry, None if entry.year is None else 0)
    rows = rows or [row for row in index.with_title(entry, 1) if row not in taken]
    # "Heat" is not "The Heat", if both are there.
    rows = [row for row in rows if index.entries[row].title.casefold() == film.title.casefold()] or rows
    if len(rows) == 1:
        return MatchOutcome(film, "matched", _how(film, index, rows[0], Evidence.TITLE), rows[0], Evidence.TITLE)
    if rows:
        return _ambiguous(film, tuple(rows))
    parts = [row for row in index.with_part_of_title(entry) if row not in taken]
    if parts:
        return MatchOutcome(film, "ambiguous", "only a part of the title is the same", choices=tuple(parts))
    when = "" if film.year is None else f" within a year of {film.year}"
    reason = f"no movie of the catalogue has this title{when}"
    return MatchOutcome(film, "missed", reason, choices=tuple(index.nearest(entry)))


def _without_rivals(outcomes: list[MatchOutcome], taken: set[int]) -> list[MatchOutcome]:
    """Of films of different years that were given one movie by the title alone, none has it."""
    claims = {(one.row, one.entry.year) for one in outcomes if one.row not in taken and one.entry.year is not None}
    rivals = Counter(row for row, _ in claims if row is not None)
    return [
        _ambiguous(one.entry, (one.row,)) if one.row is not None and one.entry.year and rivals[one.row] > 1 else one
        for one in outcomes
    ]


def _ambiguous(film: DiaryEntry, choices: tuple[int, ...]) -> MatchOutcome:
    if len(choices) == 1:
        reason = "several films of the diary fit this movie"
    elif film.year is None:
        reason = f"no year is given, and {len(choices)} movies have this title"
    else:
        reason = f"{len(choices)} movies fit"
    return MatchOutcome(film, "ambiguous", reason, choices=choices)


def _how(film: DiaryEntry, index: CatalogueIndex, row: int, sign: Evidence) -> str:
    movie = index.entries[row]
    if sign == Evidence.ID:
        return "the same id"
    if sign == Evidence.NEAR_TITLE:
        return "nearly the same title"
    if film.year is None:
        return "the only movie of this title"
    if film.year != movie.year:
        return "the same title, a year apart"
    same = film.title.casefold() == movie.title.casefold()
    return "the same title and year" if same else "the same title, written differently"
