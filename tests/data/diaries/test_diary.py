import datetime

from hypothesis import given
from hypothesis import strategies as st

from matinee.data.diaries.diary import Diary, DiaryEntry, fold_entries, merge_entries

EARLY, LATE = datetime.date(2020, 1, 1), datetime.date(2022, 2, 2)


def entry(title: str = "Heat", **facts) -> DiaryEntry:
    return DiaryEntry(title, facts.pop("file", "diary.csv"), facts.pop("line", 2), **{"year": 1995, **facts})


def test_the_last_viewing_gives_the_date() -> None:
    rows = [
        entry(date=EARLY, date_of="viewing"),
        entry(date=datetime.date(2019, 1, 1), date_of="viewing"),
        entry(date=LATE, date_of="marking"),
    ]
    assert (merge_entries(rows).date, merge_entries(rows).date_of) == (EARLY, "viewing")
    assert merge_entries([*rows[2:], entry(date=EARLY)]).date == LATE


def test_the_list_of_ratings_comes_before_the_last_rating() -> None:
    rewatched = [
        entry(rating=4.0, date=LATE, date_of="viewing"),
        entry(rating=2.0, date=EARLY, date_of="viewing"),
    ]
    assert merge_entries(rewatched).rating == 4.0
    assert merge_entries([*rewatched, entry(rating=3.5, date=EARLY, date_of="rating")]).rating == 3.5
    assert merge_entries([entry(rating=1.0), entry(rating=5.0), entry()]).rating == 5.0  # no dates: the later row


def test_the_facts_of_all_rows_are_merged() -> None:
    whole = merge_entries(
        [
            entry(year=None, file="watched.csv", watched=True),
            entry(imdb_id="tt0113277", liked=True),
            entry(original_title="Heat!", tmdb_id=949, watchlist=True, rows=3),
        ]
    )
    assert (whole.year, whole.imdb_id, whole.tmdb_id, whole.original_title) == (1995, "tt0113277", 949, "Heat!")
    assert (whole.watched, whole.liked, whole.watchlist, whole.rated) == (True, True, True, False)
    assert (whole.file, whole.line, whole.rows) == ("watched.csv", 2, 5)


def test_rows_are_grouped_by_id_or_title_and_year() -> None:
    rows = [
        entry("Heat"),
        entry("HEAT"),
        entry("Heat", year=1986),
        entry("Heat", imdb_id="tt1"),
        entry("Hitze", imdb_id="tt1"),
        entry("Heat", tmdb_id=1),
    ]
    movies, _ = fold_entries(rows)
    assert [(entry.title, entry.year, entry.rows) for entry in movies] == [
        ("Heat", 1995, 2),
        ("Heat", 1986, 1),
        ("Heat", 1995, 2),
        ("Heat", 1995, 1),
    ]


def test_episodes_and_lost_movies_are_not_merged() -> None:
    rows = [entry(kind="episode"), entry(kind="episode"), entry(""), entry("")]
    assert fold_entries(rows) == (rows, 0)


def test_only_rows_of_the_same_file_are_repeats() -> None:
    rows = [entry(file="ratings.csv"), entry(file="diary.csv"), entry(file="diary.csv"), entry(file="diary.csv")]
    assert fold_entries(rows)[1] == 2


def test_movies_only_on_the_watchlist_are_not_seen() -> None:
    assert not entry(watchlist=True).seen
    assert entry(watchlist=True, rating=3.0).seen
    assert entry(watchlist=True, liked=True).seen
    assert entry(watched=True).seen


def test_labels() -> None:
    assert entry().label == "Heat (1995)"
    assert entry(year=None).label == "Heat"
    assert entry("", year=None).label == "untitled"


titles = st.sampled_from(["Heat", "heat", "Ronin", ""])
rows = st.builds(
    entry,
    titles,
    file=st.sampled_from(["a.csv", "b.csv"]),
    line=st.integers(2, 99),
    year=st.sampled_from([None, 1995, 1996]),
    imdb_id=st.sampled_from([None, "tt1", "tt2"]),
    rating=st.sampled_from([None, 0.5, 3.0, 5.0]),
    date=st.sampled_from([None, EARLY, LATE]),
    date_of=st.sampled_from(["viewing", "rating", "marking"]),
    liked=st.booleans(),
    kind=st.sampled_from(["movie", "series"]),
)


@given(st.lists(rows, max_size=12))
def test_folding_loses_no_row_and_is_idempotent(given_rows: list[DiaryEntry]) -> None:
    movies, _ = fold_entries(given_rows)
    assert Diary("csv", tuple(movies)).rows == len(given_rows)
    assert {entry.rating for entry in movies} <= {entry.rating for entry in given_rows}
    assert any(entry.rated for entry in movies) == any(entry.rated for entry in given_rows)
    assert fold_entries(movies)[0] == movies
