"""A cache of large data sets as arrays, which open much faster than the original files.

The cache is in `matinee/read` of the user's cache folder, with one folder for each data set. The name of that folder
contains a hash of the names, sizes and modification times of the original files and of the version of Matinee, so it is
valid only for them. `$MATINEE_CACHE` names another cache folder, or is `off`.

The arrays are `.npy` files, which the system maps into memory as needed and shares between programs; tables are
Parquet. The checksum of each file is checked when it is opened.
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

DatasetAndIssues = tuple[Dataset, list[DataIssue]]

LARGE = 50_000_000  # bytes; smaller data sets are not cached
_FORMAT_VERSION = 2  # increase it when the cached files or the reading of data sets change
_MANIFEST = "manifest.json"
_ARRAYS = ("user", "movie", "rating", "timestamp")
_ABANDONED = 86_400  # seconds after which an unfinished folder is removed
_SETTLED = 2.0  # seconds: a file changed more recently may change again with the same modification time
_CHUNK = 1 << 24


def read_through(source: Path, read: Callable[[], DatasetAndIssues]) -> DatasetAndIssues:
    """The result of `read` for the files at `source`, from the cache if they have not changed.

    A cache that is damaged or cannot be written is not an error: the files are read, with an issue.
    """
    folder = cache_folder()
    files = _files_of(source)
    if folder is None or sum(size for _, size, _ in files) < LARGE:
        return read()
    cached = folder / f"{_digest(str(source))}-{_digest(json.dumps([__version__, _FORMAT_VERSION, files]))}"
    problems: list[DataIssue] = []
    if cached.exists():
        try:
            return _open(cached)
        except (OSError, ValueError, KeyError, TypeError, pl.exceptions.PolarsError) as error:
            problems.append(
                _issue(f"the cache in {cached} is damaged ({_reason(error)}); the files were read again", source)
            )
    dataset, issues = read()
    settled = all(changed < (time.time() - _SETTLED) * 1e9 for _, _, changed in files)
    if settled and _files_of(source) == files:
        try:
            _store(cached, source, dataset, issues)
        except OSError as error:
            problems.append(_issue(f"cannot be cached in {cached} ({_reason(error)})", source))
    return dataset, issues + problems


def cache_folder() -> Path | None:
    """The cache folder: $MATINEE_CACHE, else `matinee/read` in the user's cache folder; None if it is off."""
    configured = os.environ.get("MATINEE_CACHE", "")
    if configured.lower() == "off":
        return None
    if configured:
        return Path(configured).expanduser()
    cache = os.environ.get("XDG_CACHE_HOME", "")
    # The XDG specification says that a relative path must be ignored.
    return (Path(cache) if Path(cache).is_absolute() else Path.home() / ".cache") / "matinee" / "read"


def _files_of(source: Path) -> list[tuple[str, int, int]]:
    """Name, bytes and modification time (nanoseconds) of all files that reading `source` may use."""
    inside = (
        source.iterdir() if source.is_dir() else (path for path in source.parent.iterdir() if path.stem == source.stem)
    )
    beside = [] if source.is_dir() else [source.parent / FILE_NAME]
    files: list[tuple[str, int, int]] = []
    for path in sorted({*inside, *beside}):
        if path.is_file():
            status = path.stat()
            files.append((path.name, status.st_size, status.st_mtime_ns))
        elif path.is_dir():
            files.append((f"{path.name}/", 0, 0))
    return files


def _store(cached: Path, source: Path, dataset: Dataset, issues: list[DataIssue]) -> None:
    """Write the data set, all or nothing, and remove the cache of earlier versions of the same files."""
    cached.parent.mkdir(parents=True, exist_ok=True)
    _remove_obsolete(cached.parent)
    temporary = Path(tempfile.mkdtemp(dir=cached.parent, prefix=f".{cached.name}.", suffix=".part"))
    try:
        _write(temporary, source, dataset, issues)
        for old in cached.parent.glob(f"{cached.name.partition('-')[0]}-*"):
            shutil.rmtree(old, ignore_errors=True)
        temporary.rename(cached)
    except OSError:
        if not cached.exists():  # else another program was faster
            raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _remove_obsolete(folder: Path) -> None:
    """Remove the cache of deleted files, and unfinished folders of killed programs."""
    for path in folder.iterdir():
        if path.suffix == ".part":
            is_obsolete = path.stat().st_mtime < time.time() - _ABANDONED
        else:
            try:
                is_obsolete = not Path(json.loads((path / _MANIFEST).read_text(encoding="utf-8"))["source"]).exists()
            except (OSError, ValueError, KeyError, TypeError):
                continue  # not ours, or damaged: reported when it is opened
        if is_obsolete:
            shutil.rmtree(path, ignore_errors=True)


def _write(folder: Path, source: Path, dataset: Dataset, issues: list[DataIssue]) -> None:
    arrays = {name: getattr(dataset.ratings, name) for name in _ARRAYS}
    arrays |= {"user_ids": dataset.user_ids.ids, "movie_ids": dataset.movie_ids.ids}
    for name, values in arrays.items():
        if values is not None:
            write_atomically(folder / f"{name}.npy", lambda path, values=values: _save(path, values))
    for name, table in (("movies", dataset.movies), ("users", dataset.users)):
        if table is not None:
            write_parquet(folder / f"{name}.parquet", table)
    manifest = {
        "source": str(source),
        "name": dataset.name,
        "scale": dataset.scale,
        "posters": None if dataset.posters is None else str(dataset.posters),
        "issues": [asdict(issue) | {"path": str(issue.path)} for issue in issues],
        "files": {path.name: _checksum(path) for path in sorted(folder.iterdir())},
    }
    write_json(folder / _MANIFEST, manifest)


def _save(path: Path, values: npt.NDArray[Any]) -> None:
    with path.open("wb") as file:  # given a path, numpy would add its own suffix
        np.save(file, values, allow_pickle=False)


def _open(cached: Path) -> DatasetAndIssues:
    """Open a cached data set. Raises `OSError`, `ValueError`, `KeyError`, `TypeError` or `PolarsError` if damaged."""
    manifest = json.loads((cached / _MANIFEST).read_text(encoding="utf-8"))
    files: Mapping[str, int] = manifest["files"]
    for name, checksum in files.items():
        if _checksum(cached / name) != checksum:
            raise ValueError(f"{name} has changed")

    def array(name: str) -> npt.NDArray[Any]:
        # Copy on write: changes stay in memory. As a plain array, because memory maps are a subclass.
        return np.asarray(np.load(cached / name, mmap_mode="c", allow_pickle=False))

    columns = {name: array(f"{name}.npy") if f"{name}.npy" in files else None for name in _ARRAYS}
    dataset = Dataset(
        name=manifest["name"],
        ratings=Ratings(array("user.npy"), array("movie.npy"), columns["rating"], columns["timestamp"]),
        movies=pl.read_parquet(cached / "movies.parquet"),
        users=pl.read_parquet(cached / "users.parquet") if "users.parquet" in files else None,
        user_ids=Vocabulary(array("user_ids.npy")),
        movie_ids=Vocabulary(array("movie_ids.npy")),
        scale=(manifest["scale"][0], manifest["scale"][1]),
        posters=None if manifest["posters"] is None else Path(manifest["posters"]),
    )
    return dataset, [DataIssue(**issue | {"path": Path(issue["path"])}) for issue in manifest["issues"]]


def _checksum(path: Path) -> int:
    checksum = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            checksum = zlib.crc32(chunk, checksum)
    return checksum


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=8).hexdigest()


def _issue(message: str, path: Path) -> DataIssue:
    return DataIssue("cache", message, path)


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error).partition("\n")[0]
