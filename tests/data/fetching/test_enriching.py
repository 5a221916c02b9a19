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

from matinee.data.fetching.enriching import MOST_FAILURES, enrich
from matinee.data.fetching.rate_limited_client import RefusedError
from matinee.errors import ConfigError, DownloadError
from tests.data.fetching.enriched_data import QUICK, rated, teach, tmdb_at
from tests.data.fetching.tmdb_server import TmdbServer, film, picture, serving

ROOT = Path(__file__).parents[3]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[TmdbServer]:
    monkeypatch.setenv("no_proxy", "*")
    with serving() as running:
        teach(running, rated())
        yield running


def test_facts_and_posters_of_every_movie(server: TmdbServer, tmp_path: Path) -> None:
    dataset, report = enrich(rated(), tmdb_at(server.address, tmp_path))
    assert dataset.movies["director"].to_list() == [[f"Director of Distant Voices {row}"] for row in range(12)]
    assert dataset.movies["tmdb_id"].to_list() == list(range(500, 512))
    assert len(report.found["same title and year"]) == 12
    assert [file.name for file in report.posters.values()] == [f"poster{500 + row}.jpg" for row in report.posters]
    assert (len(report.posters), report.without_poster, report.posters_failed, report.problems) == (12, 0, (), ())
    assert dataset.fingerprint == rated().fingerprint


def test_the_most_rated_are_asked_about_first_and_no_more_than_the_limit(server: TmdbServer, tmp_path: Path) -> None:
    dataset = rated()
    ratings = dataset.ratings
    unrated = dataset.keep(~((ratings.movie < 6) & (ratings.user > 0)))  # rows 0 to 5 have next to no ratings left
    _, report = enrich(unrated, tmdb_at(server.address, tmp_path), posters=False, limit=6)
    assert {name[-9:-7].strip() for name in report.found["same title and year"]} == {"6", "7", "8", "9", "10", "11"}
    assert len([path for path in server.paths if path == "/3/search/movie"]) == 6


def test_a_second_run_asks_nothing(server: TmdbServer, tmp_path: Path) -> None:
    server.films[503]["poster_path"] = None
    del server.pictures["/poster504.jpg"]
    del server.films[505]
    first = enrich(rated(), tmdb_at(server.address, tmp_path))
    server.asked.clear()
    second = enrich(rated(), tmdb_at(server.address, tmp_path))
    assert server.asked == []
    assert second[1] == first[1]
    assert second[0].movies.equals(first[0].movies)
    assert first[1].without_poster == 2
    assert first[1].found["missed"] == ("Distant Voices 5 (1985)",)


def test_nothing_is_lost_to_a_kill_at_any_moment(server: TmdbServer, tmp_path: Path) -> None:
    """Killed again and again with SIGKILL, each time a little further on."""
    cache = tmp_path / "cache"
    server.faults[""] = ["slow 0.02"] * 500
    command = [sys.executable, "-m", "tests.data.fetching.enriched_data", server.address, str(cache)]
    kills = 0
    for wanted in (2, 9, 17, 26):
        with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) as running:
            stop = time.monotonic() + 60
            while len(server.asked) < wanted and running.poll() is None and time.monotonic() < stop:
                time.sleep(0.001)
            kills += running.poll() is None
            running.send_signal(signal.SIGKILL)
    assert kills >= 3
    for file in cache.rglob("*.json"):
        json.loads(file.read_text())
    server.faults.clear()
    resumed = enrich(rated(), tmdb_at(server.address, cache))
    # Only what was under way when the kill came may have been asked again.
    whole = [f"{one.path} {one.query.get('query')} {one.query.get('year')}" for one in server.asked]
    assert len(whole) - len(set(whole)) <= kills
    untouched = enrich(rated(), tmdb_at(server.address, tmp_path / "other"))
    assert resumed[0].movies.equals(untouched[0].movies)
    assert resumed[1].found == untouched[1].found
    assert all(file.read_bytes() == picture() for file in resumed[1].posters.values())


def test_ctrl_c_loses_nothing(server: TmdbServer, tmp_path: Path) -> None:
    server.faults[""] = ["slow 0.02"] * 500
    command = [sys.executable, "-m", "tests.data.fetching.enriched_data", server.address, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, env=dict(os.environ)) as running:
        stop = time.monotonic() + 60
        while len(server.asked) < 8 and running.poll() is None and time.monotonic() < stop:
            time.sleep(0.001)
        running.send_signal(signal.SIGINT)
        running.wait()
    server.faults.clear()
    enrich(rated(), tmdb_at(server.address, tmp_path))
    whole = [f"{one.path} {one.query.get('query')} {one.query.get('year')}" for one in server.asked]
    assert len(whole) - len(set(whole)) <= 1
    assert not [file for file in tmp_path.rglob("*") if file.name.endswith(".part")]


def test_a_movie_that_fails_is_left_for_the_next_run(server: TmdbServer, tmp_path: Path) -> None:
    server.faults["/3/movie/503"] = ["500", "slow 1.5"]
    server.faults["/t/p/w342/poster504.jpg"] = ["page", "cut"]
    dataset, report = enrich(rated(), tmdb_at(server.address, tmp_path))
    assert report.found["failed"] == ("Distant Voices 3 (1983)",)
    assert report.posters_failed == ("Distant Voices 4 (1984)",)
    assert len(report.problems) == 2
    assert dataset.movies["director"].to_list()[3] == []
    server.asked.clear()
    _, again = enrich(rated(), tmdb_at(server.address, tmp_path))
    assert sorted(server.paths) == ["/3/movie/503", "/t/p/w342/poster503.jpg", "/t/p/w342/poster504.jpg"]
    assert (again.found["failed"], again.posters_failed) == ((), ())


def test_it_stops_when_one_after_another_fails(server: TmdbServer, tmp_path: Path) -> None:
    enrich(rated(), tmdb_at(server.address, tmp_path), posters=False, limit=2)
    server.asked.clear()
    server.faults[""] = ["500"] * 100
    with pytest.raises(DownloadError, match=r"5 movies in a row could not be asked about; what was answered is kept"):
        enrich(rated(), tmdb_at(server.address, tmp_path))
    assert len(server.asked) == MOST_FAILURES * QUICK.attempts


def test_failures_here_and_there_do_not_stop_it(server: TmdbServer, tmp_path: Path) -> None:
    for film_id in (500, 502, 504, 506, 508, 510):
        server.faults[f"/3/movie/{film_id}"] = ["500"] * QUICK.attempts
    _, report = enrich(rated(), tmdb_at(server.address, tmp_path), posters=False)
    assert len(report.found["failed"]) == 6
    assert len(report.found["same title and year"]) == 6


def test_a_wrong_key_and_a_long_pause_end_it_at_once(server: TmdbServer, tmp_path: Path) -> None:
    server.faults[""] = ["401"]
    with pytest.raises(ConfigError, match="TMDB refused the key"):
        enrich(rated(), tmdb_at(server.address, tmp_path))
    server.faults[""] = ["429 7200"]
    with pytest.raises(RefusedError, match="7,200 s"):
        enrich(rated(), tmdb_at(server.address, tmp_path))
    assert len(server.asked) == 2


def test_two_movies_that_claim_one_film_are_ambiguous(server: TmdbServer, tmp_path: Path) -> None:
    dataset = rated()
    titles = ["Distant Voices 5", *dataset.movies["title"].to_list()[1:]]
    years = [1986, *dataset.movies["year"].to_list()[1:]]
    twice = replace(
        dataset,
        movies=dataset.movies.with_columns(pl.Series("title", titles), pl.Series("year", years, dtype=pl.Int32)),
    )
    enriched, report = enrich(twice, tmdb_at(server.address, tmp_path), posters=False)
    assert set(report.found["ambiguous"]) == {"Distant Voices 5 (1986)", "Distant Voices 5 (1985)"}
    assert enriched.movies["tmdb_id"].to_list()[:6] == [None, 501, 502, 503, 504, None]


def test_the_same_movie_listed_twice_is_found_twice(server: TmdbServer, tmp_path: Path) -> None:
    dataset = rated()
    titles, years = dataset.movies["title"].to_list(), dataset.movies["year"].to_list()
    titles[0], years[0] = titles[5], years[5]
    twice = dataset.movies.with_columns(pl.Series("title", titles), pl.Series("year", years, dtype=pl.Int32))
    enriched, _ = enrich(replace(dataset, movies=twice), tmdb_at(server.address, tmp_path), posters=False)
    assert enriched.movies["tmdb_id"].to_list()[0] == enriched.movies["tmdb_id"].to_list()[5] == 505


def test_a_film_found_by_its_id_is_not_another_movies_too(server: TmdbServer, tmp_path: Path) -> None:
    dataset = rated()
    ids = pl.Series("tmdb_id", [505, *[None] * 11], dtype=pl.Int64)
    known = replace(dataset, movies=dataset.movies.with_columns(ids))
    enriched, report = enrich(known, tmdb_at(server.address, tmp_path), posters=False)
    assert report.found["same id"] == ("Distant Voices 0 (1980)",)
    assert report.found["ambiguous"] == ("Distant Voices 5 (1985)",)
    assert enriched.movies["director"].to_list()[0] == ["Director of Distant Voices 5"]


def test_posters_one_has_are_not_fetched(server: TmdbServer, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "100.png").write_bytes(picture("PNG"))
    _, report = enrich(replace(rated(), posters=own), tmdb_at(server.address, tmp_path / "cache"))
    assert sorted(report.posters) == list(range(1, 12))
    assert report.without_poster == 0
    assert "/t/p/w342/poster500.jpg" not in server.paths


def test_without_posters_none_is_fetched(server: TmdbServer, tmp_path: Path) -> None:
    _, report = enrich(rated(), tmdb_at(server.address, tmp_path), posters=False)
    assert report.posters == {}
    assert not [path for path in server.paths if path.startswith("/t/")]


def test_a_film_of_which_tmdb_knows_next_to_nothing(server: TmdbServer, tmp_path: Path) -> None:
    server.add(
        film(
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
    dataset, report = enrich(rated(), tmdb_at(server.address, tmp_path), limit=12)
    bare = dataset.movies.row(0, named=True)
    assert (bare["overview"], bare["runtime"], bare["director"], bare["genres"]) == (None, None, [], [])
    assert report.without_poster == 1
