import json
from pathlib import Path

from tests.cli.conftest import Cli


def test_inspect_shows_counts_and_problems(cli: Cli, dataset_folder: Path) -> None:
    outcome = cli("data", "inspect", dataset_folder, "--json", "summary.json")
    assert outcome.code == 0, outcome.err
    assert "40" in outcome.out
    assert "12 (12 with ratings)" in outcome.out
    assert "Ratings" in outcome.out
    assert json.loads(Path("summary.json").read_text())["users"] == 40


def test_inspect_shows_repairs(cli: Cli, dataset_folder: Path) -> None:
    folder = Path("csv")
    folder.mkdir()
    (folder / "ratings.csv").write_text("user_id,movie_id,rating,timestamp\n1,2,3,1000000000\n1,2,4,1000000001\n")
    outcome = cli("data", "inspect", folder)
    assert "warning" in outcome.out
    assert "latest" in outcome.out


def test_list_shows_every_source_with_its_licence(cli: Cli) -> None:
    outcome = cli("data", "list")
    assert all(name in outcome.out for name in ("ml-100k", "ml-1m", "ml-32m", "movie-table"))
    assert "CC0" in outcome.out
