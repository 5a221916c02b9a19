"""Undo, compared with a plain list of the marks, on both databases."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matinee.errors import ConflictError, InputError, NotFoundError
from matinee.store.marks import Mark
from matinee.store.store import Store
from matinee.store.users import User

THEN = datetime(2019, 5, 4, 3, 2, 1, 123456, tzinfo=UTC)


def current_mark(store: Store, user_id: int, movie_id: str) -> Mark | None:
    rating = store.ratings.get(user_id, movie_id)
    return None if rating is None else Mark(rating.rated_at, rating.source, rating.value)


def test_undo_restores_the_exact_state(store: Store, ann: User) -> None:
    store.ratings.rate(ann.id, "10", 3.5, source="import:7", rated_at=THEN)
    before = store.ratings.get(ann.id, "10")
    change = store.ratings.rate(ann.id, "10", 5)
    assert change.before == Mark(THEN, "import:7", 3.5)
    undone = store.changes.undo(ann.id, change.id)
    assert store.ratings.get(ann.id, "10") == before
    assert undone.after == Mark(THEN, "import:7", 3.5)
    assert undone.undoes_id == change.id


def test_a_removal_and_a_first_rating_can_be_undone(store: Store, ann: User) -> None:
    first = store.ratings.rate(ann.id, "10", 4, rated_at=THEN)
    removal = store.ratings.remove(ann.id, "10")
    assert removal is not None
    assert store.ratings.get(ann.id, "10") is None
    store.changes.undo(ann.id, removal.id)
    assert current_mark(store, ann.id, "10") == Mark(THEN, "web", 4)
    store.changes.undo(ann.id, first.id)
    assert store.ratings.history(ann.id) == []


def test_a_repeated_undo_has_no_effect(store: Store, ann: User) -> None:
    store.ratings.rate(ann.id, "10", 2)
    change = store.ratings.rate(ann.id, "10", 5)
    assert store.changes.undo(ann.id, change.id) == store.changes.undo(ann.id, change.id)
    assert len(store.changes.page(ann.id).items) == 3


def test_an_undo_can_be_undone(store: Store, ann: User) -> None:
    store.ratings.rate(ann.id, "10", 2)
    change = store.ratings.rate(ann.id, "10", 5, rated_at=THEN)
    undo = store.changes.undo(ann.id, change.id)
    store.changes.undo(ann.id, undo.id)
    assert current_mark(store, ann.id, "10") == Mark(THEN, "web", 5)


def test_a_change_followed_by_another_cannot_be_undone(store: Store, ann: User) -> None:
    first = store.ratings.rate(ann.id, "10", 2)
    store.ratings.rate(ann.id, "10", 5)
    with pytest.raises(ConflictError, match=rf"Change {first.id} is not the latest change of movie '10'. Undo change "):
        store.changes.undo(ann.id, first.id)
    assert store.ratings.history(ann.id)[0].value == 5


def test_changes_of_another_user_cannot_be_undone(store: Store, ann: User, ben: User) -> None:
    change = store.ratings.rate(ann.id, "10", 2)
    with pytest.raises(NotFoundError, match=f"User {ben.id} has no change {change.id}"):
        store.changes.undo(ben.id, change.id)
    assert store.ratings.count(ann.id) == 1


def test_the_history_has_every_change_newest_first(store: Store, ann: User, ben: User) -> None:
    store.ratings.rate(ann.id, "10", 2)
    store.lists.watchlist.add(ann.id, "10")
    store.ratings.rate(ann.id, "11", 3)
    removal = store.ratings.remove(ann.id, "10", source="api")
    store.ratings.rate(ben.id, "10", 1)
    assert removal is not None
    everything = store.changes.page(ann.id).items
    assert [(change.kind, change.movie_id) for change in everything] == [
        ("rating", "10"),
        ("rating", "11"),
        ("watchlist", "10"),
        ("rating", "10"),
    ]
    assert everything[0] == removal
    assert (removal.source, removal.after) == ("api", None)
    assert [change.movie_id for change in store.changes.page(ann.id, kind="rating", movie_id="10").items] == [
        "10",
        "10",
    ]
    first = store.changes.page(ann.id, limit=3)
    assert first.items + store.changes.page(ann.id, limit=3, cursor=first.next).items == everything
    with pytest.raises(
        InputError, match=r"Invalid kind 'liked'. Use one of rating, watchlist, not_interested, excluded, seen"
    ):
        store.changes.page(ann.id, kind="liked")


def test_the_version_grows_with_each_change_of_the_user(store: Store, ann: User, ben: User) -> None:
    assert store.changes.version(ann.id) == 0
    change = store.ratings.rate(ann.id, "10", 2)
    version = store.changes.version(ann.id)
    store.ratings.rate(ben.id, "10", 2)
    assert store.changes.version(ann.id) == version
    store.changes.undo(ann.id, change.id)
    assert store.changes.version(ann.id) > version


ACTIONS = st.lists(st.tuples(st.sampled_from(["rate", "remove", "undo"]), st.integers(1, 3)), max_size=14)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actions=ACTIONS)
def test_all_changes_can_be_undone_back_to_the_first(store: Store, actions: list[tuple[str, int]]) -> None:
    user_id = store.users.create(f"user {store.users.count()}").id
    past: dict[str, list[Mark | None]] = {
        str(movie): [None] for movie in (1, 2, 3)
    }  # the marks so far, the latest last
    changes: dict[str, list[int]] = {movie: [] for movie in past}
    for step, (action, movie) in enumerate(actions):
        name = str(movie)
        if action == "rate":
            mark = Mark(THEN.replace(second=step), "api", 0.5 + step % 10 / 2)
            change = store.ratings.rate(user_id, name, mark.rating or 0, source="api", rated_at=mark.at)
        elif action == "remove":
            mark = None
            change = store.ratings.remove(user_id, name)
            assert (change is None) == (past[name][-1] is None)
        else:
            change = mark = None
            if changes[name]:
                store.changes.undo(user_id, changes[name].pop())
                past[name].pop()
        if change is not None:
            past[name].append(mark)
            changes[name].append(change.id)
        assert {movie: current_mark(store, user_id, movie) for movie in past} == {
            movie: marks[-1] for movie, marks in past.items()
        }
    for movie, change_ids in changes.items():
        for change_id in reversed(change_ids):
            store.changes.undo(user_id, change_id)
        assert current_mark(store, user_id, movie) is None
