"""Bringing a database to the tables this version knows: at every opening, one process at a time, all or nothing."""

import os
import sqlite3
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.pool import NullPool

from matinee.errors import DataError, InputError, MatineeError
from matinee.store.database import PATIENCE, database_label, first_line, make_engine, one_line_errors

MIGRATIONS = Path(__file__).parent / "migrations"
VERSION_TABLE = "matinee_tables"
_LOCK = 0x6D6174696E6565  # "matinee": of PostgreSQL's advisory locks, the one we take
_in_this_process = threading.Lock()  # alembic keeps the migration it is at in a variable of its module


def migrate(url: sa.URL, migrations: Path = MIGRATIONS) -> None:
    """Create or update the tables in one transaction; an SQLite file that has some is copied first.

    The copy lies beside the file, as `<file>.tables-<version>.backup`. Whoever comes second waits, and finds the
    work done. Raises `DataError` if the database cannot be opened, is of a newer Matinee, or is not Matinee's.
    """
    file = Path(str(url.database)) if url.drivername == "sqlite" else None
    if file is not None:
        _make_file(file)
    engine = make_engine(url, foreign_keys=False, poolclass=NullPool).execution_options(writes=True)
    try:
        # The lock of this process first: whoever waited for it inside a transaction would make all others wait.
        with _in_this_process, one_line_errors(url), engine.begin() as connection:
            _migrate(connection, url, migrations)
        if file is not None:
            _use_wal(file)
    except InputError:
        raise
    except MatineeError as error:
        raise DataError(
            f"cannot be opened as a database ({first_line(error.__cause__ or error)})", database_label(url)
        ) from error
    finally:
        engine.dispose()


def backup(url: sa.URL, to: Path) -> None:
    """Copy an SQLite database as it is now, others writing or not, to a file that appears only when it is whole."""
    handle, name = tempfile.mkstemp(dir=to.parent, prefix=f".{to.name}.", suffix=".part")  # for its owner's eyes only
    os.close(handle)
    temporary = Path(name)
    try:
        source = closing(sqlite3.connect(str(url.database), timeout=PATIENCE))
        with source as whole, closing(sqlite3.connect(temporary)) as copy:
            whole.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, without the -wal and -shm beside it
        with temporary.open("rb+") as written:
            os.fsync(written.fileno())
        temporary.replace(to)
    finally:
        temporary.unlink(missing_ok=True)


def _migrate(connection: sa.Connection, url: sa.URL, migrations: Path) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.attributes["connection"] = connection
    scripts = ScriptDirectory.from_config(config)
    found = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_revision()
    head = scripts.get_current_head()
    if found == head:
        return
    _refuse_strangers(connection, url, found, scripts)
    if found is not None and url.drivername == "sqlite":
        path = Path(str(url.database))
        backup(url, path.with_name(f"{path.name}.tables-{found}.backup"))
    command.upgrade(config, "head")
    if connection.dialect.name == "sqlite":  # which checked no references while tables were being rebuilt
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise MatineeError(
                f"{database_label(url)}: migrating to {head} would leave {len(broken)} rows that refer to nothing"
            )


def _refuse_strangers(connection: sa.Connection, url: sa.URL, found: str | None, scripts: ScriptDirectory) -> None:
    known = [script.revision for script in scripts.walk_revisions()]
    if found is not None and found not in known:
        raise DataError(
            f"written by a newer Matinee (its tables are version {found}, this one knows {known[-1]} to {known[0]}); "
            "update Matinee or open another database",
            database_label(url),
        )
    tables = sorted(sa.inspect(connection).get_table_names())
    if found is None and tables:
        shown = ", ".join(tables[:3]) + (" and others" if len(tables) > 3 else "")
        raise DataError(
            f"a database of something else (tables {shown}); expected one of Matinee, or none", database_label(url)
        )


def _make_file(path: Path) -> None:
    """Make the file, if it is not there, for its owner's eyes only."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise DataError(f"cannot be opened for writing ({error.strerror}); expected a file of our own", path) from error


def _use_wal(path: Path) -> None:
    """Keep what is written in a log beside the file, so that readers and a writer do not wait for each other.

    The file remembers it. Turning it on needs the file alone, and SQLite does not wait for that: when several
    processes start at once, we do.
    """
    end = time.monotonic() + PATIENCE
    with closing(sqlite3.connect(path, timeout=PATIENCE)) as raw:
        while True:
            try:
                mode = str(raw.execute("PRAGMA journal_mode = WAL").fetchone()[0])
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > end:
                    raise DataError(f"cannot be used in WAL mode ({error})", path) from error
                time.sleep(0.01)
                continue
            if mode != "wal":
                raise DataError(f"cannot be used in WAL mode, stays in {mode}; expected a file on a local disk", path)
            return
