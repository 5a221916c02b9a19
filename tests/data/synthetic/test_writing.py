import json
from pathlib import Path

import numpy as np
import pytest

from matinee.data.readers.formats import detect_format, read_dataset
from matinee.data.synthetic import writing
from matinee.data.synthetic.size import Size
from matinee.data.synthetic.world import World
from matinee.data.synthetic.writing import load_world, write_movielens
from matinee.errors import DataError

SIZE = Size(60_000, 400, 1_500)


def test_the_folder_is_read_as_movielens_without_issues(tmp_path: Path) -> None:
    folder = tmp_path / "synthetic"
    world = World.of(SIZE, seed=7)
    write_movielens(world, folder)
    assert detect_format(folder) == "movielens-csv"
    dataset, issues = read_dataset(folder)
    assert issues == []
    assert (len(dataset.ratings), dataset.n_users, dataset.n_movies) == (60_000, 400, 1_500)
    np.testing.assert_array_equal(dataset.movie_ids.ids, world.catalogue.ids)
    np.testing.assert_array_equal(dataset.counts, _counts(world))
    assert (folder / "ratings.csv").read_text().splitlines()[0] == "userId,movieId,rating,timestamp"


def test_the_world_is_loaded_from_the_folder(tmp_path: Path) -> None:
    world = World.of(SIZE, seed=7)
    write_movielens(world, tmp_path / "synthetic")
    loaded = load_world(tmp_path / "synthetic")
    users = np.array([0, 399])
    np.testing.assert_array_equal(loaded.probabilities(users), world.probabilities(users))
    np.testing.assert_array_equal(loaded.expected_ratings(users), world.expected_ratings(users))


def test_an_existing_folder_is_not_changed(tmp_path: Path) -> None:
    (tmp_path / "movies").mkdir()
    with pytest.raises(DataError, match="already exists"):
        write_movielens(World.of(SIZE), tmp_path / "movies")


def test_an_interruption_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(world: World):
        yield next(iter(rating_blocks(world)))
        raise KeyboardInterrupt

    rating_blocks = World.rating_blocks
    monkeypatch.setattr(World, "rating_blocks", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_movielens(World.of(SIZE), tmp_path / "synthetic")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_a_data_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(world: World, path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, "_write_ratings", full)
    with pytest.raises(DataError, match=r"synthetic: cannot be written \(No space left on device\)"):
        write_movielens(World.of(SIZE), tmp_path / "synthetic")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [None, "{", "[]", json.dumps({"ratings": 60_000}), '{"ratings": "many"}'])
def test_other_folders_have_no_world(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "synthetic.json").write_text(content)
    with pytest.raises(DataError, match="matinee data make"):
        load_world(tmp_path)


def _counts(world: World) -> np.ndarray:
    movies = np.concatenate([block.movie for block in world.rating_blocks()])
    return np.bincount(movies, minlength=world.size.movies)
