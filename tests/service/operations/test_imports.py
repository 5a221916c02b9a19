from pathlib import Path

import pytest

from matinee.errors import InputError
from matinee.service.operations.imports import bundle_files, rate_seen, resolve_lines, start_import
from matinee.service.schemas.requests import ChoiceIn
from matinee.service.state.app_state import AppState, open_state
from matinee.service.state.served_run import ServedRun
from matinee.store.users import User
from tests.service.conftest import NewSettings

WATCHED = b"""Title,Year,Rating,WatchedDate
Heat,1970,4.5,2024-01-02
Amelie,1972,,2024-01-03
Alien,1973,2,2024-01-04
The Fourth Man,1950,5,2024-01-05
"""


@pytest.fixture
def state(new_settings: NewSettings):
    state = open_state(new_settings())
    yield state
    state.close()


@pytest.fixture
def ann(state: AppState) -> User:
    return state.store.users.create("Ann")


def test_an_upload_is_a_pending_import_with_its_matches(state: AppState, run: ServedRun, ann: User) -> None:
    pending, new = start_import(state, run, ann, "films.csv", WATCHED)
    assert new
    rows = {row.entry["title"]: row for row in pending.rows}
    assert (rows["Heat"].movie_id, rows["Heat"].rating) == ("100", 4.5)
    assert str(rows["Heat"].at) == "2024-01-02 00:00:00+00:00"
    # Seen without a rating: the median of 4.5, 2 and 5 is used.
    assert (rows["Amelie"].movie_id, rows["Amelie"].rating) == ("102", 4.5)
    assert rows["Amelie"].entry["rating_source"] == "median"
    assert rows["The Fourth Man"].movie_id is None
    assert pending.counts == {"matched": 3, "ambiguous": 0, "missed": 1}
    assert state.store.ratings.count(ann.id) == 0
    assert start_import(state, run, ann, "again.csv", WATCHED) == (pending, False)


def test_choices_are_stored(state: AppState, run: ServedRun, ann: User) -> None:
    pending, _ = start_import(state, run, ann, "films.csv", WATCHED)
    lines = {row.entry["title"]: number for number, row in enumerate(pending.rows)}
    corrected = resolve_lines(
        state,
        run,
        ann,
        pending.id,
        [ChoiceIn(line=lines["The Fourth Man"], movie_id="101"), ChoiceIn(line=lines["Heat"], movie_id=None)],
    )
    assert corrected.counts == {"matched": 3, "ambiguous": 0, "missed": 0, "left out": 1}
    state.store.imports.keep(ann.id, pending.id)
    ratings = {rating.movie_id: rating.value for rating in state.store.ratings.history(ann.id)}
    assert ratings == {"102": 4.5, "103": 2.0, "101": 5.0}
    with pytest.raises(InputError, match=r"Line 9 does not exist. This import has 0 lines"):
        resolve_lines(state, run, ann, pending.id, [ChoiceIn(line=9, movie_id="101")])


@pytest.mark.parametrize("name", ["films.csv", "../../etc/films.csv", "C:\\me\\films.csv", "films.csv\x00"])
def test_errors_show_only_the_name_of_the_file(
    state: AppState, run: ServedRun, ann: User, name: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as refused:
        start_import(state, run, ann, name, b"a,b\n1,2\n")
    assert str(refused.value).startswith("films.csv")
    assert "/tmp" not in str(refused.value)


SEEN = b"Title,Year\nHeat,1970\nAlien,1973\nThe Fourth Man,1950\n"


def test_a_diary_without_ratings_marks_movies_as_seen(state: AppState, run: ServedRun, ann: User) -> None:
    pending, _ = start_import(state, run, ann, "films.csv", SEEN)
    assert pending.counts == {"matched": 0, "ambiguous": 0, "missed": 1, "seen": 2}
    resolved = resolve_lines(state, run, ann, pending.id, [ChoiceIn(line=2, movie_id="101")])
    assert resolved.counts == {"matched": 0, "ambiguous": 0, "missed": 0, "seen": 3}
    state.store.imports.keep(ann.id, pending.id)
    assert state.store.ratings.history(ann.id) == []
    assert state.store.lists.seen.ids(ann.id) == {"100", "101", "103"}
    assert state.user_feedback.get(run, ann.id).hidden == (0, 1, 3)
    state.store.imports.undo(ann.id, pending.id)
    assert state.user_feedback.get(run, ann.id).hidden == ()


def test_all_seen_movies_can_get_the_same_rating(state: AppState, run: ServedRun, ann: User) -> None:
    pending, _ = start_import(state, run, ann, "films.csv", SEEN)
    rated = rate_seen(state, ann, pending.id, 4)
    assert rated.counts == {"matched": 2, "ambiguous": 0, "missed": 1}
    assert rate_seen(state, ann, pending.id, None).counts == pending.counts
    resolve_lines(state, run, ann, pending.id, [ChoiceIn(line=0, movie_id=None)])
    rate_seen(state, ann, pending.id, 3.5)
    resolve_lines(state, run, ann, pending.id, [ChoiceIn(line=2, movie_id="101")])
    state.store.imports.keep(ann.id, pending.id)
    assert {rating.movie_id: rating.value for rating in state.store.ratings.history(ann.id)} == {"103": 3.5, "101": 3.5}
    assert state.store.lists.seen.ids(ann.id) == set()


def test_a_rating_for_all_seen_movies_changes_no_rating(state: AppState, run: ServedRun, ann: User) -> None:
    pending, _ = start_import(state, run, ann, "films.csv", WATCHED)
    assert rate_seen(state, ann, pending.id, 1).rows == pending.rows


RATINGS = b"Date,Name,Year,Letterboxd URI,Rating\n2024-01-02,Heat,1970,https://boxd.it/1,4.5\n"
WATCHLIST = b"Date,Name,Year,Letterboxd URI\n2024-01-02,Alien,1973,https://boxd.it/2\n"


def test_several_files_are_one_diary(state: AppState, run: ServedRun, ann: User) -> None:
    files = [("watchlist.csv", WATCHLIST), ("ratings.csv", RATINGS)]
    pending, _ = start_import(state, run, ann, *bundle_files(files))
    assert [(row.kind, row.movie_id) for row in pending.rows] == [("rating", "100"), ("watchlist", "103")]
    assert not start_import(state, run, ann, *bundle_files(files[::-1]))[1]


def test_an_archive_must_be_uploaded_alone(state: AppState, run: ServedRun, ann: User) -> None:
    name, archive = bundle_files([("watchlist.csv", WATCHLIST), ("ratings.csv", RATINGS)])
    assert bundle_files([(name, archive)]) == (name, archive)
    with pytest.raises(InputError, match=r"diary.zip is an archive among 2 files\. Upload it alone"):
        bundle_files([(name, archive), ("ratings.csv", RATINGS)])
    with pytest.raises(InputError, match="No file was uploaded"):
        bundle_files([])
