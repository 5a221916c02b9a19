"""Bring a database to the current tables: at every start, one process at a time, in one transaction."""

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
from matinee.store.database import TIMEOUT_SECONDS, database_label, driver_errors_in_one_line, first_line, make_engine

MIGRATIONS = Path(__file__).parent / "migrations"
VERSION_TABLE = "matinee_schema"
_OLD_VERSION_TABLE = "matinee_tables"  # of versions before the first release
_LOCK = 0x6D6174696E6565  # "matinee": the key of our advisory lock in PostgreSQL
_process_lock = threading.Lock()  # alembic stores its current migration in a module variable


def migrate(url: sa.URL, migrations: Path = MIGRATIONS) -> None:
    """Create or update the tables in one transaction. An SQLite file with older tables is copied first.

    The copy is written beside the file, as `<file>.tables-<version>.backup`. Other processes wait until the tables
    are ready. Raises `DataError` if the database cannot be opened, or belongs to a newer or older version of Matinee
    or to another program.
    """
    file = Path(str(url.database)) if url.drivername == "sqlite" else None
    if file is not None:
        _make_file(file)
    engine = make_engine(url, foreign_keys=False, poolclass=NullPool).execution_options(writes=True)
    try:
        # Take the process lock first: a thread that waited for it in a transaction would block all other processes.
        with _process_lock, driver_errors_in_one_line(url), engine.begin() as connection:
            _migrate(connection, url, migrations)
        if file is not None:
            _use_wal(file)
    except InputError:
        raise
    except MatineeError as error:
        raise DataError(
            f"cannot be opened as a database ({first_line(error.__cause__ or error)}).", database_label(url)
        ) from error
    finally:
        engine.dispose()


def backup(url: sa.URL, to: Path) -> None:
    """Copy an SQLite database, even while it is in use. The copy appears only when it is complete."""
    handle, name = tempfile.mkstemp(dir=to.parent, prefix=f".{to.name}.", suffix=".part")  # readable by its owner only
    os.close(handle)
    temporary = Path(name)
    try:
        source = closing(sqlite3.connect(str(url.database), timeout=TIMEOUT_SECONDS))
        with source as original, closing(sqlite3.connect(temporary)) as copy:
            original.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, without -wal and -shm files
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
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
    current = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_revision()
    head = scripts.get_current_head()
    if current == head:
        return
    _refuse_unknown_tables(connection, url, current, scripts)
    if current is not None and url.drivername == "sqlite":
        path = Path(str(url.database))
        backup(url, path.with_name(f"{path.name}.tables-{current}.backup"))
    command.upgrade(config, "head")
    if connection.dialect.name == "sqlite":  # it checks no references while tables are rebuilt
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise MatineeError(
                f"{database_label(url)}: the migration to {head} leaves {len(broken)} broken references."
            )


def _refuse_unknown_tables(
    connection: sa.Connection, url: sa.URL, current: str | None, scripts: ScriptDirectory
) -> None:
    revisions = [script.revision for script in scripts.walk_revisions()]
    if current is not None and current not in revisions:
        raise DataError(
            f"written by a newer Matinee (tables {current}; this version supports {revisions[-1]} to {revisions[0]}). "
            "Update Matinee, or use another database.",
            database_label(url),
        )
    tables = sorted(sa.inspect(connection).get_table_names())
    if current is None and _OLD_VERSION_TABLE in tables:
        raise DataError(
            "written by an older Matinee with other tables. Export your ratings with that version, start with a new "
            "database, and import them there.",
            database_label(url),
        )
    if current is None and tables:
        listed = ", ".join(tables[:3]) + (" and others" if len(tables) > 3 else "")
        raise DataError(
            f"a database of another program (tables {listed}). Use a Matinee database or a new file.",
            database_label(url),
        )


def _make_file(path: Path) -> None:
    """Create the file if it does not exist, readable by its owner only."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise DataError(f"cannot be opened for writing ({error.strerror}). Use a writable file.", path) from error


def _use_wal(path: Path) -> None:
    """Turn on the write-ahead log, so that readers and a writer do not wait for each other.

    The setting is stored in the file. SQLite needs exclusive access to turn it on and does not wait for it, so this
    function retries while other processes start.
    """
    end = time.monotonic() + TIMEOUT_SECONDS
    with closing(sqlite3.connect(path, timeout=TIMEOUT_SECONDS)) as raw:
        while True:
            try:
                mode = str(raw.execute("PRAGMA journal_mode = WAL").fetchone()[0])
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > end:
                    raise DataError(f"cannot be used in WAL mode ({error}).", path) from error
                time.sleep(0.01)
                continue
            if mode != "wal":
                raise DataError(f"cannot be used in WAL mode, stays in {mode}. Use a file on a local disk.", path)
            return
