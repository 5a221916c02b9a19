"""Sessions: who is signed in where, until when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from matinee.errors import NotFoundError
from matinee.store.database import Database, lock_user
from matinee.store.tables import sessions, users
from matinee.store.tokens import hash_of, new_token
from matinee.store.validation import LONGEST_TEXT, as_time, now

_SEEN_EVERY = timedelta(minutes=1)  # "last seen" need not be written at every click


@dataclass(frozen=True)
class Session:
    """A session, without its token, which is nowhere."""

    id: int
    user_id: int
    user_agent: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


_COLUMNS = [sessions.c[name] for name in Session.__dataclass_fields__]


class Sessions:
    """Signing in and out. Whether somebody may sign in, and their password, is for others to check."""

    def __init__(self, database: Database):
        self._database = database

    def create(self, user_id: int, lasts: timedelta, user_agent: str = "") -> tuple[str, Session]:
        """Begin a session; the token is given out here and never again."""
        token, begun = new_token(), now()
        # What a browser says of itself is only shown, so what cannot be stored of it is left out.
        shown = user_agent.encode("ascii", "replace").decode().replace("\x00", "?")[:LONGEST_TEXT]
        values = {
            "user_id": user_id,
            "token_hash": hash_of(token),
            "user_agent": shown,
            "created_at": begun,
            "last_seen_at": begun,
            "expires_at": begun + lasts,
        }
        with self._database.writing() as connection:
            lock_user(connection, user_id)
            row = connection.execute(sa.insert(sessions).values(values).returning(*_COLUMNS)).mappings().one()
        return token, _session(row)

    def find(self, token: str) -> Session | None:
        """The session a token opens, seen just now; None if it expired, was revoked, or its person is disabled."""
        moment = now()
        query = (
            sa.select(*_COLUMNS)
            .join(users, users.c.id == sessions.c.user_id)
            .where(
                sessions.c.token_hash == hash_of(token),
                sessions.c.revoked_at.is_(None),
                sessions.c.expires_at > moment,
                users.c.disabled.is_(False),
            )
        )
        with self._database.reading() as connection:
            row = connection.execute(query).mappings().one_or_none()
        if row is None:
            return None
        if moment - row["last_seen_at"] >= _SEEN_EVERY:
            seen = sa.update(sessions).where(sessions.c.id == row["id"]).values(last_seen_at=moment)
            with self._database.writing(durable=False) as connection:
                connection.execute(seen)
        return _session(row)

    def of(self, user_id: int) -> list[Session]:
        """The sessions of a person that are open, the one seen last first."""
        query = sa.select(*_COLUMNS).where(
            sessions.c.user_id == user_id, sessions.c.revoked_at.is_(None), sessions.c.expires_at > now()
        )
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(sessions.c.last_seen_at.desc(), sessions.c.id.desc()))
            return [_session(row) for row in rows.mappings()]

    def revoke(self, user_id: int, session_id: int) -> None:
        """End a session of a person. Raises `NotFoundError` if they have none of this number."""
        with self._database.writing() as connection:
            ours = sessions.c.user_id == user_id, sessions.c.id == session_id
            if connection.execute(sa.select(sessions.c.id).where(*ours)).one_or_none() is None:
                raise NotFoundError(f"user {user_id} has no session with the number {session_id}")
            _revoke(connection, *ours)

    def revoke_all(self, user_id: int, except_id: int | None = None) -> int:
        """End all sessions of a person, or all but one: after a change of password, say. Returns how many."""
        others = [] if except_id is None else [sessions.c.id != except_id]
        with self._database.writing() as connection:
            return _revoke(connection, sessions.c.user_id == user_id, *others)

    def forget(self, before: datetime) -> int:
        """Delete sessions that expired before a moment. Returns how many."""
        with self._database.writing(durable=False) as connection:
            return connection.execute(
                sa.delete(sessions).where(sessions.c.expires_at < as_time(before, "before"))
            ).rowcount


def _revoke(connection: sa.Connection, *which: sa.ColumnElement[bool]) -> int:
    ending = sa.update(sessions).where(*which, sessions.c.revoked_at.is_(None)).values(revoked_at=now())
    return connection.execute(ending).rowcount


def _session(row: sa.RowMapping) -> Session:
    return Session(**row)
