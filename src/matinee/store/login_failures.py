"""Failed sign-ins by key, such as a name or an address, so that every process sees those of all others."""

import hashlib
from datetime import datetime

import sqlalchemy as sa

from matinee.store.database import Database
from matinee.store.tables import login_failures
from matinee.store.validation import as_time, now


class LoginFailures:
    """The times of failed sign-ins. Keys are stored as hashes, since a user may type a password as a name."""

    def __init__(self, database: Database):
        self._database = database

    def add(self, *keys: str) -> None:
        """Record a failure under each key."""
        moment = now()
        rows = [{"key_hash": _hash_key(key), "failed_at": moment} for key in keys]
        with self._database.writing(durable=False) as connection:
            connection.execute(sa.insert(login_failures), rows)

    def latest(self, key: str, since: datetime, limit: int) -> list[datetime]:
        """The times of the last `limit` failures under a key after `since`, newest first."""
        query = (
            sa.select(login_failures.c.failed_at)
            .where(login_failures.c.key_hash == _hash_key(key), login_failures.c.failed_at > since)
            .order_by(login_failures.c.failed_at.desc())
            .limit(limit)
        )
        with self._database.reading() as connection:
            return list(connection.execute(query).scalars())

    def clear(self, key: str) -> None:
        """Delete the failures under a key."""
        with self._database.writing(durable=False) as connection:
            connection.execute(sa.delete(login_failures).where(login_failures.c.key_hash == _hash_key(key)))

    def purge(self, before: datetime) -> int:
        """Delete failures older than a time. Returns the number of failures deleted."""
        with self._database.writing(durable=False) as connection:
            is_old = login_failures.c.failed_at < as_time(before, "before")
            return connection.execute(sa.delete(login_failures).where(is_old)).rowcount


def _hash_key(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
