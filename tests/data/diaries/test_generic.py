import datetime
from pathlib import Path

import pytest

from matinee.data.diaries.diary import DiaryEntry
from matinee.data.diaries.generic import looks_like_plain, plain_entries
from matinee.data.diaries.parsing import CellParser
from matinee.data.diaries.spreadsheet import read_spreadsheet
from matinee.errors import DataError

PATH = Path("films.csv")


def read(text: str, most: float | None = None) -> tuple[list[DiaryEntry], list[str]]:
    cells = CellParser(PATH)
    entries, findings = plain_entries(read_spreadsheet(text.encode(), PATH, "films.csv"), cells, most)
    return entries, [found.message for found in [*findings, *cells.findings()]]


@pytest.mark.parametrize("header", ["title", "TITLE,rating", "Name;Year", "imdbID,Title"])
def test_a_title_is_all_it_needs(header: str) -> None:
    assert looks_like_plain(read_spreadsheet(header.encode(), PATH, "x").has)
    assert not looks_like_plain(frozenset({"movieid", "rating"}))


def test_a_catalogue_is_nobodys_list() -> None:
    assert not looks_like_plain(frozenset({"movieid", "title", "genres"}))
    assert not looks_like_plain(frozenset({"id", "title", "genreids", "voteaverage"}))
    assert looks_like_plain(frozenset({"title", "overview", "rating"}))


def test_columns_of_whatever_case() -> None:
    (heat,), _ = read("TITLE,Year,RATING,Date,IMDb_ID,TMDB id\nHeat,1995,4.5,2 Jan 2020,tt0113277,949\n")
    assert (heat.title, heat.year, heat.rating, heat.date) == ("Heat", 1995, 4.5, datetime.date(2020, 1, 2))
    assert (heat.imdb_id, heat.tmdb_id, heat.watched) == ("tt0113277", 949, True)


def test_letterboxds_import_format() -> None:
    (heat,), findings = read("tmdbID,imdbID,Title,Year,Rating10,WatchedDate\n949,tt0113277,Heat,1995,5,2020-01-02\n")
    assert (heat.rating, heat.date, heat.tmdb_id) == (2.5, datetime.date(2020, 1, 2), 949)
    assert findings == []


def test_a_title_alone_is_watched() -> None:
    (heat,), findings = read("name\nHeat\n")
    assert (heat.watched, heat.rating, heat.date, heat.year) == (True, None, None, None)
    assert findings == []


@pytest.mark.parametrize(
    ("ratings", "stars", "most"),
    [
        (["4", "5"], [4, 5], 5),
        (["4", "9"], [2, 4.5], 10),
        (["40", "100"], [2, 5], 100),
        (["0.5", "3,5"], [0.5, 3.5], 5),
    ],
)
def test_the_scale_is_read_off_the_values_and_told(ratings: list[str], stars: list[float], most: int) -> None:
    entries, findings = read("title;rating\n" + "".join(f"Film {n};{one}\n" for n, one in enumerate(ratings)))
    assert [one.rating for one in entries] == stars
    assert len(findings) == 1
    assert f"so {most} was taken for the highest there can be" in findings[0]


def test_the_scale_may_be_said_for_those_who_rate_harshly() -> None:
    entries, findings = read("title,rating\nHeat,5\nBig,2\nRonin,11\n", 10)
    assert [one.rating for one in entries] == [2.5, 1.0, None]
    assert findings == ["1 ratings cannot be read, first '11'; those films have no rating"]


def test_ratings_of_no_known_scale_are_refused() -> None:
    with pytest.raises(
        DataError, match=r"^films.csv, column rating: a rating of 250; expected at most 100, or the high"
    ):
        read("title,rating\nHeat,250\n")


def test_words_among_ratings_do_not_change_the_scale() -> None:
    entries, _ = read("title,rating\nHeat,good\nBig,4\nUp,\n")
    assert [one.rating for one in entries] == [None, 4.0, None]


def test_a_year_in_the_title_is_the_films_unless_it_has_another() -> None:
    entries, _ = read("title,year\nHeat (1995),\nHeat (1995),1995\nBlade Runner (2049),2017\n")
    assert [(one.title, one.year) for one in entries] == [("Heat", 1995), ("Heat", 1995), ("Blade Runner (2049)", 2017)]
