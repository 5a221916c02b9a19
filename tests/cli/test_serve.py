"""`matinee serve` as people run it: a process of its own, asked over the network of this machine."""

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from matinee.data.readers.plain_writing import write_plain
from matinee.models.registry import make
from matinee.models.runs import save_run
from tests.datasets import checkerboard

_COMMAND = "import typer; from matinee.cli.serve import serve; app = typer.Typer(); app.command()(serve); app()"


@pytest.fixture
def run(tmp_path: Path) -> Path:
    data = checkerboard()
    write_plain(data, tmp_path / "films")
    save_run(tmp_path / "run", make("ease", ridge=5).fit(data), data, tmp_path / "films")
    return tmp_path / "run"


@contextmanager
def serving(folder: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process, and the address that it says."""
    process = subprocess.Popen(
        [sys.executable, "-c", _COMMAND, *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+", said)
        assert found, said + (process.stderr.read() if process.stderr else "")
        yield process, found[0]
    finally:
        process.kill()
        process.communicate()


@pytest.mark.slow
def test_a_rating_outlives_the_process_and_is_in_the_next_list(run: Path, tmp_path: Path) -> None:
    arguments = ("--run", str(run), "--port", "0", "--database", "mine.db")
    with serving(tmp_path, *arguments) as (process, address), httpx.Client(base_url=f"{address}/api/v1") as client:
        assert client.get("/ready").json()["model"] == "ease"
        number = client.post("/profiles", json={"name": "Ann"}).json()["id"]
        client.headers["X-Matinee-Profile"] = str(number)
        client.put("/ratings/100", json={"stars": 5}).raise_for_status()
        assert all(int(one["movie_id"]) % 2 == 0 for one in client.get("/recommendations?k=3").json()["items"])
        process.kill()
    with serving(tmp_path, *arguments) as (process, address), httpx.Client(base_url=f"{address}/api/v1") as client:
        client.headers["X-Matinee-Profile"] = str(number)
        assert [one["movie_id"] for one in client.get("/ratings").json()["items"]] == ["100"]
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=20)
        assert process.returncode == 0
        lines = [line for line in told.splitlines() if line]
        assert lines[-1] == "matinee: closed; what was said is kept"
        assert [json.loads(line)["event"] for line in lines[:-1]] == ["serving", "answered"]


@pytest.mark.slow
def test_what_cannot_be_served_is_told_before_anything_listens(run: Path, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        wrong = {
            (
                "--run",
                str(run),
                "--host",
                "0.0.0.0",
            ): "expected --host 127.0.0.1, or --accounts and a secret in MATINEE_SERVE_ADMIN_TOKEN",
            ("--run", str(tmp_path / "none"), "--port", "0"): "not a run; expected a folder written by 'matinee train'",
            ("--run", str(run), "--port", str(taken.getsockname()[1])): "expected a free port",
            (): "setting 'run' is missing; expected --run",
        }
        for arguments, said in wrong.items():
            ended = subprocess.run(
                [sys.executable, "-c", _COMMAND, *arguments], cwd=tmp_path, capture_output=True, text=True, timeout=60
            )
            assert ended.returncode == 1  # `matinee` itself makes 2 of it, and one line
            assert said in " ".join(ended.stderr.replace("│", " ").split()), arguments
    assert not list(tmp_path.glob("*.db"))
