import datetime
from pathlib import Path

import pytest

from matinee.data.diaries.diary import DiaryEntry
from matinee.data.diaries.generic import FORMAT, read_table
from matinee.data.diaries.parsing import CellParser
from matinee.data.diaries.spreadsheet import read_spreadsheet
from matinee.errors import DataError

PATH = Path("films.csv")


def read(text: str, max_rating: float | None = None) -> tuple[list[DiaryEntry], list[str]]:
    cells = CellParser(PATH, max_rating)
    entries, issues = read_table(read_spreadsheet(text.encode(), PATH, "films.csv"), cells)
    return entries, [issue.message for issue in [*issues, *cells.issues()]]


@pytest.mark.parametrize("header", ["title", "TITLE,rating", "Name;Year", "imdbID,Title"])
def test_a_title_is_enough(header: str) -> None:
    assert FORMAT.has_columns(read_spreadsheet(header.encode(), PATH, "x").column_names)
    assert not FORMAT.has_columns(frozenset({"movieid", "rating"}))


def test_a_catalogue_is_not_a_diary() -> None:
    assert not FORMAT.has_columns(frozenset({"movieid", "title", "genres"}))
    assert not FORMAT.has_columns(frozenset({"id", "title", "genreids", "voteaverage"}))
    assert FORMAT.has_columns(frozenset({"title", "overview", "rating"}))


def test_the_case_of_columns_is_ignored() -> None:
    (heat,), _ = read("TITLE,Year,RATING,Date,IMDb_ID,TMDB id\nHeat,1995,4.5,2 Jan 2020,tt0113277,949\n")
    assert (heat.title, heat.year, heat.rating, heat.date) == ("Heat", 1995, 4.5, datetime.date(2020, 1, 2))
    assert (heat.imdb_id, heat.tmdb_id, heat.watched) == ("tt0113277", 949, True)


def test_letterboxds_import_format() -> None:
    (heat,), issues = read("tmdbID,imdbID,Title,Year,Rating10,WatchedDate\n949,tt0113277,Heat,1995,5,2020-01-02\n")
    assert (heat.rating, heat.date, heat.tmdb_id) == (2.5, datetime.date(2020, 1, 2), 949)
    assert issues == []


def test_a_title_alone_is_watched() -> None:
    (heat,), issues = read("name\nHeat\n")
    assert (heat.watched, heat.rating, heat.date, heat.year) == (True, None, None, None)
    assert issues == []


@pytest.mark.parametrize(
    ("ratings", "stars", "scale"),
    [
        (["4", "5"], [4, 5], 5),
        (["4", "9"], [2, 4.5], 10),
        (["40", "100"], [2, 5], 100),
        (["0.5", "3,5"], [0.5, 3.5], 5),
    ],
)
def test_the_scale_is_inferred_from_the_ratings(ratings: list[str], stars: list[float], scale: int) -> None:
    entries, issues = read("title;rating\n" + "".join(f"Movie {n};{rating}\n" for n, rating in enumerate(ratings)))
    assert [entry.rating for entry in entries] == stars
    assert len(issues) == 1
    assert f"so the scale is taken to end at {scale}" in issues[0]


def test_the_scale_can_be_set() -> None:
    entries, issues = read("title,rating\nHeat,5\nBig,2\nRonin,11\n", 10)
    assert [entry.rating for entry in entries] == [2.5, 1.0, None]
    assert issues == ["1 ratings cannot be read, first '11'; these movies have no rating"]


def test_ratings_of_an_unknown_scale_are_refused() -> None:
    with pytest.raises(DataError, match=r"^films.csv, column rating: a rating of 250 is above 100\. Give the highest"):
        read("title,rating\nHeat,250\n")


def test_words_as_ratings_do_not_change_the_scale() -> None:
    entries, _ = read("title,rating\nHeat,good\nBig,4\nUp,\n")
    assert [entry.rating for entry in entries] == [None, 4.0, None]


def test_a_year_in_the_title_is_used_unless_it_differs() -> None:
    entries, _ = read("title,year\nHeat (1995),\nHeat (1995),1995\nBlade Runner (2049),2017\n")
    assert [(entry.title, entry.year) for entry in entries] == [
        ("Heat", 1995),
        ("Heat", 1995),
        ("Blade Runner (2049)", 2017),
    ]
