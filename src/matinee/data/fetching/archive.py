"""Unpacking downloaded archives: only ordinary files, only inside the target folder, all or nothing."""

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

MAX_FILES = 1_000  # MovieLens archives hold about ten; a zip bomb may consist of a million empty files

# Errors of zipfile and the decompressors on a damaged or unsupported archive.
_UNREADABLE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, ValueError)


def unpack_archive(archive: Path, target: Path, layouts: Sequence[Sequence[str]], max_bytes: int) -> None:
    """Unpack a zip file into the new folder `target`, all or nothing.

    A single folder around all files is dropped: `ml-1m/ratings.dat` becomes `target/ratings.dat`. Raises
    DownloadError, having written nothing, if the archive is damaged, does not hold all files of one of the `layouts`,
    is larger than `max_bytes` when unpacked, or holds a link, a device or a path outside its folder; OSError if
    `target` cannot be written.
    """
    with _opened(archive) as opened:
        files = [member for member in opened.infolist() if not member.is_dir()]
        _refuse_unsafe(files, archive.name, max_bytes)
        skip = 1 if _in_one_folder(files) else 0
        paths = [PurePosixPath(*PurePosixPath(member.filename).parts[skip:]) for member in files]
        names = {str(path) for path in paths}
        if not any(names.issuperset(layout) for layout in layouts):
            raise DownloadError(f"{archive.name}: does not hold {format_layouts(layouts)}; nothing was unpacked")
        if len(names) < len(paths):
            raise DownloadError(f"{archive.name}: holds two files with the same name; nothing was unpacked")
        _extract(opened, files, paths, target)


def extract_files(archive: Path, names: Sequence[str], target: Path, max_bytes: int) -> None:
    """Extract only the members `names` of a zip file into the new folder `target`, without their folders.

    As safe as `unpack_archive`, and with the same errors.
    """
    with _opened(archive) as opened:
        members = {member.filename: member for member in opened.infolist()}
        if not members.keys() >= set(names):
            raise DownloadError(f"{archive.name}: does not hold {format_layouts([names])}; nothing was unpacked")
        files = [members[name] for name in names]
        _refuse_unsafe(files, archive.name, max_bytes)
        _extract(opened, files, [PurePosixPath(PurePosixPath(name).name) for name in names], target)


def format_layouts(layouts: Sequence[Sequence[str]]) -> str:
    """The file names of layouts for a message: `"u.data, u.item or ratings.csv, movies.csv"`."""
    return " or ".join(", ".join(names) for names in layouts)


@contextmanager
def _opened(archive: Path) -> Generator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(archive) as opened:
            yield opened
    except _UNREADABLE as error:
        raise DownloadError(f"{archive.name}: not a readable zip archive ({error}); nothing was unpacked") from error


def _refuse_unsafe(files: Sequence[zipfile.ZipInfo], archive: str, max_bytes: int) -> None:
    # The declared sizes are reliable: zipfile stops reading a member at its declared size.
    total = sum(member.file_size for member in files)
    if total > max_bytes or len(files) > MAX_FILES:
        raise DownloadError(
            f"{archive}: would unpack to {total:,} bytes in {len(files):,} files, "
            f"more than {max_bytes:,} bytes or {MAX_FILES:,} files; nothing was unpacked"
        )
    for member in files:
        name = member.filename
        parts = PurePosixPath(name).parts
        if not parts or name.startswith("/") or "\\" in name or ".." in parts or re.match("[A-Za-z]:", name):
            raise DownloadError(f"{archive}: {name!r} leads outside its folder; nothing was unpacked")
        # The upper half holds the Unix mode, 0 if the archive was made on another system.
        if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG):
            raise DownloadError(f"{archive}: {name!r} is not an ordinary file; nothing was unpacked")


def _extract(
    opened: zipfile.ZipFile, files: Sequence[zipfile.ZipInfo], paths: Sequence[PurePosixPath], target: Path
) -> None:
    with _new_folder(target) as folder:
        for member, relative_path in track(list(zip(files, paths, strict=True)), f"Unpacking {target.name}"):
            path = folder / relative_path
            path.parent.mkdir(parents=True, exist_ok=True)
            with opened.open(member) as packed, path.open("xb") as unpacked:
                shutil.copyfileobj(packed, unpacked)
                unpacked.flush()
                os.fsync(unpacked.fileno())


def _in_one_folder(files: Sequence[zipfile.ZipInfo]) -> bool:
    parts = [PurePosixPath(member.filename).parts for member in files]
    return len({part[0] for part in parts}) == 1 and all(len(part) > 1 for part in parts)


@contextmanager
def _new_folder(target: Path) -> Generator[Path]:
    """A temporary folder, renamed to `target` if the block succeeds and removed if it does not."""
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as temporary:
        # One level down, because only its owner can read the temporary folder itself.
        folder = Path(temporary, target.name)
        folder.mkdir()
        yield folder
        folder.rename(target)
