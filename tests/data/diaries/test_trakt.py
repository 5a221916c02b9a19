import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from matinee.data.diaries.diary import DiaryEntry
from matinee.data.diaries.parsing import CellParser
from matinee.data.diaries.spreadsheet import read_spreadsheet
from matinee.data.diaries.trakt import items_of, looks_like_trakt, trakt_entries, trakt_items
from matinee.errors import DataError
from tests.data.diaries.exports import DIARY, IMDB_TODAY, TRAKT, as_json, trakt_movie

PATH = Path("ratings-movies.json")
DAY = datetime.date(2018, 8, 24)
AT = "2018-08-24T13:48:52.000Z"


def read(items: list[dict[str, Any]], name: str = "ratings-movies.json") -> tuple[list[DiaryEntry], list[str]]:
    content = trakt_items(as_json(items).encode(), Path(name))
    assert content is not None
    entries, findings = trakt_entries(list(enumerate(content, 1)), Path(name), name, CellParser(Path(name)))
    return entries, [found.message for found in findings]


def test_ratings() -> None:
    item = trakt_movie("Heat", 1995, 949, rated_at=AT, rating=9)
    item["movie"]["ids"]["imdb"] = "tt0113277"
    (heat,), _ = read([item])
    assert (heat.title, heat.year, heat.imdb_id, heat.tmdb_id) == ("Heat", 1995, "tt0113277", 949)
    assert (heat.rating, heat.date, heat.date_of, heat.watched, heat.line) == (4.5, DAY, "rating", True, 1)


@pytest.mark.parametrize("when", ["watched_at", "last_watched_at"])
def test_watched_films_have_the_day_of_viewing(when: str) -> None:
    (heat,), _ = read([trakt_movie("Heat", 1995, plays=2, **{when: AT})], "watched-movies.json")
    assert (heat.rating, heat.date, heat.date_of, heat.watched) == (None, DAY, "viewing", True)


def test_lists_are_wanted_or_liked_by_their_name() -> None:
    items = [trakt_movie("Heat", 1995, listed_at=AT)]
    for name, wanted, liked, said in (
        ("lists-watchlist.json", True, False, 0),
        ("lists-favorites.json", False, True, 0),
        ("list.json", True, False, 1),
    ):
        (heat,), findings = read(items, name)
        assert (heat.watchlist, heat.liked, heat.watched, heat.date) == (wanted, liked, False, None)
        assert len(findings) == said


def test_a_favorite_that_was_rated_is_a_rating() -> None:
    (heat,), _ = read([trakt_movie("Heat", 1995, listed_at=AT, rated_at=AT, rating=3)], "lists-favorites.json")
    assert (heat.rating, heat.liked, heat.watched) == (1.5, False, True)


def test_series_seasons_and_episodes_have_the_name_of_the_series() -> None:
    show = {"title": "Severance", "year": 2022, "ids": {"tmdb": 95396}}
    entries, _ = read(
        [
            {"watched_at": AT, "type": "episode", "episode": {"title": "Pilot", "season": 1}, "show": show},
            {"rated_at": AT, "rating": 8, "type": "season", "season": {"number": 1}, "show": show},
            {"rated_at": AT, "rating": 8, "type": "show", "show": show},
        ]
    )
    assert [(one.title, one.kind) for one in entries] == [
        ("Severance", "episode"),
        ("Severance", "series"),
        ("Severance", "series"),
    ]


def test_what_is_null_or_missing_is_unknown() -> None:
    entries, _ = read([trakt_movie("Heat", None, rated_at=AT, rating=None), {"movie": None, "watched_at": AT}])
    assert [(one.title, one.year, one.rating) for one in entries] == [("Heat", None, None), ("", None, None)]


@pytest.mark.parametrize(
    "content", [{}, 1, "x", [1], [{"title": "Heat"}], [{"movie": {"title": "Heat"}, "collected_at": AT}]]
)
def test_other_json_is_none_of_trakts(content: object) -> None:
    assert trakt_items(json.dumps(content).encode(), PATH) is None


@pytest.mark.parametrize("data", [b"[{", b"nonsense", b"", b"[" * 100_000])
def test_what_is_no_json_is_refused(data: bytes) -> None:
    with pytest.raises(DataError, match=r"^ratings-movies.json: not a JSON file \("):
        trakt_items(data, PATH)


def test_its_tables_are_known_by_their_columns() -> None:
    def known(header: str) -> bool:
        return looks_like_trakt(read_spreadsheet(header.encode(), Path("x"), "x").has)

    assert known(TRAKT)
    assert known("watched_at,type,title,year,season,episode,trakt_id,tmdb_id,imdb_id\n")
    assert not any(map(known, (DIARY, IMDB_TODAY, "title,type\n", "title,rated_at\n")))


def test_a_table_is_read_as_json_is() -> None:
    movie = f"{AT},movie,Heat,1995,8.3,1,tt0113277,949,,https://x,1995-12-15" + "," * 9 + ',"crime,drama",9\n'
    episode = f"{AT},episode,Severance,2022,8.3,1,tt1,95396,,https://x,2022-01-01,1,3,Pilot" + "," * 6 + ",drama,8\n"
    sheet = read_spreadsheet((TRAKT + movie + episode).encode(), PATH, "ratings.csv")
    heat, severance = trakt_entries(items_of(sheet), PATH, "ratings.csv", CellParser(PATH))[0]
    assert (heat.title, heat.year, heat.imdb_id, heat.tmdb_id, heat.kind) == ("Heat", 1995, "tt0113277", 949, "film")
    assert (heat.rating, heat.date, heat.line) == (4.5, DAY, 2)
    assert (severance.kind, severance.line) == ("episode", 3)
