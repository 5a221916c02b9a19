"""Invitations: each has a token that creates one account."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from matinee.errors import ConflictError, NotFoundError
from matinee.store.database import Database, lock_user
from matinee.store.sessions import hash_token, new_token
from matinee.store.tables import invitations
from matinee.store.validation import now


@dataclass(frozen=True)
class Invitation:
    """An invitation, without its token. If its user was deleted, only `used_at` is set."""

    id: int
    created_by: int
    created_at: datetime
    expires_at: datetime
    used_by: int | None
    used_at: datetime | None


_COLUMNS = [invitations.c[name] for name in Invitation.__dataclass_fields__]


class Invitations:
    """Create, use and delete invitations."""

    def __init__(self, database: Database):
        self._database = database

    def create(self, created_by: int, lifetime: timedelta) -> tuple[str, Invitation]:
        """Create an invitation. Its token is returned only here."""
        token, created_at = new_token(), now()
        values = {
            "created_by": created_by,
            "token_hash": hash_token(token),
            "created_at": created_at,
            "expires_at": created_at + lifetime,
        }
        with self._database.writing() as connection:
            lock_user(connection, created_by)
            row = connection.execute(sa.insert(invitations).values(values).returning(*_COLUMNS)).mappings().one()
        return token, _invitation(row)

    def find(self, token: str) -> Invitation | None:
        """Find the invitation of a token, if it can still be used."""
        query = sa.select(*_COLUMNS).where(_usable(token))
        with self._database.reading() as connection:
            row = connection.execute(query).mappings().one_or_none()
        return None if row is None else _invitation(row)

    def use(self, token: str, user_id: int) -> Invitation:
        """Use an invitation for a new user, in the transaction that creates the user: `with store.transaction():`.

        Raises `ConflictError` if it was used, expired, was deleted or never existed. The error does not say which.
        """
        update = sa.update(invitations).where(_usable(token)).values(used_by=user_id, used_at=now())
        with self._database.writing() as connection:
            lock_user(connection, user_id)
            row = connection.execute(update.returning(*_COLUMNS)).mappings().one_or_none()
        if row is None:
            raise invitation_unusable()
        return _invitation(row)

    def all(self) -> list[Invitation]:
        """All invitations, newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(*_COLUMNS).order_by(invitations.c.id.desc())).mappings()
            return [_invitation(row) for row in rows]

    def delete(self, invitation_id: int) -> None:
        """Delete an invitation. Raises `NotFoundError`."""
        with self._database.writing() as connection:
            deleted = connection.execute(sa.delete(invitations).where(invitations.c.id == invitation_id)).rowcount
        if not deleted:
            raise NotFoundError(f"No invitation has the number {invitation_id}.")


def invitation_unusable() -> ConflictError:
    """The error for an invitation that is used, expired or unknown."""
    return ConflictError("This invitation was used, has expired or is unknown. Ask for a new one.")


def _usable(token: str) -> sa.ColumnElement[bool]:
    return sa.and_(
        invitations.c.token_hash == hash_token(token), invitations.c.used_at.is_(None), invitations.c.expires_at > now()
    )


def _invitation(row: sa.RowMapping) -> Invitation:
    return Invitation(**row)
