import hashlib
import importlib.util
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from matinee.data.fetching.sources import Wheel
from matinee.data.fetching.wheels import fetch_wheel
from matinee.errors import DownloadError

METADATA = {
    "tiny_data-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: tiny-data\nVersion: 1.0\n",
    "tiny_data-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    "tiny_data-1.0.dist-info/RECORD": "",
}

needs_pip = pytest.mark.skipif(importlib.util.find_spec("pip") is None, reason="pip is not installed here")


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the only package index that pip uses."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def put_wheel(folder: Path, files: dict[str, str]) -> str:
    """Put tiny-data 1.0 into the index and return its SHA-256."""
    path = folder / "tiny_data-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for name, content in (METADATA | files).items():
            wheel.writestr(name, content)
    return hashlib.sha256(path.read_bytes()).hexdigest()


@needs_pip
def test_fetches_a_wheel_and_checks_its_sha256(index, tmp_path):
    digest = put_wheel(index, {"tiny_data/u.data": "1"})
    folder = tmp_path / "into"
    path = fetch_wheel(Wheel("tiny-data==1.0", digest, ("tiny_data/u.data",)), folder)
    assert path.parent == folder
    assert hashlib.sha256(path.read_bytes()).hexdigest() == digest
    with pytest.raises(DownloadError, match=f"wrong SHA-256 {digest}, expected 000"):
        fetch_wheel(Wheel("tiny-data==1.0", "0" * 64, ()), folder)


@needs_pip
def test_a_missing_package_is_reported_in_one_line(index, tmp_path):
    with pytest.raises(DownloadError, match=r"^pip download tiny-data==1\.0 failed \(.+\)$"):
        fetch_wheel(Wheel("tiny-data==1.0", "0" * 64, ()), tmp_path / "into")


def test_the_package_is_never_built_or_installed(tmp_path, monkeypatch):
    commands = []

    def no_pip(command, **_):
        commands.append(command)
        return subprocess.CompletedProcess(command, 1, "", "/usr/bin/python: No module named pip\n")

    monkeypatch.setattr(subprocess, "run", no_pip)
    with pytest.raises(DownloadError, match=r"failed \(/usr/bin/python: No module named pip\)"):
        fetch_wheel(Wheel("tiny-data==1.0", "0" * 64, ()), tmp_path)
    assert commands[0][:4] == [sys.executable, "-m", "pip", "download"]
    assert {"--no-deps", "--only-binary=:all:"} < set(commands[0])
