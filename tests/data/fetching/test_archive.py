import random
import shutil
import stat
import zipfile
from pathlib import Path

import pytest

from matinee.data.fetching.archive import MAX_FILES, extract_files, unpack_archive
from matinee.errors import DownloadError

LAYOUTS = (("ratings.dat", "movies.dat"), ("u.data",))
PLENTY = 1_000_000


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return path


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder / "set"


def assert_untouched(target: Path) -> None:
    assert list(target.parent.iterdir()) == []


def test_drops_a_single_folder_around_all_files(tmp_path, target):
    archive = zipped(tmp_path / "a.zip", {"ml-1m/ratings.dat": b"1", "ml-1m/movies.dat": b"2", "ml-1m/more/x": b"3"})
    unpack_archive(archive, target, LAYOUTS, PLENTY)
    assert (target / "ratings.dat").read_bytes() == b"1"
    assert (target / "more" / "x").read_bytes() == b"3"
    assert list(target.parent.iterdir()) == [target]
    assert stat.S_IMODE(target.stat().st_mode) & 0o050 == 0o050  # others of the group may read it


def test_unpacks_an_archive_without_a_folder(tmp_path, target):
    unpack_archive(zipped(tmp_path / "a.zip", {"u.data": b"1", "more/x": b"2"}), target, LAYOUTS, PLENTY)
    assert sorted(path.name for path in target.iterdir()) == ["more", "u.data"]


@pytest.mark.parametrize("name", ["../evil", "/evil", "a/../../evil", "..\\evil", "C:evil", "c:\\evil", ".", "a\\b"])
def test_refuses_paths_that_lead_outside(tmp_path, target, name):
    archive = zipped(tmp_path / "a.zip", {"u.data": b"1", name: b"evil"})
    with pytest.raises(DownloadError, match="leads outside its folder; nothing was unpacked"):
        unpack_archive(archive, target, LAYOUTS, PLENTY)
    assert_untouched(target)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK])
def test_refuses_links_and_devices(tmp_path, target, kind):
    path = zipped(tmp_path / "a.zip", {"u.data": b"1"})
    special = zipfile.ZipInfo("special")
    special.external_attr = (kind | 0o777) << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(special, "/etc/passwd")
    with pytest.raises(DownloadError, match="'special' is not an ordinary file"):
        unpack_archive(path, target, LAYOUTS, PLENTY)
    assert_untouched(target)


def test_refuses_a_zip_bomb(tmp_path, target):
    archive = zipped(tmp_path / "a.zip", {"u.data": b"1", "zeros": bytes(3_000_000)})
    assert archive.stat().st_size < 10_000
    with pytest.raises(DownloadError, match="would unpack to 3,000,001 bytes"):
        unpack_archive(archive, target, LAYOUTS, 20 * archive.stat().st_size)
    assert_untouched(target)


def test_refuses_a_zip_bomb_with_a_false_size(tmp_path, target):
    archive = zipped(tmp_path / "a.zip", {"u.data": bytes(3_000_000)})
    forged = archive.read_bytes().replace((3_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    archive.write_bytes(forged)
    with pytest.raises(DownloadError, match="not a readable zip archive"):
        unpack_archive(archive, target, LAYOUTS, PLENTY)
    assert_untouched(target)


def test_refuses_too_many_files(tmp_path, target):
    archive = zipped(tmp_path / "a.zip", {"u.data": b"1", **{str(n): b"" for n in range(MAX_FILES)}})
    with pytest.raises(DownloadError, match="in 1,001 files"):
        unpack_archive(archive, target, LAYOUTS, PLENTY)
    assert_untouched(target)


def test_refuses_two_files_with_the_same_name(tmp_path, target):
    path = zipped(tmp_path / "a.zip", {"u.data": b"1"})
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("u.data", "2")
    with pytest.raises(DownloadError, match="two files with the same name"):
        unpack_archive(path, target, LAYOUTS, PLENTY)
    assert_untouched(target)


def test_refuses_an_archive_without_the_expected_files(tmp_path, target):
    with pytest.raises(DownloadError, match=r"does not hold ratings\.dat, movies\.dat or u\.data"):
        unpack_archive(zipped(tmp_path / "a.zip", {"ratings.dat": b"1"}), target, LAYOUTS, PLENTY)
    assert_untouched(target)


def test_refuses_an_encrypted_archive(tmp_path, target):
    archive = zipped(tmp_path / "a.zip", {"u.data": b"1"})
    content = bytearray(archive.read_bytes())
    content[6] |= 1  # the flag in the file's own header
    content[content.index(b"PK\x01\x02") + 8] |= 1  # and in the directory
    archive.write_bytes(content)
    with pytest.raises(DownloadError, match=r"not a readable zip archive.*encrypted"):
        unpack_archive(archive, target, LAYOUTS, PLENTY)
    assert_untouched(target)


@pytest.mark.parametrize("content", [b"", b"<html>not refused</html>"])
def test_refuses_files_that_are_not_zip_archives(tmp_path, target, content):
    archive = tmp_path / "a.zip"
    archive.write_bytes(content)
    with pytest.raises(DownloadError, match=r"a\.zip: not a readable zip archive"):
        unpack_archive(archive, target, LAYOUTS, PLENTY)
    assert_untouched(target)


def test_damage_anywhere_is_detected_or_harmless(tmp_path, target):
    rng = random.Random(3)
    whole = zipped(tmp_path / "a.zip", {"u.data": rng.randbytes(400) * 3, "x/y": b"12"}).read_bytes()
    archive = tmp_path / "damaged.zip"
    refused = 0
    for _ in range(150):
        content = bytearray(whole)
        content[rng.randrange(len(whole))] ^= 1 << rng.randrange(8)
        archive.write_bytes(content)
        try:
            unpack_archive(archive, target, LAYOUTS, PLENTY)
        except DownloadError:
            refused += 1
            assert_untouched(target)
        else:
            assert (target / "u.data").stat().st_size == 1200
            shutil.rmtree(target)
    assert refused > 75


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError("No space left on device")])
def test_an_interruption_leaves_nothing(tmp_path, target, monkeypatch, error):
    archive = zipped(tmp_path / "a.zip", {"u.data": b"1", "x": b"2"})
    copied = []

    def copy_one_then_fail(packed, unpacked):
        if copied:
            raise error
        copied.append(unpacked.write(packed.read()))

    monkeypatch.setattr(shutil, "copyfileobj", copy_one_then_fail)
    with pytest.raises(type(error)):
        unpack_archive(archive, target, LAYOUTS, PLENTY)
    assert copied
    assert_untouched(target)


def test_extracts_only_the_named_files(tmp_path, target):
    archive = zipped(tmp_path / "a.whl", {"pkg/data/u.data": b"1", "pkg/evil.py": b"2", "../evil": b"3"})
    extract_files(archive, ["pkg/data/u.data"], target, PLENTY)
    assert [path.name for path in target.iterdir()] == ["u.data"]
    assert (target / "u.data").read_bytes() == b"1"


def test_refuses_missing_or_too_large_members(tmp_path, target):
    archive = zipped(tmp_path / "a.whl", {"pkg/u.data": bytes(100)})
    with pytest.raises(DownloadError, match=r"a\.whl: does not hold pkg/u\.item"):
        extract_files(archive, ["pkg/u.item"], target, PLENTY)
    with pytest.raises(DownloadError, match="would unpack to 100 bytes"):
        extract_files(archive, ["pkg/u.data"], target, 99)
    assert_untouched(target)
