"""What is known of posters: on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from matinee.errors import InputError
from matinee.store import posters
from matinee.store.posters import Poster
from matinee.store.store import Store

THEN = datetime(2020, 2, 29, 12, tzinfo=UTC)
FOUND = Poster("1", "found", "tmdb", THEN, "ab/1.jpg", {"overview": "一部电影", "runtime": 98, "cast": ["A", "B"]})


def test_what_is_known_comes_back_as_it_was_put(store: Store) -> None:
    store.posters.put([FOUND])
    assert store.posters.get("1") == FOUND
    assert store.posters.get("2") is None


def test_the_last_word_counts(store: Store) -> None:
    store.posters.put([replace(FOUND, state="failed", path=None, next_try_at=THEN)])
    store.posters.put([replace(FOUND, state="missing"), FOUND])
    assert store.posters.get("1") == FOUND
    store.posters.put([])
    assert store.posters.counts() == {"found": 1, "missing": 0, "failed": 0}


def test_many_at_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posters, "_AT_ONCE", 3)
    store.posters.put([replace(FOUND, movie_id=str(number)) for number in range(10)])
    known = store.posters.of(str(number) for number in range(5, 15))
    assert sorted(known) == ["5", "6", "7", "8", "9"]
    assert store.posters.of([]) == {}


def test_what_failed_is_due_when_its_time_has_come(store: Store) -> None:
    waits = {"b": 2, "a": 2, "c": 1, "d": 5}
    store.posters.put(
        [
            Poster(movie, "failed", "tmdb", THEN, next_try_at=THEN + timedelta(hours=hours))
            for movie, hours in waits.items()
        ]
    )
    store.posters.put([FOUND])
    assert store.posters.due(10, THEN + timedelta(hours=2)) == ["c", "a", "b"]
    assert store.posters.due(2, THEN + timedelta(hours=2)) == ["c", "a"]
    assert store.posters.due(10) == ["c", "a", "b", "d"]
    assert store.posters.due(10, THEN) == []


def test_what_cannot_be_stored_is_refused(store: Store) -> None:
    with pytest.raises(InputError, match="state 'lost'; expected found, missing, failed"):
        store.posters.put([replace(FOUND, state="lost")])
    with pytest.raises(InputError, match="without a zone"):
        store.posters.put([replace(FOUND, fetched_at=THEN.replace(tzinfo=None))])
    assert store.posters.get("1") is None
