"""Bringing databases forward: on both."""

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

# What a later version might do: a table rebuilt (SQLite changes none in place), and another one added.
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


def inspected(url: str, look: Callable[[sa.Connection], object]) -> object:
    engine = make_engine(database_url(url))
    with engine.connect() as connection:
        found = look(connection)
    engine.dispose()
    return found


def tables(url: str) -> set[str]:
    return set(inspected(url, lambda connection: sa.inspect(connection).get_table_names()))


def version(url: str) -> object:
    return inspected(url, lambda connection: connection.exec_driver_sql(f"SELECT * FROM {VERSION_TABLE}").scalar_one())


def test_migrations_make_the_tables_that_the_code_knows(empty_url: str) -> None:
    migrate(database_url(empty_url))

    def differences(connection: sa.Connection) -> list[object]:
        options = {"version_table": VERSION_TABLE, "compare_type": True, "compare_server_default": True}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))

    def constraints(connection: sa.Connection) -> set[object]:
        found = sa.inspect(connection)
        checks = {one["name"] for table in metadata.tables for one in found.get_check_constraints(table)}
        fates = {
            (table, *key["constrained_columns"], key["options"].get("ondelete"))
            for table in metadata.tables
            for key in found.get_foreign_keys(table)
        }
        return checks | fates

    assert inspected(empty_url, differences) == []
    assert inspected(empty_url, constraints) == {
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


def test_opening_again_changes_nothing(empty_url: str) -> None:
    for _ in range(2):
        migrate(database_url(empty_url))
    assert tables(empty_url) == {*metadata.tables, VERSION_TABLE}
    assert version(empty_url) == "0001"


def test_an_older_database_is_brought_forward_with_all_that_is_in_it(empty_url: str, next_version: Path) -> None:
    with open_store(empty_url) as store:
        ann = store.users.create("Ann")
        store.ratings.rate(ann.id, "1", 4.5)
        told = store.users.export(ann.id)
    migrate(database_url(empty_url), next_version)
    assert version(empty_url) == "0002"
    assert "clubs" in tables(empty_url)
    with Store(Database(database_url(empty_url))) as store:
        assert store.users.export(ann.id) == told  # rebuilding `users` did not take ratings with it
        with pytest.raises(NotFoundError):  # and references are still held to
            store.events.add([NewEvent(kind="searched", user_id=ann.id + 1)])


def test_a_newer_database_is_refused_and_left_alone(empty_url: str, next_version: Path) -> None:
    migrate(database_url(empty_url), next_version)
    with pytest.raises(
        DataError, match=r"written by a newer Matinee \(its tables are version 0002, this one knows 0001"
    ):
        open_store(empty_url)
    assert version(empty_url) == "0002"


def test_a_step_that_fails_leaves_everything_as_it_was(empty_url: str, tmp_path: Path) -> None:
    failing = later(tmp_path, NEXT + "    op.execute('SELECT * FROM no_such_table')\n")
    migrate(database_url(empty_url))
    before = tables(empty_url)
    with pytest.raises(DataError, match="no_such_table"):
        migrate(database_url(empty_url), failing)
    assert (tables(empty_url), version(empty_url)) == (before, "0001")


def test_a_database_of_something_else_is_refused_and_left_alone(empty_url: str) -> None:
    engine = make_engine(database_url(empty_url))
    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(sa.text("CREATE TABLE films (id INTEGER)"))
    engine.dispose()
    with pytest.raises(
        DataError, match=r"a database of something else \(tables films\); expected one of Matinee, or none"
    ):
        open_store(empty_url)
    assert tables(empty_url) == {"films"}


def test_many_that_start_at_once_do_not_collide(empty_url: str) -> None:
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(migrate, [database_url(empty_url)] * 6))
    assert version(empty_url) == "0001"


@pytest.mark.slow
def test_processes_that_start_at_once_do_not_collide(empty_url: str) -> None:
    program = "import sys; from matinee.store.store import open_store; input(); open_store(sys.argv[1]).close()"
    started = [
        subprocess.Popen([sys.executable, "-c", program, empty_url], stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    time.sleep(2)  # most have imported everything by now, and wait for a line
    for process in started:
        assert process.stdin is not None
        process.stdin.write(b"\n")
        process.stdin.flush()
    said = [process.communicate(timeout=60)[1].decode() for process in started]
    assert [process.returncode for process in started] == [0] * 4, said
    assert version(empty_url) == "0001"


def test_wal_mode_is_waited_for_while_another_process_writes(tmp_path: Path) -> None:
    """SQLite itself does not wait in this case, however long it is told to."""
    path = tmp_path / "matinee.db"
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        release = threading.Timer(0.3, other.execute, ["COMMIT"])
        release.start()
        _use_wal(path)
        release.join()
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_an_sqlite_file_is_copied_before_it_changes(tmp_path: Path, next_version: Path) -> None:
    path = tmp_path / "matinee.db"
    with open_store(path) as store:
        store.users.create("Ann")
        migrate(database_url(path), next_version)  # while it is in use
    copied = tmp_path / "matinee.db.tables-0001.backup"
    assert {file.name for file in tmp_path.glob("*.backup")} == {copied.name}
    assert stat.S_IMODE(copied.stat().st_mode) == 0o600
    with open_store(copied) as store:
        assert [user.name for user in store.users.all()] == ["Ann"]
    assert "nickname" not in copied.read_bytes().decode("latin-1")


def test_a_new_file_is_for_its_owner_and_in_wal_mode(tmp_path: Path) -> None:
    path = tmp_path / "a folder" / "matinee.db"
    migrate(database_url(path))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert not list(tmp_path.rglob("*.backup"))


def test_what_cannot_be_a_database_is_refused_in_one_line(tmp_path: Path) -> None:
    text = tmp_path / "ratings.csv"
    text.write_text("user,movie,rating\n" * 100)
    with pytest.raises(DataError, match=r"ratings.csv: cannot be opened as a database \(file is not a database\)"):
        open_store(text)
    assert text.read_text() == "user,movie,rating\n" * 100
    with pytest.raises(DataError, match=r"cannot be opened for writing \(Is a directory\)"):
        open_store(tmp_path)
    with pytest.raises(DataError, match=r"ann:\*\*\*@127.0.0.1:1/films: cannot be opened as a database"):
        open_store("postgresql://ann:secret@127.0.0.1:1/films")


def test_a_copy_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("not a database, " * 100)
    with pytest.raises(sqlite3.DatabaseError):
        backup(database_url(tmp_path / "text"), tmp_path / "copy.db")
    assert [file.name for file in tmp_path.iterdir()] == ["text"]
