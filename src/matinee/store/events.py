"""Events: movies shown, clicked, rated and unrated, so that a list can be explained later."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from matinee.errors import NotFoundError
from matinee.store.database import Database
from matinee.store.paging import Page, read_page
from matinee.store.tables import EVENTS, events
from matinee.store.validation import as_one_of, as_text, as_time, now

_PURGE_BATCH = 10_000  # rows deleted in one transaction, so that other writers get a turn


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """An event to store. An event of kind `shown` has the model, its training data, the list, and the rank in it."""

    kind: str  # shown, clicked, rated, unrated
    user_id: int | None
    movie_id: str | None = None
    list_id: str | None = None
    rank: int | None = None  # in the list, 1 is first
    model: str | None = None
    fingerprint: str | None = None  # of the model's training data
    detail: dict[str, Any] | None = None  # JSON: filters, reasons, ratings
    at: datetime = field(default_factory=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(NewEvent):
    """A stored event."""

    id: int


_FIELDS = list(NewEvent.__dataclass_fields__)


class Events:
    """The log of events."""

    def __init__(self, database: Database):
        self._database = database

    def add(self, new_events: Sequence[NewEvent]) -> None:
        """Store events in one transaction that does not wait for the disk, so a power cut may lose the last ones.

        Raises `InputError` for an invalid kind, and `NotFoundError` if a user does not exist.
        """
        if not new_events:
            return
        rows = [_row(event) for event in new_events]
        with self._database.writing(durable=False) as connection:
            try:
                connection.execute(sa.insert(events), rows)
            except IntegrityError as error:
                user_ids = ", ".join(str(user_id) for user_id in sorted({row["user_id"] for row in rows} - {None}))
                raise NotFoundError(f"One of the users {user_ids} does not exist. No event was stored.") from error

    def for_list(self, list_id: str) -> list[Event]:
        """Return the events of one list in order: the movies it showed, then clicks and ratings."""
        query = sa.select(events).where(events.c.list_id == list_id).order_by(events.c.id)
        with self._database.reading() as connection:
            return [_event(row) for row in connection.execute(query).mappings()]

    def page(
        self, user_id: int, *, kinds: Iterable[str] = EVENTS, cursor: str | None = None, limit: int = 50
    ) -> Page[Event]:
        """A page of the events of a user, newest first."""
        selected = [as_one_of(kind, EVENTS, "kind of event") for kind in kinds]
        query = sa.select(events).where(events.c.user_id == user_id, events.c.kind.in_(selected))
        with self._database.reading() as connection:
            return read_page(connection, query, (events.c.id,), _event, cursor, limit)

    def purge(self, before: datetime) -> int:
        """Delete the events of all users before a time. Returns the number of events deleted."""
        batch = sa.select(events.c.id).where(events.c.at < as_time(before, "before")).limit(_PURGE_BATCH)
        total = 0
        while True:
            with self._database.writing(durable=False) as connection:
                deleted = connection.execute(sa.delete(events).where(events.c.id.in_(batch))).rowcount
            total += deleted
            if deleted < _PURGE_BATCH:
                return total


def _row(event: NewEvent) -> dict[str, Any]:
    as_one_of(event.kind, EVENTS, "kind of event")
    for field_name in ("movie_id", "list_id", "model", "fingerprint"):
        text = getattr(event, field_name)
        if text is not None:
            as_text(text, f"the {field_name.replace('_', ' ')}")
    values = {name: getattr(event, name) for name in _FIELDS}
    return values | {"at": as_time(event.at, "the time of an event")}


def _event(row: sa.RowMapping) -> Event:
    return Event(**row)
