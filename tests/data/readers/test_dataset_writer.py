from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from matinee.data.dataset import Dataset
from matinee.data.readers import dataset_writer
from matinee.data.readers.dataset_writer import write_dataset
from matinee.data.readers.formats import read_dataset
from matinee.data.vocabulary import Vocabulary
from matinee.errors import DataError
from tests.datasets import checkerboard, small_ratings


def with_text_ids(dataset: Dataset) -> Dataset:
    ids = np.array([f"tt{movie_id}" for movie_id in dataset.movie_ids.ids])
    movies = dataset.movies.with_columns(pl.Series("movie_id", ids.tolist()))
    return replace(dataset, movies=movies, movie_ids=Vocabulary(ids))


@pytest.mark.parametrize(
    "dataset",
    [
        checkerboard(),
        small_ratings(1),
        small_ratings(2, ordered=False),
        small_ratings(3, rated=False),
        small_ratings(4, ordered=False, rated=False),
        with_text_ids(small_ratings(5)),
        replace(small_ratings(6), scale=(0.5, 10.0)),
    ],
    ids=["checkerboard", "whole", "no order", "no ratings", "pairs only", "text ids", "another scale"],
)
def test_a_written_dataset_is_read_back(dataset: Dataset, tmp_path: Path) -> None:
    write_dataset(dataset, tmp_path / "folder")
    read, issues = read_dataset(tmp_path / "folder")
    assert read.fingerprint == dataset.fingerprint
    assert read.movies.equals(dataset.movies)  # unrated ones too, genres as lists again
    assert read.users is not None
    assert dataset.users is not None
    assert read.users.equals(dataset.users)
    assert read.scale == dataset.scale
    assert [issue for issue in issues if issue.severity == "warning"] == []


def test_without_user_features_there_is_no_users_file(tmp_path: Path) -> None:
    write_dataset(replace(small_ratings(1), users=None), tmp_path / "folder")
    assert sorted(file.name for file in (tmp_path / "folder").iterdir()) == [
        "matinee.toml",
        "movies.parquet",
        "ratings.parquet",
    ]
    assert read_dataset(tmp_path / "folder")[0].users is None


def test_unusual_titles_are_read_back(tmp_path: Path) -> None:
    dataset = checkerboard(n_movies=6)
    titles = ["The Usual Suspects", "Blade Runner (1982)", "2012", "Movie 3, Again", "千と千尋", "I, Robot"]
    movies = dataset.movies.with_columns(
        pl.Series("title", titles), pl.Series("year", [1995, 2007, None, 1, None, 2004], dtype=pl.Int32)
    )
    write_dataset(replace(dataset, movies=movies), tmp_path / "folder")
    assert read_dataset(tmp_path / "folder")[0].movies.equals(movies)


def test_an_existing_folder_is_not_changed(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "mine.txt").write_text("mine")
    with pytest.raises(DataError, match="already exists") as raised:
        write_dataset(checkerboard(), tmp_path / "folder")
    assert "\n" not in str(raised.value)
    assert [file.name for file in (tmp_path / "folder").iterdir()] == ["mine.txt"]


def test_a_failure_leaves_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path, text: str) -> None:
        raise OSError(f"no room for {len(text)} letters in {path.name}")

    monkeypatch.setattr(dataset_writer, "write_text", fail)
    with pytest.raises(OSError, match="no room"):
        write_dataset(checkerboard(), tmp_path / "inner" / "folder")
    assert list((tmp_path / "inner").iterdir()) == []


def test_the_folder_is_renamed_when_it_is_complete(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    contents: list[list[str]] = []

    def refused(folder: Path, target: Path) -> None:
        assert not target.exists()
        contents.append(sorted(file.name for file in folder.iterdir()))
        raise OSError("not allowed")

    monkeypatch.setattr(Path, "rename", refused)
    with pytest.raises(OSError, match="not allowed"):
        write_dataset(checkerboard(), tmp_path / "folder")
    assert contents == [["matinee.toml", "movies.parquet", "ratings.parquet", "users.parquet"]]
    assert list(tmp_path.iterdir()) == []


def test_lists_are_read_back_as_lists(tmp_path: Path) -> None:
    dataset = checkerboard(n_movies=6)
    directors = [
        ["Ethan Coen", "Joel Coen"],
        ["Sally Potter"],
        None,
        None,
        None,
        None,
    ]  # as join_catalogue gives them
    write_dataset(
        replace(dataset, movies=dataset.movies.with_columns(director=pl.Series(directors))),
        tmp_path / "folder",
    )
    read, _ = read_dataset(tmp_path / "folder")
    assert read.movies["director"][0].to_list() == ["Ethan Coen", "Joel Coen"]
