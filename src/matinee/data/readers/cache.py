"""Large data sets are kept as arrays once they have been read, so that the next reading only opens them.

What is kept lies in `matinee/read` of the user's cache folder, in a folder of its own for each data set. It counts only
for the very files it was read from: their names, sizes and times of change are part of its name, and so is the version
that read them. `$MATINEE_CACHE` names another folder, or is `off`.

The arrays are `.npy` files, which the system maps into memory as they are needed and shares between programs; tables
are Parquet. Each file is checked against its checksum before it is believed.
"""

import json
import os
import shutil
import tempfile
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import asdict
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from matinee import __version__
from matinee.data.dataset import Dataset, Ratings
from matinee.data.files import write_atomically, write_json, write_parquet
from matinee.data.readers.column_map import FILE_NAME
from matinee.data.readers.tables import DataIssue
from matinee.data.vocabulary import Vocabulary

Outcome = tuple[Dataset, list[DataIssue]]

LARGE = 50_000_000  # bytes of files from which on keeping them is worth the room
_FORM = 1  # to be counted up whenever what is kept, or what reading makes of files, changes
_MANIFEST = "manifest.json"
_ARRAYS = ("user", "movie", "rating", "timestamp")
_ABANDONED = 86_400  # seconds after which nobody writes any more what was begun
_SETTLED = 2.0  # seconds: what changed later than this ago may change again without a trace in its time
_CHUNK = 1 << 24


def read_through(place: Path, read: Callable[[], Outcome]) -> Outcome:
    """What `read` makes of the files at `place`, from what was kept of an earlier reading if they are the same.

    A cache that is damaged or cannot be written is never an error: the files are read, and a finding says so.
    """
    folder = cache_folder()
    files = _files_of(place)
    if folder is None or sum(size for _, size, _ in files) < LARGE:
        return read()
    kept = folder / f"{_digest(str(place))}-{_digest(json.dumps([__version__, _FORM, files]))}"
    problems: list[DataIssue] = []
    if kept.exists():
        try:
            return _opened(kept)
        except (OSError, ValueError, KeyError, TypeError, pl.exceptions.PolarsError) as error:
            problems.append(_finding(f"what was kept in {kept} is damaged ({_reason(error)}); it was read anew", place))
    dataset, findings = read()
    settled = all(changed < (time.time() - _SETTLED) * 1e9 for _, _, changed in files)
    if settled and _files_of(place) == files:
        try:
            _keep(kept, place, dataset, findings)
        except OSError as error:
            problems.append(_finding(f"cannot be kept for the next time in {kept} ({_reason(error)})", place))
    return dataset, findings + problems


def cache_folder() -> Path | None:
    """Where data sets are kept: $MATINEE_CACHE, else `matinee/read` in the user's cache folder; None if it is off."""
    chosen = os.environ.get("MATINEE_CACHE", "")
    if chosen.lower() == "off":
        return None
    if chosen:
        return Path(chosen).expanduser()
    cache = os.environ.get("XDG_CACHE_HOME", "")
    # The XDG specification: a relative path is to be ignored.
    return (Path(cache) if Path(cache).is_absolute() else Path.home() / ".cache") / "matinee" / "read"


def _files_of(place: Path) -> list[tuple[str, int, int]]:
    """Name, bytes and time of change (nanoseconds) of all that reading `place` may look at."""
    inside = place.iterdir() if place.is_dir() else (one for one in place.parent.iterdir() if one.stem == place.stem)
    beside = [] if place.is_dir() else [place.parent / FILE_NAME]
    found: list[tuple[str, int, int]] = []
    for path in sorted({*inside, *beside}):
        if path.is_file():
            known = path.stat()
            found.append((path.name, known.st_size, known.st_mtime_ns))
        elif path.is_dir():
            found.append((f"{path.name}/", 0, 0))
    return found


def _keep(kept: Path, place: Path, dataset: Dataset, findings: list[DataIssue]) -> None:
    """Write what was read, all or nothing, and remove what was kept of earlier states of the same files."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    _sweep(kept.parent)
    temporary = Path(tempfile.mkdtemp(dir=kept.parent, prefix=f".{kept.name}.", suffix=".part"))
    try:
        _write(temporary, place, dataset, findings)
        for old in kept.parent.glob(f"{kept.name.partition('-')[0]}-*"):
            shutil.rmtree(old, ignore_errors=True)
        temporary.rename(kept)
    except OSError:
        if not kept.exists():  # else another program was quicker
            raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _sweep(folder: Path) -> None:
    """Remove what was kept of files that are no longer there, and what a killed program began to write."""
    for path in folder.iterdir():
        if path.suffix == ".part":
            gone = path.stat().st_mtime < time.time() - _ABANDONED
        else:
            try:
                gone = not Path(json.loads((path / _MANIFEST).read_text(encoding="utf-8"))["place"]).exists()
            except (OSError, ValueError, KeyError, TypeError):
                continue  # not ours, or damaged: told of when it is asked for
        if gone:
            shutil.rmtree(path, ignore_errors=True)


def _write(folder: Path, place: Path, dataset: Dataset, findings: list[DataIssue]) -> None:
    arrays = {name: getattr(dataset.ratings, name) for name in _ARRAYS}
    arrays |= {"user_ids": dataset.user_ids.ids, "movie_ids": dataset.movie_ids.ids}
    for name, values in arrays.items():
        if values is not None:
            write_atomically(folder / f"{name}.npy", lambda path, values=values: _save(path, values))
    for name, table in (("movies", dataset.movies), ("users", dataset.users)):
        if table is not None:
            write_parquet(folder / f"{name}.parquet", table)
    manifest = {
        "place": str(place),
        "name": dataset.name,
        "scale": dataset.scale,
        "posters": None if dataset.posters is None else str(dataset.posters),
        "findings": [asdict(one) | {"path": str(one.path)} for one in findings],
        "files": {path.name: _checksum(path) for path in sorted(folder.iterdir())},
    }
    write_json(folder / _MANIFEST, manifest)


def _save(path: Path, values: npt.NDArray[Any]) -> None:
    with path.open("wb") as file:  # by name, numpy would add an ending of its own
        np.save(file, values, allow_pickle=False)


def _opened(kept: Path) -> Outcome:
    """Raises `OSError`, `ValueError`, `KeyError`, `TypeError` or `PolarsError` if anything is not as it was written."""
    manifest = json.loads((kept / _MANIFEST).read_text(encoding="utf-8"))
    files: Mapping[str, int] = manifest["files"]
    for name, checksum in files.items():
        if _checksum(kept / name) != checksum:
            raise ValueError(f"{name} has changed")

    def array(name: str) -> npt.NDArray[Any]:
        # Copy on write: whoever changes the array changes their own. As a plain array, since the maps are subclasses.
        return np.asarray(np.load(kept / name, mmap_mode="c", allow_pickle=False))

    known = {name: array(f"{name}.npy") if f"{name}.npy" in files else None for name in _ARRAYS}
    dataset = Dataset(
        name=manifest["name"],
        ratings=Ratings(array("user.npy"), array("movie.npy"), known["rating"], known["timestamp"]),
        movies=pl.read_parquet(kept / "movies.parquet"),
        users=pl.read_parquet(kept / "users.parquet") if "users.parquet" in files else None,
        user_ids=Vocabulary(array("user_ids.npy")),
        movie_ids=Vocabulary(array("movie_ids.npy")),
        scale=(manifest["scale"][0], manifest["scale"][1]),
        posters=None if manifest["posters"] is None else Path(manifest["posters"]),
    )
    return dataset, [DataIssue(**one | {"path": Path(one["path"])}) for one in manifest["findings"]]


def _checksum(path: Path) -> int:
    found = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            found = zlib.crc32(chunk, found)
    return found


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=8).hexdigest()


def _finding(message: str, path: Path) -> DataIssue:
    return DataIssue("cache", message, path)


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error).partition("\n")[0]
