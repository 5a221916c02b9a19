"""Invitations: who may join, by a token that serves once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from matinee.errors import ConflictError, NotFoundError
from matinee.store.database import Database, lock_user
from matinee.store.tables import invitations
from matinee.store.tokens import hash_of, new_token
from matinee.store.validation import now


@dataclass(frozen=True)
class Invitation:
    """An invitation, without its token. `used_by` is None, though `used_at` is not, when the person has gone."""

    id: int
    created_by: int
    created_at: datetime
    expires_at: datetime
    used_by: int | None
    used_at: datetime | None


_COLUMNS = [invitations.c[name] for name in Invitation.__dataclass_fields__]


class Invitations:
    """Inviting and joining."""

    def __init__(self, database: Database):
        self._database = database

    def create(self, created_by: int, lasts: timedelta) -> tuple[str, Invitation]:
        """Invite somebody; the token is given out here and never again."""
        token, made = new_token(), now()
        values = {
            "created_by": created_by,
            "token_hash": hash_of(token),
            "created_at": made,
            "expires_at": made + lasts,
        }
        with self._database.writing() as connection:
            lock_user(connection, created_by)
            row = connection.execute(sa.insert(invitations).values(values).returning(*_COLUMNS)).mappings().one()
        return token, _invitation(row)

    def find(self, token: str) -> Invitation | None:
        """The invitation of a token, if it can still be used."""
        query = sa.select(*_COLUMNS).where(_usable(token))
        with self._database.reading() as connection:
            row = connection.execute(query).mappings().one_or_none()
        return None if row is None else _invitation(row)

    def use(self, token: str, user_id: int) -> Invitation:
        """Use an invitation for a person just created, in one transaction with that: `with store.together():`.

        Raises `ConflictError` if it was used before, expired, was withdrawn, or never was: which, is nobody's business.
        """
        using = sa.update(invitations).where(_usable(token)).values(used_by=user_id, used_at=now())
        with self._database.writing() as connection:
            lock_user(connection, user_id)
            row = connection.execute(using.returning(*_COLUMNS)).mappings().one_or_none()
        if row is None:
            raise ConflictError("this invitation cannot be used: expected one that is neither used nor expired")
        return _invitation(row)

    def all(self) -> list[Invitation]:
        """Every invitation, the newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(*_COLUMNS).order_by(invitations.c.id.desc())).mappings()
            return [_invitation(row) for row in rows]

    def withdraw(self, invitation_id: int) -> None:
        """Delete an invitation. Raises `NotFoundError` if there is none of this number."""
        with self._database.writing() as connection:
            gone = connection.execute(sa.delete(invitations).where(invitations.c.id == invitation_id)).rowcount
        if not gone:
            raise NotFoundError(f"no invitation has the number {invitation_id}")


def _usable(token: str) -> sa.ColumnElement[bool]:
    return sa.and_(
        invitations.c.token_hash == hash_of(token), invitations.c.used_at.is_(None), invitations.c.expires_at > now()
    )


def _invitation(row: sa.RowMapping) -> Invitation:
    return Invitation(**row)
