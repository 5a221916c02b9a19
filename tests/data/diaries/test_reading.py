import datetime
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data.diaries.diary import Diary
from matinee.data.diaries.reading import read_diary
from matinee.errors import ConfigError, DataError
from tests.data.diaries.exports import (
    DIARY,
    FILMS,
    IMDB_BEFORE,
    RATINGS,
    REVIEWS,
    TRAKT,
    as_json,
    imdb_row,
    trakt_movie,
    written,
    zipped,
)

LETTERBOXD = {
    "profile.csv": "Date Joined,Username\n2019-01-01,ann\n",
    "watched.csv": FILMS + "2019-05-01,Heat,1995,a\n2019-05-01,Alien,1979,b\n2019-05-02,Big,1988,c\n",
    "ratings.csv": RATINGS + "2019-06-01,Heat,1995,a,5\n",
    "diary.csv": DIARY + "2020-01-09,Heat,1995,e1,4,,,2020-01-01\n2022-03-04,Heat,1995,e2,4.5,Yes,cinema,2022-03-03\n",
    "reviews.csv": REVIEWS + '2022-03-04,Heat,1995,e2,4.5,Yes,"Still,\nthe best.",cinema,2022-03-03\n',
    "likes/films.csv": FILMS + "2021-01-01,Alien,1979,b\n",
    "watchlist.csv": FILMS + "2023-01-01,Stalker,1979,d\n",
    "deleted/diary.csv": DIARY + "2020-01-01,Cats,2019,e3,5,,,2020-01-01\n",
    "lists/best.csv": "Letterboxd list export v7\nDate,Name,Tags,URL,Description\n",
}


def kinds(diary: Diary) -> list[str]:
    return [found.kind for found in diary.issues]


def test_a_letterboxd_archive_is_one_entry_a_film(tmp_path: Path) -> None:
    diary = read_diary(zipped(tmp_path, LETTERBOXD))
    assert diary.source == "letterboxd"
    films = {entry.title: entry for entry in diary.entries}
    assert sorted(films) == ["Alien", "Big", "Heat", "Stalker"]
    heat = films["Heat"]
    assert (heat.rating, heat.date, heat.date_of) == (5.0, datetime.date(2022, 3, 3), "viewing")
    assert (heat.rows, heat.file, heat.line) == (5, "diary.csv", 2)
    alien, big, stalker = films["Alien"], films["Big"], films["Stalker"]
    assert (alien.liked, alien.watched, alien.rating) == (True, True, None)
    assert (big.liked, big.watched, big.rating, big.date) == (False, True, None, datetime.date(2019, 5, 2))
    assert (stalker.watchlist, stalker.seen) == (True, False)
    assert diary.rows == 9
    assert [(found.kind, found.count) for found in diary.issues] == [("repeated films", 1), ("files left out", 1)]


def test_the_folder_and_the_archive_are_the_same_diary(tmp_path: Path) -> None:
    for name, text in LETTERBOXD.items():
        written(tmp_path / "folder", name, text)
    assert read_diary(tmp_path / "folder").entries == read_diary(zipped(tmp_path, LETTERBOXD)).entries


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "byte-order mark"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["newlines", "carriage returns"])
def test_what_editors_do_to_a_file_makes_no_difference(tmp_path: Path, mark: bytes, ends: str) -> None:
    text = (RATINGS + '2019-06-01,"Crouching Tiger, Hidden Dragon",2000,a,5\n').replace("\n", ends)
    (tiger,) = read_diary(written(tmp_path, "x.csv", mark + text.encode())).entries
    assert (tiger.title, tiger.year, tiger.rating) == ("Crouching Tiger, Hidden Dragon", 2000, 5.0)


def test_the_same_films_twice_are_folded_and_counted(tmp_path: Path) -> None:
    rows = "2019-06-01,Heat,1995,a,5\n2019-06-01,Big,1988,a,3\n"
    diary = read_diary(written(tmp_path, "ratings.csv", RATINGS + rows + rows))
    assert [(entry.title, entry.rows) for entry in diary.entries] == [("Heat", 2), ("Big", 2)]
    (found,) = diary.issues
    assert found.message == "2 rows are of films listed before; the last viewing and the last rating count"


def test_imdb_and_its_series(tmp_path: Path) -> None:
    text = IMDB_BEFORE + imdb_row("tt0113277", "Heat", 1995, 9)
    text += imdb_row("tt0903747", "Breaking Bad", 2008, 10, "tvSeries")
    text += imdb_row("tt2301451", "Ozymandias", 2013, 10, "tvEpisode")
    text += imdb_row("tt2301452", "Felina", 2013, 10, "tvEpisode")
    diary = read_diary(written(tmp_path, "ratings.csv", text))
    assert (diary.source, len(diary.entries)) == ("imdb", 4)
    (found,) = diary.issues
    assert found.message == "3 rows are not of films (2 episodes, 1 series); they were set aside"


def test_trakt_from_its_archive(tmp_path: Path) -> None:
    at = "2020-01-02T20:00:00.000Z"
    heat: dict[str, Any] = {"title": "Heat", "year": 1995, "tmdb": 949}
    diary = read_diary(
        zipped(
            tmp_path,
            {
                "ratings-movies.json": as_json([trakt_movie(**heat, rated_at="2019-01-01T00:00:00Z", rating=9)]),
                "watched-history-1.json": as_json([trakt_movie(**heat, watched_at=at, action="watch")]),
                "watched-movies.json": as_json([trakt_movie(**heat, last_watched_at=at, plays=1)]),
                "lists-watchlist.json": as_json([trakt_movie("Ronin", 1998, 8195, listed_at=at)]),
                "lists-list-1-mine.json": as_json([trakt_movie("Cats", 2019, 1, listed_at=at)]),
                "collection-movies.json": as_json([trakt_movie("Cats", 2019, 1, collected_at=at)]),
                "comments-movies.json": "[]",
                "user-profile.json": '{"username": "ann"}',
            },
        )
    )
    ronin, film = diary.entries
    assert (film.title, film.rating, film.date, film.rows) == ("Heat", 4.5, datetime.date(2020, 1, 2), 3)
    assert (ronin.title, ronin.watchlist, ronin.seen) == ("Ronin", True, False)
    assert diary.source == "trakt"


def test_trakts_table_and_one_of_its_json_files(tmp_path: Path) -> None:
    row = "2018-08-24T13:48:52Z,movie,Heat,1995,8.3,1,tt0113277,949,,https://x,1995-12-15" + "," * 10 + ",9\n"
    table = read_diary(written(tmp_path, "ratings.csv", TRAKT + row))
    items = [trakt_movie("Heat", 1995, 949, rated_at="2018-08-24T13:48:52Z", rating=9)]
    for name in ("ratings-movies.json", "download"):
        (heat,) = read_diary(written(tmp_path, name, as_json(items))).entries
        assert (heat.title, heat.rating, heat.date) == ("Heat", 4.5, table.entries[0].date)
    assert table.source == "trakt"


def test_a_list_of_ones_own(tmp_path: Path) -> None:
    diary = read_diary(written(tmp_path, "films.csv", "Title;Rating\nHeat;9\nBig;\n"))
    assert (diary.source, [entry.rating for entry in diary.entries]) == ("csv", [4.5, None])
    assert sorted(kinds(diary)) == ["another separator", "scale read off"]
    assert read_diary(written(tmp_path, "few.csv", "Title,Rating\nHeat,4\n"), scale=10).entries[0].rating == 2.0


def test_lost_titles_are_kept_and_told(tmp_path: Path) -> None:
    diary = read_diary(written(tmp_path, "watched.csv", FILMS + "2020-01-01,,,a\n2020-01-01,Heat,1995,b\n"))
    assert [entry.label for entry in diary.entries] == ["untitled", "Heat (1995)"]
    (found,) = diary.issues
    assert (found.kind, found.count, found.row) == ("lost titles", 1, 2)


def test_oddities_of_cells_are_told_with_their_place(tmp_path: Path) -> None:
    rows = "soon,Heat,1995,a,5\n2999-01-01,Big,1988,a,0\n,Up,199?,a,six\n,Ronin,,a,\n"
    diary = read_diary(written(tmp_path, "ratings.csv", RATINGS + rows))
    assert [entry.date for entry in diary.entries] == [None] * 4
    assert [entry.rating for entry in diary.entries] == [5.0, None, None, None]
    assert [entry.year for entry in diary.entries] == [1995, 1988, None, None]
    assert {found.kind: found.row for found in diary.issues} == {
        "unreadable dates": 2,
        "impossible dates": 3,
        "zero ratings": 3,
        "unreadable years": 4,
        "unreadable ratings": 4,
    }


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.csv", "userId,movieId,rating\n1,2,3\n", "x.csv, row 1: the columns are 'userId', 'movieId', 'rating'; exp"),
        ("x.csv", FILMS, "x.csv: no films in it; expected at least one row of them"),
        ("x.csv", "", "x.csv, row 1: the file is empty"),
        ("x.json", "[]", "x.json: no films in it"),
        ("x.json", '{"a": 1}', "x.json: not a list of films seen, rated or wanted; expected an export of Letterboxd"),
        ("x.json", "[{", "x.json: not a JSON file ("),
        (
            "list.csv",
            "Letterboxd list export v7\nDate,Name\n",
            "row 1: the columns are 'Letterboxd list export v7'; exp",
        ),
    ],
)
def test_a_file_that_is_no_diary_is_refused_in_one_line(tmp_path: Path, name: str, content: str, message: str) -> None:
    with pytest.raises(DataError) as refused:
        read_diary(written(tmp_path, name, content))
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"notes.txt": "x"}, "no CSV or JSON files in it; expected an export of Letterboxd"),
        ({"movies.csv": "title\nHeat\n", "b.csv": "x\n"}, "nothing in it is known: b.csv, movies.csv; expected an exp"),
        (
            {"a.csv": IMDB_BEFORE + imdb_row("tt1234567", "A", 1990, 3), "b.csv": RATINGS + ",B,1990,u,3\n"},
            "imdb, letter",
        ),
        ({"watched.csv": FILMS, "ratings.csv": RATINGS}, "export.zip: no films in it"),
        (
            {"ratings.csv": RATINGS + "2020-01-01,Lock, Stock,1998,u,4\n"},
            "export.zip/ratings.csv, row 2: 6 columns; ex",
        ),
    ],
)
def test_an_archive_without_a_diary_is_refused_in_one_line(tmp_path: Path, files: dict[str, str], message: str) -> None:
    with pytest.raises(DataError) as refused:
        read_diary(zipped(tmp_path, files))
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_long_headers_are_cut(tmp_path: Path) -> None:
    with pytest.raises(DataError) as refused:
        read_diary(written(tmp_path, "x.csv", ",".join(f"column {n}" for n in range(500)) + "\n"))
    assert len(str(refused.value)) < 700


@pytest.mark.parametrize("scale", [0, -5, float("nan"), 1e9])
def test_a_scale_that_is_none_is_refused(tmp_path: Path, scale: float) -> None:
    with pytest.raises(ConfigError, match=r"^the scale is .*; expected the highest rating there can be"):
        read_diary(written(tmp_path, "x.csv", "title\nHeat\n"), scale)


def test_a_scale_for_a_site_that_has_its_own_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"letterboxd has a scale of its own; expected none to be given"):
        read_diary(written(tmp_path, "ratings.csv", RATINGS + ",Heat,1995,u,3\n"), 10)


broken = st.tuples(st.integers(0, 10_000), st.binary(min_size=1, max_size=6))


@given(st.lists(broken, min_size=1, max_size=4), st.sampled_from(["zip", "csv", "json"]))
def test_whatever_happens_to_a_file_it_is_read_or_refused(tmp_path_factory, damage, kind) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    if kind == "zip":
        path = zipped(folder, LETTERBOXD)
    elif kind == "csv":
        path = written(folder, "diary.csv", LETTERBOXD["diary.csv"])
    else:
        path = written(folder, "x.json", json.dumps([trakt_movie("Heat", 1995, 949, rated_at="2020-01-01", rating=9)]))
    data = bytearray(path.read_bytes())
    for place, bytes_there in damage:
        place %= len(data)
        data[place : place + len(bytes_there)] = bytes_there
    path.write_bytes(data)
    refusal = ""
    try:
        diary = read_diary(path)
    except DataError as refused:
        refusal = str(refused)
    else:
        assert diary.rows >= len(diary.entries) > 0
    assert "\n" not in refusal
