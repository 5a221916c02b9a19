import zipfile
from pathlib import Path

import pytest

from matinee.data.diaries import archive_files as module
from matinee.data.diaries.archive_files import archive_files
from matinee.errors import DataError
from tests.data.diaries.exports import write_file, write_zip

LETTERBOXD = (
    "comments.csv",
    "deleted/diary.csv",
    "diary.csv",
    "likes/films.csv",
    "likes/lists.csv",
    "likes/reviews.csv",
    "lists/best-of-the-1990s.csv",
    "orphaned/diary.csv",
    "profile.csv",
    "ratings.csv",
    "watchlist.csv",
)
READ = ["comments.csv", "diary.csv", "likes/films.csv", "profile.csv", "ratings.csv", "watchlist.csv"]


def names(path: Path) -> list[str]:
    return [member.name for member in archive_files(path)]


def test_deleted_entries_and_lists_are_left_out(tmp_path: Path) -> None:
    archive = write_zip(tmp_path, {name: name for name in LETTERBOXD})
    files = archive_files(archive)
    assert [member.name for member in files] == READ
    assert [member.data.decode() for member in files] == READ
    assert files[2].path == archive / "likes/films.csv"


def test_a_folder_is_read_like_its_archive(tmp_path: Path) -> None:
    for name in LETTERBOXD:
        write_file(tmp_path / "export", name, name)
    write_file(tmp_path / "export", "notes.txt", "")
    write_file(tmp_path / "export", ".ratings.csv", "")
    assert names(tmp_path / "export") == READ


def test_a_folder_around_all_files_is_ignored(tmp_path: Path) -> None:
    files = {"letterboxd-ann-2024/Ratings.csv": "", "letterboxd-ann-2024/likes/films.csv": "", "__MACOSX/._x.csv": ""}
    assert names(write_zip(tmp_path, files)) == [
        "letterboxd-ann-2024/ratings.csv",
        "letterboxd-ann-2024/likes/films.csv",
    ]
    write_file(tmp_path / "outer" / "inner", "ratings.csv", "")
    assert names(tmp_path / "outer") == ["ratings.csv"]


@pytest.mark.parametrize(
    "layout",
    [
        (
            "watched/history-1.json",
            "watched/watched-movies.json",
            "ratings/ratings-movies.json",
            "lists/watchlist.json",
        ),
        ("watched-history-1.json", "watched-movies.json", "ratings-movies.json", "lists-watchlist.json"),
    ],
    ids=["old", "new"],
)
def test_both_layouts_of_trakt(tmp_path: Path, layout: tuple[str, ...]) -> None:
    others = ("lists/my-list.json", "lists-list-123-my-list.json")
    archive = write_zip(tmp_path, dict.fromkeys((*layout, *others), "[]"))
    assert names(archive) == sorted(layout)
    for name in (*layout, *others):
        write_file(tmp_path / "folder", name, "[]")
    assert sorted(names(tmp_path / "folder")) == sorted(layout)


def test_a_single_file_keeps_the_name_of_a_known_folder(tmp_path: Path) -> None:
    path = write_file(tmp_path, "Likes/Films.csv", "x")
    (file,) = archive_files(path)
    assert (file.name, file.path, file.data) == ("likes/films.csv", path, b"x")
    assert names(write_file(tmp_path, "watchlist of ann/Watched.csv", "x")) == ["watched.csv"]


def test_an_archive_is_recognised_without_its_suffix(tmp_path: Path) -> None:
    assert names(write_zip(tmp_path, {"ratings.csv": ""}, "download")) == ["ratings.csv"]


def test_paths_that_lead_outside_are_refused(tmp_path: Path) -> None:
    archive = write_zip(tmp_path, {"../ratings.csv": "x"})
    with pytest.raises(DataError, match=r"^.*export\.zip: '\.\./ratings\.csv' leads outside its folder"):
        archive_files(archive)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["export.zip"]


def test_a_zip_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MAX_BYTES", 1000)
    archive = write_zip(tmp_path, {"ratings.csv": "0" * 1001})
    with pytest.raises(DataError, match=r"would unpack to 1,001 bytes in 1 files, more than 1,000 bytes"):
        archive_files(archive)
    with pytest.raises(DataError, match=r"too large with 1,001 bytes; a diary has at most 1,000"):
        archive_files(write_file(tmp_path, "ratings.csv", "0" * 1001))


def test_a_broken_archive_is_refused(tmp_path: Path) -> None:
    whole = write_zip(tmp_path, {"ratings.csv": "0123456789" * 500}).read_bytes()
    for broken in (whole[: len(whole) // 2], b"", b"PK\x03\x04", whole[:40] + b"\xff" * 10 + whole[50:]):
        path = write_file(tmp_path, "broken.zip", broken)
        with pytest.raises(DataError, match=r"broken.zip: not a readable zip archive \("):
            archive_files(path)


def test_the_same_file_twice_in_an_archive_is_refused(tmp_path: Path) -> None:
    archive = write_zip(tmp_path, {"ann/ratings.csv": "", "ben/ratings.csv": ""})
    with pytest.raises(DataError, match=r"export.zip: holds ratings.csv several times"):
        archive_files(archive)


def test_an_empty_archive_has_no_files(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "empty.zip", "w"):
        pass
    assert archive_files(tmp_path / "empty.zip") == []


def test_missing_files_and_spreadsheets_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nowhere.zip: no such file or folder"):
        archive_files(tmp_path / "nowhere.zip")
    with pytest.raises(DataError, match=r"films.xlsx: a spreadsheet. Save it as a CSV file"):
        archive_files(write_file(tmp_path, "films.xlsx", "PK\x03\x04"))
