import os
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from matinee.data.dataset import Dataset
from matinee.data.readers import cache, formats
from matinee.data.readers.dataset_writer import write_dataset
from matinee.data.readers.formats import read_dataset
from matinee.data.readers.tables import DataIssue
from tests.datasets import checkerboard

YEAR_AGO = 31_536_000


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where things are kept; every data set counts as large."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("MATINEE_CACHE", str(folder))
    monkeypatch.setattr(cache, "LARGE", 1)
    return folder


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows by one each time that files are really read."""
    happened: list[str] = []
    assemble = formats.build_dataset

    def counted(tables):
        happened.append(tables.name)
        return assemble(tables)

    monkeypatch.setattr(formats, "assemble", counted)
    return happened


def age(folder: Path, seconds: int = YEAR_AGO) -> None:
    for path in folder.rglob("*"):
        os.utime(path, (path.stat().st_mtime - seconds,) * 2)


@pytest.fixture
def films(tmp_path: Path) -> Path:
    folder = tmp_path / "films"
    write_dataset(checkerboard(), folder)
    age(folder)
    return folder


def only(folder: Path) -> Path:
    (one,) = folder.iterdir()
    return one


def same(one: Dataset, other: Dataset) -> bool:
    assert one.movies.equals(other.movies)
    assert one.movies.schema == other.movies.schema
    assert (one.users is None) == (other.users is None)
    assert one.users is None or other.users is None or one.users.equals(other.users)
    for name in ("name", "scale", "posters", "fingerprint", "facts_fingerprint"):
        assert getattr(one, name) == getattr(other, name), name
    return True


def test_the_second_reading_opens_what_the_first_kept(films: Path, kept: Path, reads: list[str]) -> None:
    first, second = read_dataset(films)[0], read_dataset(films)[0]
    assert len(reads) == 1
    assert same(first, second)
    assert type(second.ratings.user) is np.ndarray


def test_text_ids_users_findings_and_missing_columns_are_kept(tmp_path: Path, reads: list[str]) -> None:
    folder = tmp_path / "csv"
    (folder / "posters").mkdir(parents=True)
    (folder / "ratings.csv").write_text("user_id,movie_id\nada,héat\nben,2\nada,héat\n")
    (folder / "movies.csv").write_text("movie_id,title,year,genres\n2,Big (1988),,Comedy|Drama\n")
    (folder / "users.csv").write_text("user_id,age\nada,30\n")
    age(folder)
    (first, found), (second, found_again) = read_dataset(folder), read_dataset(folder)
    assert len(reads) == 1
    assert same(first, second)
    assert second.ratings.rating is None
    assert second.posters == folder / "posters"
    assert found_again == found
    assert {one.kind for one in found} >= {"duplicate ratings", "orphan ratings", "unlisted users"}


@pytest.mark.parametrize("change", ["content", "time", "new folder", "gone file"])
def test_changed_files_are_read_anew(films: Path, kept: Path, reads: list[str], change: str) -> None:
    read_dataset(films)
    ratings = films / "ratings.parquet"
    if change == "content":
        pl.read_parquet(ratings).head(20).write_parquet(ratings)
        age(films)
    elif change == "time":
        age(films, 5)
    elif change == "new folder":
        (films / "posters").mkdir()
    else:
        (films / "users.parquet").unlink()
    dataset, _ = read_dataset(films)
    assert len(reads) == 2
    assert len(dataset.ratings) == (20 if change == "content" else 160)
    assert (dataset.posters is not None) == (change == "new folder")
    assert len(list(kept.iterdir())) == 1  # what was kept of the old files is gone
    read_dataset(films)
    assert len(reads) == 2


@pytest.mark.parametrize("name", ["rating.npy", "movies.parquet", "manifest.json"])
@pytest.mark.parametrize("damage", ["one byte", "cut short", "gone"])
def test_damage_is_seen_told_and_mended(films: Path, kept: Path, reads: list[str], name: str, damage: str) -> None:
    right, _ = read_dataset(films)
    path = only(kept) / name
    content = bytearray(path.read_bytes())
    if damage == "gone":
        path.unlink()
    else:
        content[len(content) // 2] ^= 0x80
        path.write_bytes(content if damage == "one byte" else content[: len(content) // 2])
    dataset, findings = read_dataset(films)
    assert len(reads) == 2
    assert same(right, dataset)
    assert [one.kind for one in findings] == ["cache"]
    assert "is damaged" in findings[0].message
    assert read_dataset(films)[1] == []
    assert len(reads) == 2


def test_a_cache_that_cannot_be_written_is_told(films: Path, kept: Path, reads: list[str]) -> None:
    kept.write_text("a file where the folder should be")
    dataset, findings = read_dataset(films)
    assert same(dataset, checkerboard_read(films))
    assert [one.kind for one in findings] == ["cache"]
    assert "cannot be kept" in findings[0].message


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_read_only_cache_is_told(films: Path, kept: Path) -> None:
    kept.mkdir()
    kept.chmod(0o500)
    _, findings = read_dataset(films)
    assert "Permission denied" in findings[0].message


def test_a_full_disk_leaves_nothing_behind(films: Path, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, content: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cache, "write_json", full)
    _, findings = read_dataset(films)
    assert "No space left on device" in findings[0].message
    assert list(kept.iterdir()) == []


def test_files_that_may_still_be_written_to_are_not_kept(films: Path, kept: Path) -> None:
    os.utime(films / "ratings.parquet")
    assert read_dataset(films)[1] == []
    assert not kept.exists()


def test_files_that_change_while_they_are_read_are_not_kept(films: Path, kept: Path) -> None:
    def read() -> tuple[Dataset, list[DataIssue]]:
        outcome = checkerboard(), []
        age(films, 5)
        return outcome

    cache.read_through(films, read)
    assert not kept.exists()


def test_what_is_kept_goes_when_its_files_are_gone(films: Path, kept: Path, tmp_path: Path) -> None:
    read_dataset(films)
    (old,) = kept.iterdir()
    other = films.rename(tmp_path / "other")
    begun, just_begun, foreign = kept / ".a.part", kept / ".b.part", kept / "notes"
    for folder in (begun, just_begun, foreign):
        folder.mkdir()
    os.utime(begun, (0, 0))
    read_dataset(other)
    assert not old.exists()
    assert not begun.exists()
    assert just_begun.exists()
    assert foreign.exists()
    assert len(list(kept.iterdir())) == 3


def test_small_data_is_not_kept(films: Path, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "LARGE", sum(path.stat().st_size for path in films.iterdir()) + 1)
    read_dataset(films)
    assert not kept.exists()


def test_it_can_be_turned_off(films: Path, kept: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MATINEE_CACHE", "off")
    monkeypatch.setenv("XDG_CACHE_HOME", str(kept))
    read_dataset(films)
    read_dataset(films)
    assert len(reads) == 2
    assert not kept.exists()


def test_the_folder_follows_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("MATINEE_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache.cache_folder() == tmp_path / "matinee" / "read"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert cache.cache_folder() == Path.home() / ".cache" / "matinee" / "read"


def test_changing_an_opened_array_does_not_change_what_is_kept(films: Path) -> None:
    read_dataset(films)
    opened, _ = read_dataset(films)
    assert opened.ratings.rating is not None
    before = opened.ratings.rating.copy()
    opened.ratings.rating[:] = 0.5
    again, findings = read_dataset(films)
    np.testing.assert_array_equal(again.ratings.rating, before)
    assert findings == []


def test_a_file_is_kept_with_what_belongs_to_it(tmp_path: Path, reads: list[str]) -> None:
    """A RecBole set is named by its .inter; the .item beside it decides titles, other files nothing."""
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


def checkerboard_read(films: Path) -> Dataset:
    return formats.build_dataset(formats.read_plain_folder(films))[0]
