import json
import os
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from PIL import Image

from matinee.errors import DataError
from matinee.features import posters as module
from matinee.features.posters import Posters, read_posters

MOVIES = pl.DataFrame({"movie_id": [7, 3, 12, 5, 8]})
SIZE = (6, 4)


def draw(path: Path, grey: int) -> None:
    Image.new("RGB", (20, 30), (grey, grey, grey)).save(path, "PNG")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Posters of movies 7, 3 and 8; that of 12 is broken, 5 has none, and some files are of no movie."""
    pictures = tmp_path / "posters"
    pictures.mkdir()
    for name, grey in (("7.jpg", 70), ("3.PNG", 30), ("8.webp", 80), ("9.jpg", 90), ("07.jpg", 1), ("5.txt", 50)):
        draw(pictures / name, grey)
    (pictures / "12.jpeg").write_bytes(b"")
    (pictures / "5.jpg").mkdir()
    return pictures


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def read(folder: Path, cache: Path, movies: pl.DataFrame = MOVIES) -> Posters:
    return read_posters(movies, folder, SIZE, cache)


def greys(posters: Posters) -> list[int]:
    return posters.pixels[:, 0, 0, 0].tolist()


def no_decoding(*_: object) -> None:
    raise AssertionError("decoded again")


def test_pictures_go_to_the_rows_of_their_movies(folder: Path, cache: Path) -> None:
    posters = read(folder, cache)
    assert posters.pixels.shape == (5, 3, 6, 4)
    assert posters.pixels.dtype == np.uint8
    assert greys(posters) == [70, 30, 0, 0, 80]
    assert posters.has_poster.tolist() == [True, True, False, False, True]
    assert (posters.missing, posters.broken) == (1, ("12.jpeg",))
    assert not posters.pixels[~posters.has_poster].any()


def test_a_second_time_nothing_is_decoded(folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = read(folder, cache)
    monkeypatch.setattr(module, "decode", no_decoding)
    second = read(folder, cache)
    assert (second.pixels == first.pixels).all()
    assert (second.has_poster == first.has_poster).all()
    assert (second.missing, second.broken) == (first.missing, first.broken)
    assert isinstance(second.pixels.base, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        second.pixels[0] = 1


def test_a_file_that_appears_changes_or_goes_is_noticed(folder: Path, cache: Path) -> None:
    read(folder, cache)
    draw(folder / "12.jpeg", 120)
    assert greys(read(folder, cache)) == [70, 30, 120, 0, 80]
    draw(folder / "5.png", 50)
    assert greys(read(folder, cache)) == [70, 30, 120, 50, 80]
    (folder / "7.jpg").unlink()
    posters = read(folder, cache)
    assert greys(posters) == [0, 30, 120, 50, 80]
    assert (posters.missing, posters.broken) == (1, ())
    assert len(list(cache.iterdir())) == 2  # older arrays are deleted


def test_another_picture_of_the_same_size_is_noticed_by_its_time(folder: Path, cache: Path) -> None:
    draw(folder / "7.jpg", 70)
    read(folder, cache)
    before = (folder / "7.jpg").stat()
    draw(folder / "7.jpg", 71)
    assert (folder / "7.jpg").stat().st_size == before.st_size
    os.utime(folder / "7.jpg", ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    assert greys(read(folder, cache))[0] == 71


def test_other_movies_and_other_sizes_have_arrays_of_their_own(folder: Path, cache: Path) -> None:
    read(folder, cache)
    assert greys(read(folder, cache, MOVIES.reverse())) == [80, 0, 0, 30, 70]
    assert read_posters(MOVIES, folder, (3, 2), cache).pixels.shape == (5, 3, 3, 2)
    assert greys(read(folder, cache)) == [70, 30, 0, 0, 80]
    assert len(list(cache.glob("*.npy"))) == 3


def test_of_several_pictures_of_a_movie_the_jpg_is_taken(folder: Path, cache: Path) -> None:
    for suffix in ("webp", "png", "jpeg"):
        draw(folder / f"7.{suffix}", 1)
    draw(folder / "3.webp", 1)
    draw(folder / "3.jpeg", 31)
    assert greys(read(folder, cache))[:2] == [70, 31]


def test_ids_may_be_text(folder: Path, cache: Path) -> None:
    draw(folder / "tt01.jpg", 10)
    draw(folder / "007.jpg", 11)
    posters = read(folder, cache, pl.DataFrame({"movie_id": ["tt01", "../7", "007", "7"]}))
    assert greys(posters) == [10, 0, 11, 70]


def test_a_reader_that_was_interrupted_leaves_nothing(
    folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(module, "decode", interrupted)
        with pytest.raises(KeyboardInterrupt):
            read(folder, cache)
    assert list(cache.iterdir()) == []
    assert greys(read(folder, cache)) == [70, 30, 0, 0, 80]


def test_a_crash_between_array_and_header_is_no_harm(
    folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    before = (folder / "7.jpg").read_bytes(), (folder / "7.jpg").stat()
    read(folder, cache)
    draw(folder / "7.jpg", 99)
    with monkeypatch.context() as patched:
        patched.setattr(module, "write_json", crash)
        with pytest.raises(KeyboardInterrupt):
            read(folder, cache)
    # The old picture is back, and with it the old header's array.
    (folder / "7.jpg").write_bytes(before[0])
    os.utime(folder / "7.jpg", ns=(before[1].st_atime_ns, before[1].st_mtime_ns))
    assert greys(read(folder, cache))[0] == 70


@pytest.mark.parametrize("suffix", ["json", "npy"])
@pytest.mark.parametrize("content", [b"", b"{}", b'{"files": 3}', b"[1]", b"\x93NUMPY\x01"])
def test_a_damaged_cache_is_made_again(folder: Path, cache: Path, suffix: str, content: bytes) -> None:
    read(folder, cache)
    (damaged,) = cache.glob(f"*.{suffix}")
    damaged.write_bytes(content)
    assert greys(read(folder, cache)) == [70, 30, 0, 0, 80]


def test_a_truncated_array_is_made_again(folder: Path, cache: Path) -> None:
    read(folder, cache)
    (array,) = cache.glob("*.npy")
    array.write_bytes(array.read_bytes()[:-1])
    assert greys(read(folder, cache)) == [70, 30, 0, 0, 80]


def test_the_header_lists_the_files_of_the_array(folder: Path, cache: Path) -> None:
    read(folder, cache)
    (header,) = cache.glob("*.json")
    content = json.loads(header.read_text())
    assert content["folder"] == str(folder)
    assert (cache / content["array"]).is_file()
    stat = (folder / "7.jpg").stat()
    assert content["files"][0] == ["7.jpg", stat.st_size, stat.st_mtime_ns]
    assert [name for name, *_ in content["files"]] == ["7.jpg", "3.PNG", "12.jpeg", "8.webp"]


def test_by_default_the_cache_is_where_data_is_kept(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MATINEE_DATA", str(tmp_path / "data"))
    read_posters(MOVIES, folder)
    assert len(list((tmp_path / "data" / "posters").iterdir())) == 2


def test_a_folder_without_pictures_is_all_missing(tmp_path: Path, cache: Path) -> None:
    (tmp_path / "empty").mkdir()
    posters = read(tmp_path / "empty", cache)
    assert not posters.has_poster.any()
    assert not posters.pixels.any()
    assert (posters.missing, posters.broken) == (5, ())


def test_a_missing_folder_and_a_full_disk_give_one_line(folder: Path, tmp_path: Path, cache: Path) -> None:
    with pytest.raises(DataError, match=r"not there: cannot be read .*Use a folder of <movie_id>.jpg"):
        read(tmp_path / "not there", cache)
    cache.write_text("a file where the cache should be")
    with pytest.raises(DataError, match="Decoded posters cannot be written"):
        read(folder, cache)
