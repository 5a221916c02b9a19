"""`make demo` with a real download, real fits and a real evaluation, then other commands on its run."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

MAIN = [sys.executable, "-c", "from matinee.cli.app import main; main()"]


def matinee(*arguments: str, folder: Path) -> str:
    """Run a command in `folder` with a cache of its own. Returns its output."""
    environment = {"MATINEE_DATA": str(folder / "data"), "PATH": "/usr/bin:/bin", "COLUMNS": "120"}
    process = subprocess.run(
        [*MAIN, *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=280
    )
    assert process.returncode == 0, process.stderr
    return process.stdout


@pytest.mark.slow
@pytest.mark.network
def test_the_demo_leaves_a_report_and_a_usable_run(tmp_path: Path) -> None:
    start = time.monotonic()
    output = matinee("demo", "--no-serve", folder=tmp_path)
    assert time.monotonic() - start < 120

    report = json.loads((tmp_path / "demo" / "report.json").read_text())
    ndcg = {model["name"]: model["metrics"]["ndcg@10"] for model in report["models"]}
    assert list(ndcg) == ["random", "popularity", "item_cf", "ease", "slist", "blend"]
    values = [ndcg[name]["value"] for name in ndcg]
    assert values == sorted(values)  # each model is better than the one before
    assert all(figure["low"] < figure["value"] < figure["high"] for figure in ndcg.values())
    assert report["protocol"]["movies"] == 1682
    assert (tmp_path / "demo" / "report.html").stat().st_size > 10_000

    recommended = output[output.index("Recommended by blend") :]
    assert recommended.count("because you liked") == 10
    assert "directed by" in recommended or "with " in recommended  # the film table is joined

    # The run works without the demo: for a known user, for a new one, for a movie.
    matinee("recommend", "--run", "demo/run", "--user", "1", "--json", "user.json", folder=tmp_path)
    assert len(json.loads((tmp_path / "user.json").read_text())) == 10
    likes = ["--like", "star wars", "--like", "Empire Strikes Back, The (1980)"]
    matinee("recommend", "--run", "demo/run", *likes, "--json", "new_user.json", folder=tmp_path)
    assert "Return of the Jedi" in {movie["title"] for movie in json.loads((tmp_path / "new_user.json").read_text())}
    similar = matinee("similar", "aladin", "--run", "demo/run", folder=tmp_path)
    assert "The Lion King" in similar
