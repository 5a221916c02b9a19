"""One database, SQLite or PostgreSQL: connections as they must be, and transactions that read or write."""

import sqlite3
import threading
from collections.abc import Generator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
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

PATIENCE = 30  # seconds to wait for another writer, for a connection, or for a server to answer
_CONNECTIONS = 16


class Database:
    """Where everything is kept, and the only way to it.

    A transaction opened inside another one of the same thread is part of that one. So calls that each write by
    themselves can be joined into one that happens whole or not at all; whoever joins them must let their errors pass.
    """

    def __init__(self, url: sa.URL):
        self.url = url
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self._engine = make_engine(url, pool_size=_CONNECTIONS, max_overflow=0, pool_timeout=PATIENCE)
        # Threads that wait here take turns at once; SQLite's own waiting sleeps, up to a tenth of a second.
        self._turn = threading.Lock() if self.is_sqlite else nullcontext()
        self._joined = threading.local()

    @property
    def label(self) -> str:
        """How messages call it: the file, or the URL without its password."""
        return database_label(self.url)

    @contextmanager
    def reading(self) -> Generator[sa.Connection]:
        """A connection that sees one state of SQLite for as long as it is open, and of PostgreSQL in each statement."""
        if (joined := self._open_here()) is not None:
            yield joined
            return
        with self._told_in_one_line(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, *, durable: bool = True) -> Generator[sa.Connection]:
        """A transaction, committed at the end, rolled back by any error.

        Durable: once this returns, the disk has it, and neither a killed process nor a power cut takes it back.
        Without, a power cut may cost the last moments, and nothing is waited for.
        Raises `MatineeError` if the database does not answer, `InputError` if a value is beyond what it holds.
        """
        if (joined := self._open_here()) is not None:
            yield joined
            return
        engine = self._engine.execution_options(writes=True, durable=durable)
        with self._told_in_one_line(), self._turn, engine.begin() as connection:
            self._joined.connection = connection
            try:
                yield connection
            finally:
                self._joined.connection = None

    def truncate_log(self) -> None:
        """Move what SQLite's log holds into the file and empty it, if nobody needs it just now.

        What was deleted is then nowhere: `secure_delete` overwrites it in the file, and this in the log.
        """
        if self.is_sqlite and self._open_here() is None:
            with self._told_in_one_line(), closing(self._engine.raw_connection()) as pooled:
                raw: Any = pooled.driver_connection
                raw.execute("PRAGMA busy_timeout = 1000")
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
                raw.execute(f"PRAGMA busy_timeout = {PATIENCE * 1000}")

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def _open_here(self) -> sa.Connection | None:
        return getattr(self._joined, "connection", None)

    def _told_in_one_line(self) -> AbstractContextManager[None]:
        return one_line_errors(self.url)


@contextmanager
def one_line_errors(url: sa.URL) -> Generator[None]:
    """Turn what the drivers raise into one line of ours; broken constraints pass, for those who expect them."""
    try:
        yield
    except (IntegrityError, sqlite3.IntegrityError):
        raise
    except (OverflowError, DataError) as error:
        raise InputError(
            f"{database_label(url)}: a value is beyond what the database holds ({first_line(error)})"
        ) from error
    except (DBAPIError, PoolTimeoutError, sqlite3.Error) as error:
        raise MatineeError(f"{database_label(url)}: the database did not do as asked ({first_line(error)})") from error


def database_url(given: str | Path) -> sa.URL:
    """The URL of a file, or of `sqlite:///...` or `postgresql://...`. Raises `ConfigError` for any other."""
    if isinstance(given, Path) or "://" not in given:
        return sa.URL.create("sqlite", database=str(Path(given).absolute()))
    expected = "expected a file, sqlite:///<file> or postgresql://<user>@<host>/<database>"
    try:
        url = sa.make_url(given)
    except (ArgumentError, ValueError) as error:
        raise ConfigError(f"a database URL that cannot be read; {expected}") from error  # it may hold a password
    backend = url.get_backend_name()
    if backend == "sqlite" and url.database and url.database != ":memory:" and not url.query:
        return sa.URL.create("sqlite", database=str(Path(url.database).absolute()))
    if backend in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    raise ConfigError(f"{database_label(url)}: no database Matinee can keep itself in; {expected}")


def database_label(url: sa.URL) -> str:
    """How messages call a database: its file, or its URL without the password."""
    return str(url.database) if url.drivername == "sqlite" else url.render_as_string(hide_password=True)


def first_line(error: BaseException) -> str:
    """What the driver said, without the statement and its values, which may be private."""
    said = str(getattr(error, "orig", None) or error).strip()
    return said.splitlines()[0] if said else type(error).__name__


def make_engine(url: sa.URL, *, foreign_keys: bool = True, **options: Any) -> sa.Engine:
    """An engine whose connections hold what `docs/store.md` promises; migrations turn `foreign_keys` off."""
    if url.get_backend_name() == "sqlite":
        engine = sa.create_engine(url, connect_args={"timeout": PATIENCE}, **options)
        event.listen(engine, "connect", _sqlite_connected)
        if foreign_keys:
            event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA foreign_keys = ON"))
        event.listen(engine, "begin", _sqlite_begins)
    else:
        options = {"pool_pre_ping": True, **options}  # a server that was restarted costs nobody an error
        engine = sa.create_engine(url, connect_args={"connect_timeout": PATIENCE}, **options)
        event.listen(engine, "connect", _postgres_connected)
        event.listen(engine, "begin", _postgres_begins)
    return engine


def _sqlite_connected(raw: sqlite3.Connection, _: Any) -> None:
    raw.isolation_level = None  # the driver begins no transactions of its own; `_sqlite_begins` does
    raw.execute(f"PRAGMA busy_timeout = {PATIENCE * 1000}")
    raw.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten, not just forgotten


def _sqlite_begins(connection: sa.Connection) -> None:
    options = connection.get_execution_options()
    raw: Any = connection.connection.driver_connection
    if not options.get("writes"):
        raw.execute("BEGIN")
        return
    # In WAL mode, NORMAL leaves the last commits to the operating system: a power cut would lose ratings that were
    # acknowledged. FULL waits for the disk at every commit.
    raw.execute(f"PRAGMA synchronous = {'FULL' if options.get('durable', True) else 'NORMAL'}")
    # IMMEDIATE: a transaction that first reads, then writes, would otherwise fail when another writes in between.
    raw.execute("BEGIN IMMEDIATE")


def _postgres_connected(raw: Any, _: Any) -> None:
    raw.execute("SET TIME ZONE 'UTC'")
    raw.execute(f"SET lock_timeout = '{PATIENCE}s'")
    raw.commit()


def _postgres_begins(connection: sa.Connection) -> None:
    if connection.get_execution_options().get("durable") is False:
        connection.exec_driver_sql("SET LOCAL synchronous_commit = off")


def insert(connection: sa.Connection, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that knows ON CONFLICT, which the two spell alike."""
    return _insert(connection.dialect.name, table)


def upsert(connection: sa.Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    """Insert rows that name every column, or replace those of the same primary key."""
    connection.execute(_upsert(connection.dialect.name, table), rows)


def _insert(dialect: str, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


@cache  # putting it together takes longer than running it
def _upsert(dialect: str, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    statement = _insert(dialect, table)
    keys = [column.name for column in table.primary_key]
    rest = {column.name: statement.excluded[column.name] for column in table.columns if column.name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=rest)


def lock_user(connection: sa.Connection, user_id: int) -> None:
    """Hold a person until the transaction ends, so that one person's writes come one after another.

    Raises `NotFoundError` if there is none.
    """
    holding = sa.select(users.c.id).where(users.c.id == user_id).with_for_update(key_share=True)
    if connection.execute(holding).one_or_none() is None:
        raise NotFoundError(f"no user has the number {user_id}")
