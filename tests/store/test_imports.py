"""Imports of diaries: on both databases."""

from datetime import UTC, datetime, timedelta

import pytest

from matinee.errors import ConflictError, InputError, NotFoundError
from matinee.store.imports import Import, ImportRow
from matinee.store.store import Store
from matinee.store.users import User

THEN = datetime(2020, 2, 29, 12, tzinfo=UTC)
ROWS = [
    ImportRow("rating", "1", 4.5, THEN, {"title": "Fargo", "year": 1996}),
    ImportRow("rating", "2", 2.0),
    ImportRow("watchlist", "3", at=THEN),
    ImportRow("rating", None, 3.0, THEN, {"title": "花樣年華", "candidates": ["8", "9"]}),
]
COUNTS = {"matched": 3, "unsure": 1, "missing": 0}


def begun(store: Store, user: User, rows: list[ImportRow] = ROWS, digest: str = "sha256") -> Import:
    imported, new = store.imports.begin(user.id, digest, "letterboxd", rows, COUNTS)
    assert new
    return imported


def stars(store: Store, user: User) -> dict[str, float]:
    return {rating.movie_id: rating.stars for rating in store.ratings.history(user.id)}


def test_nothing_is_saved_until_it_is_kept(store: Store, ann: User) -> None:
    imported = begun(store, ann)
    assert store.imports.get(ann.id, imported.id) == imported
    assert (imported.rows, imported.counts, imported.status) == (ROWS, COUNTS, "pending")
    assert stars(store, ann) == {}


def test_keeping_writes_what_was_matched(store: Store, ann: User) -> None:
    imported = begun(store, ann)
    outcome = store.imports.keep(ann.id, imported.id)
    assert (outcome.changed, outcome.left) == (3, 0)
    assert stars(store, ann) == {"1": 4.5, "2": 2.0}
    rating = store.ratings.get(ann.id, "1")
    assert rating is not None
    assert (rating.rated_at, rating.source) == (THEN, f"import:{imported.id}")
    assert store.lists.watchlist.ids(ann.id) == {"3"}
    assert (outcome.imported.status, outcome.imported.rows) == ("kept", [])
    undated = store.ratings.get(ann.id, "2")
    assert undated is not None
    assert undated.rated_at == outcome.imported.decided_at


def test_the_same_file_again_is_recognised_and_adds_nothing(store: Store, ann: User, ben: User) -> None:
    imported = begun(store, ann)
    assert store.imports.begin(ann.id, "sha256", "letterboxd", [], {}) == (imported, False)
    kept = store.imports.keep(ann.id, imported.id).imported
    assert store.imports.begin(ann.id, "sha256", "letterboxd", ROWS, COUNTS) == (kept, False)
    begun(store, ben)  # of somebody else it is another matter
    assert [one.id for one in store.imports.page(ann.id).items] == [imported.id]


def test_what_was_discarded_or_undone_may_come_again(store: Store, ann: User) -> None:
    discarded = store.imports.discard(ann.id, begun(store, ann).id)
    assert (discarded.status, discarded.rows) == ("discarded", [])
    again = begun(store, ann)
    store.imports.keep(ann.id, again.id)
    store.imports.undo(ann.id, again.id)
    store.imports.keep(ann.id, begun(store, ann).id)
    assert stars(store, ann) == {"1": 4.5, "2": 2.0}


def test_a_kept_import_is_undone_as_a_whole(store: Store, ann: User) -> None:
    store.ratings.rate(ann.id, "1", 1, rated_at=THEN - timedelta(days=1))
    store.lists.watchlist.add(ann.id, "7")
    before = store.ratings.history(ann.id), store.lists.watchlist.page(ann.id)
    imported = begun(store, ann)
    store.imports.keep(ann.id, imported.id)
    assert stars(store, ann) == {"1": 4.5, "2": 2.0}
    outcome = store.imports.undo(ann.id, imported.id)
    assert (outcome.imported.status, outcome.changed, outcome.left) == ("undone", 3, 0)
    assert (store.ratings.history(ann.id), store.lists.watchlist.page(ann.id)) == before


def test_what_was_said_since_stays_when_an_import_is_undone(store: Store, ann: User) -> None:
    imported = begun(store, ann)
    store.imports.keep(ann.id, imported.id)
    store.ratings.rate(ann.id, "1", 3)
    outcome = store.imports.undo(ann.id, imported.id)
    assert (outcome.changed, outcome.left) == (2, 1)
    assert stars(store, ann) == {"1": 3}


@pytest.mark.parametrize(
    ("there", "days", "row", "expected"),
    [
        (3.0, 0, ImportRow("rating", "1", 5.0, THEN + timedelta(days=1)), 5.0),  # the import is newer
        (3.0, 2, ImportRow("rating", "1", 5.0, THEN + timedelta(days=1)), 3.0),  # what is there is newer
        (3.0, 0, ImportRow("rating", "1", 5.0), 3.0),  # the diary does not say when
    ],
)
def test_the_newer_of_two_ratings_stays(
    store: Store, ann: User, there: float, days: int, row: ImportRow, expected: float
) -> None:
    store.ratings.rate(ann.id, "1", there, rated_at=THEN + timedelta(days=days))
    outcome = store.imports.keep(ann.id, begun(store, ann, [row]).id)
    assert stars(store, ann) == {"1": expected}
    assert (outcome.changed, outcome.left) == ((1, 0) if expected != there else (0, 1))


def test_the_same_rating_is_not_written_again(store: Store, ann: User) -> None:
    store.imports.keep(ann.id, begun(store, ann).id)
    version = store.changes.version(ann.id)
    outcome = store.imports.keep(ann.id, begun(store, ann, digest="a newer export").id)
    assert (outcome.changed, outcome.left) == (0, 3)
    assert store.changes.version(ann.id) == version


def test_of_two_rows_about_one_movie_the_newer_counts(store: Store, ann: User) -> None:
    rows = [
        ImportRow("rating", "1", 2.0, THEN),
        ImportRow("rating", "1", 5.0, THEN - timedelta(days=1)),
        ImportRow("rating", "1", 4.0),
        ImportRow("rating", "2", 1.0),
        ImportRow("rating", "2", 3.0),
    ]
    imported = begun(store, ann, rows)
    store.imports.keep(ann.id, imported.id)
    assert stars(store, ann) == {"1": 2.0, "2": 3.0}
    store.imports.undo(ann.id, imported.id)
    assert stars(store, ann) == {}


def test_a_row_can_be_matched_before_it_is_kept(store: Store, ann: User) -> None:
    imported = begun(store, ann)
    matched = [*ROWS[:3], ImportRow("rating", "8", 3.0, THEN)]
    corrected = store.imports.correct(ann.id, imported.id, matched, {"matched": 4})
    assert (corrected.rows, corrected.counts) == (matched, {"matched": 4})
    store.imports.keep(ann.id, imported.id)
    assert stars(store, ann) == {"1": 4.5, "2": 2.0, "8": 3.0}


def test_a_decision_is_made_once(store: Store, ann: User, ben: User) -> None:
    imported = begun(store, ann)
    with pytest.raises(ConflictError, match=f"import {imported.id} is pending; expected one that is kept"):
        store.imports.undo(ann.id, imported.id)
    store.imports.keep(ann.id, imported.id)
    for call in (store.imports.keep, store.imports.discard):
        with pytest.raises(ConflictError, match=f"import {imported.id} is kept; expected one that is pending"):
            call(ann.id, imported.id)
    for call in (store.imports.get, store.imports.keep, store.imports.undo):
        with pytest.raises(NotFoundError, match=f"user {ben.id} has no import with the number {imported.id}"):
            call(ben.id, imported.id)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (ImportRow("rating", "1", 7.0), "7 stars; expected 0.5 to 5"),
        (ImportRow("rating", "1"), "a rating of movie '1' with stars None"),
        (ImportRow("excluded", "1"), "kind of row 'excluded'; expected rating, watchlist, seen"),
        (ImportRow("rating", "1", 3.0, THEN.replace(tzinfo=None)), "without a zone"),
    ],
)
def test_rows_that_could_not_be_kept_are_refused_at_once(store: Store, ann: User, row: ImportRow, message: str) -> None:
    with pytest.raises(InputError, match=message):
        store.imports.begin(ann.id, "sha256", "csv", [row], {})
    assert store.imports.page(ann.id).items == []


def test_a_long_diary_is_kept_and_undone(store: Store, ann: User) -> None:
    rows = [ImportRow("rating", str(number), 0.5 + number % 10 / 2, THEN) for number in range(3000)]
    imported = begun(store, ann, rows)
    assert store.imports.keep(ann.id, imported.id).changed == 3000
    assert stars(store, ann) == {str(number): 0.5 + number % 10 / 2 for number in range(3000)}
    assert store.imports.undo(ann.id, imported.id).changed == 3000
    assert stars(store, ann) == {}
