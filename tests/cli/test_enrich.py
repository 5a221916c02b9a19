import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from matinee.data.fetching import tmdb as tmdb_module
from matinee.data.fetching.rate_limited_client import RetryPolicy
from matinee.data.readers.dataset_writer import write_dataset
from matinee.data.readers.formats import read_dataset
from tests.cli.conftest import Cli
from tests.data.fetching.enriched_data import add_movies_to_server, rated_dataset
from tests.data.fetching.tmdb_server import KEY, TOKEN, TmdbServer, serve_tmdb, tmdb_movie

ATTRIBUTION = "This product uses the TMDB API but is not endorsed or certified by TMDB"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[TmdbServer]:
    """A local server instead of TMDB."""
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setenv("MATINEE_DATA", str(tmp_path / "cache"))
    monkeypatch.setenv("TMDB_API_KEY", KEY)
    with serve_tmdb() as tmdb:
        add_movies_to_server(tmdb, rated_dataset())
        real_init = tmdb_module.Tmdb.__init__
        fast_policy = RetryPolicy(rate=500, attempts=2, timeout=1, backoff=0.01)

        def local_init(self: tmdb_module.Tmdb, key, cache) -> None:
            real_init(self, key, cache, fast_policy, tmdb.address, tmdb.address)

        monkeypatch.setattr(tmdb_module.Tmdb, "__init__", local_init)
        yield tmdb


@pytest.fixture
def dataset_folder(tmp_path: Path) -> Path:
    write_dataset(rated_dataset(), tmp_path / "data")
    return tmp_path / "data"


def test_the_folder_has_facts_and_posters(cli: Cli, server: TmdbServer, dataset_folder: Path) -> None:
    del server.movies[505]
    server.add(tmdb_movie(700, "Distant Voices 6", "1986-08-08"))
    outcome = cli("data", "enrich", "--data", dataset_folder, "--out", "rich", "--json", "report.json")
    assert outcome.code == 0, outcome.err
    dataset, issues = read_dataset("rich")
    assert dataset.fingerprint == read_dataset(dataset_folder)[0].fingerprint
    assert not [issue for issue in issues if issue.severity == "warning"]
    assert dataset.movies["director"].to_list()[0] == ["Director of Distant Voices 0"]
    assert len(list(Path("rich/posters").glob("*.jpg"))) == 10
    assert ATTRIBUTION in outcome.out
    assert "Distant Voices 5 (1985)" in outcome.out
    report = json.loads(Path("report.json").read_text())
    assert report["movies"] == {
        "same id": 0,
        "same title and year": 10,
        "ambiguous": 1,
        "missed": 1,
        "failed": 0,
    }
    assert report["names"]["ambiguous"] == ["Distant Voices 6 (1986)"]
    assert (report["posters"], report["attribution"]) == (10, ATTRIBUTION)


@pytest.mark.parametrize("key", [KEY, TOKEN])
def test_the_key_is_written_nowhere(
    cli: Cli, server: TmdbServer, dataset_folder: Path, tmp_path: Path, key: str
) -> None:
    (tmp_path / "key").write_text(key)
    server.faults["/3/movie/503"] = ["500", "cut"]
    outcome = cli(
        "data", "enrich", "--data", dataset_folder, "--out", "rich", "--key-file", "key", "--json", "report.json"
    )
    assert outcome.code == 0, outcome.err
    (tmp_path / "key").unlink()
    assert "/3/movie/503" in outcome.err
    assert "Run the command again" in outcome.err
    assert key not in outcome.out + outcome.err
    assert not [file for file in tmp_path.rglob("*") if file.is_file() and key.encode() in file.read_bytes()]


def test_a_wrong_key_gives_one_line_and_writes_nothing(
    cli: Cli, server: TmdbServer, dataset_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMDB_API_KEY", "f" * 32)
    before = sorted(tmp_path.rglob("*"))
    outcome = cli("data", "enrich", "--data", dataset_folder, "--out", "rich")
    assert outcome.code == 2
    assert len(outcome.err.splitlines()) == 1
    assert "TMDB refused the key" in outcome.err
    assert "f" * 32 not in outcome.err
    assert sorted(tmp_path.rglob("*")) == before


def test_a_second_run_makes_no_requests(cli: Cli, server: TmdbServer, dataset_folder: Path) -> None:
    assert cli("data", "enrich", "--data", dataset_folder, "--out", "first").code == 0
    server.requests.clear()
    assert cli("data", "enrich", "--data", dataset_folder, "--out", "second").code == 0
    assert server.requests == []
    assert read_dataset("first")[0].movies.equals(read_dataset("second")[0].movies)


def test_posters_and_movies_can_be_limited(cli: Cli, server: TmdbServer, dataset_folder: Path) -> None:
    outcome = cli("data", "enrich", "--data", dataset_folder, "--out", "rich", "--no-posters", "--limit", 3)
    assert outcome.code == 0, outcome.err
    assert "posters" not in outcome.out
    assert read_dataset("rich")[0].movies["tmdb_id"].drop_nulls().len() == 3
    assert not Path("rich/posters").exists()


def test_unusable_input_gives_one_line_before_any_request(
    cli: Cli, server: TmdbServer, dataset_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("existing").mkdir()
    Path("empty").write_text("")
    Path("tmdb.csv").write_text("id,title,genres\n1,Heat,Crime\n")
    for arguments, message in (
        (("--data", dataset_folder, "--out", "existing"), "existing: already exists"),
        (("--data", "nowhere", "--out", "rich"), "nowhere: no such file or folder"),
        (("--data", "tmdb.csv", "--out", "rich"), "tmdb.csv: no ratings"),
        (
            ("--data", dataset_folder, "--out", "rich", "--key-file", "empty"),
            "empty: 0 characters that are not a key to TMDB",
        ),
    ):
        outcome = cli("data", "enrich", *arguments)
        assert (outcome.code, outcome.out) == (2, "")
        assert message in outcome.err
        assert len(outcome.err.splitlines()) == 1
    monkeypatch.delenv("TMDB_API_KEY")
    assert "No key to TMDB" in cli("data", "enrich", "--data", dataset_folder, "--out", "rich").err
    assert server.requests == []
    assert not Path("rich").exists()


def test_a_server_that_is_down_gives_exit_code_1(cli: Cli, server: TmdbServer, dataset_folder: Path) -> None:
    server.faults[""] = [""] * 6 + ["503"] * 100
    outcome = cli("data", "enrich", "--data", dataset_folder, "--out", "rich")
    assert outcome.code == 1
    assert len(outcome.err.splitlines()) == 1
    assert "All responses so far are kept" in outcome.err
    assert not Path("rich").exists()
    server.faults.clear()
    assert cli("data", "enrich", "--data", dataset_folder, "--out", "rich").code == 0
