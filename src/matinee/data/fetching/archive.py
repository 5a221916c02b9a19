"""Unpacking archives from elsewhere: nothing outside the target, only plain files, all or nothing."""

import lzma
import os
import re
import shutil
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from matinee.errors import DownloadError
from matinee.progress import track

MOST_FILES = 1_000  # MovieLens archives hold about ten; a bomb may also consist of a million empty files

# What zipfile and the decompressors raise on a damaged or exotic archive.
_UNREADABLE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, ValueError)


def unpack(archive: Path, target: Path, layouts: Sequence[Sequence[str]], most_bytes: int) -> None:
    """Unpack a zip into the new folder `target`, which appears whole or not at all.

    A folder that holds everything in the archive is left out: `ml-1m/ratings.dat` becomes
    `target/ratings.dat`. Raises DownloadError, having written nothing, if the archive is damaged, does not
    hold all files of one of the `layouts`, is larger than `most_bytes` when unpacked, or holds a path that
    leads outside, a link or a device; OSError if `target` cannot be written.
    """
    with _opened(archive) as opened:
        files = [member for member in opened.infolist() if not member.is_dir()]
        _refuse_unsafe(files, archive.name, most_bytes)
        skip = 1 if _in_one_folder(files) else 0
        places = [PurePosixPath(*PurePosixPath(member.filename).parts[skip:]) for member in files]
        there = {str(place) for place in places}
        if not any(there.issuperset(names) for names in layouts):
            raise DownloadError(f"{archive.name}: expected {either(layouts)} in it; nothing was unpacked")
        if len(there) < len(places):
            raise DownloadError(f"{archive.name}: holds two files of one name; nothing was unpacked")
        _extract(opened, files, places, target)


def take(archive: Path, wanted: Sequence[str], target: Path, most_bytes: int) -> None:
    """Take only the `wanted` members out of a zip, by their last name, into the new folder `target`.

    As safe as `unpack`, and with the same errors.
    """
    with _opened(archive) as opened:
        there = {member.filename: member for member in opened.infolist()}
        if not there.keys() >= set(wanted):
            raise DownloadError(f"{archive.name}: expected {either([wanted])} in it; nothing was unpacked")
        files = [there[name] for name in wanted]
        _refuse_unsafe(files, archive.name, most_bytes)
        _extract(opened, files, [PurePosixPath(PurePosixPath(name).name) for name in wanted], target)


def either(layouts: Sequence[Sequence[str]]) -> str:
    """Layouts in words: `"u.data, u.item or ratings.csv, movies.csv"`."""
    return " or ".join(", ".join(names) for names in layouts)


@contextmanager
def _opened(archive: Path) -> Generator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(archive) as opened:
            yield opened
    except _UNREADABLE as error:
        raise DownloadError(f"{archive.name}: not a readable zip archive ({error}); nothing was unpacked") from error


def _refuse_unsafe(files: Sequence[zipfile.ZipInfo], archive: str, most_bytes: int) -> None:
    # The declared sizes can be relied on: zipfile stops reading a member at its declared size.
    total = sum(member.file_size for member in files)
    if total > most_bytes or len(files) > MOST_FILES:
        raise DownloadError(
            f"{archive}: would unpack to {total:,} bytes in {len(files):,} files, "
            f"expected at most {most_bytes:,} bytes in {MOST_FILES:,}; nothing was unpacked"
        )
    for member in files:
        name = member.filename
        parts = PurePosixPath(name).parts
        if not parts or name.startswith("/") or "\\" in name or ".." in parts or re.match("[A-Za-z]:", name):
            raise DownloadError(f"{archive}: {name!r} leads outside its folder; nothing was unpacked")
        # The upper half holds the Unix mode, 0 where the archive was made elsewhere.
        if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG):
            raise DownloadError(f"{archive}: {name!r} is not an ordinary file; nothing was unpacked")


def _extract(
    opened: zipfile.ZipFile, files: Sequence[zipfile.ZipInfo], places: Sequence[PurePosixPath], target: Path
) -> None:
    with _appearing(target) as folder:
        for member, place in track(list(zip(files, places, strict=True)), f"Unpacking {target.name}"):
            path = folder / place
            path.parent.mkdir(parents=True, exist_ok=True)
            with opened.open(member) as packed, path.open("xb") as unpacked:
                shutil.copyfileobj(packed, unpacked)
                unpacked.flush()
                os.fsync(unpacked.fileno())


def _in_one_folder(files: Sequence[zipfile.ZipInfo]) -> bool:
    parts = [PurePosixPath(member.filename).parts for member in files]
    return len({part[0] for part in parts}) == 1 and all(len(part) > 1 for part in parts)


@contextmanager
def _appearing(target: Path) -> Generator[Path]:
    """A folder to fill; renamed to `target` if the block succeeds, removed if it does not."""
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as temporary:
        # One level down, because the temporary folder itself can be read by its owner only.
        folder = Path(temporary, target.name)
        folder.mkdir()
        yield folder
        folder.rename(target)
