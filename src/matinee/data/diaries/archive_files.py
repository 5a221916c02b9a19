"""The files of an export: a single file, an unzipped folder, or the archive as downloaded."""

import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from matinee.data.fetching.archive import extract_files
from matinee.errors import DataError, DownloadError

_MAX_BYTES = 1 << 27  # 128 MB: a hundred times the diary of a user who sees two movies a day
_SUFFIXES = (".csv", ".json")
_SPREADSHEETS = (".xlsx", ".xls", ".ods", ".numbers")
_ZIP = b"PK\x03\x04"
# Deleted entries, their remains, and files that macOS adds.
_IGNORED_FOLDERS = {"deleted", "orphaned", "__macosx"}
_SUBFOLDERS = ("likes", "lists", "watched", "ratings")  # of exports
_LISTS = ("watchlist", "favorites", "favourites")  # lists with a known meaning


@dataclass(frozen=True)
class ArchiveFile:
    """One file of an export."""

    name: str  # inside the export, in small letters: "likes/films.csv"
    path: Path  # as shown in messages: that of the export, then its name inside
    data: bytes


def archive_files(path: Path) -> list[ArchiveFile]:
    """The tables and JSON files at `path`, by name, without those of deleted entries.

    Raises `DataError` if the path does not exist, cannot be opened, is damaged, too large, or leads outside.
    """
    try:
        if path.is_dir():
            return _of_folder(path)
        if not path.exists():
            raise DataError("no such file or folder", path)
        if path.suffix.lower() in _SPREADSHEETS:
            raise DataError("a spreadsheet. Save it as a CSV file.", path)
        if path.suffix.lower() == ".zip" or _starts_as_zip(path):
            return _of_archive(path)
        parts = path.parts[-2:] if path.parent.name.casefold() == "likes" else path.parts[-1:]
        return [ArchiveFile("/".join(parts).casefold(), path, _content(path))]
    except OSError as error:
        raise DataError(f"cannot be opened ({error.strerror or error})", path) from error


def _of_folder(folder: Path) -> list[ArchiveFile]:
    subfolders = [path for path in sorted(folder.iterdir()) if path.is_dir() and not path.name.startswith(".")]
    searched = [folder, *(path for path in subfolders if path.name.casefold() in _SUBFOLDERS)]
    files = [path for parent in searched for path in sorted(parent.iterdir()) if path.is_file()]
    names = _relevant([file.relative_to(folder).as_posix() for file in files])
    if not names and len(subfolders) == 1:
        return _of_folder(subfolders[0])
    return [ArchiveFile(name.casefold(), folder / name, _content(folder / name)) for name in names]


def _of_archive(archive: Path) -> list[ArchiveFile]:
    try:
        with zipfile.ZipFile(archive) as opened:
            names = _relevant(opened.namelist())
    except (zipfile.BadZipFile, ValueError, EOFError, RuntimeError) as error:
        raise DataError(f"not a readable zip archive ({error})", archive) from error
    flat = [PurePosixPath(name).name for name in names]
    duplicate = next((name for name in flat if flat.count(name) > 1), None)
    if duplicate is not None:
        raise DataError(f"holds {duplicate} several times. Use the archive of a single export.", archive)
    with tempfile.TemporaryDirectory() as temporary:
        target = Path(temporary, "members")
        try:
            extract_files(archive, names, target, _MAX_BYTES)
        except DownloadError as error:
            raise DataError(str(error).removeprefix(f"{archive.name}: "), archive) from error
        files = zip(names, flat, strict=True)
        return [ArchiveFile(name.casefold(), archive / name, (target / file).read_bytes()) for name, file in files]


def _relevant(names: Sequence[str]) -> list[str]:
    return sorted(name for name in names if _is_relevant(PurePosixPath(name.casefold())))


def _is_relevant(path: PurePosixPath) -> bool:
    folders = set(path.parts[:-1])
    if path.suffix not in _SUFFIXES or path.name.startswith(".") or folders & _IGNORED_FOLDERS:
        return False
    if "lists" in folders or path.stem.startswith("lists-"):
        return any(name in path.stem for name in _LISTS)
    return "likes" not in folders or path.stem == "films"


def _starts_as_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_ZIP)) == _ZIP


def _content(path: Path) -> bytes:
    if path.stat().st_size > _MAX_BYTES:
        raise DataError(f"too large with {path.stat().st_size:,} bytes; a diary has at most {_MAX_BYTES:,}", path)
    return path.read_bytes()
