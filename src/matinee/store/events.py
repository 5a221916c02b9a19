"""Events: what was shown, opened, rated and searched, so that a list can be explained after it was shown."""

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

_AT_ONCE = 10_000  # rows deleted in one transaction, for others to get a turn in between


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """Something that happened. A movie shown says by which model, learned from which data, and where in which list."""

    kind: str  # shown, opened, rated, searched
    user_id: int | None
    movie_id: str | None = None
    list_id: str | None = None
    place: int | None = None  # in the list, from 1
    model: str | None = None
    fingerprint: str | None = None  # of the data of the model's run
    detail: dict[str, Any] | None = None  # what else JSON can hold: what was searched, filters, reasons
    at: datetime = field(default_factory=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(NewEvent):
    """Something that happened, as it is kept."""

    id: int


_FIELDS = list(NewEvent.__dataclass_fields__)


class Events:
    """What happened, oldest forgotten first."""

    def __init__(self, database: Database):
        self._database = database

    def add(self, happened: Sequence[NewEvent]) -> None:
        """Keep some events, in one write that does not wait for the disk: a power cut may cost the last of them.

        Raises `InputError` for a kind there is not, `NotFoundError` if one is of a person who is not there.
        """
        if not happened:
            return
        rows = [_row(event) for event in happened]
        with self._database.writing(durable=False) as connection:
            try:
                connection.execute(sa.insert(events), rows)
            except IntegrityError as error:
                people = ", ".join(str(one) for one in sorted({row["user_id"] for row in rows} - {None}))
                raise NotFoundError(f"events of the users {people}; expected users who are there") from error

    def of_list(self, list_id: str) -> list[Event]:
        """All that happened with one list, in order: what it showed where, by which model, and what became of it."""
        query = sa.select(events).where(events.c.list_id == list_id).order_by(events.c.id)
        with self._database.reading() as connection:
            return [_event(row) for row in connection.execute(query).mappings()]

    def page(
        self, user_id: int, *, kinds: Iterable[str] = EVENTS, cursor: str | None = None, limit: int = 50
    ) -> Page[Event]:
        """What happened to a person, the newest first."""
        wanted = [as_one_of(kind, EVENTS, "kind of event") for kind in kinds]
        query = sa.select(events).where(events.c.user_id == user_id, events.c.kind.in_(wanted))
        with self._database.reading() as connection:
            return read_page(connection, query, (events.c.id,), _event, cursor, limit)

    def forget(self, before: datetime) -> int:
        """Delete events older than a moment, of everybody. Returns how many."""
        some = sa.select(events.c.id).where(events.c.at < as_time(before, "before")).limit(_AT_ONCE)
        forgotten = 0
        while True:
            with self._database.writing(durable=False) as connection:
                gone = connection.execute(sa.delete(events).where(events.c.id.in_(some))).rowcount
            forgotten += gone
            if gone < _AT_ONCE:
                return forgotten


def _row(event: NewEvent) -> dict[str, Any]:
    as_one_of(event.kind, EVENTS, "kind of event")
    for what in ("movie_id", "list_id", "model", "fingerprint"):
        text = getattr(event, what)
        if text is not None:
            as_text(text, what)
    values = {name: getattr(event, name) for name in _FIELDS}
    return values | {"at": as_time(event.at, "the time of an event")}


def _event(row: sa.RowMapping) -> Event:
    return Event(**row)
