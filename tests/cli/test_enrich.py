import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from matinee.data.fetching import tmdb as tmdb_module
from matinee.data.fetching.rate_limited_client import RetryPolicy
from matinee.data.readers.formats import read_dataset
from matinee.data.readers.dataset_writer import write_dataset
from tests.cli.conftest import Cli
from tests.data.fetching.enriched_data import rated_dataset, add_movies_to_server
from tests.data.fetching.tmdb_server import KEY, TOKEN, TmdbServer, tmdb_movie, serve_tmdb

ATTRIBUTION = "This product uses the TMDB API but is not endorsed or certified by TMDB"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[TmdbServer]:
    """TMDB on this machine, in the place of the real one."""
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setenv("MATINEE_DATA", str(tmp_path / "kept"))
    monkeypatch.setenv("TMDB_API_KEY", KEY)
    with serve_tmdb() as running:
        add_movies_to_server(running, rated_dataset())
        asked = tmdb_module.Tmdb.__init__
        quick = RetryPolicy(rate=500, attempts=2, timeout=1, backoff=0.01)

        def here(self: tmdb_module.Tmdb, key, cache) -> None:
            asked(self, key, cache, quick, running.address, running.address)

        monkeypatch.setattr(tmdb_module.Tmdb, "__init__", here)
        yield running


@pytest.fixture
def films(tmp_path: Path) -> Path:
    write_dataset(rated_dataset(), tmp_path / "films")
    return tmp_path / "films"


def test_the_folder_has_facts_and_posters(cli: Cli, server: TmdbServer, films: Path) -> None:
    del server.movies[505]
    server.add(tmdb_movie(700, "Distant Voices 6", "1986-08-08"))
    shown = cli("data", "enrich", "--data", films, "--out", "rich", "--json", "report.json")
    assert shown.code == 0, shown.err
    dataset, findings = read_dataset("rich")
    assert dataset.fingerprint == read_dataset(films)[0].fingerprint
    assert not [one for one in findings if one.severity == "warning"]
    assert dataset.movies["director"].to_list()[0] == ["Director of Distant Voices 0"]
    assert len(list(Path("rich/posters").glob("*.jpg"))) == 10
    assert ATTRIBUTION in shown.out
    assert "Distant Voices 5 (1985)" in shown.out
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
def test_the_key_is_written_nowhere(cli: Cli, server: TmdbServer, films: Path, tmp_path: Path, key: str) -> None:
    (tmp_path / "key").write_text(key)
    server.faults["/3/movie/503"] = ["500", "cut"]
    shown = cli("data", "enrich", "--data", films, "--out", "rich", "--key-file", "key", "--json", "report.json")
    assert shown.code == 0, shown.err
    (tmp_path / "key").unlink()
    assert "/3/movie/503" in shown.err
    assert "Run it again" in shown.err
    assert key not in shown.out + shown.err
    assert not [file for file in tmp_path.rglob("*") if file.is_file() and key.encode() in file.read_bytes()]


def test_a_wrong_key_is_one_line_and_nothing_is_written(
    cli: Cli, server: TmdbServer, films: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMDB_API_KEY", "f" * 32)
    before = sorted(tmp_path.rglob("*"))
    shown = cli("data", "enrich", "--data", films, "--out", "rich")
    assert shown.code == 2
    assert len(shown.err.splitlines()) == 1
    assert "TMDB refused the key" in shown.err
    assert "f" * 32 not in shown.err
    assert sorted(tmp_path.rglob("*")) == before


def test_a_second_run_asks_nothing(cli: Cli, server: TmdbServer, films: Path) -> None:
    assert cli("data", "enrich", "--data", films, "--out", "one").code == 0
    server.requests.clear()
    assert cli("data", "enrich", "--data", films, "--out", "two").code == 0
    assert server.requests == []
    assert read_dataset("one")[0].movies.equals(read_dataset("two")[0].movies)


def test_only_facts_and_only_some(cli: Cli, server: TmdbServer, films: Path) -> None:
    shown = cli("data", "enrich", "--data", films, "--out", "rich", "--no-posters", "--limit", 3)
    assert shown.code == 0, shown.err
    assert "posters" not in shown.out
    assert read_dataset("rich")[0].movies["tmdb_id"].drop_nulls().len() == 3
    assert not Path("rich/posters").exists()


def test_what_cannot_be_used_is_told_in_one_line_before_anything_is_asked(
    cli: Cli, server: TmdbServer, films: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("there").mkdir()
    Path("empty").write_text("")
    Path("tmdb.csv").write_text("id,title,genres\n1,Heat,Crime\n")
    for arguments, said in (
        (("--data", films, "--out", "there"), "there: exists already"),
        (("--data", "nowhere", "--out", "rich"), "nowhere: no such file or folder"),
        (("--data", "tmdb.csv", "--out", "rich"), "tmdb.csv: holds nobody's ratings"),
        (("--data", films, "--out", "rich", "--key-file", "empty"), "empty: 0 characters that are no key to TMDB"),
    ):
        shown = cli("data", "enrich", *arguments)
        assert (shown.code, shown.out) == (2, "")
        assert said in shown.err
        assert len(shown.err.splitlines()) == 1
    monkeypatch.delenv("TMDB_API_KEY")
    assert "no key to TMDB" in cli("data", "enrich", "--data", films, "--out", "rich").err
    assert server.requests == []
    assert not Path("rich").exists()


def test_a_server_that_is_down_ends_with_our_code_and_keeps_what_there_was(
    cli: Cli, server: TmdbServer, films: Path
) -> None:
    server.faults[""] = [""] * 6 + ["503"] * 100
    shown = cli("data", "enrich", "--data", films, "--out", "rich")
    assert shown.code == 1
    assert len(shown.err.splitlines()) == 1
    assert "what was answered is kept" in shown.err
    assert not Path("rich").exists()
    server.faults.clear()
    assert cli("data", "enrich", "--data", films, "--out", "rich").code == 0
