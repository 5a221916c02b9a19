import os
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from matinee.data.dataset import Dataset
from matinee.data.readers import cache, formats
from matinee.data.readers.dataset_writer import write_dataset
from matinee.data.readers.formats import read_dataset
from matinee.data.readers.plain_folder import read_plain_folder
from matinee.data.readers.tables import DataIssue
from tests.datasets import checkerboard

YEAR_AGO = 31_536_000


@pytest.fixture(autouse=True)
def cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cache folder; every data set counts as large."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("MATINEE_CACHE", str(folder))
    monkeypatch.setattr(cache, "LARGE", 1)
    return folder


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One name for each time that files are read."""
    names: list[str] = []
    build_dataset = formats.build_dataset

    def counted(tables):
        names.append(tables.name)
        return build_dataset(tables)

    monkeypatch.setattr(formats, "build_dataset", counted)
    return names


def age(folder: Path, seconds: int = YEAR_AGO) -> None:
    for path in folder.rglob("*"):
        os.utime(path, (path.stat().st_mtime - seconds,) * 2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "films"
    write_dataset(checkerboard(), folder)
    age(folder)
    return folder


def only(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


def same(first: Dataset, second: Dataset) -> bool:
    assert first.movies.equals(second.movies)
    assert first.movies.schema == second.movies.schema
    assert (first.users is None) == (second.users is None)
    assert first.users is None or second.users is None or first.users.equals(second.users)
    for name in ("name", "scale", "posters", "fingerprint", "facts_fingerprint"):
        assert getattr(first, name) == getattr(second, name), name
    return True


def test_the_second_reading_opens_the_cache(folder: Path, cache_folder: Path, reads: list[str]) -> None:
    first, second = read_dataset(folder)[0], read_dataset(folder)[0]
    assert len(reads) == 1
    assert same(first, second)
    assert type(second.ratings.user) is np.ndarray


def test_the_cache_keeps_issues_and_missing_columns(tmp_path: Path, reads: list[str]) -> None:
    folder = tmp_path / "csv"
    (folder / "posters").mkdir(parents=True)
    (folder / "ratings.csv").write_text("user_id,movie_id\nada,héat\nben,2\nada,héat\n")
    (folder / "movies.csv").write_text("movie_id,title,year,genres\n2,Big (1988),,Comedy|Drama\n")
    (folder / "users.csv").write_text("user_id,age\nada,30\n")
    age(folder)
    (first, issues), (second, issues_again) = read_dataset(folder), read_dataset(folder)
    assert len(reads) == 1
    assert same(first, second)
    assert second.ratings.rating is None
    assert second.posters == folder / "posters"
    assert issues_again == issues
    assert {issue.kind for issue in issues} >= {"duplicate ratings", "orphan ratings", "unlisted users"}


@pytest.mark.parametrize("change", ["content", "time", "new folder", "gone file"])
def test_changed_files_are_read_again(folder: Path, cache_folder: Path, reads: list[str], change: str) -> None:
    read_dataset(folder)
    ratings = folder / "ratings.parquet"
    if change == "content":
        pl.read_parquet(ratings).head(20).write_parquet(ratings)
        age(folder)
    elif change == "time":
        age(folder, 5)
    elif change == "new folder":
        (folder / "posters").mkdir()
    else:
        (folder / "users.parquet").unlink()
    dataset, _ = read_dataset(folder)
    assert len(reads) == 2
    assert len(dataset.ratings) == (20 if change == "content" else 160)
    assert (dataset.posters is not None) == (change == "new folder")
    assert len(list(cache_folder.iterdir())) == 1  # the cache of the old files is removed
    read_dataset(folder)
    assert len(reads) == 2


@pytest.mark.parametrize("name", ["rating.npy", "movies.parquet", "manifest.json"])
@pytest.mark.parametrize("damage", ["one byte", "cut short", "gone"])
def test_a_damaged_cache_is_replaced(
    folder: Path, cache_folder: Path, reads: list[str], name: str, damage: str
) -> None:
    right, _ = read_dataset(folder)
    path = only(cache_folder) / name
    content = bytearray(path.read_bytes())
    if damage == "gone":
        path.unlink()
    else:
        content[len(content) // 2] ^= 0x80
        path.write_bytes(content if damage == "one byte" else content[: len(content) // 2])
    dataset, issues = read_dataset(folder)
    assert len(reads) == 2
    assert same(right, dataset)
    assert [issue.kind for issue in issues] == ["cache"]
    assert "is damaged" in issues[0].message
    assert read_dataset(folder)[1] == []
    assert len(reads) == 2


def test_a_cache_that_cannot_be_written_is_reported(folder: Path, cache_folder: Path, reads: list[str]) -> None:
    cache_folder.write_text("a file where the folder should be")
    dataset, issues = read_dataset(folder)
    assert same(dataset, checkerboard_read(folder))
    assert [issue.kind for issue in issues] == ["cache"]
    assert "cannot be cached" in issues[0].message


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_read_only_cache_is_reported(folder: Path, cache_folder: Path) -> None:
    cache_folder.mkdir()
    cache_folder.chmod(0o500)
    _, issues = read_dataset(folder)
    assert "Permission denied" in issues[0].message


def test_a_full_disk_leaves_nothing_behind(folder: Path, cache_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, content: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cache, "write_json", full)
    _, issues = read_dataset(folder)
    assert "No space left on device" in issues[0].message
    assert list(cache_folder.iterdir()) == []


def test_recently_changed_files_are_not_cached(folder: Path, cache_folder: Path) -> None:
    os.utime(folder / "ratings.parquet")
    assert read_dataset(folder)[1] == []
    assert not cache_folder.exists()


def test_files_that_change_during_reading_are_not_cached(folder: Path, cache_folder: Path) -> None:
    def read() -> tuple[Dataset, list[DataIssue]]:
        outcome = checkerboard(), []
        age(folder, 5)
        return outcome

    cache.read_through(folder, read)
    assert not cache_folder.exists()


def test_the_cache_of_deleted_files_is_removed(folder: Path, cache_folder: Path, tmp_path: Path) -> None:
    read_dataset(folder)
    (old,) = cache_folder.iterdir()
    other = folder.rename(tmp_path / "other")
    begun, just_begun, foreign = cache_folder / ".a.part", cache_folder / ".b.part", cache_folder / "notes"
    for folder in (begun, just_begun, foreign):
        folder.mkdir()
    os.utime(begun, (0, 0))
    read_dataset(other)
    assert not old.exists()
    assert not begun.exists()
    assert just_begun.exists()
    assert foreign.exists()
    assert len(list(cache_folder.iterdir())) == 3


def test_small_data_is_not_cached(folder: Path, cache_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "LARGE", sum(path.stat().st_size for path in folder.iterdir()) + 1)
    read_dataset(folder)
    assert not cache_folder.exists()


def test_it_can_be_turned_off(
    folder: Path, cache_folder: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATINEE_CACHE", "off")
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache_folder))
    read_dataset(folder)
    read_dataset(folder)
    assert len(reads) == 2
    assert not cache_folder.exists()


def test_the_folder_follows_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("MATINEE_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache.cache_folder() == tmp_path / "matinee" / "read"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert cache.cache_folder() == Path.home() / ".cache" / "matinee" / "read"


def test_changing_an_array_does_not_change_the_cache(folder: Path) -> None:
    read_dataset(folder)
    opened, _ = read_dataset(folder)
    assert opened.ratings.rating is not None
    before = opened.ratings.rating.copy()
    opened.ratings.rating[:] = 0.5
    again, issues = read_dataset(folder)
    np.testing.assert_array_equal(again.ratings.rating, before)
    assert issues == []


def test_only_related_files_change_the_cache(tmp_path: Path, reads: list[str]) -> None:
    """A RecBole set depends on its .inter and .item files, not on other files."""
    inter, item = tmp_path / "few.inter", tmp_path / "few.item"
    inter.write_text("user_id:token\titem_id:token\trating:float\ttimestamp:float\n1\t2\t4\t900000000\n")
    item.write_text("item_id:token\tmovie_title:token_seq\n2\tHeat\n")
    for path in (inter, item):
        os.utime(path, (1_500_000_000,) * 2)
    assert read_dataset(inter)[0].movies["title"].to_list() == ["Heat"]
    (tmp_path / "other.txt").write_text("nothing to do with it")
    read_dataset(inter)
    assert len(reads) == 1
    item.write_text("item_id:token\tmovie_title:token_seq\n2\tBig!\n")
    os.utime(item, (1_600_000_000,) * 2)
    assert read_dataset(inter)[0].movies["title"].to_list() == ["Big!"]


def checkerboard_read(folder: Path) -> Dataset:
    return formats.build_dataset(read_plain_folder(folder))[0]
