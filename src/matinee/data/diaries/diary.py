"""What a diary holds: one entry a film, whatever files and rows of an export speak of it."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from matinee.data.readers.tables import DataIssue

Source = Literal["letterboxd", "imdb", "trakt", "csv"]
# What a date is of: the film was seen then; or rated; or only ticked off as seen or liked.
DateOf = Literal["viewing", "rating", "marking"]
T = TypeVar("T")


@dataclass(frozen=True)
class DiaryEntry:
    """One film of a diary, or something else that was rated there, with all that its rows say."""

    title: str  # empty where the site has lost it
    file: str  # of its first row: the name inside the export
    line: int  # of its first row, counted from 1 as an editor counts; in JSON the place in the list
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
    kind: str = "film"  # or what it is instead: series, episode, video game ...
    rows: int = 1  # of the export that were put together in this entry

    @property
    def rated(self) -> bool:
        """Whether it has stars."""
        return self.rating is not None

    @property
    def seen(self) -> bool:
        """Whether the person has seen it: whatever is not on the watchlist alone."""
        return self.rated or self.liked or self.watched or not self.watchlist

    @property
    def identified(self) -> bool:
        """Whether anything says which film it is."""
        return bool(self.title) or self.imdb_id is not None or self.tmdb_id is not None

    @property
    def label(self) -> str:
        """Title and year, to be shown."""
        title = self.title or "untitled"
        return f"{title} ({self.year})" if self.year is not None else title


@dataclass(frozen=True)
class Diary:
    """An export as read: one entry a film, in the order of their first rows, and what was odd in the files."""

    source: Source
    entries: tuple[DiaryEntry, ...]
    issues: tuple[DataIssue, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows the entries were read from."""
        return sum(entry.rows for entry in self.entries)


def fold_entries(entries: Sequence[DiaryEntry]) -> tuple[list[DiaryEntry], int]:
    """One entry a film, in the order of their first rows, and how many rows repeat a film of the same file.

    Rows are of one film if they have the same id, else the same title (whatever the case) and year. Series, games and
    rows without title and ids are left as they are.
    """
    films: dict[object, list[DiaryEntry]] = {}
    for place, entry in enumerate(entries):
        films.setdefault(_film(entry) or place, []).append(entry)
    repeated = sum(len(rows) - len({row.file for row in rows}) for rows in films.values())
    return [merge_entries(rows) for rows in films.values()], repeated


def merge_entries(entries: Sequence[DiaryEntry]) -> DiaryEntry:
    """The first of several entries of one film, with what the others know.

    The date is that of the last viewing, else the last date of any kind. The rating is that of the list of ratings,
    which sites keep as it is now, else the last one given; of equal dates the later row counts.
    """
    first = entries[0]
    if len(entries) == 1:
        return first
    rated = max((one for one in reversed(entries) if one.rated), key=_rating_rank, default=first)
    dated = max((one for one in reversed(entries) if one.date is not None), key=_date_rank, default=first)
    return replace(
        first,
        year=_first_known([one.year for one in entries]),
        original_title=_first_known([one.original_title for one in entries]),
        imdb_id=_first_known([one.imdb_id for one in entries]),
        tmdb_id=_first_known([one.tmdb_id for one in entries]),
        rating=rated.rating,
        date=dated.date,
        date_of=dated.date_of,
        watched=any(one.watched for one in entries),
        liked=any(one.liked for one in entries),
        watchlist=any(one.watchlist for one in entries),
        rows=sum(one.rows for one in entries),
    )


def _film(entry: DiaryEntry) -> tuple[object, ...] | None:
    if entry.kind != "film":
        return None
    if entry.imdb_id is not None:
        return "imdb", entry.imdb_id
    if entry.tmdb_id is not None:
        return "tmdb", entry.tmdb_id
    return ("title", entry.title.casefold(), entry.year) if entry.title else None


def _first_known(values: Sequence[T | None]) -> T | None:
    return next((value for value in values if value is not None), None)


def _rating_rank(entry: DiaryEntry) -> tuple[bool, datetime.date]:
    return entry.date_of == "rating", entry.date or datetime.date.min


def _date_rank(entry: DiaryEntry) -> tuple[bool, datetime.date]:
    return entry.date_of == "viewing", entry.date or datetime.date.min
