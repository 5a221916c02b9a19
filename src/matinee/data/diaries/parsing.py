"""Reading the cells of a diary: ratings, dates, years and ids, remembering what could not be read."""

import datetime
import re
from dataclasses import dataclass, field
from pathlib import Path

from matinee.data.diaries.issues import create_issue
from matinee.data.readers.tables import DataIssue

STARS = 5.0
LOWEST = 0.5
_EARLIEST = datetime.date(1970, 1, 2)  # sites write the first day of 1970, or one before, for "unknown"
_FIRST_FILM, _LAST_FILM = 1870, 2100  # years

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_YEAR = re.compile(r"(\d{4})(?:\.0)?")  # tables with gaps store whole numbers as 1995.0
_IMDB_ID = re.compile(r"tt\d{5,}")
_WHOLE = re.compile(r"(\d+)(?:\.0)?")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?", re.DOTALL)
# The month in letters: which number is the day is not in doubt, as it is in 03/04/2020.
_IN_LETTERS = ("%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%b %d, %Y", "%B %d, %Y", "%a %b %d %H:%M:%S %Y")


@dataclass
class CellParser:
    """Reads the cells of one file; empty ones are None without a word, unreadable ones are counted too."""

    path: Path  # as shown in messages
    _odd: dict[str, list[tuple[int, str]]] = field(default_factory=dict[str, list[tuple[int, str]]])

    def rating(self, text: str | None, line: int, most: float) -> float | None:
        """Stars, 0.5 to 5, of a rating given on a scale that ends with `most`; 0 is none."""
        if not text:
            return None
        number = parse_number(text)
        if number is None or number > most:
            return self._unread("unreadable ratings", line, text)
        if number == 0:
            return self._unread("zero ratings", line, text)
        return max(LOWEST, STARS * number / most)

    def year(self, text: str | None, line: int) -> int | None:
        """A year in which a film can have been made."""
        if not text:
            return None
        found = _YEAR.fullmatch(text)
        year = int(found[1]) if found else 0
        return year if _FIRST_FILM <= year <= _LAST_FILM else self._unread("unreadable years", line, text)

    def date(self, text: str | None, line: int) -> datetime.date | None:
        """A day from 1970 to today, from `2020-01-02`, with or without a time, or `2 Jan 2020`."""
        if not text:
            return None
        day = parse_date(text)
        if day is None:
            return self._unread("unreadable dates", line, text)
        tomorrow = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=1)  # east of Greenwich
        return day if _EARLIEST <= day <= tomorrow else self._unread("impossible dates", line, text)

    def imdb_id(self, text: str | None, line: int) -> str | None:
        """`tt0113277`, also out of an address, or from the bare number."""
        if not text:
            return None
        found = _IMDB_ID.search(text.casefold())
        if found:
            return found[0]
        number = _WHOLE.fullmatch(text)
        return f"tt{int(number[1]):07d}" if number else self._unread("unreadable ids", line, text)

    def tmdb_id(self, text: str | None, line: int) -> int | None:
        """A whole number above 0."""
        if not text:
            return None
        number = _WHOLE.fullmatch(text)
        # Beyond 18 digits it is not an id, and does not fit the columns of a catalogue.
        known = number is not None and len(number[1]) <= 18 and int(number[1]) > 0
        return int(number[1]) if number and known else self._unread("unreadable ids", line, text)

    def findings(self) -> list[DataIssue]:
        """What could not be read, kind by kind, with the first case of each."""
        return [create_issue(kind, self.path, len(odd), odd[0][0], first=odd[0][1]) for kind, odd in self._odd.items()]

    def _unread(self, kind: str, line: int, text: str) -> None:
        self._odd.setdefault(kind, []).append((line, text if len(text) <= 40 else text[:37] + "..."))


def parse_number(text: str) -> float | None:
    """`"4.5"` or `"4,5"` as a number, None if it is none."""
    return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


def parse_date(text: str) -> datetime.date | None:
    """The day a text names, None where it names none or leaves in doubt which number is the month."""
    iso = _ISO.fullmatch(text)
    if iso:
        try:
            return datetime.date(int(iso[1]), int(iso[2]), int(iso[3]))
        except ValueError:
            return None
    for form in _IN_LETTERS:
        try:
            return datetime.datetime.strptime(text, form).replace(tzinfo=datetime.UTC).date()
        except ValueError:
            continue
    return None
