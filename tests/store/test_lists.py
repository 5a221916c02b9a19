"""The lists of a user, on both databases."""

from datetime import UTC, datetime

import pytest

from matinee.errors import InputError
from matinee.store.lists import MovieList
from matinee.store.store import Store
from matinee.store.users import User

THEN = datetime(2020, 2, 29, 12, tzinfo=UTC)


def every_list(store: Store) -> list[MovieList]:
    return [store.lists.watchlist, store.lists.not_interested, store.lists.excluded, store.lists.seen]


def test_lists_and_ratings_are_separate(store: Store, ann: User, ben: User) -> None:
    for number, movie_list in enumerate(every_list(store)):
        movie_list.add(ann.id, f"movie {number}")
    store.ratings.rate(ann.id, "rated", 3)
    assert [movie_list.ids(ann.id) for movie_list in every_list(store)] == [
        {"movie 0"},
        {"movie 1"},
        {"movie 2"},
        {"movie 3"},
    ]
    assert [movie_list.ids(ben.id) for movie_list in every_list(store)] == [set()] * 4


def test_adding_a_movie_twice_has_no_effect(store: Store, ann: User) -> None:
    assert store.lists.watchlist.add(ann.id, "1", added_at=THEN) is not None
    assert store.lists.watchlist.add(ann.id, "1") is None
    assert [entry.added_at for entry in store.lists.watchlist.page(ann.id).items] == [THEN]


def test_undoing_a_removal_restores_its_time(store: Store, ann: User) -> None:
    for movie_list in every_list(store):
        movie_list.add(ann.id, "1", added_at=THEN, source="import:3")
        before = movie_list.page(ann.id).items
        removal = movie_list.remove(ann.id, "1")
        assert removal is not None
        assert movie_list.ids(ann.id) == set()
        assert movie_list.remove(ann.id, "1") is None
        store.changes.undo(ann.id, removal.id)
        assert movie_list.page(ann.id).items == before
        assert (before[0].added_at, before[0].source) == (THEN, "import:3")


def test_undoing_an_addition_removes_the_movie(store: Store, ann: User) -> None:
    added = store.lists.not_interested.add(ann.id, "1")
    assert added is not None
    store.changes.undo(ann.id, added.id)
    assert store.lists.not_interested.ids(ann.id) == set()


def test_pages_are_newest_first(store: Store, ann: User) -> None:
    for year in (2019, 2021, 2020):
        store.lists.watchlist.add(ann.id, str(year), added_at=THEN.replace(year=year, day=1))
    first = store.lists.watchlist.page(ann.id, limit=2)
    rest = store.lists.watchlist.page(ann.id, limit=2, cursor=first.next)
    assert [entry.movie_id for entry in first.items + rest.items] == ["2021", "2020", "2019"]
    assert rest.next is None


def test_a_movie_without_an_id_is_refused(store: Store, ann: User) -> None:
    with pytest.raises(InputError, match="The movie's id is empty"):
        store.lists.watchlist.add(ann.id, "")
