"""Connections and transactions: on both databases."""

import threading
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa

from matinee.errors import ConfigError, InputError, MatineeError, NotFoundError
from matinee.store import database as module
from matinee.store.database import Database, database_url, lock_user
from matinee.store.store import Store
from matinee.store.tables import sessions, users
from matinee.store.users import User


@pytest.mark.parametrize(
    ("given", "driver", "database"),
    [
        ("postgresql://ann@host/films", "postgresql+psycopg", "films"),
        ("postgresql+psycopg://ann@host:5433/films?sslmode=require", "postgresql+psycopg", "films"),
        ("sqlite:////srv/films.db", "sqlite", "/srv/films.db"),
        ("/srv/films.db", "sqlite", "/srv/films.db"),
        ("films.db", "sqlite", str(Path.cwd() / "films.db")),
        (Path("/srv/ann's 100% films?.db"), "sqlite", "/srv/ann's 100% films?.db"),
    ],
)
def test_urls_that_are_understood(given: str | Path, driver: str, database: str) -> None:
    url = database_url(given)
    assert (url.drivername, url.database) == (driver, database)


@pytest.mark.parametrize(
    "given",
    [
        "mysql://ann:secret@host/films",
        "sqlite://",
        "sqlite:///:memory:",
        "http://x",
        "postgresql://ann:secret@host:port/",
    ],
)
def test_other_urls_are_refused_without_telling_the_password(given: str) -> None:
    with pytest.raises(
        ConfigError, match="expected a file, sqlite:///<file> or postgresql://<user>@<host>/<database>"
    ) as caught:
        database_url(given)
    assert "secret" not in str(caught.value)


def test_acknowledged_writes_wait_for_the_disk_and_others_do_not(store: Store) -> None:
    durable, quick = ("2", "1") if store._database.is_sqlite else ("on", "off")
    setting = "PRAGMA synchronous" if store._database.is_sqlite else "SHOW synchronous_commit"
    for wanted in (True, False, True):  # over the same connection
        with store._database.writing(durable=wanted) as connection:
            found = connection.exec_driver_sql(setting).scalar_one()
            assert str(found) == (durable if wanted else quick)


def test_sqlite_is_set_up_as_promised(tmp_path: Path, sqlite_with_tables: Path) -> None:
    database = Database(database_url(sqlite_with_tables))
    with database.reading() as connection:
        for pragma, value in [
            ("journal_mode", "wal"),
            ("foreign_keys", 1),
            ("busy_timeout", 30000),
            ("secure_delete", 1),
        ]:
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one() == value
    database.close()


def test_what_refers_to_nobody_is_refused_by_the_database_itself(store: Store, ann: User) -> None:
    row = {
        "user_id": ann.id + 1,
        "token_hash": "x",
        "user_agent": "",
        **dict.fromkeys(("created_at", "last_seen_at", "expires_at"), ann.created_at),
    }
    with pytest.raises(sa.exc.IntegrityError), store._database.writing() as connection:
        connection.execute(sa.insert(sessions).values(row))


def test_an_error_takes_everything_back(store: Store) -> None:
    with suppress(ZeroDivisionError), store._database.writing() as connection:
        store.users.create("Ann")
        connection.execute(sa.select(1 / 0))
    assert store.users.count() == 0
    store.users.create("Ben")  # and the next transaction is another one
    assert store.users.count() == 1


def test_what_is_written_inside_is_seen_inside_and_not_elsewhere(store: Store) -> None:
    seen: list[int] = []
    with store._database.writing():
        store.users.create("Ann")
        thread = threading.Thread(target=lambda: seen.append(store.users.count()))
        thread.start()
        thread.join()
        assert store.users.count() == 1
    assert seen == [0]


def test_values_beyond_what_a_database_holds_are_the_callers_fault(store: Store, ann: User) -> None:
    with (
        pytest.raises(InputError, match=r"beyond what the database|no user has"),
        store._database.writing() as connection,
    ):
        lock_user(connection, 2**70)
    with pytest.raises(NotFoundError, match="no user has the number -5"), store._database.writing() as connection:
        lock_user(connection, -5)


def test_trouble_of_the_database_is_told_in_one_line_without_values(store: Store) -> None:
    with pytest.raises(MatineeError) as caught, store._database.writing() as connection:
        connection.execute(sa.text("SELECT :value FROM no_such_table"), {"value": "private"})
    said = str(caught.value)
    assert said.startswith(f"{store.label}: the database did not do as asked (")
    assert "no_such_table" in said
    assert "private" not in said
    assert "\n" not in said
    assert not isinstance(caught.value, InputError)


def test_whoever_waits_too_long_is_told(sqlite_with_tables: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when another process holds the file: two `Database`s share no lock but SQLite's own."""
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    one, other = Database(database_url(sqlite_with_tables)), Database(database_url(sqlite_with_tables))
    with one.writing(), pytest.raises(MatineeError, match="database is locked"), other.writing():
        pass
    with one.writing(), other.reading() as connection:  # readers do not wait
        assert connection.execute(sa.select(sa.func.count()).select_from(users)).scalar_one() == 0
    one.close()
    other.close()


@pytest.mark.slow
def test_a_server_that_ended_our_connections_costs_nobody_an_error(postgres_with_tables: tuple[str, sa.Engine]) -> None:
    url, engine = postgres_with_tables
    database = Database(database_url(url))
    query = sa.select(sa.func.pg_backend_pid())
    with database.reading() as connection:
        old = connection.execute(query).scalar_one()
    with engine.connect() as connection:
        connection.execute(sa.select(sa.func.pg_terminate_backend(old, 5000)))
    with database.reading() as connection:
        assert connection.execute(query).scalar_one() != old
    database.close()


def test_a_server_that_is_not_there_is_told() -> None:
    database = Database(database_url("postgresql://ann:secret@127.0.0.1:1/films"))
    told = r"postgresql\+psycopg://ann:\*\*\*@127.0.0.1:1/films: the database did not"
    with pytest.raises(MatineeError, match=told), database.reading():
        pass
    database.close()
