"""Connections to one database, SQLite or PostgreSQL, and transactions that read or write."""

import sqlite3
import threading
from collections.abc import Generator
from contextlib import closing, contextmanager, nullcontext
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from matinee.errors import ConfigError, InputError, MatineeError, NotFoundError
from matinee.store.tables import users

TIMEOUT_SECONDS = 30  # to wait for another writer, for a connection, or for a server to answer
_CONNECTIONS = 16


class Database:
    """The database. All access goes through its transactions.

    A transaction opened inside another one of the same thread joins that one. So several calls that each write can
    become one transaction, which succeeds or fails as a whole. Errors must then pass through to the outer one.
    """

    def __init__(self, url: sa.URL):
        self.url = url
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self._engine = make_engine(url, pool_size=_CONNECTIONS, max_overflow=0, pool_timeout=TIMEOUT_SECONDS)
        # A lock wakes the next thread at once. SQLite's own wait polls, up to a tenth of a second apart.
        self._write_lock = threading.Lock() if self.is_sqlite else nullcontext()
        self._local = threading.local()

    @property
    def label(self) -> str:
        """The name for messages: the file, or the URL without its password."""
        return database_label(self.url)

    @contextmanager
    def reading(self) -> Generator[sa.Connection]:
        """Open a connection that reads: one snapshot in SQLite, one per statement in PostgreSQL."""
        if (outer := self._current_connection()) is not None:
            yield outer
            return
        with driver_errors_in_one_line(self.url), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, *, durable: bool = True) -> Generator[sa.Connection]:
        """Open a transaction: committed at the end, rolled back by any error.

        A durable transaction is on the disk when this returns and survives a killed process or a power cut. One that
        is not durable does not wait for the disk, and a power cut may lose it.
        Raises `MatineeError` if the database fails, and `InputError` for a value that it cannot store.
        """
        if (outer := self._current_connection()) is not None:
            yield outer
            return
        engine = self._engine.execution_options(writes=True, durable=durable)
        with driver_errors_in_one_line(self.url), self._write_lock, engine.begin() as connection:
            self._local.connection = connection
            try:
                yield connection
            finally:
                self._local.connection = None

    def truncate_log(self) -> None:
        """Move SQLite's log into the file and empty it, unless a reader needs it.

        No deleted data is left then: `secure_delete` overwrites it in the file, and this call in the log.
        """
        if self.is_sqlite and self._current_connection() is None:
            with driver_errors_in_one_line(self.url), closing(self._engine.raw_connection()) as pooled:
                raw: Any = pooled.driver_connection
                raw.execute("PRAGMA busy_timeout = 1000")
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
                raw.execute(f"PRAGMA busy_timeout = {TIMEOUT_SECONDS * 1000}")

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def _current_connection(self) -> sa.Connection | None:
        return getattr(self._local, "connection", None)


@contextmanager
def driver_errors_in_one_line(url: sa.URL) -> Generator[None]:
    """Turn driver errors into Matinee errors of one line. Integrity errors pass, since callers handle them."""
    try:
        yield
    except (IntegrityError, sqlite3.IntegrityError):
        raise
    except (OverflowError, DataError) as error:
        raise InputError(f"{database_label(url)}: the database cannot store a value ({first_line(error)}).") from error
    except (DBAPIError, PoolTimeoutError, sqlite3.Error) as error:
        raise MatineeError(f"{database_label(url)}: the database failed ({first_line(error)}).") from error


def database_url(location: str | Path) -> sa.URL:
    """Parse a file name, `sqlite:///...` or `postgresql://...`. Raises `ConfigError` for any other URL."""
    if isinstance(location, Path) or "://" not in location:
        return sa.URL.create("sqlite", database=str(Path(location).absolute()))
    fix = "Use a file, sqlite:///<file> or postgresql://<user>@<host>/<database>."
    try:
        url = sa.make_url(location)
    except (ArgumentError, ValueError) as error:
        raise ConfigError(f"The database URL is invalid. {fix}") from error  # the URL may hold a password
    backend = url.get_backend_name()
    if backend == "sqlite" and url.database and url.database != ":memory:" and not url.query:
        return sa.URL.create("sqlite", database=str(Path(url.database).absolute()))
    if backend in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    raise ConfigError(f"{database_label(url)}: this kind of database is not supported. {fix}")


def database_label(url: sa.URL) -> str:
    """The name of a database for messages: its file, or its URL without the password."""
    return str(url.database) if url.drivername == "sqlite" else url.render_as_string(hide_password=True)


def first_line(error: BaseException) -> str:
    """The driver's message without the statement and its values, which may be private."""
    message = str(getattr(error, "orig", None) or error).strip().rstrip(".")
    return message.splitlines()[0] if message else type(error).__name__


def make_engine(url: sa.URL, *, foreign_keys: bool = True, **options: Any) -> sa.Engine:
    """Create an engine with the guarantees of `docs/store.md`. Migrations turn `foreign_keys` off."""
    if url.get_backend_name() == "sqlite":
        engine = sa.create_engine(url, connect_args={"timeout": TIMEOUT_SECONDS}, **options)
        event.listen(engine, "connect", _sqlite_connected)
        if foreign_keys:
            event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA foreign_keys = ON"))
        event.listen(engine, "begin", _sqlite_begins)
    else:
        options = {"pool_pre_ping": True, **options}  # so a restarted server causes no error
        engine = sa.create_engine(url, connect_args={"connect_timeout": TIMEOUT_SECONDS}, **options)
        event.listen(engine, "connect", _postgres_connected)
        event.listen(engine, "begin", _postgres_begins)
    return engine


def _sqlite_connected(raw: sqlite3.Connection, _: Any) -> None:
    raw.isolation_level = None  # `_sqlite_begins` begins transactions, not the driver
    raw.execute(f"PRAGMA busy_timeout = {TIMEOUT_SECONDS * 1000}")
    raw.execute("PRAGMA secure_delete = ON")  # overwrite deleted data


def _sqlite_begins(connection: sa.Connection) -> None:
    options = connection.get_execution_options()
    raw: Any = connection.connection.driver_connection
    if not options.get("writes"):
        raw.execute("BEGIN")
        return
    # In WAL mode, NORMAL leaves the last commits to the operating system, so a power cut would lose acknowledged
    # ratings. FULL waits for the disk at every commit.
    raw.execute(f"PRAGMA synchronous = {'FULL' if options.get('durable', True) else 'NORMAL'}")
    # IMMEDIATE, because a transaction that reads before it writes fails if another one writes in between.
    raw.execute("BEGIN IMMEDIATE")


def _postgres_connected(raw: Any, _: Any) -> None:
    raw.execute("SET TIME ZONE 'UTC'")
    raw.execute(f"SET lock_timeout = '{TIMEOUT_SECONDS}s'")
    raw.commit()


def _postgres_begins(connection: sa.Connection) -> None:
    if connection.get_execution_options().get("durable") is False:
        connection.exec_driver_sql("SET LOCAL synchronous_commit = off")


def insert(connection: sa.Connection, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    """Build an INSERT that supports ON CONFLICT, which has the same syntax in both databases."""
    return _insert(connection.dialect.name, table)


def upsert(connection: sa.Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    """Insert rows with a value for every column; replace rows that have the same primary key."""
    connection.execute(_upsert(connection.dialect.name, table), rows)


def _insert(dialect: str, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


@cache  # building the statement takes longer than running it
def _upsert(dialect: str, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    statement = _insert(dialect, table)
    keys = [column.name for column in table.primary_key]
    others = {column.name: statement.excluded[column.name] for column in table.columns if column.name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=others)


def lock_user(connection: sa.Connection, user_id: int) -> None:
    """Lock a user until the transaction ends, so that the writes of one user happen one after another.

    Raises `NotFoundError` if the user does not exist.
    """
    query = sa.select(users.c.id).where(users.c.id == user_id).with_for_update(key_share=True)
    if connection.execute(query).one_or_none() is None:
        raise user_not_found(user_id)


def user_not_found(user_id: int) -> NotFoundError:
    """The error for a number that no user has."""
    return NotFoundError(f"No user has the number {user_id}.")
