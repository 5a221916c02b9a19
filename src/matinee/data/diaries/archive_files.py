"""The files of an export: one of them, an unzipped folder, or the archive as the site gives it."""

import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from matinee.data.fetching.archive import extract_files
from matinee.errors import DataError, DownloadError

_MOST_BYTES = 1 << 27  # 128 MB: a hundred times the diary of somebody who sees two films a day
_SUFFIXES = (".csv", ".json")
_SPREADSHEETS = (".xlsx", ".xls", ".ods", ".numbers")
_ZIP = b"PK\x03\x04"
# What was taken back, what is left of it, and what a Mac adds.
_IGNORED_FOLDERS = {"deleted", "orphaned", "__macosx"}
_INSIDE = ("likes", "lists", "watched", "ratings")  # folders that exports have
_LISTS = ("watchlist", "favorites", "favourites")  # the lists that say something of their films


@dataclass(frozen=True)
class ArchiveFile:
    """One file of an export."""

    name: str  # inside the export, in small letters: "likes/films.csv"
    path: Path  # as shown in messages: that of the export, then its name inside
    data: bytes


def archive_files(path: Path) -> list[ArchiveFile]:
    """The tables and JSON files at `path`, by name, without those that sites keep of what was deleted.

    Raises `DataError` if there is nothing, or it cannot be opened, is damaged, too large, or leads outside.
    """
    try:
        if path.is_dir():
            return _of_folder(path)
        if not path.exists():
            raise DataError("no such file or folder; expected an export of Letterboxd, IMDb or Trakt, or a CSV", path)
        if path.suffix.lower() in _SPREADSHEETS:
            raise DataError("a spreadsheet; expected a CSV file, as which the spreadsheet can be saved", path)
        if path.suffix.lower() == ".zip" or _starts_as_zip(path):
            return _of_archive(path)
        around = path.parts[-2:] if path.parent.name.casefold() == "likes" else path.parts[-1:]
        return [ArchiveFile("/".join(around).casefold(), path, _content(path))]
    except OSError as error:
        raise DataError(f"cannot be opened ({error.strerror or error})", path) from error


def _of_folder(folder: Path) -> list[ArchiveFile]:
    inside = [one for one in sorted(folder.iterdir()) if one.is_dir() and not one.name.startswith(".")]
    files = [
        one
        for place in (folder, *inside)
        if place == folder or place.name.casefold() in _INSIDE
        for one in sorted(place.iterdir())
        if one.is_file()
    ]
    names = _wanted([file.relative_to(folder).as_posix() for file in files])
    if not names and len(inside) == 1:
        return _of_folder(inside[0])
    return [ArchiveFile(name.casefold(), folder / name, _content(folder / name)) for name in names]


def _of_archive(archive: Path) -> list[ArchiveFile]:
    try:
        with zipfile.ZipFile(archive) as opened:
            names = _wanted(opened.namelist())
    except (zipfile.BadZipFile, ValueError, EOFError, RuntimeError) as error:
        raise DataError(f"not a readable zip archive ({error})", archive) from error
    flat = [PurePosixPath(name).name for name in names]
    twice = next((name for name in flat if flat.count(name) > 1), None)
    if twice is not None:
        raise DataError(f"holds {twice} several times; expected one export", archive)
    with tempfile.TemporaryDirectory() as temporary:
        target = Path(temporary, "members")
        try:
            extract_files(archive, names, target, _MOST_BYTES)
        except DownloadError as error:
            raise DataError(str(error).removeprefix(f"{archive.name}: "), archive) from error
        files = zip(names, flat, strict=True)
        return [ArchiveFile(name.casefold(), archive / name, (target / file).read_bytes()) for name, file in files]


def _wanted(names: Sequence[str]) -> list[str]:
    return sorted(name for name in names if _is_wanted(PurePosixPath(name.casefold())))


def _is_wanted(place: PurePosixPath) -> bool:
    around = set(place.parts[:-1])
    if place.suffix not in _SUFFIXES or place.name.startswith(".") or around & _IGNORED_FOLDERS:
        return False
    if "lists" in around or place.stem.startswith("lists-"):
        return any(name in place.stem for name in _LISTS)
    return "likes" not in around or place.stem == "films"


def _starts_as_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_ZIP)) == _ZIP


def _content(path: Path) -> bytes:
    if path.stat().st_size > _MOST_BYTES:
        raise DataError(f"{path.stat().st_size:,} bytes; expected at most {_MOST_BYTES:,} of a diary", path)
    return path.read_bytes()
