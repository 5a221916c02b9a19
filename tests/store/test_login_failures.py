"""Failed sign-ins, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest

from matinee.store import login_failures
from matinee.store.store import Store, open_store

START = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The current time, to be changed by the test."""
    clock = [START]
    monkeypatch.setattr(login_failures, "now", lambda: clock[0])
    return clock


def add_every_minute(store: Store, clock: list[datetime], *keys: str, times: int) -> None:
    for _ in range(times):
        store.login_failures.add(*keys)
        clock[0] += timedelta(minutes=1)


def test_the_latest_failures_of_a_key_are_newest_first(store: Store, clock: list[datetime]) -> None:
    add_every_minute(store, clock, "name ann", "address 1", times=4)
    for key in ("name ann", "address 1"):
        latest = store.login_failures.latest(key, START, limit=2)
        assert latest == [START + timedelta(minutes=3), START + timedelta(minutes=2)]
    since = START + timedelta(minutes=2)
    assert store.login_failures.latest("name ann", since, limit=5) == [START + timedelta(minutes=3)]
    assert store.login_failures.latest("name ben", START, limit=5) == []


def test_clear_deletes_the_failures_of_one_key(store: Store, clock: list[datetime]) -> None:
    add_every_minute(store, clock, "name ann", "address 1", times=2)
    store.login_failures.clear("name ann")
    before = START - timedelta(minutes=1)
    assert store.login_failures.latest("name ann", before, limit=5) == []
    assert len(store.login_failures.latest("address 1", before, limit=5)) == 2


def test_old_failures_are_purged(store: Store, clock: list[datetime]) -> None:
    add_every_minute(store, clock, "name ann", times=5)
    assert store.login_failures.purge(START + timedelta(minutes=3)) == 3
    assert len(store.login_failures.latest("name ann", START - timedelta(1), limit=9)) == 2


def test_another_process_sees_the_failures(store: Store, url: str) -> None:
    store.login_failures.add("name ann")
    with open_store(url) as other:
        assert len(other.login_failures.latest("name ann", datetime.now(UTC) - timedelta(minutes=1), limit=5)) == 1


def test_keys_are_stored_as_hashes(store: Store) -> None:
    store.login_failures.add("name a password typed by mistake", "\ud800")
    with store._database.reading() as connection:
        assert "password" not in repr(connection.exec_driver_sql("SELECT * FROM login_failures").all())
