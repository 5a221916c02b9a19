"""Writing a made-up world in the form of MovieLens 20M and later."""

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

_HOW_MADE = "synthetic.json"


def write_movielens(world: World, folder: Path) -> None:
    """Write `ratings.csv`, `movies.csv` and how they were made into a new `folder`, all or nothing.

    There is no `links.csv`: made-up ids would be taken for those of real films. Raises `DataError` if `folder` exists
    or cannot be written.
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
    """The world a folder was written from, made again. Raises `DataError` if the folder was not made here."""
    path = folder / _HOW_MADE
    try:
        made = json.loads(path.read_text(encoding="utf-8"))
        return World.of(Size(made["ratings"], made["users"], made["movies"]), made["seed"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError("cannot be read; expected what 'matinee data make' wrote there", path) from error


def _write(world: World, folder: Path) -> None:
    movies = movie_rows(world.catalogue, np.random.default_rng(np.random.SeedSequence(world.seed, spawn_key=(2,))))
    write_atomically(folder / "movies.csv", lambda path: movies.write_csv(path))
    write_atomically(folder / "ratings.csv", lambda path: _write_ratings(world, path))
    write_json(folder / _HOW_MADE, {**asdict(world.size), "seed": world.seed})


def _write_ratings(world: World, path: Path) -> None:
    with path.open("wb") as file:
        file.write(b"userId,movieId,rating,timestamp\n")
        for block in world.rating_blocks():
            rows = np.lexsort((block.movie, block.user))  # as MovieLens has them: ids ascend with rows
            frame = pl.DataFrame(
                {
                    "userId": world.user_ids[block.user[rows]],
                    "movieId": world.catalogue.ids[block.movie[rows]],
                    "rating": block.rating[rows],
                    "timestamp": block.timestamp[rows],
                }
            )
            frame.write_csv(file, include_header=False, float_precision=1)
