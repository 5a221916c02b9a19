from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from matinee.data.fetching.rate_limited_client import RetryPolicy
from matinee.data.fetching.tmdb import Tmdb
from matinee.data.fetching.tmdb_key import TmdbKey
from matinee.data.fetching.tmdb_matching import MatchStatus, find_movie
from matinee.data.linking.entries import CatalogueEntry, entries_of
from tests.data.fetching.tmdb_server import KEY, TmdbServer, film, serving


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[TmdbServer]:
    monkeypatch.setenv("no_proxy", "*")
    with serving() as running:
        running.add(
            film(949, "Heat", "1995-12-15", (80, 28)),
            film(950, "Heat", "1986-11-13", (28,)),
            film(346, "Seven Samurai", "1954-04-26", (28, 18), original_title="七人の侍"),
            film(12, "Rage", "2009-01-01", (27,)),
            film(13, "Rage", "2009-02-01", (18,)),
        )
        yield running


def movie(title: str, year: int | None, genres: list[str] | None = None, **ids: Any) -> CatalogueEntry:
    table = {"title": [title], "year": [year], "genres": [genres or []], **{name: [one] for name, one in ids.items()}}
    return entries_of(pl.DataFrame(table, schema_overrides={"year": pl.Int32, "genres": pl.List(pl.String)}))[0]


def found(server: TmdbServer, tmp_path: Path, wanted: CatalogueEntry) -> tuple[MatchStatus, int | None]:
    tmdb = Tmdb(TmdbKey(KEY), tmp_path, RetryPolicy(rate=500, attempts=1), server.address, server.address)
    finding = find_movie(wanted, tmdb)
    return finding.status, None if finding.film is None else finding.film.id


def test_its_id_comes_first_whatever_the_title(server: TmdbServer, tmp_path: Path) -> None:
    assert found(server, tmp_path, movie("Hitze", 1995, tmdb_id=949)) == (MatchStatus.BY_ID, 949)
    assert server.paths == ["/3/movie/949"]


def test_then_its_imdb_id(server: TmdbServer, tmp_path: Path) -> None:
    assert found(server, tmp_path, movie("Hitze", None, imdb_id="tt0000949")) == (MatchStatus.BY_ID, 949)
    assert server.paths == ["/3/find/tt0000949", "/3/movie/949"]


def test_then_title_and_year(server: TmdbServer, tmp_path: Path) -> None:
    assert found(server, tmp_path, movie("Heat", 1995)) == (MatchStatus.BY_TITLE, 949)
    assert server.paths == ["/3/search/movie", "/3/movie/949"]
    assert server.asked[0].query["query"] == "Heat"
    assert server.asked[0].query["year"] == "1995"


def test_an_id_that_is_gone_says_nothing_against_the_title(server: TmdbServer, tmp_path: Path) -> None:
    assert found(server, tmp_path, movie("Heat", 1995, tmdb_id=7)) == (MatchStatus.BY_TITLE, 949)
    assert found(server, tmp_path, movie("Heat", 1986, tmdb_id=7, imdb_id="tt0000950")) == (MatchStatus.BY_ID, 950)


def test_another_imdb_id_is_another_film(server: TmdbServer, tmp_path: Path) -> None:
    assert found(server, tmp_path, movie("Heat", 1995, imdb_id="tt7777777")) == (MatchStatus.MISSED, None)


def test_an_imdb_id_of_two_films_is_no_sign(server: TmdbServer, tmp_path: Path) -> None:
    server.films[950]["imdb_id"] = "tt0000949"
    assert found(server, tmp_path, movie("Heat", 1995, imdb_id="tt0000949")) == (MatchStatus.AMBIGUOUS, None)


def test_an_original_title_and_one_in_brackets_count(server: TmdbServer, tmp_path: Path) -> None:
    assert found(server, tmp_path, movie("七人の侍", 1954)) == (MatchStatus.BY_TITLE, 346)
    wanted = movie("Seven Samurai (Shichinin no samurai)", 1954)
    assert found(server, tmp_path, wanted) == (MatchStatus.BY_TITLE, 346)
    assert server.asked[-1].query.get("query", "Seven Samurai") == "Seven Samurai"


def test_two_of_one_title_and_year_are_never_guessed_between(server: TmdbServer, tmp_path: Path) -> None:
    assert found(server, tmp_path, movie("Rage", 2009, ["Drama"])) == (MatchStatus.AMBIGUOUS, None)


def test_a_year_apart_needs_a_second_sign(server: TmdbServer, tmp_path: Path) -> None:
    """As everywhere in linking: a genre in common, or a long title."""
    assert found(server, tmp_path, movie("Heat", 1996, ["Crime"])) == (MatchStatus.BY_TITLE, 949)
    assert found(server, tmp_path / "b", movie("Heat", 1996, ["Musical"])) == (MatchStatus.MISSED, None)
    assert [one.query["year"] for one in server.asked if "year" in one.query][:3] == ["1996", "1995", "1997"]


def test_one_on_each_side_is_ambiguous_even_if_one_came_out_again_that_year(server: TmdbServer, tmp_path: Path) -> None:
    server.add(film(20, "Distant Voices", "1994-01-01"), film(21, "Distant Voices", "1996-01-01"))
    server.also_released[20] = {1995}
    assert found(server, tmp_path, movie("Distant Voices", 1995, ["Drama"])) == (MatchStatus.AMBIGUOUS, None)


def test_a_film_among_more_than_can_be_seen_is_not_taken(server: TmdbServer, tmp_path: Path) -> None:
    server.page_size = 1
    server.add(*(film(number, f"Heat {number}", "1995-01-01") for number in range(1000, 1010)))
    assert found(server, tmp_path, movie("Heat", 1995)) == (MatchStatus.AMBIGUOUS, None)


@pytest.mark.parametrize(
    "wanted", [movie("Heat", None), movie("Unheard of", 1995), movie("", 1995), movie("Heat", 1970)]
)
def test_what_is_not_found_is_missed(server: TmdbServer, tmp_path: Path, wanted: CatalogueEntry) -> None:
    assert found(server, tmp_path, wanted) == (MatchStatus.MISSED, None)
