"""Ratings, on both databases."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest

from matinee.errors import InputError, NotFoundError
from matinee.store.store import Store
from matinee.store.users import User

THEN = datetime(2020, 2, 29, 12, 0, 0, 1, tzinfo=UTC)


def test_a_rating_is_stored_exactly(store: Store, ann: User) -> None:
    in_tokyo = datetime(2020, 2, 29, 21, 0, 0, 1, tzinfo=timezone(timedelta(hours=9)))
    change = store.ratings.rate(ann.id, "tt0113277", 4.5, source="api", rated_at=in_tokyo)
    rating = store.ratings.get(ann.id, "tt0113277")
    assert rating is not None
    assert (rating.movie_id, rating.value, rating.source) == ("tt0113277", 4.5, "api")
    assert (rating.rated_at, rating.rated_at.tzinfo, rating.change_id) == (THEN, UTC, change.id)


def test_ratings_have_the_current_time_by_default(store: Store, ann: User) -> None:
    before = datetime.now(UTC)
    store.ratings.rate(ann.id, "1", 4)
    assert before <= store.ratings.history(ann.id)[0].rated_at <= datetime.now(UTC)


def test_there_is_one_rating_per_user_and_movie(store: Store, ann: User, ben: User) -> None:
    store.ratings.rate(ann.id, "1", 4)
    store.ratings.rate(ann.id, "1", 2)
    store.ratings.rate(ben.id, "1", 5)
    assert [rating.value for rating in store.ratings.history(ann.id)] == [2]
    assert store.ratings.count(ann.id) == store.ratings.count(ben.id) == 1


def test_ratings_can_be_counted_and_selected_by_value(store: Store, ann: User, ben: User) -> None:
    assert store.ratings.counts(ann.id) == {}
    for movie, value in (("1", 4), ("2", 0.5), ("3", 4), ("4", 4)):
        store.ratings.rate(ann.id, movie, value)
    store.ratings.rate(ben.id, "1", 5)
    store.ratings.remove(ann.id, "3")
    assert store.ratings.counts(ann.id) == {0.5: 1, 4: 2}
    first = store.ratings.page(ann.id, value=4, limit=1)
    assert [rating.movie_id for rating in first.items] == ["4"]
    second = store.ratings.page(ann.id, value=4, cursor=first.next, limit=1)
    assert ([rating.movie_id for rating in second.items], second.next) == (["1"], None)
    assert store.ratings.page(ann.id, value=3).items == []


def test_a_removal_returns_the_removed_rating(store: Store, ann: User) -> None:
    store.ratings.rate(ann.id, "1", 4)
    removal = store.ratings.remove(ann.id, "1")
    assert removal is not None
    assert removal.before is not None
    assert removal.before.rating == 4
    assert store.ratings.get(ann.id, "1") is None
    assert store.ratings.count(ann.id) == 0
    assert store.ratings.remove(ann.id, "1") is None
    assert store.ratings.remove(ann.id, "2") is None


def test_the_history_has_ratings_only_oldest_first(store: Store, ann: User) -> None:
    for movie, year in (("1", 2021), ("2", 2019), ("3", 2020)):
        store.ratings.rate(ann.id, movie, 3, rated_at=THEN.replace(year=year, day=1))
    store.lists.watchlist.add(ann.id, "4")
    assert [rating.movie_id for rating in store.ratings.history(ann.id)] == ["2", "3", "1"]
    assert [rating.movie_id for rating in store.ratings.page(ann.id).items] == ["1", "3", "2"]


def test_unknown_users_cannot_rate(store: Store, ann: User) -> None:
    for user_id in (ann.id + 1000, -1, 2**70):
        with pytest.raises((NotFoundError, InputError)):
            store.ratings.rate(user_id, "1", 4)


@pytest.mark.parametrize(("movie", "value"), [("", 4), ("1", 0), ("1", 6), ("1\x00", 3)])
def test_invalid_ratings_are_refused(store: Store, ann: User, movie: str, value: float) -> None:
    with pytest.raises(InputError):
        store.ratings.rate(ann.id, movie, value)
    assert store.ratings.count(ann.id) == 0


def test_pages_stay_complete_while_ratings_are_added(store: Store, ann: User) -> None:
    """Every old rating is seen exactly once, while new ones are added at both ends and in the middle."""
    rng = random.Random(3)
    for movie in range(30):  # some at the same time
        store.ratings.rate(ann.id, f"old {movie}", 3, rated_at=THEN + timedelta(days=rng.randrange(8)))
    seen: list[str] = []
    cursor = None
    for step in range(100):
        page = store.ratings.page(ann.id, cursor=cursor, limit=4)
        seen += [rating.movie_id for rating in page.items]
        if page.next is None:
            break
        cursor = page.next
        store.ratings.rate(ann.id, f"new {step}", 3, rated_at=THEN + timedelta(days=rng.randrange(-1, 10)))
    assert sorted(movie for movie in seen if movie.startswith("old")) == sorted(f"old {number}" for number in range(30))
    assert len(seen) == len(set(seen))


def test_the_last_of_simultaneous_ratings_wins(store: Store, ann: User) -> None:
    values = [1 + step % 9 / 2 for step in range(40)]
    with ThreadPoolExecutor(4) as tabs:
        changes = list(tabs.map(lambda value: store.ratings.rate(ann.id, "1", value), values))
    last = max(changes, key=lambda change: change.id)
    rating = store.ratings.get(ann.id, "1")
    assert last.after is not None
    assert rating is not None
    assert (rating.value, rating.change_id) == (last.after.rating, last.id)
    history = store.changes.page(ann.id).items
    assert {change.id for change in history} == {change.id for change in changes}
    # Each change started from the state that the previous one left.
    assert [change.before for change in history] == [change.after for change in history[1:]] + [None]
