"""Imports of diaries, on both databases."""

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
COUNTS = {"matched": 3, "ambiguous": 1, "missed": 0}


def created(store: Store, user: User, rows: list[ImportRow] = ROWS, digest: str = "sha256") -> Import:
    imported, new = store.imports.create(user.id, digest, "letterboxd", rows, COUNTS)
    assert new
    return imported


def ratings(store: Store, user: User) -> dict[str, float]:
    return {rating.movie_id: rating.value for rating in store.ratings.history(user.id)}


def test_no_rating_is_written_until_the_import_is_kept(store: Store, ann: User) -> None:
    imported = created(store, ann)
    assert store.imports.get(ann.id, imported.id) == imported
    assert (imported.rows, imported.counts, imported.status) == (ROWS, COUNTS, "pending")
    assert ratings(store, ann) == {}


def test_keeping_writes_the_matched_rows(store: Store, ann: User) -> None:
    imported = created(store, ann)
    outcome = store.imports.keep(ann.id, imported.id)
    assert (outcome.changed, outcome.unchanged) == (3, 0)
    assert ratings(store, ann) == {"1": 4.5, "2": 2.0}
    rating = store.ratings.get(ann.id, "1")
    assert rating is not None
    assert (rating.rated_at, rating.source) == (THEN, f"import:{imported.id}")
    assert store.lists.watchlist.ids(ann.id) == {"3"}
    assert (outcome.imported.status, outcome.imported.rows) == ("kept", [])
    undated = store.ratings.get(ann.id, "2")
    assert undated is not None
    assert undated.rated_at == outcome.imported.decided_at


def test_the_same_file_is_recognised(store: Store, ann: User, ben: User) -> None:
    imported = created(store, ann)
    assert store.imports.create(ann.id, "sha256", "letterboxd", [], {}) == (imported, False)
    imported_again = store.imports.keep(ann.id, imported.id).imported
    assert store.imports.create(ann.id, "sha256", "letterboxd", ROWS, COUNTS) == (imported_again, False)
    created(store, ben)  # each user has separate imports
    assert [item.id for item in store.imports.page(ann.id).items] == [imported.id]


def test_a_discarded_or_undone_file_can_be_imported_again(store: Store, ann: User) -> None:
    discarded = store.imports.discard(ann.id, created(store, ann).id)
    assert (discarded.status, discarded.rows) == ("discarded", [])
    again = created(store, ann)
    store.imports.keep(ann.id, again.id)
    store.imports.undo(ann.id, again.id)
    store.imports.keep(ann.id, created(store, ann).id)
    assert ratings(store, ann) == {"1": 4.5, "2": 2.0}


def test_a_kept_import_is_undone_completely(store: Store, ann: User) -> None:
    store.ratings.rate(ann.id, "1", 1, rated_at=THEN - timedelta(days=1))
    store.lists.watchlist.add(ann.id, "7")
    before = store.ratings.history(ann.id), store.lists.watchlist.page(ann.id)
    imported = created(store, ann)
    store.imports.keep(ann.id, imported.id)
    assert ratings(store, ann) == {"1": 4.5, "2": 2.0}
    outcome = store.imports.undo(ann.id, imported.id)
    assert (outcome.imported.status, outcome.changed, outcome.unchanged) == ("undone", 3, 0)
    assert (store.ratings.history(ann.id), store.lists.watchlist.page(ann.id)) == before


def test_undo_keeps_marks_that_changed_since(store: Store, ann: User) -> None:
    imported = created(store, ann)
    store.imports.keep(ann.id, imported.id)
    store.ratings.rate(ann.id, "1", 3)
    outcome = store.imports.undo(ann.id, imported.id)
    assert (outcome.changed, outcome.unchanged) == (2, 1)
    assert ratings(store, ann) == {"1": 3}


@pytest.mark.parametrize(
    ("existing", "days", "row", "expected"),
    [
        (3.0, 0, ImportRow("rating", "1", 5.0, THEN + timedelta(days=1)), 5.0),  # the import is newer
        (3.0, 2, ImportRow("rating", "1", 5.0, THEN + timedelta(days=1)), 3.0),  # the existing rating is newer
        (3.0, 0, ImportRow("rating", "1", 5.0), 3.0),  # the diary has no date
    ],
)
def test_the_newer_of_two_ratings_wins(
    store: Store, ann: User, existing: float, days: int, row: ImportRow, expected: float
) -> None:
    store.ratings.rate(ann.id, "1", existing, rated_at=THEN + timedelta(days=days))
    outcome = store.imports.keep(ann.id, created(store, ann, [row]).id)
    assert ratings(store, ann) == {"1": expected}
    assert (outcome.changed, outcome.unchanged) == ((1, 0) if expected != existing else (0, 1))


def test_an_equal_rating_is_not_written_again(store: Store, ann: User) -> None:
    store.imports.keep(ann.id, created(store, ann).id)
    version = store.changes.version(ann.id)
    outcome = store.imports.keep(ann.id, created(store, ann, digest="a newer export").id)
    assert (outcome.changed, outcome.unchanged) == (0, 3)
    assert store.changes.version(ann.id) == version


def test_the_newest_of_several_rows_per_movie_counts(store: Store, ann: User) -> None:
    rows = [
        ImportRow("rating", "1", 2.0, THEN),
        ImportRow("rating", "1", 5.0, THEN - timedelta(days=1)),
        ImportRow("rating", "1", 4.0),
        ImportRow("rating", "2", 1.0),
        ImportRow("rating", "2", 3.0),
    ]
    imported = created(store, ann, rows)
    store.imports.keep(ann.id, imported.id)
    assert ratings(store, ann) == {"1": 2.0, "2": 3.0}
    store.imports.undo(ann.id, imported.id)
    assert ratings(store, ann) == {}


def test_rows_can_be_matched_before_the_import_is_kept(store: Store, ann: User) -> None:
    imported = created(store, ann)
    matched = [*ROWS[:3], ImportRow("rating", "8", 3.0, THEN)]
    corrected = store.imports.correct(ann.id, imported.id, matched, {"matched": 4})
    assert (corrected.rows, corrected.counts) == (matched, {"matched": 4})
    store.imports.keep(ann.id, imported.id)
    assert ratings(store, ann) == {"1": 4.5, "2": 2.0, "8": 3.0}


def test_an_import_is_decided_once(store: Store, ann: User, ben: User) -> None:
    imported = created(store, ann)
    with pytest.raises(ConflictError, match=f"Import {imported.id} is pending. Only a kept import can be undone."):
        store.imports.undo(ann.id, imported.id)
    store.imports.keep(ann.id, imported.id)
    for call in (store.imports.keep, store.imports.discard):
        with pytest.raises(ConflictError, match=f"Import {imported.id} is kept. Only a pending import can be changed."):
            call(ann.id, imported.id)
    for call in (store.imports.get, store.imports.keep, store.imports.undo):
        with pytest.raises(NotFoundError, match=f"User {ben.id} has no import {imported.id}"):
            call(ben.id, imported.id)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (ImportRow("rating", "1", 7.0), "Invalid rating 7. Use 0.5 to 5"),
        (ImportRow("rating", "1"), "Movie '1' has a mark of kind rating with rating None"),
        (ImportRow("excluded", "1"), "Invalid kind of row 'excluded'. Use one of rating, watchlist, seen"),
        (ImportRow("rating", "1", 3.0, THEN.replace(tzinfo=None)), "has no time zone"),
    ],
)
def test_rows_that_cannot_be_stored_are_refused_at_upload(
    store: Store, ann: User, row: ImportRow, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        store.imports.create(ann.id, "sha256", "csv", [row], {})
    assert store.imports.page(ann.id).items == []


def test_a_long_diary_is_kept_and_undone(store: Store, ann: User) -> None:
    rows = [ImportRow("rating", str(number), 0.5 + number % 10 / 2, THEN) for number in range(3000)]
    imported = created(store, ann, rows)
    assert store.imports.keep(ann.id, imported.id).changed == 3000
    assert ratings(store, ann) == {str(number): 0.5 + number % 10 / 2 for number in range(3000)}
    assert store.imports.undo(ann.id, imported.id).changed == 3000
    assert ratings(store, ann) == {}
