import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from matinee.data.fetching.enrichment import MAX_FAILURES, enrich
from matinee.data.fetching.rate_limited_client import RateLimitedError
from matinee.errors import ConfigError, DownloadError
from tests.data.fetching.enriched_data import QUICK, add_movies_to_server, rated_dataset, tmdb_client
from tests.data.fetching.tmdb_server import TmdbServer, image_bytes, serve_tmdb, tmdb_movie

ROOT = Path(__file__).parents[3]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[TmdbServer]:
    monkeypatch.setenv("no_proxy", "*")
    with serve_tmdb() as running:
        add_movies_to_server(running, rated_dataset())
        yield running


def test_facts_and_posters_of_every_movie(server: TmdbServer, tmp_path: Path) -> None:
    dataset, report = enrich(rated_dataset(), tmdb_client(server.address, tmp_path))
    assert dataset.movies["director"].to_list() == [[f"Director of Distant Voices {row}"] for row in range(12)]
    assert dataset.movies["tmdb_id"].to_list() == list(range(500, 512))
    assert len(report.titles["same title and year"]) == 12
    assert [file.name for file in report.posters.values()] == [f"poster{500 + row}.jpg" for row in report.posters]
    assert (len(report.posters), report.without_poster, report.failed_posters, report.problems) == (12, 0, (), ())
    assert dataset.fingerprint == rated_dataset().fingerprint


def test_the_limit_keeps_the_most_rated_movies(server: TmdbServer, tmp_path: Path) -> None:
    dataset = rated_dataset()
    ratings = dataset.ratings
    unrated = dataset.keep(~((ratings.movie < 6) & (ratings.user > 0)))  # rows 0 to 5 have next to no ratings left
    _, report = enrich(unrated, tmdb_client(server.address, tmp_path), posters=False, limit=6)
    assert {name[-9:-7].strip() for name in report.titles["same title and year"]} == {"6", "7", "8", "9", "10", "11"}
    assert len([path for path in server.paths if path == "/3/search/movie"]) == 6


def test_a_second_run_sends_no_requests(server: TmdbServer, tmp_path: Path) -> None:
    server.movies[503]["poster_path"] = None
    del server.posters["/poster504.jpg"]
    del server.movies[505]
    first = enrich(rated_dataset(), tmdb_client(server.address, tmp_path))
    server.requests.clear()
    second = enrich(rated_dataset(), tmdb_client(server.address, tmp_path))
    assert server.requests == []
    assert second[1] == first[1]
    assert second[0].movies.equals(first[0].movies)
    assert first[1].without_poster == 2
    assert first[1].titles["missed"] == ("Distant Voices 5 (1985)",)


def test_a_killed_run_loses_no_responses(server: TmdbServer, tmp_path: Path) -> None:
    """Killed several times with SIGKILL, each time a little later."""
    cache = tmp_path / "cache"
    server.faults[""] = ["slow 0.02"] * 500
    command = [sys.executable, "-m", "tests.data.fetching.enriched_data", server.address, str(cache)]
    kills = 0
    for n_requests in (2, 9, 17, 26):
        with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) as running:
            stop = time.monotonic() + 60
            while len(server.requests) < n_requests and running.poll() is None and time.monotonic() < stop:
                time.sleep(0.001)
            kills += running.poll() is None
            running.send_signal(signal.SIGKILL)
    assert kills >= 3
    for file in cache.rglob("*.json"):
        json.loads(file.read_text())
    server.faults.clear()
    resumed = enrich(rated_dataset(), tmdb_client(server.address, cache))
    # Only a request in progress at a kill may have been sent again.
    sent = [f"{request.path} {request.query.get('query')} {request.query.get('year')}" for request in server.requests]
    assert len(sent) - len(set(sent)) <= kills
    untouched = enrich(rated_dataset(), tmdb_client(server.address, tmp_path / "other"))
    assert resumed[0].movies.equals(untouched[0].movies)
    assert resumed[1].titles == untouched[1].titles
    assert all(file.read_bytes() == image_bytes() for file in resumed[1].posters.values())


def test_ctrl_c_loses_no_responses(server: TmdbServer, tmp_path: Path) -> None:
    server.faults[""] = ["slow 0.02"] * 500
    command = [sys.executable, "-m", "tests.data.fetching.enriched_data", server.address, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, env=dict(os.environ)) as running:
        stop = time.monotonic() + 60
        while len(server.requests) < 8 and running.poll() is None and time.monotonic() < stop:
            time.sleep(0.001)
        running.send_signal(signal.SIGINT)
        running.wait()
    server.faults.clear()
    enrich(rated_dataset(), tmdb_client(server.address, tmp_path))
    sent = [f"{request.path} {request.query.get('query')} {request.query.get('year')}" for request in server.requests]
    assert len(sent) - len(set(sent)) <= 1
    assert not [file for file in tmp_path.rglob("*") if file.name.endswith(".part")]


def test_a_failed_movie_is_left_for_the_next_run(server: TmdbServer, tmp_path: Path) -> None:
    server.faults["/3/movie/503"] = ["500", "slow 1.5"]
    server.faults["/t/p/w342/poster504.jpg"] = ["page", "cut"]
    dataset, report = enrich(rated_dataset(), tmdb_client(server.address, tmp_path))
    assert report.titles["failed"] == ("Distant Voices 3 (1983)",)
    assert report.failed_posters == ("Distant Voices 4 (1984)",)
    assert len(report.problems) == 2
    assert dataset.movies["director"].to_list()[3] == []
    server.requests.clear()
    _, again = enrich(rated_dataset(), tmdb_client(server.address, tmp_path))
    assert sorted(server.paths) == ["/3/movie/503", "/t/p/w342/poster503.jpg", "/t/p/w342/poster504.jpg"]
    assert (again.titles["failed"], again.failed_posters) == ((), ())


def test_several_failures_in_a_row_stop_the_run(server: TmdbServer, tmp_path: Path) -> None:
    enrich(rated_dataset(), tmdb_client(server.address, tmp_path), posters=False, limit=2)
    server.requests.clear()
    server.faults[""] = ["500"] * 100
    with pytest.raises(DownloadError, match=r"5 movies in a row failed\. All responses so far are kept"):
        enrich(rated_dataset(), tmdb_client(server.address, tmp_path))
    assert len(server.requests) == MAX_FAILURES * QUICK.attempts


def test_scattered_failures_do_not_stop_the_run(server: TmdbServer, tmp_path: Path) -> None:
    for tmdb_id in (500, 502, 504, 506, 508, 510):
        server.faults[f"/3/movie/{tmdb_id}"] = ["500"] * QUICK.attempts
    _, report = enrich(rated_dataset(), tmdb_client(server.address, tmp_path), posters=False)
    assert len(report.titles["failed"]) == 6
    assert len(report.titles["same title and year"]) == 6


def test_a_wrong_key_or_a_long_pause_stops_the_run(server: TmdbServer, tmp_path: Path) -> None:
    server.faults[""] = ["401"]
    with pytest.raises(ConfigError, match="TMDB refused the key"):
        enrich(rated_dataset(), tmdb_client(server.address, tmp_path))
    server.faults[""] = ["429 7200"]
    with pytest.raises(RateLimitedError, match="7,200 s"):
        enrich(rated_dataset(), tmdb_client(server.address, tmp_path))
    assert len(server.requests) == 2


def test_two_movies_with_one_match_are_ambiguous(server: TmdbServer, tmp_path: Path) -> None:
    dataset = rated_dataset()
    titles = ["Distant Voices 5", *dataset.movies["title"].to_list()[1:]]
    years = [1986, *dataset.movies["year"].to_list()[1:]]
    twice = replace(
        dataset,
        movies=dataset.movies.with_columns(pl.Series("title", titles), pl.Series("year", years, dtype=pl.Int32)),
    )
    enriched, report = enrich(twice, tmdb_client(server.address, tmp_path), posters=False)
    assert set(report.titles["ambiguous"]) == {"Distant Voices 5 (1986)", "Distant Voices 5 (1985)"}
    assert enriched.movies["tmdb_id"].to_list()[:6] == [None, 501, 502, 503, 504, None]


def test_a_movie_listed_twice_is_matched_twice(server: TmdbServer, tmp_path: Path) -> None:
    dataset = rated_dataset()
    titles, years = dataset.movies["title"].to_list(), dataset.movies["year"].to_list()
    titles[0], years[0] = titles[5], years[5]
    twice = dataset.movies.with_columns(pl.Series("title", titles), pl.Series("year", years, dtype=pl.Int32))
    enriched, _ = enrich(replace(dataset, movies=twice), tmdb_client(server.address, tmp_path), posters=False)
    assert enriched.movies["tmdb_id"].to_list()[0] == enriched.movies["tmdb_id"].to_list()[5] == 505


def test_a_match_by_id_excludes_a_match_by_title(server: TmdbServer, tmp_path: Path) -> None:
    dataset = rated_dataset()
    ids = pl.Series("tmdb_id", [505, *[None] * 11], dtype=pl.Int64)
    with_id = replace(dataset, movies=dataset.movies.with_columns(ids))
    enriched, report = enrich(with_id, tmdb_client(server.address, tmp_path), posters=False)
    assert report.titles["same id"] == ("Distant Voices 0 (1980)",)
    assert report.titles["ambiguous"] == ("Distant Voices 5 (1985)",)
    assert enriched.movies["director"].to_list()[0] == ["Director of Distant Voices 5"]


def test_own_posters_are_not_fetched(server: TmdbServer, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "100.png").write_bytes(image_bytes("PNG"))
    _, report = enrich(replace(rated_dataset(), posters=own), tmdb_client(server.address, tmp_path / "cache"))
    assert sorted(report.posters) == list(range(1, 12))
    assert report.without_poster == 0
    assert "/t/p/w342/poster500.jpg" not in server.paths


def test_posters_can_be_left_out(server: TmdbServer, tmp_path: Path) -> None:
    _, report = enrich(rated_dataset(), tmdb_client(server.address, tmp_path), posters=False)
    assert report.posters == {}
    assert not [path for path in server.paths if path.startswith("/t/")]


def test_a_movie_without_facts_stays_empty(server: TmdbServer, tmp_path: Path) -> None:
    server.add(
        tmdb_movie(
            500,
            "Distant Voices 0",
            "1980-01-01",
            overview="",
            runtime=0,
            poster_path=None,
            imdb_id=None,
            original_language="xx",
            credits={"cast": [], "crew": []},
            genres=[],
        )
    )
    dataset, report = enrich(rated_dataset(), tmdb_client(server.address, tmp_path), limit=12)
    bare = dataset.movies.row(0, named=True)
    assert (bare["overview"], bare["runtime"], bare["director"], bare["genres"]) == (None, None, [], [])
    assert report.without_poster == 1
