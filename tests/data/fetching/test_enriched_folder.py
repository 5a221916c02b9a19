from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from matinee.data.fetching.enriched_folder import write_with_posters
from matinee.data.readers.formats import read_dataset
from matinee.data.vocabulary import Vocabulary
from matinee.errors import DataError
from tests.data.fetching.tmdb_server import image_bytes
from tests.datasets import checkerboard


@pytest.fixture
def poster(tmp_path: Path) -> Path:
    (tmp_path / "abc.jpg").write_bytes(image_bytes())
    return tmp_path / "abc.jpg"


def test_it_is_a_plain_folder_with_posters(tmp_path: Path, poster: Path) -> None:
    assert write_with_posters(checkerboard(), {0: poster, 3: poster}, tmp_path / "new" / "out") == 2
    read, _ = read_dataset(tmp_path / "new" / "out")
    assert read.fingerprint == checkerboard().fingerprint
    assert read.posters is not None
    assert sorted(file.name for file in read.posters.iterdir()) == ["100.jpg", "103.jpg"]
    assert (read.posters / "100.jpg").read_bytes() == image_bytes()
    assert sorted(file.name for file in (tmp_path / "new").iterdir()) == ["out"]


def test_without_posters_there_is_no_poster_folder(tmp_path: Path) -> None:
    assert write_with_posters(checkerboard(), {}, tmp_path / "out") == 0
    assert not (tmp_path / "out" / "posters").exists()


def test_own_posters_are_copied_unchanged(tmp_path: Path, poster: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "100.jpg").write_bytes(b"mine")
    (own / "notes").mkdir()
    assert write_with_posters(replace(checkerboard(), posters=own), {0: poster, 1: poster}, tmp_path / "out") == 2
    assert (tmp_path / "out" / "posters" / "100.jpg").read_bytes() == b"mine"
    assert (tmp_path / "out" / "posters" / "101.jpg").read_bytes() == image_bytes()


@pytest.mark.parametrize("movie_id", ["../../evil", "a/b", "..", ".hidden", "x" * 300, "a\\b", "c:d"])
def test_an_id_that_is_not_a_file_name_gets_no_poster(tmp_path: Path, poster: Path, movie_id: str) -> None:
    dataset = checkerboard()
    ids = np.array([movie_id, *map(str, dataset.movie_ids.ids[1:])])
    assert (
        write_with_posters(replace(dataset, movie_ids=Vocabulary(ids)), {0: poster, 1: poster}, tmp_path / "out") == 1
    )
    assert [file.name for file in (tmp_path / "out" / "posters").iterdir()] == ["101.jpg"]
    assert not list(tmp_path.parent.glob("evil*"))


def test_a_poster_that_cannot_be_copied_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        write_with_posters(checkerboard(), {0: tmp_path / "gone.jpg"}, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_an_existing_folder_is_not_changed(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(DataError, match="already exists"):
        write_with_posters(checkerboard(), {}, tmp_path / "out")
