"""Validation of values before they are stored: times with a zone, text, ratings, and sources.

SQLite accepts almost any value and PostgreSQL does not. These checks make both refuse the same values.
"""

import re
from datetime import UTC, datetime, timedelta

from sqlalchemy import DateTime, Dialect
from sqlalchemy.types import TypeDecorator

from matinee.errors import InputError

MIN_RATING, MAX_RATING = 0.5, 5.0
MAX_TEXT_LENGTH = 200  # characters

_SOURCE = re.compile(r"web|api|import:\d{1,18}")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # NUL is refused by PostgreSQL; lone surrogates are not valid in UTF-8
_FIRST = datetime(1000, 1, 1, tzinfo=UTC)  # four-digit years, a day away from the limits of time zone conversion


class UtcTime(TypeDecorator[datetime]):
    """A time: with its zone in PostgreSQL, as UTC text in SQLite, and as an aware UTC datetime in Python."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert from Python to the database."""
        if value is None:
            return None
        return value.astimezone(UTC) if dialect.name == "postgresql" else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert from the database to Python."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def now() -> datetime:
    """The current time in UTC."""
    return datetime.now(UTC)


def as_time(value: datetime, field: str) -> datetime:
    """Convert `value` to UTC. Raises `InputError` if it has no time zone."""
    if value.tzinfo is None:
        raise InputError(
            f"{_capitalized(field)} {value.isoformat()} has no time zone. Use a time such as {now().isoformat()}."
        )
    try:
        in_utc = value.astimezone(UTC)
    except OverflowError:
        in_utc = None
    if in_utc is None or not _FIRST <= in_utc <= datetime.max.replace(tzinfo=UTC) - timedelta(days=1):
        raise InputError(f"{_capitalized(field)} {value.isoformat()} is out of range. Use a year from 1000 to 9999.")
    return in_utc


def as_text(value: str, field: str, max_length: int = MAX_TEXT_LENGTH) -> str:
    """Return `value`. Raises `InputError` if it is empty, too long, or has characters that cannot be stored."""
    if not value or value.isspace():
        raise InputError(f"{_capitalized(field)} is empty. Use 1 to {max_length} characters.")
    if len(value) > max_length:
        raise InputError(f"{_capitalized(field)} has {len(value)} characters. Use at most {max_length}.")
    if match := _UNSTORABLE.search(value):
        raise InputError(f"{_capitalized(field)} has the character U+{ord(match[0]):04X}, which cannot be stored.")
    return value


def as_rating(value: float) -> float:
    """Return `value`. Raises `InputError` if it is not between 0.5 and 5."""
    if not MIN_RATING <= value <= MAX_RATING:  # also refuses NaN
        raise InputError(f"Invalid rating {value:g}. Use {MIN_RATING} to {MAX_RATING:g}.")
    return float(value)


def as_source(value: str) -> str:
    """Return `value`. Raises `InputError` if it is not a valid source."""
    if not _SOURCE.fullmatch(value):
        raise InputError(f"Invalid source {value!r}. Use web, api or import:<number>.")
    return value


def as_one_of(value: str, allowed: tuple[str, ...], field: str) -> str:
    """Return `value`. Raises `InputError` if it is not one of `allowed`."""
    if value not in allowed:
        raise InputError(f"Invalid {field} {value!r}. Use one of {', '.join(allowed)}.")
    return value


def _capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]
