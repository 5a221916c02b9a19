"""Events: on both databases."""

from datetime import UTC, datetime, timedelta

import pytest

from matinee.errors import InputError, NotFoundError
from matinee.store import events
from matinee.store.events import NewEvent
from matinee.store.store import Store
from matinee.store.users import User

THEN = datetime(2020, 2, 29, 12, tzinfo=UTC)


def shown(user_id: int, list_id: str, movies: int, at: datetime = THEN) -> list[NewEvent]:
    return [
        NewEvent(
            kind="shown",
            user_id=user_id,
            movie_id=f"movie {place}",
            list_id=list_id,
            place=place,
            model="blend",
            fingerprint="abc123",
            detail={"reasons": [{"movie": "10", "weight": 0.25}], "genre": "科幻"},
            at=at,
        )
        for place in range(1, movies + 1)
    ]


def test_a_list_can_be_explained_after_it_was_shown(store: Store, ann: User) -> None:
    given = shown(ann.id, "list 1", 10)
    store.events.add([*given, *shown(ann.id, "list 2", 10)])
    store.events.add([NewEvent(kind="opened", user_id=ann.id, movie_id="movie 3", list_id="list 1", place=3)])
    kept = store.events.of_list("list 1")
    assert [event.kind for event in kept] == ["shown"] * 10 + ["opened"]
    fields = NewEvent.__dataclass_fields__
    assert [{name: getattr(event, name) for name in fields} for event in kept[:10]] == [
        {name: getattr(event, name) for name in fields} for event in given
    ]


def test_events_are_of_now_if_nothing_else_is_said(store: Store, ann: User) -> None:
    before = datetime.now(UTC)
    store.events.add([NewEvent(kind="searched", user_id=ann.id, detail={"text": "amelie"})])
    store.events.add([])
    event = store.events.page(ann.id).items[0]
    assert before <= event.at <= datetime.now(UTC)
    assert event.detail == {"text": "amelie"}


def test_pages_stay_whole_while_events_come_in(store: Store, ann: User, ben: User) -> None:
    store.events.add(shown(ann.id, "old", 25))
    store.events.add(shown(ben.id, "of Ben", 3))
    places: list[int | None] = []
    cursor = None
    while True:
        page = store.events.page(ann.id, cursor=cursor, limit=4)
        places += [event.place for event in page.items if event.list_id == "old"]
        store.events.add(shown(ann.id, "new", 2))
        cursor = page.next
        if cursor is None:
            break
    assert places == list(range(25, 0, -1))


def test_one_kind_by_itself(store: Store, ann: User) -> None:
    store.events.add(shown(ann.id, "list", 3))
    store.events.add([NewEvent(kind="opened", user_id=ann.id, movie_id="movie 3")])
    assert [event.movie_id for event in store.events.page(ann.id, kinds=["opened"]).items] == ["movie 3"]
    with pytest.raises(InputError, match="kind of event 'seen'; expected shown, opened, rated, searched"):
        store.events.page(ann.id, kinds=["seen"])


def test_old_events_are_forgotten_and_new_ones_stay(store: Store, ann: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_AT_ONCE", 10)  # so that it takes more than one go
    store.events.add(shown(ann.id, "old", 25, THEN - timedelta(seconds=1)))
    store.events.add(shown(ann.id, "new", 5, THEN))
    assert store.events.forget(THEN) == 25
    assert {event.list_id for event in store.events.page(ann.id).items} == {"new"}
    assert store.events.forget(THEN) == 0


def test_all_of_a_batch_are_kept_or_none(store: Store, ann: User) -> None:
    with pytest.raises(
        NotFoundError, match=f"events of the users {ann.id}, {ann.id + 1}; expected users who are there"
    ):
        store.events.add([*shown(ann.id, "list", 3), *shown(ann.id + 1, "list", 1)])
    with pytest.raises(InputError, match="kind of event 'seen'"):
        store.events.add([*shown(ann.id, "list", 3), NewEvent(kind="seen", user_id=ann.id)])
    with pytest.raises(InputError, match=r"movie_id holds the character U\+0000"):
        store.events.add([NewEvent(kind="opened", user_id=ann.id, movie_id="\x00")])
    assert store.events.of_list("list") == []


def test_somebody_without_a_profile_leaves_events_of_nobody(store: Store) -> None:
    store.events.add([NewEvent(kind="shown", user_id=None, movie_id="1", list_id="list")])
    assert [event.user_id for event in store.events.of_list("list")] == [None]
