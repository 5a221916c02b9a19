"""Diaries with one entry per movie, merged from the files and rows of an export."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from matinee.data.readers.tables import DataIssue

# The event that a date belongs to; "marking" means the movie was marked as seen or liked.
DateOf = Literal["viewing", "rating", "marking"]
T = TypeVar("T")


@dataclass(frozen=True)
class DiaryEntry:
    """A movie of a diary, or a series, episode or game that is rated there, with the facts of all its rows."""

    title: str  # empty if the site has deleted it
    file: str  # of its first row: its name inside the export
    line: int  # of its first row, counted from 1; in JSON the position in the list
    year: int | None = None
    original_title: str | None = None
    imdb_id: str | None = None  # "tt0113277"
    tmdb_id: int | None = None
    rating: float | None = None  # stars, 0.5 to 5
    date: datetime.date | None = None
    date_of: DateOf = "marking"
    watched: bool = False
    liked: bool = False
    watchlist: bool = False
    kind: str = "movie"  # or series, episode, video game ...
    rows: int = 1  # of the export that were merged into this entry

    @property
    def rated(self) -> bool:
        """True if it has a rating."""
        return self.rating is not None

    @property
    def seen(self) -> bool:
        """True if the user has seen it, which holds for all entries that are not only on the watchlist."""
        return self.rated or self.liked or self.watched or not self.watchlist

    @property
    def identified(self) -> bool:
        """True if a title or an id identifies the movie."""
        return bool(self.title) or self.imdb_id is not None or self.tmdb_id is not None

    @property
    def label(self) -> str:
        """Title and year for display."""
        title = self.title or "untitled"
        return f"{title} ({self.year})" if self.year is not None else title


@dataclass(frozen=True)
class Diary:
    """An export: one entry per movie in the order of their first rows, and the issues of its files."""

    source: str  # the name of its format: "letterboxd", "imdb", "trakt", "csv"
    entries: tuple[DiaryEntry, ...]
    issues: tuple[DataIssue, ...] = ()

    @property
    def rows(self) -> int:
        """The number of rows that the entries were read from."""
        return sum(entry.rows for entry in self.entries)


def fold_entries(entries: Sequence[DiaryEntry]) -> tuple[list[DiaryEntry], int]:
    """One entry per movie, in the order of their first rows, and the number of rows that repeat one in the same file.

    Rows belong to one movie if they have the same id, else the same title (ignoring case) and year. Series, games and
    rows without title and ids are not merged.
    """
    groups: dict[object, list[DiaryEntry]] = {}
    for position, entry in enumerate(entries):
        groups.setdefault(_movie_key(entry) or position, []).append(entry)
    repeated = sum(len(rows) - len({row.file for row in rows}) for rows in groups.values())
    return [merge_entries(rows) for rows in groups.values()], repeated


def merge_entries(entries: Sequence[DiaryEntry]) -> DiaryEntry:
    """The first of several entries of one movie, completed by the others.

    The date is that of the last viewing, else the last date of any kind. The rating is that of the list of ratings,
    which sites keep up to date, else the last one; of equal dates the later row counts.
    """
    first = entries[0]
    if len(entries) == 1:
        return first
    rated = max((entry for entry in reversed(entries) if entry.rated), key=_rating_rank, default=first)
    dated = max((entry for entry in reversed(entries) if entry.date is not None), key=_date_rank, default=first)
    return replace(
        first,
        year=_first_value([entry.year for entry in entries]),
        original_title=_first_value([entry.original_title for entry in entries]),
        imdb_id=_first_value([entry.imdb_id for entry in entries]),
        tmdb_id=_first_value([entry.tmdb_id for entry in entries]),
        rating=rated.rating,
        date=dated.date,
        date_of=dated.date_of,
        watched=any(entry.watched for entry in entries),
        liked=any(entry.liked for entry in entries),
        watchlist=any(entry.watchlist for entry in entries),
        rows=sum(entry.rows for entry in entries),
    )


def _movie_key(entry: DiaryEntry) -> tuple[object, ...] | None:
    if entry.kind != "movie":
        return None
    if entry.imdb_id is not None:
        return "imdb", entry.imdb_id
    if entry.tmdb_id is not None:
        return "tmdb", entry.tmdb_id
    return ("title", entry.title.casefold(), entry.year) if entry.title else None


def _first_value(values: Sequence[T | None]) -> T | None:
    return next((value for value in values if value is not None), None)


def _rating_rank(entry: DiaryEntry) -> tuple[bool, datetime.date]:
    return entry.date_of == "rating", entry.date or datetime.date.min


def _date_rank(entry: DiaryEntry) -> tuple[bool, datetime.date]:
    return entry.date_of == "viewing", entry.date or datetime.date.min
