from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from matinee.data.fetching.rate_limited_client import RetryPolicy
from matinee.data.fetching.tmdb import Tmdb
from matinee.data.fetching.tmdb_key import TmdbKey
from matinee.data.fetching.tmdb_matching import MatchStatus, find_movie
from matinee.data.linking.entries import CatalogueEntry, catalogue_entries
from tests.data.fetching.tmdb_server import KEY, TmdbServer, serve_tmdb, tmdb_movie


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[TmdbServer]:
    monkeypatch.setenv("no_proxy", "*")
    with serve_tmdb() as running:
        running.add(
            tmdb_movie(949, "Heat", "1995-12-15", (80, 28)),
            tmdb_movie(950, "Heat", "1986-11-13", (28,)),
            tmdb_movie(346, "Seven Samurai", "1954-04-26", (28, 18), original_title="七人の侍"),
            tmdb_movie(12, "Rage", "2009-01-01", (27,)),
            tmdb_movie(13, "Rage", "2009-02-01", (18,)),
        )
        yield running


def movie(title: str, year: int | None, genres: list[str] | None = None, **ids: Any) -> CatalogueEntry:
    table = {
        "title": [title],
        "year": [year],
        "genres": [genres or []],
        **{name: [value] for name, value in ids.items()},
    }
    return catalogue_entries(pl.DataFrame(table, schema_overrides={"year": pl.Int32, "genres": pl.List(pl.String)}))[0]


def find(server: TmdbServer, tmp_path: Path, entry: CatalogueEntry) -> tuple[MatchStatus, int | None]:
    tmdb = Tmdb(TmdbKey(KEY), tmp_path, RetryPolicy(rate=500, attempts=1), server.address, server.address)
    match = find_movie(entry, tmdb)
    return match.status, None if match.movie is None else match.movie.id


def test_the_tmdb_id_comes_first(server: TmdbServer, tmp_path: Path) -> None:
    assert find(server, tmp_path, movie("Hitze", 1995, tmdb_id=949)) == (MatchStatus.BY_ID, 949)
    assert server.paths == ["/3/movie/949"]


def test_the_imdb_id_comes_second(server: TmdbServer, tmp_path: Path) -> None:
    assert find(server, tmp_path, movie("Hitze", None, imdb_id="tt0000949")) == (MatchStatus.BY_ID, 949)
    assert server.paths == ["/3/find/tt0000949", "/3/movie/949"]


def test_title_and_year_come_third(server: TmdbServer, tmp_path: Path) -> None:
    assert find(server, tmp_path, movie("Heat", 1995)) == (MatchStatus.BY_TITLE, 949)
    assert server.paths == ["/3/search/movie", "/3/movie/949"]
    assert server.requests[0].query["query"] == "Heat"
    assert server.requests[0].query["year"] == "1995"


def test_an_unknown_id_does_not_exclude_a_title_match(server: TmdbServer, tmp_path: Path) -> None:
    assert find(server, tmp_path, movie("Heat", 1995, tmdb_id=7)) == (MatchStatus.BY_TITLE, 949)
    assert find(server, tmp_path, movie("Heat", 1986, tmdb_id=7, imdb_id="tt0000950")) == (MatchStatus.BY_ID, 950)


def test_a_different_imdb_id_excludes_a_movie(server: TmdbServer, tmp_path: Path) -> None:
    assert find(server, tmp_path, movie("Heat", 1995, imdb_id="tt7777777")) == (MatchStatus.MISSED, None)


def test_an_imdb_id_of_two_movies_is_ambiguous(server: TmdbServer, tmp_path: Path) -> None:
    server.movies[950]["imdb_id"] = "tt0000949"
    assert find(server, tmp_path, movie("Heat", 1995, imdb_id="tt0000949")) == (MatchStatus.AMBIGUOUS, None)


def test_original_and_bracketed_titles_match(server: TmdbServer, tmp_path: Path) -> None:
    assert find(server, tmp_path, movie("七人の侍", 1954)) == (MatchStatus.BY_TITLE, 346)
    entry = movie("Seven Samurai (Shichinin no samurai)", 1954)
    assert find(server, tmp_path, entry) == (MatchStatus.BY_TITLE, 346)
    assert server.requests[-1].query.get("query", "Seven Samurai") == "Seven Samurai"


def test_two_movies_with_one_title_and_year_are_ambiguous(server: TmdbServer, tmp_path: Path) -> None:
    assert find(server, tmp_path, movie("Rage", 2009, ["Drama"])) == (MatchStatus.AMBIGUOUS, None)


def test_a_year_apart_needs_more_evidence(server: TmdbServer, tmp_path: Path) -> None:
    """As in all linking: a common genre, or a long title."""
    assert find(server, tmp_path, movie("Heat", 1996, ["Crime"])) == (MatchStatus.BY_TITLE, 949)
    assert find(server, tmp_path / "b", movie("Heat", 1996, ["Musical"])) == (MatchStatus.MISSED, None)
    assert [request.query["year"] for request in server.requests if "year" in request.query][:3] == [
        "1996",
        "1995",
        "1997",
    ]


def test_matches_in_both_neighbouring_years_are_ambiguous(server: TmdbServer, tmp_path: Path) -> None:
    server.add(tmdb_movie(20, "Distant Voices", "1994-01-01"), tmdb_movie(21, "Distant Voices", "1996-01-01"))
    server.also_released[20] = {1995}
    assert find(server, tmp_path, movie("Distant Voices", 1995, ["Drama"])) == (MatchStatus.AMBIGUOUS, None)


def test_an_incomplete_search_is_ambiguous(server: TmdbServer, tmp_path: Path) -> None:
    server.page_size = 1
    server.add(*(tmdb_movie(number, f"Heat {number}", "1995-01-01") for number in range(1000, 1010)))
    assert find(server, tmp_path, movie("Heat", 1995)) == (MatchStatus.AMBIGUOUS, None)


@pytest.mark.parametrize(
    "entry", [movie("Heat", None), movie("Unheard of", 1995), movie("", 1995), movie("Heat", 1970)]
)
def test_movies_without_a_match_are_missed(server: TmdbServer, tmp_path: Path, entry: CatalogueEntry) -> None:
    assert find(server, tmp_path, entry) == (MatchStatus.MISSED, None)
