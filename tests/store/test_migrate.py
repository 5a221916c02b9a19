"""Migrations, on both databases."""

import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from matinee.errors import DataError, NotFoundError
from matinee.store.database import Database, database_url, make_engine
from matinee.store.events import NewEvent
from matinee.store.migrate import MIGRATIONS, VERSION_TABLE, _use_wal, backup, migrate
from matinee.store.store import Store, open_store
from matinee.store.tables import metadata

# A possible later migration: it rebuilds a table, which SQLite cannot change in place, and adds another one.
NEXT = '''
"""Nicknames."""
import sqlalchemy as sa
from alembic import op
revision = "0002"
down_revision = "0001"
def upgrade():
    how = "always" if op.get_bind().dialect.name == "sqlite" else "auto"
    with op.batch_alter_table("users", recreate=how) as users:
        users.add_column(sa.Column("nickname", sa.Text()))
    op.create_table("clubs", sa.Column("id", sa.Integer(), primary_key=True))
'''


@pytest.fixture
def next_version(tmp_path: Path) -> Path:
    return later(tmp_path, NEXT)


def later(tmp_path: Path, step: str) -> Path:
    folder = tmp_path / "100% later"
    shutil.copytree(MIGRATIONS, folder)
    (folder / "versions" / "0002_next.py").write_text(step, encoding="utf-8")
    return folder


def inspect(url: str, read: Callable[[sa.Connection], object]) -> object:
    engine = make_engine(database_url(url))
    with engine.connect() as connection:
        result = read(connection)
    engine.dispose()
    return result


def tables(url: str) -> set[str]:
    return set(inspect(url, lambda connection: sa.inspect(connection).get_table_names()))


def version(url: str) -> object:
    return inspect(url, lambda connection: connection.exec_driver_sql(f"SELECT * FROM {VERSION_TABLE}").scalar_one())


def test_migrations_create_the_tables_of_the_code(empty_url: str) -> None:
    migrate(database_url(empty_url))

    def differences(connection: sa.Connection) -> list[object]:
        options = {"version_table": VERSION_TABLE, "compare_type": True, "compare_server_default": True}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))

    def constraints(connection: sa.Connection) -> set[object]:
        inspector = sa.inspect(connection)
        checks = {check["name"] for table in metadata.tables for check in inspector.get_check_constraints(table)}
        deletions = {
            (table, *key["constrained_columns"], key["options"].get("ondelete"))
            for table in metadata.tables
            for key in inspector.get_foreign_keys(table)
        }
        return checks | deletions

    assert inspect(empty_url, differences) == []
    assert inspect(empty_url, constraints) == {
        constraint.name
        for table in metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, sa.CheckConstraint)
    } | {
        (table.name, column.name, key.ondelete)
        for table in metadata.tables.values()
        for column in table.columns
        for key in column.foreign_keys
    }


def test_a_second_migration_has_no_effect(empty_url: str) -> None:
    for _ in range(2):
        migrate(database_url(empty_url))
    assert tables(empty_url) == {*metadata.tables, VERSION_TABLE}
    assert version(empty_url) == "0001"


def test_an_older_database_is_updated_with_its_data(empty_url: str, next_version: Path) -> None:
    with open_store(empty_url) as store:
        ann = store.users.create("Ann")
        store.ratings.rate(ann.id, "1", 4.5)
        exported = store.users.export(ann.id)
    migrate(database_url(empty_url), next_version)
    assert version(empty_url) == "0002"
    assert "clubs" in tables(empty_url)
    with Store(Database(database_url(empty_url))) as store:
        assert store.users.export(ann.id) == exported  # rebuilding `users` deleted no rating
        with pytest.raises(NotFoundError):  # references are checked again
            store.events.add([NewEvent(kind="clicked", user_id=ann.id + 1)])


def test_a_newer_database_is_refused_and_unchanged(empty_url: str, next_version: Path) -> None:
    migrate(database_url(empty_url), next_version)
    with pytest.raises(
        DataError, match=r"written by a newer Matinee \(tables 0002; this version supports 0001 to 0001\)"
    ):
        open_store(empty_url)
    assert version(empty_url) == "0002"


def test_a_failed_migration_is_rolled_back(empty_url: str, tmp_path: Path) -> None:
    failing = later(tmp_path, NEXT + "    op.execute('SELECT * FROM no_such_table')\n")
    migrate(database_url(empty_url))
    before = tables(empty_url)
    with pytest.raises(DataError, match="no_such_table"):
        migrate(database_url(empty_url), failing)
    assert (tables(empty_url), version(empty_url)) == (before, "0001")


def test_a_database_of_another_program_is_refused_and_unchanged(empty_url: str) -> None:
    engine = make_engine(database_url(empty_url))
    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(sa.text("CREATE TABLE films (id INTEGER)"))
    engine.dispose()
    with pytest.raises(
        DataError, match=r"a database of another program \(tables films\). Use a Matinee database or a new file"
    ):
        open_store(empty_url)
    assert tables(empty_url) == {"films"}


def test_a_database_from_before_the_first_release_is_refused(empty_url: str) -> None:
    engine = make_engine(database_url(empty_url))
    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(sa.text("CREATE TABLE matinee_tables (version_num TEXT)"))
        connection.execute(sa.text("CREATE TABLE answers (id INTEGER)"))
    engine.dispose()
    with pytest.raises(DataError, match=r"written by an older Matinee with other tables. Export your ratings"):
        open_store(empty_url)
    assert tables(empty_url) == {"matinee_tables", "answers"}


def test_simultaneous_migrations_do_not_collide(empty_url: str) -> None:
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(migrate, [database_url(empty_url)] * 6))
    assert version(empty_url) == "0001"


@pytest.mark.slow
def test_simultaneous_processes_do_not_collide(empty_url: str) -> None:
    program = "import sys; from matinee.store.store import open_store; input(); open_store(sys.argv[1]).close()"
    started = [
        subprocess.Popen([sys.executable, "-c", program, empty_url], stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    time.sleep(2)  # most have finished their imports by now and wait for a line
    for process in started:
        assert process.stdin is not None
        process.stdin.write(b"\n")
        process.stdin.flush()
    errors = [process.communicate(timeout=60)[1].decode() for process in started]
    assert [process.returncode for process in started] == [0] * 4, errors
    assert version(empty_url) == "0001"


def test_wal_mode_waits_for_another_writer(tmp_path: Path) -> None:
    """SQLite itself does not wait in this case, regardless of its timeout."""
    path = tmp_path / "matinee.db"
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        release = threading.Timer(0.3, other.execute, ["COMMIT"])
        release.start()
        _use_wal(path)
        release.join()
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_an_sqlite_file_is_copied_before_a_migration(tmp_path: Path, next_version: Path) -> None:
    path = tmp_path / "matinee.db"
    with open_store(path) as store:
        store.users.create("Ann")
        migrate(database_url(path), next_version)  # the file is in use
    copy = tmp_path / "matinee.db.tables-0001.backup"
    assert {file.name for file in tmp_path.glob("*.backup")} == {copy.name}
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with open_store(copy) as store:
        assert [user.name for user in store.users.all()] == ["Ann"]
    assert "nickname" not in copy.read_bytes().decode("latin-1")


def test_a_new_file_is_private_and_in_wal_mode(tmp_path: Path) -> None:
    path = tmp_path / "a folder" / "matinee.db"
    migrate(database_url(path))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert not list(tmp_path.rglob("*.backup"))


def test_files_that_are_no_database_are_refused(tmp_path: Path) -> None:
    text = tmp_path / "ratings.csv"
    text.write_text("user,movie,rating\n" * 100)
    with pytest.raises(DataError, match=r"ratings.csv: cannot be opened as a database \(file is not a database\)"):
        open_store(text)
    assert text.read_text() == "user,movie,rating\n" * 100
    with pytest.raises(DataError, match=r"cannot be opened for writing \(Is a directory\)"):
        open_store(tmp_path)
    with pytest.raises(DataError, match=r"ann:\*\*\*@127.0.0.1:1/films: cannot be opened as a database"):
        open_store("postgresql://ann:secret@127.0.0.1:1/films")


def test_a_failed_copy_leaves_no_file(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("not a database, " * 100)
    with pytest.raises(sqlite3.DatabaseError):
        backup(database_url(tmp_path / "text"), tmp_path / "copy.db")
    assert [file.name for file in tmp_path.iterdir()] == ["text"]
