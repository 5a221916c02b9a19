"""Writing once: on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from matinee.errors import ConflictError, InputError, NotFoundError
from matinee.store.store import Store
from matinee.store.users import User


def test_asked_twice_it_is_done_once_and_answered_twice(store: Store, ann: User) -> None:
    def work() -> dict[str, int]:
        return {"change": store.ratings.rate(ann.id, "1", 4).id}

    first = store.idempotency.once("key", ann.id, "rate 1 4", work)
    again = store.idempotency.once("key", ann.id, "rate 1 4", work)
    assert (first.repeated, again.repeated) == (False, True)
    assert first.value == again.value
    assert len(store.changes.page(ann.id).items) == 1


def test_an_answer_of_nothing_is_an_answer(store: Store, ann: User) -> None:
    calls: list[int] = []
    for _ in range(2):
        assert store.idempotency.once("key", ann.id, "request", lambda: calls.append(1)).value is None
    assert calls == [1]


def test_keys_are_of_a_person(store: Store, ann: User, ben: User) -> None:
    for user in (ann, ben):
        assert not store.idempotency.once("key", user.id, "request", lambda: 1).repeated


def test_a_key_with_another_request_is_refused(store: Store, ann: User) -> None:
    store.idempotency.once("key", ann.id, "rate 1 4", lambda: 1)
    with pytest.raises(ConflictError, match="the idempotency key 'key' came with another request before"):
        store.idempotency.once("key", ann.id, "rate 1 5", lambda: 2)


def test_what_fails_leaves_nothing_behind_and_may_be_tried_again(store: Store, ann: User) -> None:
    def work() -> None:
        store.ratings.rate(ann.id, "1", 4)
        store.ratings.rate(ann.id, "2", 6)

    with pytest.raises(InputError, match="6 stars"):
        store.idempotency.once("key", ann.id, "request", work)
    assert store.ratings.count(ann.id) == 0
    assert store.idempotency.once("key", ann.id, "another", lambda: 1).value == 1


def test_many_at_once_are_done_once(store: Store, ann: User) -> None:
    def ask(_: int) -> int:
        return store.idempotency.once("key", ann.id, "request", lambda: store.ratings.rate(ann.id, "1", 4).id).value

    with ThreadPoolExecutor(4) as clients:
        assert len(set(clients.map(ask, range(12)))) == 1
    assert len(store.changes.page(ann.id).items) == 1


def test_old_answers_are_forgotten(store: Store, ann: User) -> None:
    store.idempotency.once("key", ann.id, "request", lambda: 1)
    assert store.idempotency.forget(datetime.now(UTC) - timedelta(days=1)) == 0
    assert store.idempotency.forget(datetime.now(UTC) + timedelta(seconds=1)) == 1
    assert not store.idempotency.once("key", ann.id, "request", lambda: 1).repeated


def test_nobody_and_nothing_are_refused(store: Store, ann: User) -> None:
    with pytest.raises(NotFoundError):
        store.idempotency.once("key", ann.id + 1, "request", lambda: 1)
    with pytest.raises(InputError, match="the idempotency key is empty"):
        store.idempotency.once("", ann.id, "request", lambda: 1)
