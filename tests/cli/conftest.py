"""The command line in this process, and a folder with a small dataset."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from matinee.cli.app import main
from matinee.cli.console import out
from matinee.data.readers.dataset_writer import write_dataset
from tests.datasets import checkerboard


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str


Cli = Callable[..., Outcome]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Cli:
    """`cli("train", "ease", "--data", folder)` returns the exit code and the output. It runs in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(out, "_width", 160)  # independent of the terminal

    def run(*arguments: object) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["matinee", *map(str, arguments)])
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as stopped:
            code = int(stopped.code or 0)
        printed = capsys.readouterr()
        return Outcome(code, printed.out, printed.err)

    return run


@pytest.fixture
def dataset_folder(tmp_path: Path) -> Path:
    """A folder with a small dataset whose right answers are clear."""
    folder = tmp_path / "data"
    write_dataset(checkerboard(), folder)
    return folder
