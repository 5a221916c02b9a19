"""A store on each of the two databases, and two users in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from matinee.store.store import Store, open_store
from matinee.store.users import User


@pytest.fixture
def empty_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without tables."""
    return request.getfixturevalue("new_postgres")() if backend == "postgres" else str(tmp_path / "empty.db")


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with open_store(url) as store:
        yield store


@pytest.fixture
def ann(store: Store) -> User:
    return store.users.create("Ann")


@pytest.fixture
def ben(store: Store) -> User:
    return store.users.create("Ben")
