"""Sessions of signed-in users, and the random tokens of sessions and invitations.

A token is returned once. Only its hash is stored, which cannot be used to sign in.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from matinee.errors import NotFoundError
from matinee.store.database import Database, lock_user
from matinee.store.tables import sessions, users
from matinee.store.validation import MAX_TEXT_LENGTH, as_time, now

_SEEN_INTERVAL = timedelta(minutes=1)  # between updates of "last seen"
_TOKEN_BYTES = 32  # 256 random bits cannot be guessed, so a plain hash without salt is enough


@dataclass(frozen=True)
class Session:
    """A session, without its token, which is not stored."""

    id: int
    user_id: int
    user_agent: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


_COLUMNS = [sessions.c[name] for name in Session.__dataclass_fields__]


class Sessions:
    """Create, find and revoke sessions. The caller checks the password."""

    def __init__(self, database: Database):
        self._database = database

    def create(self, user_id: int, lifetime: timedelta, user_agent: str = "") -> tuple[str, Session]:
        """Create a session. Its token is returned only here."""
        token, created_at = new_token(), now()
        # The user agent is only displayed, so characters that cannot be stored are replaced.
        displayed = user_agent.encode("ascii", "replace").decode().replace("\x00", "?")[:MAX_TEXT_LENGTH]
        values = {
            "user_id": user_id,
            "token_hash": hash_token(token),
            "user_agent": displayed,
            "created_at": created_at,
            "last_seen_at": created_at,
            "expires_at": created_at + lifetime,
        }
        with self._database.writing() as connection:
            lock_user(connection, user_id)
            row = connection.execute(sa.insert(sessions).values(values).returning(*_COLUMNS)).mappings().one()
        return token, _session(row)

    def find(self, token: str) -> Session | None:
        """Find the session of a token. None if it has expired or was revoked, or if the user is disabled."""
        moment = now()
        query = (
            sa.select(*_COLUMNS)
            .join(users, users.c.id == sessions.c.user_id)
            .where(
                sessions.c.token_hash == hash_token(token),
                sessions.c.revoked_at.is_(None),
                sessions.c.expires_at > moment,
                users.c.disabled.is_(False),
            )
        )
        with self._database.reading() as connection:
            row = connection.execute(query).mappings().one_or_none()
        if row is None:
            return None
        if moment - row["last_seen_at"] >= _SEEN_INTERVAL:
            update = sa.update(sessions).where(sessions.c.id == row["id"]).values(last_seen_at=moment)
            with self._database.writing(durable=False) as connection:
                connection.execute(update)
        return _session(row)

    def open_sessions(self, user_id: int) -> list[Session]:
        """The open sessions of a user, the last used first."""
        query = sa.select(*_COLUMNS).where(
            sessions.c.user_id == user_id, sessions.c.revoked_at.is_(None), sessions.c.expires_at > now()
        )
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(sessions.c.last_seen_at.desc(), sessions.c.id.desc()))
            return [_session(row) for row in rows.mappings()]

    def revoke(self, user_id: int, session_id: int) -> None:
        """End a session of a user. Raises `NotFoundError`."""
        with self._database.writing() as connection:
            is_session = sessions.c.user_id == user_id, sessions.c.id == session_id
            if connection.execute(sa.select(sessions.c.id).where(*is_session)).one_or_none() is None:
                raise NotFoundError(f"User {user_id} has no session {session_id}.")
            _revoke(connection, *is_session)

    def revoke_all(self, user_id: int, except_id: int | None = None) -> int:
        """End all sessions of a user, optionally except one. Returns the number of sessions ended."""
        others = [] if except_id is None else [sessions.c.id != except_id]
        with self._database.writing() as connection:
            return _revoke(connection, sessions.c.user_id == user_id, *others)

    def purge(self, before: datetime) -> int:
        """Delete sessions that expired before a time. Returns the number of sessions deleted."""
        with self._database.writing(durable=False) as connection:
            return connection.execute(
                sa.delete(sessions).where(sessions.c.expires_at < as_time(before, "before"))
            ).rowcount


def new_token() -> str:
    """A random token of 43 characters that are valid in a URL."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def hash_token(token: str) -> str:
    """The stored form of a token: its SHA-256 in hexadecimal."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _revoke(connection: sa.Connection, *conditions: sa.ColumnElement[bool]) -> int:
    update = sa.update(sessions).where(*conditions, sessions.c.revoked_at.is_(None)).values(revoked_at=now())
    return connection.execute(update).rowcount


def _session(row: sa.RowMapping) -> Session:
    return Session(**row)
