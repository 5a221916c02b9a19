"""Parsing the cells of a diary: ratings, dates, years and ids, with a count of unreadable cells."""

import datetime
import re
from dataclasses import dataclass, field
from pathlib import Path

from matinee.data.diaries.issues import create_issue
from matinee.data.readers.tables import DataIssue

MAX_RATING = 5.0  # of a diary entry, in stars
MIN_RATING = 0.5
_EARLIEST = datetime.date(1970, 1, 2)  # sites write the first day of 1970, or one before, for "unknown"
_FIRST_YEAR, _LAST_YEAR = 1870, 2100  # of movies

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_YEAR = re.compile(r"(\d{4})(?:\.0)?")  # tables with gaps store whole numbers as 1995.0
_IMDB_ID = re.compile(r"tt\d{5,}")
_WHOLE = re.compile(r"(\d+)(?:\.0)?")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?", re.DOTALL)
# With the month in letters it is clear which number is the day, unlike in 03/04/2020.
_IN_LETTERS = ("%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%b %d, %Y", "%B %d, %Y", "%a %b %d %H:%M:%S %Y")


@dataclass
class CellParser:
    """Parses the cells of one file. Empty cells become None; unreadable cells become None and are counted."""

    path: Path  # as shown in messages
    max_rating: float | None = None  # the highest rating of a list that users keep themselves, if the user gives it
    _unreadable_cells: dict[str, list[tuple[int, str]]] = field(default_factory=dict[str, list[tuple[int, str]]])

    def rating(self, text: str | None, line: int, max_rating: float) -> float | None:
        """A rating on a scale up to `max_rating` as stars, 0.5 to 5; 0 means no rating."""
        if not text:
            return None
        number = parse_number(text)
        if number is None or number > max_rating:
            return self._unreadable("unreadable ratings", line, text)
        if number == 0:
            return self._unreadable("zero ratings", line, text)
        return max(MIN_RATING, MAX_RATING * number / max_rating)

    def year(self, text: str | None, line: int) -> int | None:
        """A year in which a movie can have come out."""
        if not text:
            return None
        match = _YEAR.fullmatch(text)
        year = int(match[1]) if match else 0
        return year if _FIRST_YEAR <= year <= _LAST_YEAR else self._unreadable("unreadable years", line, text)

    def date(self, text: str | None, line: int) -> datetime.date | None:
        """A date from 1970 to today, written `2020-01-02`, with or without a time, or `2 Jan 2020`."""
        if not text:
            return None
        day = parse_date(text)
        if day is None:
            return self._unreadable("unreadable dates", line, text)
        tomorrow = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=1)  # east of Greenwich
        return day if _EARLIEST <= day <= tomorrow else self._unreadable("impossible dates", line, text)

    def imdb_id(self, text: str | None, line: int) -> str | None:
        """`tt0113277`, also from a URL or from the number alone."""
        if not text:
            return None
        match = _IMDB_ID.search(text.casefold())
        if match:
            return match[0]
        number = _WHOLE.fullmatch(text)
        return f"tt{int(number[1]):07d}" if number else self._unreadable("unreadable ids", line, text)

    def tmdb_id(self, text: str | None, line: int) -> int | None:
        """A whole number above 0."""
        if not text:
            return None
        number = _WHOLE.fullmatch(text)
        # A longer number is not an id, and does not fit into the columns of a catalogue.
        valid = number is not None and len(number[1]) <= 18 and int(number[1]) > 0
        return int(number[1]) if number and valid else self._unreadable("unreadable ids", line, text)

    def issues(self) -> list[DataIssue]:
        """The unreadable cells as issues, one per kind, with the first case of each."""
        return [
            create_issue(kind, self.path, len(cells), cells[0][0], first=cells[0][1])
            for kind, cells in self._unreadable_cells.items()
        ]

    def _unreadable(self, kind: str, line: int, text: str) -> None:
        self._unreadable_cells.setdefault(kind, []).append((line, text if len(text) <= 40 else text[:37] + "..."))


def parse_number(text: str) -> float | None:
    """`"4.5"` or `"4,5"` as a number, None for any other text."""
    return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


def parse_date(text: str) -> datetime.date | None:
    """The date in a text, None without a date or if it is unclear which number is the month."""
    iso = _ISO.fullmatch(text)
    if iso:
        try:
            return datetime.date(int(iso[1]), int(iso[2]), int(iso[3]))
        except ValueError:
            return None
    for pattern in _IN_LETTERS:
        try:
            return datetime.datetime.strptime(text, pattern).replace(tzinfo=datetime.UTC).date()
        except ValueError:
            continue
    return None
