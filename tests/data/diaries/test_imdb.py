import datetime
from pathlib import Path

import pytest

from matinee.data.diaries.diary import DiaryEntry
from matinee.data.diaries.imdb import imdb_entries, kind_of, looks_like_imdb
from matinee.data.diaries.parsing import CellParser
from matinee.data.diaries.spreadsheet import read_spreadsheet
from tests.data.diaries.exports import DIARY, IMDB_BEFORE, IMDB_TODAY, TRAKT, imdb_row, listed_row

OLDEST = (
    '"position","const","created","modified","description","Title","Title type","Directors","You rated","IMDb Rating",'
    '"Runtime (mins)","Year","Genres","Num. Votes","Release Date (month/day/year)","URL"\n'
)


def read(text: str, name: str = "ratings.csv") -> tuple[list[DiaryEntry], list[str]]:
    entries, findings = imdb_entries(read_spreadsheet(text.encode(), Path(name), name), CellParser(Path(name)))
    return entries, [found.message for found in findings]


def test_its_tables_are_known_by_their_columns() -> None:
    def known(header: str) -> bool:
        return looks_like_imdb(read_spreadsheet(header.encode(), Path("x"), "x").has)

    assert all(map(known, (IMDB_BEFORE, IMDB_TODAY, OLDEST)))
    assert not any(map(known, (DIARY, TRAKT)))


def test_ratings_of_ten_are_half_stars() -> None:
    heat, big = read(IMDB_BEFORE + imdb_row("tt0113277", "Heat", 1995, 9) + imdb_row("tt0094737", "Big", 1988, 1))[0]
    assert (heat.imdb_id, heat.title, heat.year, heat.rating) == ("tt0113277", "Heat", 1995, 4.5)
    assert (heat.date, heat.date_of, heat.watched) == (datetime.date(2021, 5, 1), "rating", True)
    assert big.rating == 0.5


def test_the_original_title_is_kept_where_it_is_another() -> None:
    text = IMDB_TODAY + listed_row("tt0113247", ("Hate", "La haine"), 1995, "8")
    hate, heat = read(text + listed_row("tt0113277", ("Heat", "Heat"), 1995, "8"))[0]
    assert (hate.title, hate.original_title, hate.rating) == ("Hate", "La haine", 4.0)
    assert heat.original_title is None


def test_in_the_form_of_today_rated_films_are_seen_and_others_wanted() -> None:
    text = (
        IMDB_TODAY + listed_row("tt0113277", ("Heat", "Heat"), 1995, "8") + listed_row("tt0122690", ("Ronin", ""), 1998)
    )
    (heat, ronin), findings = read(text, "2f36023d-f139.csv")
    assert (heat.rating, heat.watched, heat.watchlist, heat.date) == (4.0, True, False, datetime.date(2023, 6, 7))
    assert (ronin.rating, ronin.watched, ronin.watchlist, ronin.date) == (None, False, True, None)
    assert findings == ["the file does not say what it is a list of; its 1 films count as wanted"]


def test_a_watchlist_may_have_films_that_were_rated_since() -> None:
    text = (
        IMDB_TODAY + listed_row("tt0113277", ("Heat", "Heat"), 1995, "8") + listed_row("tt0122690", ("Ronin", ""), 1998)
    )
    (heat, ronin), findings = read(text, "watchlist.csv")
    assert (heat.watchlist, heat.seen, ronin.watchlist, ronin.seen) == (True, True, True, False)
    assert findings == []


def test_a_list_without_the_column_of_ratings_is_read() -> None:
    header = IMDB_TODAY.replace(",Your Rating,Date Rated", "")
    row = listed_row("tt0113277", ("Heat", "Heat"), 1995).replace(",,\n", "\n")
    (heat,), _ = read(header + row, "watchlist.csv")
    assert (heat.title, heat.watchlist, heat.rating) == ("Heat", True, None)


def test_the_oldest_form_is_read() -> None:
    row = '"1","tt0113277","Sat Dec 31 00:00:00 2016","","","Heat","Feature Film","N. N.","8","7.9","170","1995"\n'
    (heat,), findings = read(OLDEST + row)
    assert (heat.rating, heat.date, heat.watchlist) == (4.0, datetime.date(2016, 12, 31), False)
    assert findings == []


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("movie", "film"),
        ("Movie", "film"),
        ("tvMovie", "film"),
        ("TV Movie", "film"),
        ("TV Special", "film"),
        ("short", "film"),
        ("tvShort", "film"),
        ("video", "film"),
        ("Feature Film", "film"),
        ("", "film"),
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
def test_kinds_in_all_spellings(written: str, kind: str) -> None:
    assert kind_of(written) == kind


def test_what_is_no_film_is_kept_as_what_it_is() -> None:
    (series,), _ = read(IMDB_BEFORE + imdb_row("tt0903747", "Breaking Bad", 2008, 10, "tvSeries"))
    assert (series.kind, series.title) == ("series", "Breaking Bad")
