import json
from pathlib import Path

from tests.cli.conftest import Cli


def test_inspect_shows_counts_and_findings(cli: Cli, films: Path) -> None:
    shown = cli("data", "inspect", films, "--json", "summary.json")
    assert shown.code == 0, shown.err
    assert "40" in shown.out
    assert "12 (12 with ratings)" in shown.out
    assert "How people rate" in shown.out
    assert json.loads(Path("summary.json").read_text())["users"] == 40


def test_inspect_tells_what_was_repaired(cli: Cli, films: Path) -> None:
    folder = Path("csv")
    folder.mkdir()
    (folder / "ratings.csv").write_text("user_id,movie_id,rating,timestamp\n1,2,3,1000000000\n1,2,4,1000000001\n")
    shown = cli("data", "inspect", folder)
    assert "warning" in shown.out
    assert "latest" in shown.out


def test_list_names_every_source_with_its_licence(cli: Cli) -> None:
    shown = cli("data", "list")
    assert all(name in shown.out for name in ("ml-100k", "ml-1m", "ml-32m", "films"))
    assert "CC0" in shown.out
