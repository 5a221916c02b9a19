import subprocess
import sys
from pathlib import Path

import pytest

import matinee
from tests.cli.conftest import Cli
from tests.data.readers.broken_inputs import BROKEN_INPUTS, BrokenInput


def test_help_lists_the_commands_and_version_is_printed(cli: Cli) -> None:
    outcome = cli("--help")
    assert outcome.code == 0
    assert all(name in outcome.out for name in ("demo", "data", "train", "evaluate", "recommend", "why", "similar"))
    assert cli("--version").out.strip() == f"matinee {matinee.__version__}"


@pytest.mark.parametrize(
    "command", ["demo", "train", "evaluate", "recommend", "why", "similar", "data", "data get", "data inspect"]
)
def test_every_command_has_help(cli: Cli, command: str) -> None:
    outcome = cli(*command.split(), "--help")
    assert outcome.code == 0
    assert len(outcome.out) > 200


def test_help_loads_nothing_heavy() -> None:
    """These modules would make `--help` slower than half a second."""
    heavy = {"numpy", "scipy", "polars", "torch", "rapidfuzz", "pydantic"}
    code = f"import sys, matinee.cli.app; print(*({heavy!r} & sys.modules.keys()))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded.split() == []


@pytest.mark.parametrize("broken", BROKEN_INPUTS, ids=lambda broken_input: broken_input.name)
def test_broken_input_gets_one_line_and_exit_code_2(cli: Cli, broken: BrokenInput, tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    folder.mkdir()
    outcome = cli("data", "inspect", broken.make(folder))
    assert outcome.code == 2
    assert outcome.out == ""
    assert outcome.err.count("\n") == 1
    assert outcome.err.startswith("matinee: ")
    assert all(fragment in outcome.err for fragment in broken.expected)
    assert "Traceback" not in outcome.err


WRONG_COMMANDS = [
    (["evaluate", "eese", "--data", "data"], ["'eese'", "Did you mean 'ease'", "slist"]),
    (
        ["evaluate", "ease", "--data", "data", "--split", "leave-two"],
        ["'leave-two'", "leave-last", "time:0.9"],
    ),
    (["evaluate", "ease", "--data", "data", "--split", "random:2"], ["random:2", "between 0 and 1"]),
    (["evaluate", "ease", "--data", "data", "--split", "time:1950-01-01"], ["1950-01-01", "2001-09-09"]),
    (["evaluate", "ease", "--data", "data", "--split", "files"], ["ratings_train"]),
    (["evaluate", "ease", "--data", "data", "--k", "ten"], ["--k ten", "10,20,50"]),
    (["evaluate", "ease", "--data", "data", "--k", "10,20,50"], ["12 movies", "50"]),
    (["evaluate", "ease", "--data", "nowhere"], ["nowhere", "no such file or folder"]),
    (
        ["train", "ease", "--data", "data", "--out", "run", "--set", "rigde=3"],
        ["'rigde'", "reg", "half_life"],
    ),
    (["train", "ease", "--data", "data", "--out", "run", "--set", "reg=heavy"], ["reg='heavy'"]),
    (
        ["train", "ease", "--data", "data", "--out", "run", "--set", "reg=-1"],
        ["reg=-1", "greater than 0"],
    ),
    (["train", "ease", "--data", "data", "--out", "run", "--set", "reg"], ["--set reg", "key=value"]),
    (["train", "ease", "--data", "data", "--out", "run", "--config", "none.toml"], ["none.toml"]),
    (["train", "ease", "--data", "data", "--out", "run", "--config", "data/matinee.toml"], ["scale", "[settings]"]),
    (["recommend", "--run", "data", "--like", "Movie 100"], ["data", "not a run"]),
    (["recommend", "--run", "data"], ["data", "not a run"]),
    (["why", "Movie 100", "--run", "data", "--user", "1000"], ["data", "not a run"]),
    (["similar", "Movie 100", "--run", "nowhere"], ["nowhere", "not a run"]),
    (["data", "get", "ml-100m"], ["ml-100m", "ml-100k"]),
]


@pytest.mark.parametrize(("arguments", "expected"), WRONG_COMMANDS, ids=lambda value: " ".join(value))
def test_a_wrong_command_gets_one_line_and_leaves_nothing(
    cli: Cli, dataset_folder: Path, tmp_path: Path, arguments: list[str], expected: list[str]
) -> None:
    outcome = cli(*arguments)
    assert outcome.code == 2
    assert outcome.err.count("\n") == 1, outcome.err
    assert all(fragment in outcome.err for fragment in expected), outcome.err
    assert [path.name for path in tmp_path.iterdir()] == ["data"]
