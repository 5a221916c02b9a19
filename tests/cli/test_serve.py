"""`matinee serve` in a separate process, with requests over the local network."""

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

from matinee.data.readers.dataset_writer import write_dataset
from matinee.models.registry import make
from matinee.models.runs import save_run
from tests.datasets import checkerboard

_COMMAND = "import typer; from matinee.cli.serve import serve; app = typer.Typer(); app.command()(serve); app()"


@pytest.fixture
def run(tmp_path: Path) -> Path:
    data = checkerboard()
    write_dataset(data, tmp_path / "data")
    save_run(tmp_path / "run", make("ease", reg=5).fit(data), data, tmp_path / "data")
    return tmp_path / "run"


@contextmanager
def serving(folder: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the service. Yields the process and its address."""
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
        line = process.stdout.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert address, line + (process.stderr.read() if process.stderr else "")
        yield process, address[0]
    finally:
        process.kill()
        process.communicate()


@pytest.mark.slow
def test_ratings_survive_a_restart(run: Path, tmp_path: Path) -> None:
    arguments = ("--run", str(run), "--port", "0", "--database", "mine.db")
    with serving(tmp_path, *arguments) as (process, address), httpx.Client(base_url=f"{address}/api/v1") as client:
        assert client.get("/ready").json()["model"] == "ease"
        number = client.post("/profiles", json={"name": "Ann"}).json()["id"]
        client.headers["X-Matinee-Profile"] = str(number)
        client.put("/ratings/100", json={"rating": 5}).raise_for_status()
        assert all(int(movie["movie_id"]) % 2 == 0 for movie in client.get("/recommendations?k=3").json()["items"])
        process.kill()
    with serving(tmp_path, *arguments) as (process, address), httpx.Client(base_url=f"{address}/api/v1") as client:
        client.headers["X-Matinee-Profile"] = str(number)
        assert [movie["movie_id"] for movie in client.get("/ratings").json()["items"]] == ["100"]
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
        assert process.returncode == 0
        lines = [line for line in errors.splitlines() if line]
        assert lines[-1] == "matinee: stopped. All ratings are saved."
        assert [json.loads(line)["event"] for line in lines[:-1]] == ["serving", "request"]


@pytest.mark.slow
def test_invalid_settings_are_refused_before_the_service_starts(run: Path, tmp_path: Path) -> None:
    with socket.socket() as used_socket:
        used_socket.bind(("127.0.0.1", 0))
        used_socket.listen()
        invalid = {
            (
                "--run",
                str(run),
                "--host",
                "0.0.0.0",
            ): "Use --host 127.0.0.1, or --accounts and a secret in MATINEE_SERVE_ADMIN_TOKEN.",
            ("--run", str(tmp_path / "none"), "--port", "0"): "is not a run. Use a folder written by 'matinee train'.",
            ("--run", str(run), "--port", str(used_socket.getsockname()[1])): "Use a free port",
            (): "The setting 'run' is missing. Set --run",
        }
        for arguments, line in invalid.items():
            process = subprocess.run(
                [sys.executable, "-c", _COMMAND, *arguments], cwd=tmp_path, capture_output=True, text=True, timeout=60
            )
            assert process.returncode == 1  # `matinee` itself makes 2 of it, and one line
            assert line in " ".join(process.stderr.replace("│", " ").split()), arguments
    assert not list(tmp_path.glob("*.db"))
