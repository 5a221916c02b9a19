"""Users: the profiles of a household, or the accounts of a site."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from matinee.errors import ConflictError
from matinee.store.database import Database, insert, lock_user, user_not_found
from matinee.store.tables import ROLES, SECRET, mark_changes, metadata, users
from matinee.store.validation import as_one_of, as_text, now

MAX_NAME_LENGTH = 60
THEMES = ("system", "light", "dark")


@dataclass(frozen=True)
class User:
    """A user without the password hash."""

    id: int
    name: str
    language: str
    theme: str
    role: str
    disabled: bool
    created_at: datetime


_COLUMNS = [users.c[name] for name in User.__dataclass_fields__]

# Used with every request, so built once.
_USER_ID = sa.bindparam("user_id", type_=sa.Integer)
_NEWEST = sa.select(sa.func.max(mark_changes.c.id)).where(mark_changes.c.user_id == _USER_ID).scalar_subquery()
_WITH_VERSION = sa.select(*_COLUMNS, _NEWEST.label("version")).where(users.c.id == _USER_ID)


class Users:
    """Create, find, change, export and delete users."""

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
        """Create a user. Raises `ConflictError` if the name is taken, regardless of case and spelling variants."""
        values = {
            **_name_columns(name),
            "language": as_text(language, "language", 35),
            "theme": as_one_of(theme, THEMES, "theme"),
            "role": as_one_of(role, ROLES, "role"),
            "disabled": False,
            "password_hash": password_hash,
            "created_at": now(),
        }
        with self._database.writing() as connection:
            statement = insert(connection, users).values(values).on_conflict_do_nothing().returning(*_COLUMNS)
            row = connection.execute(statement).mappings().one_or_none()
        if row is None:
            raise _name_taken(name)
        return _user(row)

    def get(self, user_id: int) -> User:
        """Return a user. Raises `NotFoundError`."""
        user = self._find(users.c.id == user_id)
        if user is None:
            raise user_not_found(user_id)
        return user

    def get_with_version(self, user_id: int) -> tuple[User, int]:
        """Return a user and the version of their marks (see `Changes.version`) by one query.

        Raises `NotFoundError`.
        """
        with self._database.reading() as connection:
            row = connection.execute(_WITH_VERSION, {"user_id": user_id}).one_or_none()
        if row is None:
            raise user_not_found(user_id)
        *columns, version = row
        return User(*columns), version or 0

    def find_by_name(self, name: str) -> User | None:
        """Find a user by name, regardless of case and spelling variants."""
        return self._find(users.c.name_key == _key(as_text(name, "name", MAX_NAME_LENGTH)))

    def all(self) -> list[User]:
        """All users, in the order of their creation."""
        with self._database.reading() as connection:
            return [_user(row) for row in connection.execute(sa.select(*_COLUMNS).order_by(users.c.id)).mappings()]

    def count(self) -> int:
        """The number of users."""
        with self._database.reading() as connection:
            return connection.execute(sa.select(sa.func.count()).select_from(users)).scalar_one()

    def password_hash(self, user_id: int) -> str | None:
        """Return the password hash of a user; None without a password."""
        with self._database.reading() as connection:
            query = sa.select(users.c.password_hash).where(users.c.id == user_id)
            return connection.execute(query).scalar_one_or_none()

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
        """Change the fields that are not None. Raises `ConflictError` if the name is taken, and `NotFoundError`."""
        values = _name_columns(name) if name is not None else {}
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
                raise _name_taken(name)
            if values:
                connection.execute(sa.update(users).where(users.c.id == user_id).values(values))
            row = connection.execute(sa.select(*_COLUMNS).where(users.c.id == user_id)).mappings().one()
        return _user(row)

    def set_password_hash(self, user_id: int, password_hash: str | None) -> None:
        """Set or remove a password. Sessions stay open: see `Sessions.revoke_all`."""
        with self._database.writing() as connection:
            lock_user(connection, user_id)
            connection.execute(sa.update(users).where(users.c.id == user_id).values(password_hash=password_hash))

    def export(self, user_id: int) -> dict[str, Any]:
        """Export all data about a user by table, as JSON values. Hashes of secrets are left out."""
        tables: dict[str, Any] = {}
        with self._database.reading() as connection:
            for table in metadata.sorted_tables:
                references = _user_columns(table)
                if not references:
                    continue
                columns = [column for column in table.columns if column.info != SECRET and column.name != "name_key"]
                query = sa.select(*columns).where(sa.or_(*(column == user_id for column in references)))
                rows = connection.execute(query.order_by(*table.primary_key)).mappings()
                tables[table.name] = [{str(key): _plain(value) for key, value in row.items()} for row in rows]
        if not tables["users"]:
            raise user_not_found(user_id)
        return tables

    def delete(self, user_id: int) -> None:
        """Delete a user and all their data. Raises `NotFoundError`.

        The invitation that they used stays used, without a user.
        """
        with self._database.writing() as connection:
            lock_user(connection, user_id)
            connection.execute(sa.delete(users).where(users.c.id == user_id))
        self._database.truncate_log()

    def _find(self, condition: sa.ColumnElement[bool]) -> User | None:
        with self._database.reading() as connection:
            row = connection.execute(sa.select(*_COLUMNS).where(condition)).mappings().one_or_none()
        return None if row is None else _user(row)


def _user_columns(table: sa.Table) -> list[sa.Column[Any]]:
    if table is users:
        return [users.c.id]
    return [column for column in table.columns if column.references(users.c.id)]


def _name_columns(name: str) -> dict[str, Any]:
    cleaned = " ".join(as_text(name, "name", MAX_NAME_LENGTH).split())
    return {"name": cleaned, "name_key": _key(cleaned)}


def _key(name: str) -> str:
    # Unicode case folding; SQLite folds ASCII only.
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", " ".join(name.split())).casefold())
    return " ".join(folded.split())


def _is_taken(connection: sa.Connection, key: str, user_id: int) -> bool:
    query = sa.select(users.c.id).where(users.c.name_key == key, users.c.id != user_id)
    return connection.execute(query).one_or_none() is not None


def _name_taken(name: str) -> ConflictError:
    return ConflictError(f"The name {name!r} is taken. Choose another name.")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _user(row: sa.RowMapping) -> User:
    return User(**row)
