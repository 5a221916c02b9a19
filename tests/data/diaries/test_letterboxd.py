import datetime
from pathlib import Path

import pytest

from matinee.data.diaries.diary import DiaryEntry
from matinee.data.diaries.letterboxd import letterboxd_entries, looks_like_letterboxd
from matinee.data.diaries.parsing import CellParser
from matinee.data.diaries.spreadsheet import read_spreadsheet
from tests.data.diaries.exports import DIARY, FILMS, IMDB_BEFORE, RATINGS, REVIEWS, TRAKT

DAY = datetime.date(2020, 5, 1)


def read(name: str, text: str) -> tuple[list[DiaryEntry], list[str]]:
    path = Path("export") / name
    entries, findings = letterboxd_entries(read_spreadsheet(text.encode(), path, name), CellParser(path))
    return entries, [found.message for found in findings]


def columns(header: str) -> frozenset[str]:
    return read_spreadsheet(header.encode(), Path("x"), "x").has


def test_its_tables_are_known_by_their_columns() -> None:
    assert all(looks_like_letterboxd(columns(header)) for header in (FILMS, RATINGS, DIARY, REVIEWS))
    assert not any(looks_like_letterboxd(columns(header)) for header in (IMDB_BEFORE, TRAKT, "Name,Year\n"))


def test_ratings() -> None:
    (heat,), findings = read("ratings.csv", RATINGS + "2020-05-01,Heat,1995,https://boxd.it/a,4.5\n")
    assert (heat.title, heat.year, heat.rating, heat.date, heat.date_of) == ("Heat", 1995, 4.5, DAY, "rating")
    assert (heat.watched, heat.liked, heat.watchlist, heat.file, heat.line) == (True, False, False, "ratings.csv", 2)
    assert findings == []


def test_a_diary_has_the_day_of_viewing_and_not_always_a_rating() -> None:
    text = DIARY + "2020-06-01,Heat,1995,u,,Yes,,2020-05-01\n2020-05-01,Ronin,1998,u,3,,,\n"
    heat, ronin = read("diary.csv", text)[0]
    assert (heat.rating, heat.date, heat.date_of, heat.watched) == (None, DAY, "viewing", True)
    assert (ronin.rating, ronin.date, ronin.date_of) == (3.0, DAY, "marking")


def test_reviews_may_run_over_lines() -> None:
    text = (
        REVIEWS
        + '2020-06-01,Heat,1995,u,4,,"Lights.\n\n""Action, is the juice.""",,2020-05-01\n2020-06-01,Big,1988,u,,,,,\n'
    )
    heat, big = read("reviews.csv", text)[0]
    assert (heat.rating, heat.date, heat.line) == (4.0, DAY, 2)
    assert (big.title, big.line) == ("Big", 5)


@pytest.mark.parametrize(
    ("name", "flag"),
    [
        ("watched.csv", "watched"),
        ("watchlist.csv", "watchlist"),
        ("my watchlist (1).csv", "watchlist"),
        ("likes/films.csv", "liked"),
        ("liked.csv", "liked"),
    ],
)
def test_three_tables_of_one_form_are_told_apart_by_their_names(name: str, flag: str) -> None:
    (heat,), findings = read(name, FILMS + "2020-05-01,Heat,1995,u\n")
    flags = {"watched": heat.watched, "watchlist": heat.watchlist, "liked": heat.liked}
    assert flags == {one: one == flag for one in flags}
    assert heat.date == (None if flag == "watchlist" else DAY)  # when it came on a list of wishes is no viewing
    assert findings == []


def test_where_the_name_tells_nothing_films_count_as_watched_and_that_is_said() -> None:
    (heat,), findings = read("export.csv", FILMS + "2020-05-01,Heat,1995,u\n")
    assert (heat.watched, heat.watchlist, heat.liked) == (True, False, False)
    assert findings == ["the file does not say what it is a list of; its 1 films count as watched"]


def test_a_deleted_film_has_no_name_and_a_short_row_no_more_than_it_says() -> None:
    lost, short = read("watched.csv", FILMS + "2020-05-01,,,https://boxd.it/a\n2020-05-01,Heat\n")[0]
    assert (lost.title, lost.identified, lost.label) == ("", False, "untitled")
    assert (short.title, short.year) == ("Heat", None)
