"""Connections and transactions, on both databases."""

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
    ("location", "driver", "database"),
    [
        ("postgresql://ann@host/films", "postgresql+psycopg", "films"),
        ("postgresql+psycopg://ann@host:5433/films?sslmode=require", "postgresql+psycopg", "films"),
        ("sqlite:////srv/films.db", "sqlite", "/srv/films.db"),
        ("/srv/films.db", "sqlite", "/srv/films.db"),
        ("films.db", "sqlite", str(Path.cwd() / "films.db")),
        (Path("/srv/ann's 100% films?.db"), "sqlite", "/srv/ann's 100% films?.db"),
    ],
)
def test_supported_urls(location: str | Path, driver: str, database: str) -> None:
    url = database_url(location)
    assert (url.drivername, url.database) == (driver, database)


@pytest.mark.parametrize(
    "location",
    [
        "mysql://ann:secret@host/films",
        "sqlite://",
        "sqlite:///:memory:",
        "http://x",
        "postgresql://ann:secret@host:port/",
    ],
)
def test_other_urls_are_refused_without_the_password(location: str) -> None:
    with pytest.raises(
        ConfigError, match="Use a file, sqlite:///<file> or postgresql://<user>@<host>/<database>"
    ) as caught:
        database_url(location)
    assert "secret" not in str(caught.value)


def test_only_durable_writes_wait_for_the_disk(store: Store) -> None:
    durable, quick = ("2", "1") if store._database.is_sqlite else ("on", "off")
    setting = "PRAGMA synchronous" if store._database.is_sqlite else "SHOW synchronous_commit"
    for is_durable in (True, False, True):  # on the same connection
        with store._database.writing(durable=is_durable) as connection:
            value = connection.exec_driver_sql(setting).scalar_one()
            assert str(value) == (durable if is_durable else quick)


def test_sqlite_has_the_documented_settings(tmp_path: Path, sqlite_with_tables: Path) -> None:
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


def test_a_reference_to_no_user_is_refused(store: Store, ann: User) -> None:
    row = {
        "user_id": ann.id + 1,
        "token_hash": "x",
        "user_agent": "",
        **dict.fromkeys(("created_at", "last_seen_at", "expires_at"), ann.created_at),
    }
    with pytest.raises(sa.exc.IntegrityError), store._database.writing() as connection:
        connection.execute(sa.insert(sessions).values(row))


def test_an_error_rolls_everything_back(store: Store) -> None:
    with suppress(ZeroDivisionError), store._database.writing() as connection:
        store.users.create("Ann")
        connection.execute(sa.select(1 / 0))
    assert store.users.count() == 0
    store.users.create("Ben")  # the next transaction is a new one
    assert store.users.count() == 1


def test_uncommitted_writes_are_visible_to_their_thread_only(store: Store) -> None:
    seen: list[int] = []
    with store._database.writing():
        store.users.create("Ann")
        thread = threading.Thread(target=lambda: seen.append(store.users.count()))
        thread.start()
        thread.join()
        assert store.users.count() == 1
    assert seen == [0]


def test_values_out_of_range_are_input_errors(store: Store, ann: User) -> None:
    with (
        pytest.raises(InputError, match=r"the database cannot store a value|No user has"),
        store._database.writing() as connection,
    ):
        lock_user(connection, 2**70)
    with pytest.raises(NotFoundError, match="No user has the number -5"), store._database.writing() as connection:
        lock_user(connection, -5)


def test_database_errors_are_one_line_without_values(store: Store) -> None:
    with pytest.raises(MatineeError) as caught, store._database.writing() as connection:
        connection.execute(sa.text("SELECT :value FROM no_such_table"), {"value": "private"})
    message = str(caught.value)
    assert message.startswith(f"{store.label}: the database failed (")
    assert "no_such_table" in message
    assert "private" not in message
    assert "\n" not in message
    assert not isinstance(caught.value, InputError)


def test_a_writer_gives_up_after_the_timeout(sqlite_with_tables: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Like two processes: two `Database`s share no lock except SQLite's own."""
    monkeypatch.setattr(module, "TIMEOUT_SECONDS", 0.05)
    first, other = Database(database_url(sqlite_with_tables)), Database(database_url(sqlite_with_tables))
    with first.writing(), pytest.raises(MatineeError, match="database is locked"), other.writing():
        pass
    with first.writing(), other.reading() as connection:  # readers do not wait
        assert connection.execute(sa.select(sa.func.count()).select_from(users)).scalar_one() == 0
    first.close()
    other.close()


@pytest.mark.slow
def test_closed_connections_are_replaced(postgres_with_tables: tuple[str, sa.Engine]) -> None:
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


def test_an_unreachable_server_is_an_error() -> None:
    database = Database(database_url("postgresql://ann:secret@127.0.0.1:1/films"))
    message = r"postgresql\+psycopg://ann:\*\*\*@127.0.0.1:1/films: the database failed"
    with pytest.raises(MatineeError, match=message), database.reading():
        pass
    database.close()
