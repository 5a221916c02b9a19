"""The command line run in this process, and a small data folder to run it on."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from matinee.cli.app import main
from matinee.cli.console import out
from matinee.data.readers.plain_writing import write_plain
from tests.datasets import checkerboard


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str


Cli = Callable[..., Outcome]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Cli:
    """`cli("train", "ease", "--data", folder)` -> exit code and what was printed; works in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(out, "_width", 160)  # whatever terminal, or none, the tests run in

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
def films(tmp_path: Path) -> Path:
    """A plain folder with a small dataset whose right answers are known."""
    folder = tmp_path / "films"
    write_plain(checkerboard(), folder)
    return folder
