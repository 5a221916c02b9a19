"""People: the profiles of a household, or the accounts of a site."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from matinee.errors import ConflictError, NotFoundError
from matinee.store.database import Database, insert, lock_user
from matinee.store.tables import ROLES, SECRET, mark_changes, metadata, users
from matinee.store.validation import as_one_of, as_text, now

LONGEST_NAME = 60
THEMES = ("system", "light", "dark")


@dataclass(frozen=True)
class User:
    """Somebody, as others may see them: their password hash is asked for by itself."""

    id: int
    name: str
    language: str
    theme: str
    role: str
    disabled: bool
    created_at: datetime


_COLUMNS = [users.c[name] for name in User.__dataclass_fields__]

# Asked with every request, so made once.
_WHO = sa.bindparam("user_id", type_=sa.Integer)
_NEWEST = sa.select(sa.func.max(mark_changes.c.id)).where(mark_changes.c.user_id == _WHO).scalar_subquery()
_WITH_VERSION = sa.select(*_COLUMNS, _NEWEST.label("version")).where(users.c.id == _WHO)


class Users:
    """Creating, finding and changing people; taking everything of theirs out, and deleting it."""

    def __init__(self, database: Database):
        self._database = database

    def create(
        self,
        name: str,
        *,
        language: str = "en",
        theme: str = "system",
        role: str = "member",
        password_hash: str | None = None,
    ) -> User:
        """Add somebody. Raises `ConflictError` if the name is taken, however its letters are written."""
        values = {
            **_named(name),
            "language": as_text(language, "language", 35),
            "theme": as_one_of(theme, THEMES, "theme"),
            "role": as_one_of(role, ROLES, "role"),
            "disabled": False,
            "password_hash": password_hash,
            "created_at": now(),
        }
        with self._database.writing() as connection:
            adding = insert(connection, users).values(values).on_conflict_do_nothing().returning(*_COLUMNS)
            row = connection.execute(adding).mappings().one_or_none()
        if row is None:
            raise _taken(name)
        return _person(row)

    def get(self, user_id: int) -> User:
        """Somebody, by number. Raises `NotFoundError` if there is nobody."""
        found = self._find(users.c.id == user_id)
        if found is None:
            raise _nobody(user_id)
        return found

    def with_version(self, user_id: int) -> tuple[User, int]:
        """Somebody, and the version of their marks as `Changes.version` tells it, in one look.

        Raises `NotFoundError` if there is nobody.
        """
        with self._database.reading() as connection:
            row = connection.execute(_WITH_VERSION, {"user_id": user_id}).one_or_none()
        if row is None:
            raise _nobody(user_id)
        *columns, version = row
        return User(*columns), version or 0

    def by_name(self, name: str) -> User | None:
        """Somebody, by name, however its letters are written."""
        return self._find(users.c.name_key == _key(as_text(name, "name", LONGEST_NAME)))

    def all(self) -> list[User]:
        """Everybody, in the order they came."""
        with self._database.reading() as connection:
            return [_person(row) for row in connection.execute(sa.select(*_COLUMNS).order_by(users.c.id)).mappings()]

    def count(self) -> int:
        """How many people there are."""
        with self._database.reading() as connection:
            return connection.execute(sa.select(sa.func.count()).select_from(users)).scalar_one()

    def password_hash(self, user_id: int) -> str | None:
        """The hash of a person's password; None if they have no password."""
        with self._database.reading() as connection:
            found = sa.select(users.c.password_hash).where(users.c.id == user_id)
            return connection.execute(found).scalar_one_or_none()

    def update(
        self,
        user_id: int,
        *,
        name: str | None = None,
        language: str | None = None,
        theme: str | None = None,
        role: str | None = None,
        disabled: bool | None = None,
    ) -> User:
        """Change what is given. Raises `ConflictError` if the name is taken, `NotFoundError` if nobody is there."""
        values = _named(name) if name is not None else {}
        if language is not None:
            values["language"] = as_text(language, "language", 35)
        if theme is not None:
            values["theme"] = as_one_of(theme, THEMES, "theme")
        if role is not None:
            values["role"] = as_one_of(role, ROLES, "role")
        if disabled is not None:
            values["disabled"] = disabled
        with self._database.writing() as connection:
            lock_user(connection, user_id)
            if name is not None and _is_taken(connection, values["name_key"], user_id):
                raise _taken(name)
            if values:
                connection.execute(sa.update(users).where(users.c.id == user_id).values(values))
            row = connection.execute(sa.select(*_COLUMNS).where(users.c.id == user_id)).mappings().one()
        return _person(row)

    def set_password_hash(self, user_id: int, password_hash: str | None) -> None:
        """Give a person another password, or none. Their sessions go on: see `Sessions.revoke_all`."""
        with self._database.writing() as connection:
            lock_user(connection, user_id)
            connection.execute(sa.update(users).where(users.c.id == user_id).values(password_hash=password_hash))

    def export(self, user_id: int) -> dict[str, Any]:
        """Everything kept of a person, by table, as plain data that JSON can hold; hashes of secrets are left out."""
        told: dict[str, Any] = {}
        with self._database.reading() as connection:
            for table in metadata.sorted_tables:
                theirs = _columns_of_people(table)
                if not theirs:
                    continue
                columns = [column for column in table.columns if column.info != SECRET and column.name != "name_key"]
                query = sa.select(*columns).where(sa.or_(*(column == user_id for column in theirs)))
                rows = connection.execute(query.order_by(*table.primary_key)).mappings()
                told[table.name] = [{str(key): _plain(value) for key, value in row.items()} for row in rows]
        if not told["users"]:
            raise NotFoundError(f"no user has the number {user_id}")
        return told

    def delete(self, user_id: int) -> None:
        """Delete a person and everything of theirs, for good. Raises `NotFoundError` if nobody is there.

        An invitation they joined by stays as used, by nobody.
        """
        with self._database.writing() as connection:
            lock_user(connection, user_id)
            connection.execute(sa.delete(users).where(users.c.id == user_id))
        self._database.truncate_log()

    def _find(self, which: sa.ColumnElement[bool]) -> User | None:
        with self._database.reading() as connection:
            row = connection.execute(sa.select(*_COLUMNS).where(which)).mappings().one_or_none()
        return None if row is None else _person(row)


def _columns_of_people(table: sa.Table) -> list[sa.Column[Any]]:
    if table is users:
        return [users.c.id]
    return [column for column in table.columns if column.references(users.c.id)]


def _named(name: str) -> dict[str, Any]:
    shown = " ".join(as_text(name, "name", LONGEST_NAME).split())
    return {"name": shown, "name_key": _key(shown)}


def _key(name: str) -> str:
    # Unicode's own way to compare without case; SQLite knows only that of ASCII.
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", " ".join(name.split())).casefold())
    return " ".join(folded.split())


def _is_taken(connection: sa.Connection, key: str, user_id: int) -> bool:
    query = sa.select(users.c.id).where(users.c.name_key == key, users.c.id != user_id)
    return connection.execute(query).one_or_none() is not None


def _nobody(user_id: int) -> NotFoundError:
    return NotFoundError(f"no user has the number {user_id}")


def _taken(name: str) -> ConflictError:
    return ConflictError(f"the name {name!r} is taken; expected one that nobody here has")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _person(row: sa.RowMapping) -> User:
    return User(**row)
