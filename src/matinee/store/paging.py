"""Pages of a long list. Each has a cursor for the next page.

A cursor holds the sort key of the last entry, not a count, so new entries cause no repetition or gap. A cursor is not
secret: a made-up cursor gives access to nothing but other pages of the same list.
"""

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from matinee.errors import InputError
from matinee.store.validation import UtcTime

MAX_LIMIT = 1000  # entries on a page

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Entries of a list, and the cursor for the next page; None on the last page."""

    items: list[T]
    next: str | None


def read_page(
    connection: sa.Connection,
    query: sa.Select[*tuple[Any, ...]],
    keys: tuple[sa.Column[Any], ...],
    make: Callable[[sa.RowMapping], T],
    cursor: str | None,
    limit: int,
) -> Page[T]:
    """Read one page of `query`, in descending order of the keys, which are times or integers and together unique.

    Raises `InputError` for a limit out of range and for an invalid cursor.
    """
    if not 1 <= limit <= MAX_LIMIT:
        raise InputError(f"A page cannot have {limit} entries. Use a limit from 1 to {MAX_LIMIT}.")
    if cursor is not None:
        query = query.where(_after(keys, _values(keys, cursor)))
    rows = connection.execute(query.order_by(*(key.desc() for key in keys)).limit(limit + 1)).mappings().all()
    last = rows[limit - 1] if len(rows) > limit else None
    next_cursor = None if last is None else _cursor([last[key] for key in keys])
    return Page([make(row) for row in rows[:limit]], next_cursor)


def _after(keys: tuple[sa.Column[Any], ...], values: list[Any]) -> sa.ColumnElement[bool]:
    # (a, b) < (x, y), in a form for which both databases use an index
    key, value = keys[0], values[0]
    if len(keys) == 1:
        return key < value
    return sa.or_(key < value, sa.and_(key == value, _after(keys[1:], values[1:])))


def _cursor(values: list[Any]) -> str:
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def _values(keys: tuple[sa.Column[Any], ...], cursor: str) -> list[Any]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        plain = json.loads(base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True))
        values = [_value(key, value) for key, value in zip(keys, plain, strict=True)]
    except (binascii.Error, UnicodeError, ValueError, TypeError, RecursionError) as error:
        raise InputError(f"Invalid cursor {cursor[:40]!r}. Use the `next` of the previous page.") from error
    return values


def _value(key: sa.Column[Any], plain: Any) -> Any:
    if isinstance(key.type, UtcTime):
        moment = datetime.fromisoformat(plain)
        if moment.tzinfo is None:
            raise ValueError("a time without a time zone")
        return moment
    if not isinstance(plain, int) or isinstance(plain, bool) or not -(2**63) <= plain < 2**63:
        raise ValueError("not an integer key")
    return plain
