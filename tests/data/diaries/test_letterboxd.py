import datetime
from pathlib import Path

import pytest

from matinee.data.diaries.diary import DiaryEntry
from matinee.data.diaries.letterboxd import FORMAT, read_table
from matinee.data.diaries.parsing import CellParser
from matinee.data.diaries.spreadsheet import read_spreadsheet
from tests.data.diaries.exports import DIARY, IMDB_2017, MOVIES, RATINGS, REVIEWS, TRAKT

DAY = datetime.date(2020, 5, 1)


def read(name: str, text: str) -> tuple[list[DiaryEntry], list[str]]:
    path = Path("export") / name
    entries, issues = read_table(read_spreadsheet(text.encode(), path, name), CellParser(path))
    return entries, [issue.message for issue in issues]


def columns(header: str) -> frozenset[str]:
    return read_spreadsheet(header.encode(), Path("x"), "x").column_names


def test_tables_are_recognised_by_their_columns() -> None:
    assert all(FORMAT.has_columns(columns(header)) for header in (MOVIES, RATINGS, DIARY, REVIEWS))
    assert not any(FORMAT.has_columns(columns(header)) for header in (IMDB_2017, TRAKT, "Name,Year\n"))


def test_ratings() -> None:
    (heat,), issues = read("ratings.csv", RATINGS + "2020-05-01,Heat,1995,https://boxd.it/a,4.5\n")
    assert (heat.title, heat.year, heat.rating, heat.date, heat.date_of) == ("Heat", 1995, 4.5, DAY, "rating")
    assert (heat.watched, heat.liked, heat.watchlist, heat.file, heat.line) == (True, False, False, "ratings.csv", 2)
    assert issues == []


def test_a_diary_has_viewing_dates() -> None:
    text = DIARY + "2020-06-01,Heat,1995,u,,Yes,,2020-05-01\n2020-05-01,Ronin,1998,u,3,,,\n"
    heat, ronin = read("diary.csv", text)[0]
    assert (heat.rating, heat.date, heat.date_of, heat.watched) == (None, DAY, "viewing", True)
    assert (ronin.rating, ronin.date, ronin.date_of) == (3.0, DAY, "marking")


def test_reviews_may_span_lines() -> None:
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
def test_names_distinguish_tables_with_equal_columns(name: str, flag: str) -> None:
    (heat,), issues = read(name, MOVIES + "2020-05-01,Heat,1995,u\n")
    flags = {"watched": heat.watched, "watchlist": heat.watchlist, "liked": heat.liked}
    assert flags == {key: key == flag for key in flags}
    assert heat.date == (None if flag == "watchlist" else DAY)  # the date of a watchlist entry is not a viewing
    assert issues == []


def test_tables_with_an_unclear_name_count_as_watched() -> None:
    (heat,), issues = read("export.csv", MOVIES + "2020-05-01,Heat,1995,u\n")
    assert (heat.watched, heat.watchlist, heat.liked) == (True, False, False)
    assert issues == ["the kind of list is not clear; its 1 movies count as watched"]


def test_deleted_movies_and_short_rows_are_read() -> None:
    lost, short = read("watched.csv", MOVIES + "2020-05-01,,,https://boxd.it/a\n2020-05-01,Heat\n")[0]
    assert (lost.title, lost.identified, lost.label) == ("", False, "untitled")
    assert (short.title, short.year) == ("Heat", None)
