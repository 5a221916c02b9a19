"""Idempotent writes, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from matinee.errors import ConflictError, InputError, NotFoundError
from matinee.store.store import Store
from matinee.store.users import User


def test_a_repeated_request_is_done_once_and_answered_twice(store: Store, ann: User) -> None:
    def work() -> dict[str, int]:
        return {"change": store.ratings.rate(ann.id, "1", 4).id}

    first = store.idempotency.run_once("key", ann.id, "rate 1 4", work)
    again = store.idempotency.run_once("key", ann.id, "rate 1 4", work)
    assert (first.replayed, again.replayed) == (False, True)
    assert first.value == again.value
    assert len(store.changes.page(ann.id).items) == 1


def test_a_response_of_none_is_stored(store: Store, ann: User) -> None:
    calls: list[int] = []
    for _ in range(2):
        assert store.idempotency.run_once("key", ann.id, "request", lambda: calls.append(1)).value is None
    assert calls == [1]


def test_each_user_has_separate_keys(store: Store, ann: User, ben: User) -> None:
    for user in (ann, ben):
        assert not store.idempotency.run_once("key", user.id, "request", lambda: 1).replayed


def test_a_key_with_another_request_is_refused(store: Store, ann: User) -> None:
    store.idempotency.run_once("key", ann.id, "rate 1 4", lambda: 1)
    with pytest.raises(ConflictError, match="The idempotency key 'key' was used for another request"):
        store.idempotency.run_once("key", ann.id, "rate 1 5", lambda: 2)


def test_a_failed_request_can_be_retried(store: Store, ann: User) -> None:
    def work() -> None:
        store.ratings.rate(ann.id, "1", 4)
        store.ratings.rate(ann.id, "2", 6)

    with pytest.raises(InputError, match="Invalid rating 6"):
        store.idempotency.run_once("key", ann.id, "request", work)
    assert store.ratings.count(ann.id) == 0
    assert store.idempotency.run_once("key", ann.id, "another", lambda: 1).value == 1


def test_simultaneous_requests_are_done_once(store: Store, ann: User) -> None:
    def send(_: int) -> int:
        return store.idempotency.run_once("key", ann.id, "request", lambda: store.ratings.rate(ann.id, "1", 4).id).value

    with ThreadPoolExecutor(4) as clients:
        assert len(set(clients.map(send, range(12)))) == 1
    assert len(store.changes.page(ann.id).items) == 1


def test_old_responses_are_purged(store: Store, ann: User) -> None:
    store.idempotency.run_once("key", ann.id, "request", lambda: 1)
    assert store.idempotency.purge(datetime.now(UTC) - timedelta(days=1)) == 0
    assert store.idempotency.purge(datetime.now(UTC) + timedelta(seconds=1)) == 1
    assert not store.idempotency.run_once("key", ann.id, "request", lambda: 1).replayed


def test_unknown_users_and_empty_keys_are_refused(store: Store, ann: User) -> None:
    with pytest.raises(NotFoundError):
        store.idempotency.run_once("key", ann.id + 1, "request", lambda: 1)
    with pytest.raises(InputError, match="The idempotency key is empty"):
        store.idempotency.run_once("", ann.id, "request", lambda: 1)
