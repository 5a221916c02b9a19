"""Pages of a long list: each ends with a cursor that says after what the next one goes on.

A cursor holds the sort key of the last entry, not a count, so entries that come in meanwhile neither repeat nor hide
any. It is no secret and no promise: whoever makes one up gets other places of their own list.
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

MOST = 1000  # entries on a page

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some entries, and the cursor for those after them; None on the last page."""

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
    """One page of `query`, greatest keys first; together the keys are unique, each is a moment or a whole number.

    Raises `InputError` for a limit out of range and for a cursor that no page ended with.
    """
    if not 1 <= limit <= MOST:
        raise InputError(f"a page of {limit}; expected 1 to {MOST}")
    if cursor is not None:
        query = query.where(_after(keys, _values(keys, cursor)))
    rows = connection.execute(query.order_by(*(key.desc() for key in keys)).limit(limit + 1)).mappings().all()
    last = rows[limit - 1] if len(rows) > limit else None
    following = None if last is None else _cursor([last[key] for key in keys])
    return Page([make(row) for row in rows[:limit]], following)


def _after(keys: tuple[sa.Column[Any], ...], values: list[Any]) -> sa.ColumnElement[bool]:
    # (a, b) < (x, y), in the words that both databases make good use of
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
        values = [_value(key, one) for key, one in zip(keys, plain, strict=True)]
    except (binascii.Error, UnicodeError, ValueError, TypeError, RecursionError) as error:
        raise InputError(f"cursor {cursor[:40]!r}; expected the one that the page before ended with") from error
    return values


def _value(key: sa.Column[Any], plain: Any) -> Any:
    if isinstance(key.type, UtcTime):
        moment = datetime.fromisoformat(plain)
        if moment.tzinfo is None:
            raise ValueError("a moment without a zone")
        return moment
    if not isinstance(plain, int) or isinstance(plain, bool) or not -(2**63) <= plain < 2**63:
        raise ValueError("not a number of a row")
    return plain
