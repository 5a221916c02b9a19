"""Matching the movies of a diary with a catalogue; every entry ends in one of five groups, with a reason.

Ids come first, then title and year as `data/linking` compares them: other spellings, titles in brackets, a part of a
title, titles nearly the same. A diary has fewer facts than a catalogue (no genres), but its movies exist, so two rules
are added. A title that occurs once within a year of the diary's year is that movie, and so is a title that occurs once
in the whole catalogue if the diary has no year. An entry that fits several movies is not matched.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import polars as pl

from matinee.arrays import MovieRows
from matinee.data.diaries.catalogue_index import CatalogueIndex
from matinee.data.diaries.diary import Diary, DiaryEntry, merge_entries
from matinee.data.diaries.history import OwnRatings, Scale, build_history, oldest_first
from matinee.data.histories import Histories
from matinee.data.linking.catalogue_matching import Evidence, match_entries
from matinee.data.linking.entries import AMBIGUOUS, CatalogueEntry
from matinee.data.linking.title_forms import title_forms
from matinee.message import Message

GroupName = Literal["matched", "ambiguous", "missed", "set aside", "folded"]

# Kind of an entry -> the reason why it is set aside.
_KIND_REASONS = {
    "series": Message("a series, not a movie"),
    "episode": Message("an episode, not a movie"),
    "video game": Message("a video game, not a movie"),
    "music video": Message("a music video, not a movie"),
    "podcast": Message("a podcast, not a movie"),
}


@dataclass(frozen=True)
class MatchOutcome:
    """The result for one entry, and the reason."""

    entry: DiaryEntry
    group: GroupName
    reason: Message
    row: int | None = None  # of the matched movie
    evidence: Evidence = Evidence.NONE
    choices: tuple[int, ...] = ()  # rows of the movies that fit, or else of the most similar ones
    rating: float | None = None  # in the history, on the catalogue's scale
    filled: str = ""  # the statistic that replaces a missing rating: median, upper quartile


@dataclass(frozen=True, eq=False)
class MatchedDiary:
    """A history over a catalogue, and every entry of the diary in exactly one of five groups."""

    history: Histories  # of one user
    watchlist: MovieRows  # (n,) movies not seen, in the diary's order
    matched: tuple[MatchOutcome, ...]  # those of the history in its order, then those of the watchlist
    ambiguous: tuple[MatchOutcome, ...]
    missed: tuple[MatchOutcome, ...]
    set_aside: tuple[MatchOutcome, ...]  # not movies, or without a title
    folded: tuple[MatchOutcome, ...]  # merged into another entry of the same movie

    @property
    def outcomes(self) -> tuple[MatchOutcome, ...]:
        """All five groups, one after another."""
        return self.matched + self.ambiguous + self.missed + self.set_aside + self.folded


def match_diary(diary: Diary, catalogue: pl.DataFrame | CatalogueIndex, scale: Scale) -> MatchedDiary:
    """The diary as a history over a catalogue, with ratings on a scale from `scale[0]` to `scale[1]`.

    The catalogue has `title`, `year` and `genres` (lists of names), and `imdb_id` and `tmdb_id` if known. For many
    diaries, build its `CatalogueIndex` once. `history.py` defines the order and the ratings of the history.
    """
    index = catalogue if isinstance(catalogue, CatalogueIndex) else CatalogueIndex(catalogue)
    reasons = [_set_aside_reason(entry) for entry in diary.entries]
    entries = [entry for entry, reason in zip(diary.entries, reasons, strict=True) if reason is None]
    outcomes = _match_entries(entries, index)
    by_row: dict[int, list[MatchOutcome]] = {}
    for outcome in outcomes:
        if outcome.row is not None:
            by_row.setdefault(outcome.row, []).append(outcome)
    merged = {row: merge_entries([outcome.entry for outcome in group]) for row, group in by_row.items()}
    seen = [row for row, entry in merged.items() if entry.seen]
    seen = [seen[position] for position in oldest_first([merged[row] for row in seen])]
    unseen = [row for row, entry in merged.items() if not entry.seen]
    own = OwnRatings.of(entries, scale)
    ratings = {row: own.rating(merged[row]) for row in seen}
    return MatchedDiary(
        history=build_history([merged[row] for row in seen], seen, [ratings[row][0] for row in seen]),
        watchlist=np.array(unseen, dtype=np.int32),
        matched=(
            *(replace(by_row[row][0], rating=ratings[row][0], filled=ratings[row][1]) for row in seen),
            *(by_row[row][0] for row in unseen),
        ),
        ambiguous=tuple(outcome for outcome in outcomes if outcome.group == "ambiguous"),
        missed=tuple(outcome for outcome in outcomes if outcome.group == "missed"),
        set_aside=tuple(
            MatchOutcome(entry, "set aside", reason)
            for entry, reason in zip(diary.entries, reasons, strict=True)
            if reason is not None
        ),
        folded=tuple(_folded(other, first.entry) for first, *others in by_row.values() for other in others),
    )


def _set_aside_reason(entry: DiaryEntry) -> Message | None:
    if entry.kind != "movie":
        return _KIND_REASONS.get(entry.kind, Message("not a movie"))
    return None if entry.identified else Message("no title, because the site deleted this movie")


def _folded(outcome: MatchOutcome, first: DiaryEntry) -> MatchOutcome:
    params = {"label": first.label, "file": first.file, "line": first.line}
    return replace(outcome, group="folded", reason=Message("the same movie as {label}, {file} line {line}", params))


def _match_entries(entries: Sequence[DiaryEntry], index: CatalogueIndex) -> list[MatchOutcome]:
    """The outcome of each entry, in their order: matched, ambiguous or missed."""
    query_entries = [_to_catalogue_entry(entry) for entry in entries]
    matches = match_entries(query_entries, index.entries)
    taken = set(matches.rows[matches.rows >= 0].tolist())
    outcomes: list[MatchOutcome] = []
    rows, kinds = matches.rows.tolist(), matches.evidence.tolist()
    for entry, catalogue_entry, row, kind in zip(entries, query_entries, rows, kinds, strict=True):
        if row >= 0:
            outcomes.append(_matched(entry, index, row, Evidence(kind)))
        elif row == AMBIGUOUS:
            outcomes.append(
                _ambiguous(entry, tuple(index.with_title(catalogue_entry, 1) or index.nearest(catalogue_entry)))
            )
        else:
            outcomes.append(_match_title(entry, catalogue_entry, index, taken))
    return _without_rivals(outcomes, taken)


def _to_catalogue_entry(entry: DiaryEntry) -> CatalogueEntry:
    """The entry as linking compares it: its original title counts as a title in brackets."""
    title = entry.title
    if entry.original_title:
        title += f" ({entry.original_title.translate({ord('('): ' ', ord(')'): ' '})})"
    return CatalogueEntry(title, entry.year, frozenset(), title_forms(title), (entry.tmdb_id, entry.imdb_id))


def _match_title(
    entry: DiaryEntry, catalogue_entry: CatalogueEntry, index: CatalogueIndex, taken: set[int]
) -> MatchOutcome:
    """Match by the whole title, if just one movie has it.

    A movie of the same year may be taken already: then the diary has it twice. A movie a year apart may not, since
    then the diary has both movies.
    """
    rows = index.with_title(catalogue_entry, None if catalogue_entry.year is None else 0)
    rows = rows or [row for row in index.with_title(catalogue_entry, 1) if row not in taken]
    # "Heat" is not "The Heat" if the catalogue has both.
    rows = [row for row in rows if index.entries[row].title.casefold() == entry.title.casefold()] or rows
    if len(rows) == 1:
        return _matched(entry, index, rows[0], Evidence.TITLE)
    if rows:
        return _ambiguous(entry, tuple(rows))
    parts = [row for row in index.with_part_of_title(catalogue_entry) if row not in taken]
    if parts:
        return MatchOutcome(entry, "ambiguous", Message("only part of the title is the same"), choices=tuple(parts))
    reason = (
        Message("no movie in the catalogue has this title")
        if entry.year is None
        else Message("no movie in the catalogue has this title within a year of {year}", {"year": entry.year})
    )
    return MatchOutcome(entry, "missed", reason, choices=tuple(index.nearest(catalogue_entry)))


def _without_rivals(outcomes: list[MatchOutcome], taken: set[int]) -> list[MatchOutcome]:
    """Unmatch entries of different years that were matched with one movie by the title alone."""
    claims = {
        (outcome.row, outcome.entry.year)
        for outcome in outcomes
        if outcome.row not in taken and outcome.entry.year is not None
    }
    rivals = Counter(row for row, _ in claims if row is not None)
    return [
        _ambiguous(outcome.entry, (outcome.row,))
        if outcome.row is not None and outcome.entry.year and rivals[outcome.row] > 1
        else outcome
        for outcome in outcomes
    ]


def _ambiguous(entry: DiaryEntry, choices: tuple[int, ...]) -> MatchOutcome:
    if len(choices) == 1:
        reason = Message("several movies of the diary match this one")
    elif entry.year is None:
        reason = Message("no year is given, and {count} movies have this title", {"count": len(choices)})
    else:
        reason = Message("{count} movies match", {"count": len(choices)})
    return MatchOutcome(entry, "ambiguous", reason, choices=choices)


def _matched(entry: DiaryEntry, index: CatalogueIndex, row: int, evidence: Evidence) -> MatchOutcome:
    return MatchOutcome(entry, "matched", _match_reason(entry, index.entries[row], evidence), row, evidence)


def _match_reason(entry: DiaryEntry, movie: CatalogueEntry, evidence: Evidence) -> Message:
    if evidence == Evidence.ID:
        return Message("the same id")
    if evidence == Evidence.NEAR_TITLE:
        return Message("nearly the same title")
    if entry.year is None:
        return Message("the only movie with this title")
    if entry.year != movie.year:
        return Message("the same title, a year apart")
    if entry.title.casefold() == movie.title.casefold():
        return Message("the same title and year")
    return Message("the same title, written differently")
