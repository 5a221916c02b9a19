import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from matinee.data.diaries.archive_files import ArchiveFile
from matinee.data.diaries.diary import DiaryEntry
from matinee.data.diaries.parsing import CellParser
from matinee.data.diaries.spreadsheet import read_spreadsheet
from matinee.data.diaries.trakt import FORMAT, read_json, read_table
from matinee.errors import DataError
from tests.data.diaries.exports import DIARY, IMDB_TODAY, TRAKT, to_json, trakt_movie

PATH = Path("ratings-movies.json")
DAY = datetime.date(2018, 8, 24)
AT = "2018-08-24T13:48:52.000Z"


def read(items: list[dict[str, Any]], name: str = "ratings-movies.json") -> tuple[list[DiaryEntry], list[str]]:
    content = read_json(ArchiveFile(name, Path(name), to_json(items).encode()), CellParser(Path(name)))
    assert content is not None
    entries, issues = content
    return entries, [issue.message for issue in issues]


def json_file(data: bytes) -> ArchiveFile:
    return ArchiveFile(PATH.name, PATH, data)


def test_ratings() -> None:
    item = trakt_movie("Heat", 1995, 949, rated_at=AT, rating=9)
    item["movie"]["ids"]["imdb"] = "tt0113277"
    (heat,), _ = read([item])
    assert (heat.title, heat.year, heat.imdb_id, heat.tmdb_id) == ("Heat", 1995, "tt0113277", 949)
    assert (heat.rating, heat.date, heat.date_of, heat.watched, heat.line) == (4.5, DAY, "rating", True, 1)


@pytest.mark.parametrize("date_column", ["watched_at", "last_watched_at"])
def test_watched_movies_have_viewing_dates(date_column: str) -> None:
    (heat,), _ = read([trakt_movie("Heat", 1995, plays=2, **{date_column: AT})], "watched-movies.json")
    assert (heat.rating, heat.date, heat.date_of, heat.watched) == (None, DAY, "viewing", True)


def test_the_name_tells_watchlists_from_favorites() -> None:
    items = [trakt_movie("Heat", 1995, listed_at=AT)]
    for name, watchlist, liked, n_issues in (
        ("lists-watchlist.json", True, False, 0),
        ("lists-favorites.json", False, True, 0),
        ("list.json", True, False, 1),
    ):
        (heat,), issues = read(items, name)
        assert (heat.watchlist, heat.liked, heat.watched, heat.date) == (watchlist, liked, False, None)
        assert len(issues) == n_issues


def test_a_rated_favorite_is_a_rating() -> None:
    (heat,), _ = read([trakt_movie("Heat", 1995, listed_at=AT, rated_at=AT, rating=3)], "lists-favorites.json")
    assert (heat.rating, heat.liked, heat.watched) == (1.5, False, True)


def test_seasons_and_episodes_have_the_title_of_the_series() -> None:
    show = {"title": "Severance", "year": 2022, "ids": {"tmdb": 95396}}
    entries, _ = read(
        [
            {"watched_at": AT, "type": "episode", "episode": {"title": "Pilot", "season": 1}, "show": show},
            {"rated_at": AT, "rating": 8, "type": "season", "season": {"number": 1}, "show": show},
            {"rated_at": AT, "rating": 8, "type": "show", "show": show},
        ]
    )
    assert [(entry.title, entry.kind) for entry in entries] == [
        ("Severance", "episode"),
        ("Severance", "series"),
        ("Severance", "series"),
    ]


def test_null_and_missing_values_are_none() -> None:
    entries, _ = read([trakt_movie("Heat", None, rated_at=AT, rating=None), {"movie": None, "watched_at": AT}])
    assert [(entry.title, entry.year, entry.rating) for entry in entries] == [("Heat", None, None), ("", None, None)]


@pytest.mark.parametrize(
    "content", [{}, 1, "x", [1], [{"title": "Heat"}], [{"movie": {"title": "Heat"}, "collected_at": AT}]]
)
def test_other_json_is_not_recognised(content: object) -> None:
    assert read_json(json_file(json.dumps(content).encode()), CellParser(PATH)) is None


@pytest.mark.parametrize("data", [b"[{", b"nonsense", b"", b"[" * 100_000])
def test_invalid_json_is_refused(data: bytes) -> None:
    with pytest.raises(DataError, match=r"^ratings-movies.json: not a JSON file \("):
        read_json(json_file(data), CellParser(PATH))


def test_tables_are_recognised_by_their_columns() -> None:
    def is_known(header: str) -> bool:
        return FORMAT.has_columns(read_spreadsheet(header.encode(), Path("x"), "x").column_names)

    assert is_known(TRAKT)
    assert is_known("watched_at,type,title,year,season,episode,trakt_id,tmdb_id,imdb_id\n")
    assert not any(map(is_known, (DIARY, IMDB_TODAY, "title,type\n", "title,rated_at\n")))


def test_a_table_is_read_like_json() -> None:
    movie = f"{AT},movie,Heat,1995,8.3,1,tt0113277,949,,https://x,1995-12-15" + "," * 9 + ',"crime,drama",9\n'
    episode = f"{AT},episode,Severance,2022,8.3,1,tt1,95396,,https://x,2022-01-01,1,3,Pilot" + "," * 6 + ",drama,8\n"
    sheet = read_spreadsheet((TRAKT + movie + episode).encode(), PATH, "ratings.csv")
    heat, severance = read_table(sheet, CellParser(PATH))[0]
    assert (heat.title, heat.year, heat.imdb_id, heat.tmdb_id, heat.kind) == ("Heat", 1995, "tt0113277", 949, "movie")
    assert (heat.rating, heat.date, heat.line) == (4.5, DAY, 2)
    assert (severance.kind, severance.line) == ("episode", 3)
