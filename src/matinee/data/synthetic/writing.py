"""Writing a synthetic world in the format of MovieLens 20M and later."""

import json
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path

import numpy as np
import polars as pl

from matinee.data.files import write_atomically, write_json
from matinee.data.readers.dataset_writer import raise_if_exists
from matinee.data.synthetic.size import Size
from matinee.data.synthetic.titles import movie_rows
from matinee.data.synthetic.world import World
from matinee.errors import DataError

_SETTINGS_FILE = "synthetic.json"


def write_movielens(world: World, folder: Path) -> None:
    """Write `ratings.csv`, `movies.csv` and the settings into a new `folder`, all or nothing.

    There is no `links.csv`: invented ids would be mistaken for those of real movies. Raises `DataError` if `folder`
    exists or cannot be written.
    """
    raise_if_exists(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}.", suffix=".part"))
        try:
            _write(world, temporary)
            temporary.chmod(0o755)
            temporary.rename(folder)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    except OSError as error:
        raise DataError(f"cannot be written ({error.strerror or error})", folder) from error


def load_world(folder: Path) -> World:
    """The world that a folder was written from. Raises `DataError` for any other folder."""
    path = folder / _SETTINGS_FILE
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
        return World.of(Size(settings["ratings"], settings["users"], settings["movies"]), settings["seed"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError("cannot be read. Use a folder written by 'matinee data make'.", path) from error


def _write(world: World, folder: Path) -> None:
    movies = movie_rows(world.catalogue, np.random.default_rng(np.random.SeedSequence(world.seed, spawn_key=(2,))))
    write_atomically(folder / "movies.csv", lambda path: movies.write_csv(path))
    write_atomically(folder / "ratings.csv", lambda path: _write_ratings(world, path))
    write_json(folder / _SETTINGS_FILE, {**asdict(world.size), "seed": world.seed})


def _write_ratings(world: World, path: Path) -> None:
    with path.open("wb") as file:
        file.write(b"userId,movieId,rating,timestamp\n")
        for block in world.rating_blocks():
            rows = np.lexsort((block.movie, block.user))  # as in MovieLens: ids ascend with rows
            frame = pl.DataFrame(
                {
                    "userId": world.user_ids[block.user[rows]],
                    "movieId": world.catalogue.ids[block.movie[rows]],
                    "rating": block.rating[rows],
                    "timestamp": block.timestamp[rows],
                }
            )
            frame.write_csv(file, include_header=False, float_precision=1)
