"""Writes that happen once, however often they are asked for: a client that heard no answer may ask again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from matinee.errors import ConflictError
from matinee.store.database import Database, lock_user
from matinee.store.tables import answers
from matinee.store.validation import as_text, as_time, now


@dataclass(frozen=True)
class StoredResponse:
    """What a write answered, and whether that was now or when it was asked for first."""

    value: Any
    repeated: bool


class Idempotency:
    """Answers kept under the keys that clients choose; each person has keys of their own."""

    def __init__(self, database: Database):
        self._database = database

    def once(self, key: str, user_id: int, request: str, work: Callable[[], Any]) -> StoredResponse:
        """Do `work` and keep its answer, which JSON can hold; or, under a key seen before, return the answer kept.

        What `work` writes through the same store, and the answer, are one transaction: after a crash, there are both
        or neither. If it raises, nothing is kept. `request` tells one request from another (a digest of it): raises
        `ConflictError` if the key came with another one before, `NotFoundError` if the person is not there.
        """
        as_text(key, "the idempotency key")
        as_text(request, "the request")
        ours = answers.c.user_id == user_id, answers.c.key == key
        with self._database.writing() as connection:
            lock_user(connection, user_id)  # two who ask at once come one after the other
            row = connection.execute(sa.select(answers.c.request, answers.c.answer).where(*ours)).one_or_none()
            if row is not None and row.request != request:
                raise ConflictError(f"the idempotency key {key!r} came with another request before; expected a new one")
            if row is not None:
                return StoredResponse(row.answer, repeated=True)
            value = work()
            kept = {"user_id": user_id, "key": key, "request": request, "answer": value, "created_at": now()}
            connection.execute(sa.insert(answers).values(kept))
            return StoredResponse(value, repeated=False)

    def forget(self, before: datetime) -> int:
        """Delete answers older than a moment: a day is what clients may count on. Returns how many."""
        with self._database.writing(durable=False) as connection:
            old = answers.c.created_at < as_time(before, "before")
            return connection.execute(sa.delete(answers).where(old)).rowcount
