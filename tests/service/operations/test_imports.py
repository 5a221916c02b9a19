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


def test_a_diary_waits_with_what_it_was_taken_for(state: AppState, run: ServedRun, ann: User) -> None:
    brought, new = start_import(state, run, ann, "films.csv", WATCHED)
    assert new
    told = {row.entry["title"]: row for row in brought.rows}
    assert (told["Heat"].movie_id, told["Heat"].stars) == ("100", 4.5)
    assert str(told["Heat"].at) == "2024-01-02 00:00:00+00:00"
    # Seen and not rated: the median of 4.5, 2 and 5 stands in, and it says so.
    assert (told["Amelie"].movie_id, told["Amelie"].stars) == ("102", 4.5)
    assert told["Amelie"].entry["stars_from"] == "median"
    assert told["The Fourth Man"].movie_id is None
    assert brought.counts == {"matched": 3, "ambiguous": 0, "missed": 1}
    assert state.store.ratings.count(ann.id) == 0
    assert start_import(state, run, ann, "again.csv", WATCHED) == (brought, False)


def test_choices_are_kept(state: AppState, run: ServedRun, ann: User) -> None:
    brought, _ = start_import(state, run, ann, "films.csv", WATCHED)
    lines = {row.entry["title"]: number for number, row in enumerate(brought.rows)}
    corrected = resolve_lines(
        state,
        run,
        ann,
        brought.id,
        [ChoiceIn(line=lines["The Fourth Man"], movie_id="101"), ChoiceIn(line=lines["Heat"], movie_id=None)],
    )
    assert corrected.counts == {"matched": 3, "ambiguous": 0, "missed": 0, "left out": 1}
    state.store.imports.keep(ann.id, brought.id)
    kept = {one.movie_id: one.stars for one in state.store.ratings.history(ann.id)}
    assert kept == {"102": 4.5, "103": 2.0, "101": 5.0}
    with pytest.raises(InputError, match="line 9 of an import of 0 lines"):
        resolve_lines(state, run, ann, brought.id, [ChoiceIn(line=9, movie_id="101")])


@pytest.mark.parametrize("name", ["films.csv", "../../etc/films.csv", "C:\\me\\films.csv", "films.csv\x00"])
def test_a_file_that_is_no_diary_is_told_by_its_name_alone(
    state: AppState, run: ServedRun, ann: User, name: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as refused:
        start_import(state, run, ann, name, b"a,b\n1,2\n")
    assert str(refused.value).startswith("films.csv")
    assert "/tmp" not in str(refused.value)


SEEN = b"Title,Year\nHeat,1970\nAlien,1973\nThe Fourth Man,1950\n"


def test_somebody_who_rates_nothing_has_seen_it_all_the_same(state: AppState, run: ServedRun, ann: User) -> None:
    brought, _ = start_import(state, run, ann, "films.csv", SEEN)
    assert brought.counts == {"matched": 0, "ambiguous": 0, "missed": 1, "seen": 2}
    chosen = resolve_lines(state, run, ann, brought.id, [ChoiceIn(line=2, movie_id="101")])
    assert chosen.counts == {"matched": 0, "ambiguous": 0, "missed": 0, "seen": 3}
    state.store.imports.keep(ann.id, brought.id)
    assert state.store.ratings.history(ann.id) == []
    assert state.store.lists.seen.ids(ann.id) == {"100", "101", "103"}
    assert state.user_feedback.get(run, ann.id).hidden == (0, 1, 3)
    state.store.imports.undo(ann.id, brought.id)
    assert state.user_feedback.get(run, ann.id).hidden == ()


def test_what_was_seen_can_be_given_stars_all_at_once_and_taken_back(
    state: AppState, run: ServedRun, ann: User
) -> None:
    brought, _ = start_import(state, run, ann, "films.csv", SEEN)
    given = rate_seen(state, ann, brought.id, 4)
    assert given.counts == {"matched": 2, "ambiguous": 0, "missed": 1}
    assert rate_seen(state, ann, brought.id, None).counts == brought.counts
    resolve_lines(state, run, ann, brought.id, [ChoiceIn(line=0, movie_id=None)])
    rate_seen(state, ann, brought.id, 3.5)
    resolve_lines(state, run, ann, brought.id, [ChoiceIn(line=2, movie_id="101")])
    state.store.imports.keep(ann.id, brought.id)
    assert {one.movie_id: one.stars for one in state.store.ratings.history(ann.id)} == {"103": 3.5, "101": 3.5}
    assert state.store.lists.seen.ids(ann.id) == set()


def test_stars_for_all_touch_no_rating(state: AppState, run: ServedRun, ann: User) -> None:
    brought, _ = start_import(state, run, ann, "films.csv", WATCHED)
    assert rate_seen(state, ann, brought.id, 1).rows == brought.rows


RATINGS = b"Date,Name,Year,Letterboxd URI,Rating\n2024-01-02,Heat,1970,https://boxd.it/1,4.5\n"
WANTED = b"Date,Name,Year,Letterboxd URI\n2024-01-02,Alien,1973,https://boxd.it/2\n"


def test_several_files_of_one_export_are_one_diary(state: AppState, run: ServedRun, ann: User) -> None:
    files = [("watchlist.csv", WANTED), ("ratings.csv", RATINGS)]
    brought, _ = start_import(state, run, ann, *bundle_files(files))
    assert [(row.kind, row.movie_id) for row in brought.rows] == [("rating", "100"), ("watchlist", "103")]
    assert not start_import(state, run, ann, *bundle_files(files[::-1]))[1]


def test_an_archive_comes_by_itself(state: AppState, run: ServedRun, ann: User) -> None:
    name, archive = bundle_files([("watchlist.csv", WANTED), ("ratings.csv", RATINGS)])
    assert bundle_files([(name, archive)]) == (name, archive)
    with pytest.raises(InputError, match=r"diary.zip: an archive among 2 files; expected it by itself"):
        bundle_files([(name, archive), ("ratings.csv", RATINGS)])
    with pytest.raises(InputError, match="no file was brought"):
        bundle_files([])
