"""Writes that happen once, even if a client that received no response sends them again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from matinee.errors import ConflictError
from matinee.store.database import Database, lock_user
from matinee.store.tables import stored_responses
from matinee.store.validation import as_text, as_time, now


@dataclass(frozen=True)
class StoredResponse:
    """The response of a write. `replayed` if the write happened before, at the first request."""

    value: Any
    replayed: bool


class Idempotency:
    """Responses stored under keys that clients choose. Each user has separate keys."""

    def __init__(self, database: Database):
        self._database = database

    def run_once(self, key: str, user_id: int, request: str, work: Callable[[], Any]) -> StoredResponse:
        """Do `work` and store its JSON response; for a known key, return the stored response instead.

        The writes of `work` through the same store and the response are one transaction: after a crash, both are
        there or neither. If `work` raises, nothing is stored. `request` is a digest of the request: raises
        `ConflictError` if the key was used for another one, and `NotFoundError` if the user does not exist.
        """
        as_text(key, "the idempotency key")
        as_text(request, "the request")
        is_key = stored_responses.c.user_id == user_id, stored_responses.c.key == key
        query = sa.select(stored_responses.c.request, stored_responses.c.response).where(*is_key)
        with self._database.writing() as connection:
            lock_user(connection, user_id)  # so simultaneous requests run one after the other
            row = connection.execute(query).one_or_none()
            if row is not None and row.request != request:
                raise ConflictError(f"The idempotency key {key!r} was used for another request. Use a new key.")
            if row is not None:
                return StoredResponse(row.response, replayed=True)
            value = work()
            values = {"user_id": user_id, "key": key, "request": request, "response": value, "created_at": now()}
            connection.execute(sa.insert(stored_responses).values(values))
            return StoredResponse(value, replayed=False)

    def purge(self, before: datetime) -> int:
        """Delete responses before a time; clients may rely on one day. Returns the number of responses deleted."""
        with self._database.writing(durable=False) as connection:
            is_old = stored_responses.c.created_at < as_time(before, "before")
            return connection.execute(sa.delete(stored_responses).where(is_old)).rowcount
