"""What may be stored: times with a zone, text that every database can hold, stars, and where something came from.

SQLite takes nearly anything and PostgreSQL does not; refusing here, in one line, keeps the two the same.
"""

import re
from datetime import UTC, datetime, timedelta

from sqlalchemy import DateTime, Dialect
from sqlalchemy.types import TypeDecorator

from matinee.errors import InputError

LOWEST_STARS, MOST_STARS = 0.5, 5.0
LONGEST_TEXT = 200  # characters

_SOURCE = re.compile(r"web|api|import:\d{1,18}")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # NUL, which PostgreSQL refuses; halves of a pair, which UTF-8 has not
_FIRST = datetime(1000, 1, 1, tzinfo=UTC)  # years of four digits, a day away from where zones fall off the calendar


class UtcTime(TypeDecorator[datetime]):
    """A moment: in PostgreSQL with its zone, in SQLite as text in UTC, in Python always aware and in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From Python to the database."""
        if value is None:
            return None
        return value.astimezone(UTC) if dialect.name == "postgresql" else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database to Python."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


def as_time(value: datetime, what: str) -> datetime:
    """`value` in UTC. Raises `InputError` if it has no zone, so that nobody's clock is guessed."""
    if value.tzinfo is None:
        raise InputError(f"{what} is {value.isoformat()}, without a zone; expected a time such as {now().isoformat()}")
    try:
        moved = value.astimezone(UTC)
    except OverflowError:
        moved = None
    if moved is None or not _FIRST <= moved <= datetime.max.replace(tzinfo=UTC) - timedelta(days=1):
        raise InputError(f"{what} is {value.isoformat()}; expected a year from 1000 to 9999")
    return moved


def as_text(value: str, what: str, longest: int = LONGEST_TEXT) -> str:
    """`value` as it is. Raises `InputError` if it is empty, too long, or holds what no database stores."""
    if not value or value.isspace():
        raise InputError(f"{what} is empty; expected 1 to {longest} characters")
    if len(value) > longest:
        raise InputError(f"{what} has {len(value)} characters; expected at most {longest}")
    if found := _UNSTORABLE.search(value):
        raise InputError(f"{what} holds the character U+{ord(found[0]):04X}; expected text without it")
    return value


def as_stars(value: float) -> float:
    """`value` as it is. Raises `InputError` if it is no number from 0.5 to 5."""
    if not LOWEST_STARS <= value <= MOST_STARS:  # nor is "not a number" between them
        raise InputError(f"{value:g} stars; expected {LOWEST_STARS} to {MOST_STARS:g}")
    return float(value)


def as_source(value: str) -> str:
    """`value` as it is. Raises `InputError` if it is not a way by which something comes in."""
    if not _SOURCE.fullmatch(value):
        raise InputError(f"source {value!r}; expected web, api or import:<number>")
    return value


def as_one_of(value: str, allowed: tuple[str, ...], what: str) -> str:
    """`value` as it is. Raises `InputError` if it is none of `allowed`."""
    if value not in allowed:
        raise InputError(f"{what} {value!r}; expected {', '.join(allowed)}")
    return value
