import datetime
from pathlib import Path

import pytest

from matinee.data.diaries.diary import DiaryEntry
from matinee.data.diaries.imdb import FORMAT, kind_of, read_table
from matinee.data.diaries.parsing import CellParser
from matinee.data.diaries.spreadsheet import read_spreadsheet
from tests.data.diaries.exports import DIARY, IMDB_2017, IMDB_TODAY, TRAKT, imdb_row, listed_row

OLDEST = (
    '"position","const","created","modified","description","Title","Title type","Directors","You rated","IMDb Rating",'
    '"Runtime (mins)","Year","Genres","Num. Votes","Release Date (month/day/year)","URL"\n'
)


def read(text: str, name: str = "ratings.csv") -> tuple[list[DiaryEntry], list[str]]:
    entries, issues = read_table(read_spreadsheet(text.encode(), Path(name), name), CellParser(Path(name)))
    return entries, [issue.message for issue in issues]


def test_tables_are_recognised_by_their_columns() -> None:
    def is_known(header: str) -> bool:
        return FORMAT.has_columns(read_spreadsheet(header.encode(), Path("x"), "x").column_names)

    assert all(map(is_known, (IMDB_2017, IMDB_TODAY, OLDEST)))
    assert not any(map(is_known, (DIARY, TRAKT)))


def test_ratings_of_ten_are_half_stars() -> None:
    heat, big = read(IMDB_2017 + imdb_row("tt0113277", "Heat", 1995, 9) + imdb_row("tt0094737", "Big", 1988, 1))[0]
    assert (heat.imdb_id, heat.title, heat.year, heat.rating) == ("tt0113277", "Heat", 1995, 4.5)
    assert (heat.date, heat.date_of, heat.watched) == (datetime.date(2021, 5, 1), "rating", True)
    assert big.rating == 0.5


def test_a_different_original_title_is_kept() -> None:
    text = IMDB_TODAY + listed_row("tt0113247", ("Hate", "La haine"), 1995, "8")
    hate, heat = read(text + listed_row("tt0113277", ("Heat", "Heat"), 1995, "8"))[0]
    assert (hate.title, hate.original_title, hate.rating) == ("Hate", "La haine", 4.0)
    assert heat.original_title is None


def test_unrated_movies_of_a_list_are_on_the_watchlist() -> None:
    text = (
        IMDB_TODAY + listed_row("tt0113277", ("Heat", "Heat"), 1995, "8") + listed_row("tt0122690", ("Ronin", ""), 1998)
    )
    (heat, ronin), issues = read(text, "2f36023d-f139.csv")
    assert (heat.rating, heat.watched, heat.watchlist, heat.date) == (4.0, True, False, datetime.date(2023, 6, 7))
    assert (ronin.rating, ronin.watched, ronin.watchlist, ronin.date) == (None, False, True, None)
    assert issues == ["the kind of list is not clear; its 1 movies count as watchlist"]


def test_a_watchlist_may_have_rated_movies() -> None:
    text = (
        IMDB_TODAY + listed_row("tt0113277", ("Heat", "Heat"), 1995, "8") + listed_row("tt0122690", ("Ronin", ""), 1998)
    )
    (heat, ronin), issues = read(text, "watchlist.csv")
    assert (heat.watchlist, heat.seen, ronin.watchlist, ronin.seen) == (True, True, True, False)
    assert issues == []


def test_a_list_without_ratings_is_read() -> None:
    header = IMDB_TODAY.replace(",Your Rating,Date Rated", "")
    row = listed_row("tt0113277", ("Heat", "Heat"), 1995).replace(",,\n", "\n")
    (heat,), _ = read(header + row, "watchlist.csv")
    assert (heat.title, heat.watchlist, heat.rating) == ("Heat", True, None)


def test_the_oldest_version_is_read() -> None:
    row = '"1","tt0113277","Sat Dec 31 00:00:00 2016","","","Heat","Feature Film","N. N.","8","7.9","170","1995"\n'
    (heat,), issues = read(OLDEST + row)
    assert (heat.rating, heat.date, heat.watchlist) == (4.0, datetime.date(2016, 12, 31), False)
    assert issues == []


@pytest.mark.parametrize(
    ("title_type", "kind"),
    [
        ("movie", "movie"),
        ("Movie", "movie"),
        ("tvMovie", "movie"),
        ("TV Movie", "movie"),
        ("TV Special", "movie"),
        ("short", "movie"),
        ("tvShort", "movie"),
        ("video", "movie"),
        ("Feature Film", "movie"),
        ("", "movie"),
        ("tvSeries", "series"),
        ("TV Series", "series"),
        ("TV Mini Series", "series"),
        ("tvMiniSeries", "series"),
        ("Mini serie TV", "series"),
        ("Série télévisée", "series"),
        ("tvEpisode", "episode"),
        ("TV Episode", "episode"),
        ("videoGame", "video game"),
        ("Video Game", "video game"),
        ("Videojuego", "video game"),
        ("Music Video", "music video"),
        ("podcastEpisode", "podcast"),
        ("Podcast Series", "podcast"),
    ],
)
def test_kinds_in_all_spellings(title_type: str, kind: str) -> None:
    assert kind_of(title_type) == kind


def test_a_series_is_kept_with_its_kind() -> None:
    (series,), _ = read(IMDB_2017 + imdb_row("tt0903747", "Breaking Bad", 2008, 10, "tvSeries"))
    assert (series.kind, series.title) == ("series", "Breaking Bad")
