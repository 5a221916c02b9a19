import datetime
from collections import Counter

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data.diaries.catalogue_index import CatalogueIndex
from matinee.data.diaries.diary import Diary, DiaryEntry
from matinee.data.diaries.matching import MatchedDiary, MatchOutcome, match_diary
from matinee.data.linking.catalogue_matching import Evidence
from tests.data.diaries.exports import catalogue

MOVIES = catalogue(
    ("Heat", 1995),
    ("La Haine", 1995),
    ("U.S. Marshals", 1998),
    ("Hamlet", 1990),
    ("Hamlet", 1996),
    ("Borat: Cultural Learnings of America", 2006),
    ("Rage", 2009),
    ("Rage", 2009),
    ("Cube", 1997),
    ("Amélie", 2001),
)
HALF_STARS = (0.5, 5.0)


def entry(title: str, year: int | None = None, **facts) -> DiaryEntry:
    return DiaryEntry(title, "diary.csv", facts.pop("line", 2), year, **{"watched": True, **facts})


def matched(*entries: DiaryEntry, movies: pl.DataFrame | CatalogueIndex = MOVIES) -> MatchedDiary:
    return match_diary(Diary("csv", entries), movies, HALF_STARS)


def only(result: MatchedDiary) -> MatchOutcome:
    (outcome,) = result.outcomes
    return outcome


@pytest.mark.parametrize(
    ("title", "year", "row", "reason"),
    [
        ("Heat", 1995, 0, "the same title and year"),
        ("HEAT", 1995, 0, "the same title and year"),
        ("amelie", 2001, 9, "the same title, written differently"),
        ("Haine, La", 1995, 1, "the same title, written differently"),
        ("Heat", 1994, 0, "the same title, a year apart"),
        ("Cube", 1998, 8, "the same title, a year apart"),  # one word: linking alone requires a common genre
        ("Heat", None, 0, "the only movie with this title"),
        ("U.S. Marshalls", 1998, 2, "nearly the same title"),
    ],
)
def test_matched(title: str, year: int | None, row: int, reason: str) -> None:
    outcome = only(matched(entry(title, year)))
    assert (outcome.group, outcome.row, str(outcome.reason)) == ("matched", row, reason)


@pytest.mark.parametrize(
    ("title", "year", "choices", "reason"),
    [
        ("Hamlet", None, (3, 4), "no year is given, and 2 movies have this title"),
        ("Rage", 2009, (6, 7), "2 movies match"),
        ("Rage", 2010, (6, 7), "2 movies match"),
        ("Borat", 2006, (5,), "only part of the title is the same"),
    ],
)
def test_ambiguous_with_its_choices(title: str, year: int | None, choices: tuple[int, ...], reason: str) -> None:
    result = matched(entry(title, year))
    outcome = only(result)
    assert (outcome.group, outcome.row, outcome.choices, str(outcome.reason)) == ("ambiguous", None, choices, reason)
    assert result.history.movies.tolist() == []


@pytest.mark.parametrize(
    ("title", "year", "nearest"),
    [
        ("Heat", 1986, (0,)),
        ("Hamlet", 1948, (3, 4)),
        ("Cubr", 1997, (8,)),  # four letters are too few to be sure
        ("Cats", 2019, ()),
        ("Cats", None, ()),
    ],
)
def test_missed_with_the_nearest(title: str, year: int | None, nearest: tuple[int, ...]) -> None:
    outcome = only(matched(entry(title, year)))
    assert (outcome.group, outcome.choices) == ("missed", nearest)
    suffix = "" if year is None else f" within a year of {year}"
    assert str(outcome.reason) == f"no movie in the catalogue has this title{suffix}"


def test_the_original_title_is_compared() -> None:
    hate = entry("Hate", 1995, original_title="La haine (Kassovitz)")
    assert only(matched(entry("Hate", 1995))).group == "missed"
    assert only(matched(hate)).group == "missed"  # the brackets are part of it
    assert only(matched(entry("Hate", 1995, original_title="La haine"))).row == 1


def test_the_article_decides_between_equal_titles() -> None:
    movies = catalogue(("The Heat", 2013), ("Heat", 1995), ("Heat", 1986))
    assert only(matched(entry("The Heat"), movies=movies)).row == 0
    assert only(matched(entry("Heat"), movies=movies)).choices == (1, 2)
    assert only(matched(entry("Heat"), movies=movies[:2])).row == 1
    assert only(matched(entry("A Heat"), movies=movies[:2])).choices == (0, 1)


def test_ids_come_before_titles() -> None:
    movies = MOVIES.with_columns(
        pl.Series("tmdb_id", [949, 406, *range(1, 9)]), pl.Series("imdb_id", ["tt0113277", *[None] * 9])
    )
    for given_entry in (entry("Hitze", 2020, tmdb_id=949), entry("", None, imdb_id="tt0113277")):
        outcome = only(matched(given_entry, movies=movies))
        assert (outcome.row, outcome.evidence, str(outcome.reason)) == (0, Evidence.ID, "the same id")
    other = only(matched(entry("Heat", 1995, tmdb_id=123456), movies=movies))
    assert (other.group, other.choices) == ("missed", (0,))  # another id is another movie


def test_other_kinds_and_missing_titles_are_set_aside() -> None:
    result = matched(entry("Heat", 1995, kind="episode"), entry("", 1995))
    assert [str(outcome.reason) for outcome in result.set_aside] == [
        "an episode, not a movie",
        "no title, because the site deleted this movie",
    ]
    assert len(result.outcomes) == 2


def test_two_titles_of_one_movie_are_merged() -> None:
    early, late = datetime.date(2020, 1, 1), datetime.date(2021, 1, 1)
    result = matched(
        entry("Haine, La", 1995, date=early, rating=3.0, line=2),
        entry("La Haine", 1995, date=late, rating=5.0, line=3),
        entry("Heat", 1995, date=datetime.date(2020, 6, 1), rating=2.0),
        entry("Heat", None, line=9),
    )
    assert result.history.movies.tolist() == [0, 1]  # La Haine was seen last
    assert [outcome.rating for outcome in result.matched] == [2.0, 5.0]
    assert [(outcome.entry.line, outcome.row) for outcome in result.folded] == [(3, 1), (9, 0)]
    assert str(result.folded[0].reason) == "the same movie as Haine, La (1995), diary.csv line 2"


def test_of_two_movies_a_year_apart_the_exact_year_wins() -> None:
    result = matched(entry("Heat", 1996), entry("Heat", 1995))
    assert [outcome.entry.year for outcome in result.matched] == [1995]
    assert [outcome.entry.year for outcome in result.missed] == [1996]
    rivals = matched(entry("Cube", 1996), entry("Cube", 1998))
    assert [outcome.choices for outcome in rivals.ambiguous] == [(8,), (8,)]
    assert str(rivals.ambiguous[0].reason) == "several movies of the diary match this one"


def test_the_history_is_ordered_and_fully_rated() -> None:
    result = matched(
        entry("Heat", 1995, date=datetime.date(2022, 1, 1), rating=5.0),
        entry("Cube", 1997, rating=3.0),
        entry("La Haine", 1995, date=datetime.date(2021, 1, 1)),
        entry("U.S. Marshals", 1998, watched=False, liked=True),
        entry("Gone With the Wind", 1939, rating=4.0),  # missed, but still one of the user's ratings
    )
    assert result.history.movies.tolist() == [8, 2, 1, 0]
    assert result.history.ratings is not None
    assert result.history.ratings.tolist() == [3.0, 4.5, 4.0, 5.0]
    assert [outcome.filled for outcome in result.matched] == ["", "upper quartile", "median", ""]
    assert result.history.timestamps is None
    assert [outcome.row for outcome in result.matched] == [8, 2, 1, 0]


def test_the_watchlist_has_movies_not_seen() -> None:
    result = matched(
        entry("Heat", 1995, watched=False, watchlist=True),
        entry("Cube", 1997, watched=True, watchlist=True),
        entry("Hamlet", 1996, watched=False, watchlist=True, line=4),
        entry("Hamlet", 1996, rating=2.0, tmdb_id=5),
    )
    assert result.watchlist.tolist() == [0]
    assert sorted(result.history.movies.tolist()) == [4, 8]
    assert [outcome.rating for outcome in result.matched if outcome.row == 0] == [None]
    assert result.watchlist.dtype == np.int32


def test_an_index_gives_the_same_result() -> None:
    index = CatalogueIndex(MOVIES)
    entries = (entry("Heat", 1995), entry("Hamlet"), entry("Cats", 2019))
    assert matched(*entries, movies=index).outcomes == matched(*entries).outcomes


def test_a_diary_without_matches() -> None:
    result = matched(entry("Cats", 2019, rating=1.0))
    assert len(result.history) == 1
    assert result.history.lengths.tolist() == [0]
    assert result.watchlist.tolist() == []


days = st.none() | st.dates(datetime.date(1990, 1, 1), datetime.date(2020, 1, 1))
entries = st.builds(
    entry,
    st.sampled_from(["Heat", "Hamlet", "Rage", "Cube", "Borat", "La Haine", "Haine, La", "U.S. Marshalls", "Cats", ""]),
    st.sampled_from([None, 1990, 1995, 1996, 1997, 1998, 2006, 2009]),
    date=days,
    rating=st.sampled_from([None, 0.5, 2.0, 3.5, 5.0]),
    watched=st.booleans(),
    liked=st.booleans(),
    watchlist=st.booleans(),
    tmdb_id=st.sampled_from([None, None, 1, 2, 99]),
    kind=st.sampled_from(["movie", "movie", "movie", "series"]),
)
scales = st.sampled_from([(0.5, 5.0), (1.0, 5.0), (1.0, 10.0)])


@given(st.lists(entries, max_size=15), scales, st.booleans())
def test_every_entry_is_in_exactly_one_group(
    given_entries: list[DiaryEntry], scale: tuple[float, float], with_ids: bool
) -> None:
    movies = MOVIES.with_columns(pl.Series("tmdb_id", range(10))) if with_ids else MOVIES
    result = match_diary(Diary("csv", tuple(given_entries)), movies, scale)
    assert Counter(id(outcome.entry) for outcome in result.outcomes) == Counter(map(id, given_entries))
    groups = ("matched", "ambiguous", "missed", "set_aside", "folded")
    assert all(outcome.group == name.replace("_", " ") for name in groups for outcome in getattr(result, name))
    assert all(str(outcome.reason) for outcome in result.outcomes)
    rows = [outcome.row for outcome in result.matched]
    assert rows == [*result.history.movies.tolist(), *result.watchlist.tolist()]
    assert len(set(rows)) == len(rows)
    assert {outcome.row for outcome in result.folded} <= set(rows)
    seen = result.history
    assert seen.ratings is None or (len(seen.ratings) == len(seen.movies) and set(seen.ratings >= scale[0]) <= {True})
    assert seen.timestamps is None or (np.diff(seen.timestamps) >= 0).all()


@given(st.lists(entries, max_size=10), st.randoms())
def test_the_order_of_the_diary_does_not_matter(given_entries: list[DiaryEntry], random) -> None:
    shuffled = list(given_entries)
    random.shuffle(shuffled)

    def rows(diary: list[DiaryEntry]) -> Counter[int]:
        return Counter(
            row for row in match_diary(Diary("csv", tuple(diary)), MOVIES, HALF_STARS).history.movies.tolist()
        )

    assert rows(given_entries) == rows(shuffled)
