"""From nothing to recommendations, as `make demo` does it: real download, real fits, real evaluation."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

MAIN = [sys.executable, "-c", "from matinee.cli.app import main; main()"]


def matinee(*arguments: str, folder: Path) -> str:
    """Run a command in `folder` with its own cache; what it printed."""
    environment = {"MATINEE_DATA": str(folder / "data"), "PATH": "/usr/bin:/bin", "COLUMNS": "120"}
    done = subprocess.run([*MAIN, *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.network
def test_the_demo_then_a_life_of_its_own(tmp_path: Path) -> None:
    start = time.monotonic()
    printed = matinee("demo", "--no-serve", folder=tmp_path)
    assert time.monotonic() - start < 120

    report = json.loads((tmp_path / "demo" / "report.json").read_text())
    ndcg = {model["name"]: model["metrics"]["ndcg@10"] for model in report["models"]}
    assert list(ndcg) == ["random", "popularity", "item_cf", "ease", "slist", "blend"]
    values = [ndcg[name]["value"] for name in ndcg]
    assert values == sorted(values)  # on this data each is better than the one before
    assert all(figure["low"] < figure["value"] < figure["high"] for figure in ndcg.values())
    assert report["protocol"]["movies"] == 1682
    assert (tmp_path / "demo" / "report.html").stat().st_size > 10_000

    listed = printed[printed.index("Recommended by blend") :]
    assert listed.count("because you liked") == 10
    assert "directed by" in listed or "with " in listed  # the film table is joined

    # The run goes on without the demo: for a known user, for anybody, for a movie.
    matinee("recommend", "--run", "demo/run", "--user", "1", "--json", "user.json", folder=tmp_path)
    assert len(json.loads((tmp_path / "user.json").read_text())) == 10
    likes = ["--like", "star wars", "--like", "Empire Strikes Back, The (1980)"]
    matinee("recommend", "--run", "demo/run", *likes, "--json", "anybody.json", folder=tmp_path)
    assert "Return of the Jedi" in {movie["title"] for movie in json.loads((tmp_path / "anybody.json").read_text())}
    alike = matinee("similar", "aladin", "--run", "demo/run", folder=tmp_path)
    assert "The Lion King" in alike
