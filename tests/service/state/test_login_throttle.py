from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from matinee.service.state.login_throttle import LoginThrottle
from matinee.store import login_failures, validation
from matinee.store.store import Store, open_store

START = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with open_store(url) as store:
        yield store


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The current time, to be changed by the test."""
    clock = [START]
    monkeypatch.setattr(login_failures, "now", lambda: clock[0])
    monkeypatch.setattr(validation, "now", lambda: clock[0])
    return clock


def test_five_failures_block_until_the_oldest_is_15_minutes_old(store: Store, clock: list[datetime]) -> None:
    throttle = LoginThrottle(store.login_failures)
    for _ in range(5):
        assert throttle.seconds_until_allowed("name ann", "address 1") == 0
        throttle.record_failure("name ann", "address 1")
        clock[0] += timedelta(minutes=1)
    assert throttle.seconds_until_allowed("name ann") == 15 * 60 - 5 * 60 + 1
    assert throttle.seconds_until_allowed("name ben", "address 1") > 0  # from the same address
    assert throttle.seconds_until_allowed("name ben", "address 2") == 0
    clock[0] = START + timedelta(minutes=15, seconds=1)
    assert throttle.seconds_until_allowed("name ann") == 0


def test_failures_are_shared_by_all_processes(store: Store, url: str) -> None:
    for _ in range(5):
        with open_store(url) as other:
            LoginThrottle(other.login_failures).record_failure("name ann")
    assert LoginThrottle(store.login_failures).seconds_until_allowed("name ann") > 0


def test_reset_clears_the_failures_of_a_name(store: Store) -> None:
    throttle = LoginThrottle(store.login_failures)
    for _ in range(5):
        throttle.record_failure("name ann", "address 1")
    throttle.reset("name ann")
    assert throttle.seconds_until_allowed("name ann") == 0
    assert throttle.seconds_until_allowed("address 1") > 0


def test_purge_keeps_the_failures_that_count(store: Store, clock: list[datetime]) -> None:
    throttle = LoginThrottle(store.login_failures)
    for _ in range(6):
        throttle.record_failure("name ann")
        clock[0] += timedelta(minutes=3)
    throttle.purge()
    assert len(store.login_failures.latest("name ann", START - timedelta(days=1), limit=9)) == 5
