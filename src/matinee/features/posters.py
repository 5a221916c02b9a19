"""Posters as one array, decoded once and kept in a cache.

The cache has two files for each folder, catalogue and size: an array, named after the image files it was made from
(their names, sizes and times of change), and a header that names the array and is written last. When the folder
changes, the name of its array changes, so an old array is never used for it, even after a crash.
"""

import hashlib
import json
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from matinee.arrays import Mask, Pixels
from matinee.data.fetching.download import default_folder
from matinee.data.files import write_atomically, write_json
from matinee.errors import DataError
from matinee.features.poster_decoding import decode
from matinee.progress import track_steps

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")  # of several for one movie, the first of these

_FORMAT = 1  # of the cache; increase it when decoded pixels change


@dataclass(frozen=True, eq=False)
class Posters:
    """The posters of a catalogue. `pixels` are mapped from disk, read-only."""

    pixels: Pixels  # (movies, 3, height, width) red, green, blue; zeros if missing
    has_poster: Mask  # (movies,) whether there is one
    missing: int  # movies without a file
    broken: tuple[str, ...]  # names of the files that could not be decoded


@dataclass(frozen=True)
class _File:
    """One image of the folder, with size and time of change to detect changes."""

    row: int
    name: str
    size: int
    changed: int  # nanoseconds

    @property
    def stamp(self) -> list[Any]:
        return [self.name, self.size, self.changed]


def read_posters(
    movies: pl.DataFrame, folder: Path, size: tuple[int, int] = (96, 64), cache: Path | None = None
) -> Posters:
    """Read the images `<movie_id>.jpg` (or .jpeg, .png, .webp) in `folder`, resized to `size` (height, width).

    Missing and broken files are counted and skipped. Images are decoded on all cores the first time, and then mapped
    into memory from the folder `cache` (by default `posters` in the data folder) until a file appears, disappears or
    changes. Raises `DataError` if `folder` is missing or the cache cannot be written.
    """
    files = _files(movies["movie_id"], folder)
    cache = default_folder() / "posters" if cache is None else cache
    key = [_FORMAT, str(folder.resolve()), list(size), movies["movie_id"].to_list()]
    header = cache / f"{_digest(key)}.json"
    loaded = _cached(header, files)
    if loaded is None:
        try:
            _fill(header, files, folder, (len(movies), 3, *size))
        except OSError as error:
            raise DataError(
                f"Decoded posters cannot be written ({error.strerror}). Use another cache.", cache
            ) from error
        loaded = _cached(header, files)
        if loaded is None:
            raise DataError("The decoded posters changed while they were read. Run one reader at a time.", header)
    pixels, broken = loaded
    has_poster = np.zeros(len(movies), dtype=np.bool_)
    has_poster[[file.row for file in files if file.name not in broken]] = True
    return Posters(pixels, has_poster, len(movies) - len(files), tuple(broken))


def _files(movie_ids: pl.Series, folder: Path) -> list[_File]:
    """Find the image of each movie, sorted by row."""
    row_of = {str(movie_id): row for row, movie_id in enumerate(movie_ids.to_list())}
    files_by_row: dict[int, tuple[int, os.DirEntry[str]]] = {}
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                stem, suffix = os.path.splitext(entry.name)  # noqa: PTH122 - a Path for each is slow
                if stem in row_of and suffix.lower() in SUFFIXES and entry.is_file():
                    candidate = SUFFIXES.index(suffix.lower()), entry
                    files_by_row[row_of[stem]] = min(
                        files_by_row.get(row_of[stem], candidate), candidate, key=_rank_and_name
                    )
    except OSError as error:
        raise DataError(f"cannot be read ({error.strerror}). Use a folder of <movie_id>.jpg.", folder) from error
    stats = ((row, entry.name, entry.stat()) for row, (_, entry) in sorted(files_by_row.items()))
    return [_File(row, name, stat.st_size, stat.st_mtime_ns) for row, name, stat in stats]


def _rank_and_name(candidate: tuple[int, os.DirEntry[str]]) -> tuple[int, str]:
    return candidate[0], candidate[1].name


def _cached(header: Path, files: list[_File]) -> tuple[Pixels, list[str]] | None:
    """Load the array made from exactly these files, and the names of broken ones, or None."""
    try:
        content = json.loads(header.read_text(encoding="utf-8"))
        if content["files"] != [file.stamp for file in files]:
            return None
        pixels = np.load(header.with_name(content["array"]), mmap_mode="r", allow_pickle=False)
        return np.asarray(pixels), content["broken"]
    except (OSError, EOFError, ValueError, KeyError, TypeError):
        return None  # missing or damaged, which a cache may be


def _fill(header: Path, files: list[_File], folder: Path, shape: tuple[int, ...]) -> None:
    """Decode all files into a new array, then write the header that names it, then remove older arrays."""
    stamps = [file.stamp for file in files]
    array = header.with_name(f"{header.stem}-{_digest(stamps)}.npy")
    broken: list[str] = []
    write_atomically(array, partial(_decode_all, files, folder, shape, broken))
    write_json(header, {"folder": str(folder), "array": array.name, "broken": broken, "files": stamps})
    for other in header.parent.glob(f"{header.stem}-*.npy"):
        if other != array:
            other.unlink(missing_ok=True)


def _decode_all(files: list[_File], folder: Path, shape: tuple[int, ...], broken: list[str], path: Path) -> None:
    """Fill an array on disk, which may be larger than memory. Names of broken files are added to `broken`."""
    pixels = np.lib.format.open_memmap(path, mode="w+", dtype=np.uint8, shape=shape)

    def decode_one(file: _File) -> bool:
        picture = decode(folder / file.name, (shape[2], shape[3]))
        if picture is not None:
            pixels[file.row] = picture
        return picture is not None

    # Threads are enough: Pillow releases the interpreter's lock while it decodes.
    with track_steps(len(files), "Decoding posters") as step, ThreadPoolExecutor(os.cpu_count()) as pool:
        for file, decoded in zip(files, pool.map(decode_one, files), strict=True):
            if not decoded:
                broken.append(file.name)
            step()
    pixels.flush()


def _digest(content: list[Any]) -> str:
    return hashlib.blake2b(json.dumps(content).encode(), digest_size=8).hexdigest()
