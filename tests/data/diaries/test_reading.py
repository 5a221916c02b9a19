import datetime
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matinee.data.diaries.diary import Diary
from matinee.data.diaries.formats import expected_files, site_names
from matinee.data.diaries.reading import read_diary
from matinee.errors import ConfigError, DataError
from tests.data.diaries.exports import (
    DIARY,
    IMDB_2017,
    MOVIES,
    RATINGS,
    REVIEWS,
    TRAKT,
    imdb_row,
    to_json,
    trakt_movie,
    write_file,
    write_zip,
)

LETTERBOXD = {
    "profile.csv": "Date Joined,Username\n2019-01-01,ann\n",
    "watched.csv": MOVIES + "2019-05-01,Heat,1995,a\n2019-05-01,Alien,1979,b\n2019-05-02,Big,1988,c\n",
    "ratings.csv": RATINGS + "2019-06-01,Heat,1995,a,5\n",
    "diary.csv": DIARY + "2020-01-09,Heat,1995,e1,4,,,2020-01-01\n2022-03-04,Heat,1995,e2,4.5,Yes,cinema,2022-03-03\n",
    "reviews.csv": REVIEWS + '2022-03-04,Heat,1995,e2,4.5,Yes,"Still,\nthe best.",cinema,2022-03-03\n',
    "likes/films.csv": MOVIES + "2021-01-01,Alien,1979,b\n",
    "watchlist.csv": MOVIES + "2023-01-01,Stalker,1979,d\n",
    "deleted/diary.csv": DIARY + "2020-01-01,Cats,2019,e3,5,,,2020-01-01\n",
    "lists/best.csv": "Letterboxd list export v7\nDate,Name,Tags,URL,Description\n",
}


def kinds(diary: Diary) -> list[str]:
    return [issue.kind for issue in diary.issues]


def test_a_letterboxd_archive_has_one_entry_per_movie(tmp_path: Path) -> None:
    diary = read_diary(write_zip(tmp_path, LETTERBOXD))
    assert diary.source == "letterboxd"
    movies = {entry.title: entry for entry in diary.entries}
    assert sorted(movies) == ["Alien", "Big", "Heat", "Stalker"]
    heat = movies["Heat"]
    assert (heat.rating, heat.date, heat.date_of) == (5.0, datetime.date(2022, 3, 3), "viewing")
    assert (heat.rows, heat.file, heat.line) == (5, "diary.csv", 2)
    alien, big, stalker = movies["Alien"], movies["Big"], movies["Stalker"]
    assert (alien.liked, alien.watched, alien.rating) == (True, True, None)
    assert (big.liked, big.watched, big.rating, big.date) == (False, True, None, datetime.date(2019, 5, 2))
    assert (stalker.watchlist, stalker.seen) == (True, False)
    assert diary.rows == 9
    assert [(issue.kind, issue.count) for issue in diary.issues] == [("repeated movies", 1), ("files left out", 1)]


def test_folder_and_archive_are_the_same_diary(tmp_path: Path) -> None:
    for name, text in LETTERBOXD.items():
        write_file(tmp_path / "folder", name, text)
    assert read_diary(tmp_path / "folder").entries == read_diary(write_zip(tmp_path, LETTERBOXD)).entries


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "byte-order mark"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["newlines", "carriage returns"])
def test_line_ends_and_byte_order_marks_do_not_matter(tmp_path: Path, mark: bytes, line_end: str) -> None:
    text = (RATINGS + '2019-06-01,"Crouching Tiger, Hidden Dragon",2000,a,5\n').replace("\n", line_end)
    (tiger,) = read_diary(write_file(tmp_path, "x.csv", mark + text.encode())).entries
    assert (tiger.title, tiger.year, tiger.rating) == ("Crouching Tiger, Hidden Dragon", 2000, 5.0)


def test_repeated_movies_are_folded_and_counted(tmp_path: Path) -> None:
    rows = "2019-06-01,Heat,1995,a,5\n2019-06-01,Big,1988,a,3\n"
    diary = read_diary(write_file(tmp_path, "ratings.csv", RATINGS + rows + rows))
    assert [(entry.title, entry.rows) for entry in diary.entries] == [("Heat", 2), ("Big", 2)]
    (issue,) = diary.issues
    assert issue.message == "2 rows repeat a movie; the last viewing and the last rating count"


def test_imdb_and_its_series(tmp_path: Path) -> None:
    text = IMDB_2017 + imdb_row("tt0113277", "Heat", 1995, 9)
    text += imdb_row("tt0903747", "Breaking Bad", 2008, 10, "tvSeries")
    text += imdb_row("tt2301451", "Ozymandias", 2013, 10, "tvEpisode")
    text += imdb_row("tt2301452", "Felina", 2013, 10, "tvEpisode")
    diary = read_diary(write_file(tmp_path, "ratings.csv", text))
    assert (diary.source, len(diary.entries)) == ("imdb", 4)
    (issue,) = diary.issues
    assert issue.message == "3 rows are not movies (2 episodes, 1 series); they were set aside"


def test_trakt_from_its_archive(tmp_path: Path) -> None:
    at = "2020-01-02T20:00:00.000Z"
    heat: dict[str, Any] = {"title": "Heat", "year": 1995, "tmdb": 949}
    diary = read_diary(
        write_zip(
            tmp_path,
            {
                "ratings-movies.json": to_json([trakt_movie(**heat, rated_at="2019-01-01T00:00:00Z", rating=9)]),
                "watched-history-1.json": to_json([trakt_movie(**heat, watched_at=at, action="watch")]),
                "watched-movies.json": to_json([trakt_movie(**heat, last_watched_at=at, plays=1)]),
                "lists-watchlist.json": to_json([trakt_movie("Ronin", 1998, 8195, listed_at=at)]),
                "lists-list-1-mine.json": to_json([trakt_movie("Cats", 2019, 1, listed_at=at)]),
                "collection-movies.json": to_json([trakt_movie("Cats", 2019, 1, collected_at=at)]),
                "comments-movies.json": "[]",
                "user-profile.json": '{"username": "ann"}',
            },
        )
    )
    ronin, seen = diary.entries
    assert (seen.title, seen.rating, seen.date, seen.rows) == (
        "Heat",
        4.5,
        datetime.date(2020, 1, 2),
        3,
    )
    assert (ronin.title, ronin.watchlist, ronin.seen) == ("Ronin", True, False)
    assert diary.source == "trakt"


def test_trakts_table_and_one_of_its_json_files(tmp_path: Path) -> None:
    row = "2018-08-24T13:48:52Z,movie,Heat,1995,8.3,1,tt0113277,949,,https://x,1995-12-15" + "," * 10 + ",9\n"
    table = read_diary(write_file(tmp_path, "ratings.csv", TRAKT + row))
    items = [trakt_movie("Heat", 1995, 949, rated_at="2018-08-24T13:48:52Z", rating=9)]
    for name in ("ratings-movies.json", "download"):
        (heat,) = read_diary(write_file(tmp_path, name, to_json(items))).entries
        assert (heat.title, heat.rating, heat.date) == ("Heat", 4.5, table.entries[0].date)
    assert table.source == "trakt"


def test_a_list_kept_by_the_user(tmp_path: Path) -> None:
    diary = read_diary(write_file(tmp_path, "films.csv", "Title;Rating\nHeat;9\nBig;\n"))
    assert (diary.source, [entry.rating for entry in diary.entries]) == ("csv", [4.5, None])
    assert sorted(kinds(diary)) == ["another separator", "scale inferred"]
    assert read_diary(write_file(tmp_path, "few.csv", "Title,Rating\nHeat,4\n"), scale=10).entries[0].rating == 2.0


def test_lost_titles_are_kept_with_an_issue(tmp_path: Path) -> None:
    diary = read_diary(write_file(tmp_path, "watched.csv", MOVIES + "2020-01-01,,,a\n2020-01-01,Heat,1995,b\n"))
    assert [entry.label for entry in diary.entries] == ["untitled", "Heat (1995)"]
    (issue,) = diary.issues
    assert (issue.kind, issue.count, issue.row) == ("lost titles", 1, 2)


def test_unreadable_cells_are_reported_with_their_row(tmp_path: Path) -> None:
    rows = "soon,Heat,1995,a,5\n2999-01-01,Big,1988,a,0\n,Up,199?,a,six\n,Ronin,,a,\n"
    diary = read_diary(write_file(tmp_path, "ratings.csv", RATINGS + rows))
    assert [entry.date for entry in diary.entries] == [None] * 4
    assert [entry.rating for entry in diary.entries] == [5.0, None, None, None]
    assert [entry.year for entry in diary.entries] == [1995, 1988, None, None]
    assert {issue.kind: issue.row for issue in diary.issues} == {
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
        ("x.csv", MOVIES, "x.csv: no movies in it; expected at least one row"),
        ("x.csv", "", "x.csv, row 1: the file is empty"),
        ("x.json", "[]", "x.json: no movies in it"),
        ("x.json", '{"a": 1}', "x.json: not a list of movies seen, rated or listed; expected an export of Letterboxd"),
        ("x.json", "[{", "x.json: not a JSON file ("),
        (
            "list.csv",
            "Letterboxd list export v7\nDate,Name\n",
            "row 1: the columns are 'Letterboxd list export v7'; exp",
        ),
    ],
)
def test_other_files_are_refused_in_one_line(tmp_path: Path, name: str, content: str, message: str) -> None:
    with pytest.raises(DataError) as refused:
        read_diary(write_file(tmp_path, name, content))
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"notes.txt": "x"}, "no CSV or JSON files in it; expected an export of Letterboxd"),
        (
            {"movies.csv": "title\nHeat\n", "b.csv": "x\n"},
            "no known file in it, only b.csv, movies.csv; expected",
        ),
        (
            {"a.csv": IMDB_2017 + imdb_row("tt1234567", "A", 1990, 3), "b.csv": RATINGS + ",B,1990,u,3\n"},
            "imdb, letter",
        ),
        ({"watched.csv": MOVIES, "ratings.csv": RATINGS}, "export.zip: no movies in it"),
        (
            {"ratings.csv": RATINGS + "2020-01-01,Lock, Stock,1998,u,4\n"},
            "export.zip/ratings.csv, row 2: 6 columns instead of 5",
        ),
    ],
)
def test_other_archives_are_refused_in_one_line(tmp_path: Path, files: dict[str, str], message: str) -> None:
    with pytest.raises(DataError) as refused:
        read_diary(write_zip(tmp_path, files))
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_long_headers_are_cut(tmp_path: Path) -> None:
    with pytest.raises(DataError) as refused:
        read_diary(write_file(tmp_path, "x.csv", ",".join(f"column {n}" for n in range(500)) + "\n"))
    assert len(str(refused.value)) < 700


@pytest.mark.parametrize("scale", [0, -5, float("nan"), 1e9])
def test_an_invalid_scale_is_refused(tmp_path: Path, scale: float) -> None:
    with pytest.raises(ConfigError, match=r"^The scale .* is invalid\. Give the highest possible rating"):
        read_diary(write_file(tmp_path, "x.csv", "title\nHeat\n"), scale)


def test_a_scale_for_a_site_with_its_own_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"Letterboxd has its own scale\. Leave the scale out"):
        read_diary(write_file(tmp_path, "ratings.csv", RATINGS + ",Heat,1995,u,3\n"), 10)


broken = st.tuples(st.integers(0, 10_000), st.binary(min_size=1, max_size=6))


@given(st.lists(broken, min_size=1, max_size=4), st.sampled_from(["zip", "csv", "json"]))
def test_a_damaged_file_is_read_or_refused(tmp_path_factory, damage, kind) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    if kind == "zip":
        path = write_zip(folder, LETTERBOXD)
    elif kind == "csv":
        path = write_file(folder, "diary.csv", LETTERBOXD["diary.csv"])
    else:
        path = write_file(
            folder, "x.json", json.dumps([trakt_movie("Heat", 1995, 949, rated_at="2020-01-01", rating=9)])
        )
    data = bytearray(path.read_bytes())
    for position, noise in damage:
        position %= len(data)
        data[position : position + len(noise)] = noise
    path.write_bytes(data)
    refusal = ""
    try:
        diary = read_diary(path)
    except DataError as refused:
        refusal = str(refused)
    else:
        assert diary.rows >= len(diary.entries) > 0
    assert "\n" not in refusal


def test_messages_list_the_formats_of_the_table() -> None:
    assert site_names() == "Letterboxd, IMDb or Trakt"
    assert expected_files() == (
        "an export of Letterboxd (a table with Name and Letterboxd URI), of IMDb (a table with Const and Title), "
        "of Trakt (JSON, or a table with title, type and rated_at), or a table with title or name"
    )


def test_a_missing_path_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nowhere.zip: no such file or folder; expected an export of Letterboxd, IMDb"):
        read_diary(tmp_path / "nowhere.zip")
