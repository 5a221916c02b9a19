"""Events, on both databases."""

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
            movie_id=f"movie {rank}",
            list_id=list_id,
            rank=rank,
            model="blend",
            fingerprint="abc123",
            detail={"reasons": [{"movie": "10", "weight": 0.25}], "genre": "科幻"},
            at=at,
        )
        for rank in range(1, movies + 1)
    ]


def test_a_list_can_be_explained_later(store: Store, ann: User) -> None:
    impressions = shown(ann.id, "list 1", 10)
    store.events.add([*impressions, *shown(ann.id, "list 2", 10)])
    store.events.add([NewEvent(kind="clicked", user_id=ann.id, movie_id="movie 3", list_id="list 1", rank=3)])
    stored = store.events.for_list("list 1")
    assert [event.kind for event in stored] == ["shown"] * 10 + ["clicked"]
    fields = NewEvent.__dataclass_fields__
    assert [{name: getattr(event, name) for name in fields} for event in stored[:10]] == [
        {name: getattr(event, name) for name in fields} for event in impressions
    ]


def test_events_have_the_current_time_by_default(store: Store, ann: User) -> None:
    before = datetime.now(UTC)
    store.events.add([NewEvent(kind="rated", user_id=ann.id, detail={"rating": 4.5})])
    store.events.add([])
    event = store.events.page(ann.id).items[0]
    assert before <= event.at <= datetime.now(UTC)
    assert event.detail == {"rating": 4.5}


def test_pages_stay_complete_while_events_are_added(store: Store, ann: User, ben: User) -> None:
    store.events.add(shown(ann.id, "old", 25))
    store.events.add(shown(ben.id, "of Ben", 3))
    ranks: list[int | None] = []
    cursor = None
    while True:
        page = store.events.page(ann.id, cursor=cursor, limit=4)
        ranks += [event.rank for event in page.items if event.list_id == "old"]
        store.events.add(shown(ann.id, "new", 2))
        cursor = page.next
        if cursor is None:
            break
    assert ranks == list(range(25, 0, -1))


def test_events_can_be_selected_by_kind(store: Store, ann: User) -> None:
    store.events.add(shown(ann.id, "list", 3))
    store.events.add([NewEvent(kind="clicked", user_id=ann.id, movie_id="movie 3")])
    assert [event.movie_id for event in store.events.page(ann.id, kinds=["clicked"]).items] == ["movie 3"]
    with pytest.raises(InputError, match=r"Invalid kind of event 'seen'. Use one of shown, clicked, rated, unrated"):
        store.events.page(ann.id, kinds=["seen"])


def test_only_old_events_are_purged(store: Store, ann: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_PURGE_BATCH", 10)  # so that it takes several batches
    store.events.add(shown(ann.id, "old", 25, THEN - timedelta(seconds=1)))
    store.events.add(shown(ann.id, "new", 5, THEN))
    assert store.events.purge(THEN) == 25
    assert {event.list_id for event in store.events.page(ann.id).items} == {"new"}
    assert store.events.purge(THEN) == 0


def test_all_events_of_a_batch_are_stored_or_none(store: Store, ann: User) -> None:
    with pytest.raises(NotFoundError, match=f"One of the users {ann.id}, {ann.id + 1} does not exist. No event"):
        store.events.add([*shown(ann.id, "list", 3), *shown(ann.id + 1, "list", 1)])
    with pytest.raises(InputError, match="Invalid kind of event 'seen'"):
        store.events.add([*shown(ann.id, "list", 3), NewEvent(kind="seen", user_id=ann.id)])
    with pytest.raises(InputError, match=r"The movie id has the character U\+0000"):
        store.events.add([NewEvent(kind="clicked", user_id=ann.id, movie_id="\x00")])
    assert store.events.for_list("list") == []


def test_events_without_a_user_are_stored(store: Store) -> None:
    store.events.add([NewEvent(kind="shown", user_id=None, movie_id="1", list_id="list")])
    assert [event.user_id for event in store.events.for_list("list")] == [None]
