"""Watchlist, not interested, left out: on both databases."""

from datetime import UTC, datetime

import pytest

from matinee.errors import InputError
from matinee.store.lists import MovieList
from matinee.store.store import Store
from matinee.store.users import User

THEN = datetime(2020, 2, 29, 12, tzinfo=UTC)


def every_list(store: Store) -> list[MovieList]:
    return [store.lists.watchlist, store.lists.not_interested, store.lists.excluded, store.lists.seen]


def test_lists_are_apart_from_each_other_and_from_ratings(store: Store, ann: User, ben: User) -> None:
    for number, one in enumerate(every_list(store)):
        one.add(ann.id, f"movie {number}")
    store.ratings.rate(ann.id, "rated", 3)
    assert [one.ids(ann.id) for one in every_list(store)] == [{"movie 0"}, {"movie 1"}, {"movie 2"}, {"movie 3"}]
    assert [one.ids(ben.id) for one in every_list(store)] == [set()] * 4


def test_adding_again_changes_nothing(store: Store, ann: User) -> None:
    assert store.lists.watchlist.add(ann.id, "1", added_at=THEN) is not None
    assert store.lists.watchlist.add(ann.id, "1") is None
    assert [entry.added_at for entry in store.lists.watchlist.page(ann.id).items] == [THEN]


def test_undoing_a_removal_brings_the_time_back(store: Store, ann: User) -> None:
    for one in every_list(store):
        one.add(ann.id, "1", added_at=THEN, source="import:3")
        before = one.page(ann.id).items
        removal = one.remove(ann.id, "1")
        assert removal is not None
        assert one.ids(ann.id) == set()
        assert one.remove(ann.id, "1") is None
        store.changes.undo(ann.id, removal.id)
        assert one.page(ann.id).items == before
        assert (before[0].added_at, before[0].source) == (THEN, "import:3")


def test_undoing_an_addition_takes_it_off(store: Store, ann: User) -> None:
    added = store.lists.not_interested.add(ann.id, "1")
    assert added is not None
    store.changes.undo(ann.id, added.id)
    assert store.lists.not_interested.ids(ann.id) == set()


def test_the_newest_comes_first_in_pages(store: Store, ann: User) -> None:
    for year in (2019, 2021, 2020):
        store.lists.watchlist.add(ann.id, str(year), added_at=THEN.replace(year=year, day=1))
    first = store.lists.watchlist.page(ann.id, limit=2)
    rest = store.lists.watchlist.page(ann.id, limit=2, cursor=first.next)
    assert [entry.movie_id for entry in first.items + rest.items] == ["2021", "2020", "2019"]
    assert rest.next is None


def test_a_movie_without_an_id_is_refused(store: Store, ann: User) -> None:
    with pytest.raises(InputError, match="the movie's id is empty"):
        store.lists.watchlist.add(ann.id, "")
