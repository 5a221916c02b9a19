import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from matinee.data.fetching.rate_limited_client import RetryPolicy
from matinee.data.fetching.tmdb import MAX_PAGES, Tmdb
from matinee.data.fetching.tmdb_key import TmdbKey
from matinee.errors import ConfigError, DataError, DownloadError
from tests.data.fetching.tmdb_server import KEY, TOKEN, TmdbServer, image_bytes, serve_tmdb, tmdb_movie

QUICK = RetryPolicy(rate=500, attempts=2, timeout=0.5, backoff=0.01)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[TmdbServer]:
    monkeypatch.setenv("no_proxy", "*")
    with serve_tmdb() as running:
        running.add(tmdb_movie(949, "Heat", "1995-12-15", (80, 18)), tmdb_movie(950, "Heat", "1986-11-13", (28,)))
        yield running


def tmdb(server: TmdbServer, cache: Path, key: str = KEY) -> Tmdb:
    return Tmdb(TmdbKey(key), cache, QUICK, api=server.address, images=server.address)


def test_a_movie_comes_with_its_credits(server: TmdbServer, tmp_path: Path) -> None:
    heat = tmdb(server, tmp_path).movie(949)
    assert heat is not None
    assert (heat.title, heat.runtime, heat.directors) == ("Heat", 139, ["Director of Heat"])
    assert server.requests[0].query == {"append_to_response": "credits", "api_key": KEY}


def test_a_read_access_token_works(server: TmdbServer, tmp_path: Path) -> None:
    assert tmdb(server, tmp_path, TOKEN).movie(949)
    assert server.requests[0].query == {"append_to_response": "credits"}


def test_no_request_is_sent_twice(server: TmdbServer, tmp_path: Path) -> None:
    def request_all() -> list[object]:
        context = tmdb(server, tmp_path)
        hits, complete = context.movies_with_title("Heat", 1995)
        by_imdb_id = context.movies_with_imdb_id("tt0000949")
        poster = context.poster("/poster949.jpg")
        return [context.movie(949), context.movie(1), hits, complete, by_imdb_id, poster, context.poster("/none.jpg")]

    first = request_all()
    assert len(server.requests) == 6
    assert request_all() == first
    assert len(server.requests) == 6
    assert first[1] is None
    assert first[6] is None


def test_the_key_is_not_stored(server: TmdbServer, tmp_path: Path) -> None:
    for key in (KEY, TOKEN):
        context = tmdb(server, tmp_path / key[:3], key)
        context.movie(949)
        context.movies_with_title("Heat", 1995)
        context.poster("/poster949.jpg")
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert len(files) == 6
    assert not any(key.encode() in file.read_bytes() for file in files for key in (KEY, TOKEN))


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"[]",
        b'{"request": "/3/movie/949"}',
        b'{"request": "/3/movie/949", "response": {"id": 949, "title": "of an older request"}}',
    ],
)
def test_a_damaged_cache_file_is_requested_again(server: TmdbServer, tmp_path: Path, damage: bytes) -> None:
    before = tmdb(server, tmp_path).movie(949)
    (tmp_path / "movie" / "949.json").write_bytes(damage)
    assert tmdb(server, tmp_path).movie(949) == before
    assert len(server.requests) == 2
    assert json.loads((tmp_path / "movie" / "949.json").read_text())["response"]["title"] == "Heat"


def test_a_failure_is_not_cached(server: TmdbServer, tmp_path: Path) -> None:
    server.faults["/3/movie/949"] = ["500", "half", "page"]
    with pytest.raises(DownloadError, match=r"no usable response in 2 attempts \(an unexpected response: Invalid JSON"):
        tmdb(server, tmp_path).movie(949)
    assert list(tmp_path.rglob("*.json")) == []
    assert tmdb(server, tmp_path).movie(949)


def test_a_refused_key_is_a_config_error(server: TmdbServer, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"^TMDB refused the key \(.*401 Unauthorized\)\. Use a valid one"):
        tmdb(server, tmp_path, "f" * 32).movie(949)
    assert len(server.requests) == 1
    assert list(tmp_path.iterdir()) == []


def test_all_pages_of_a_search_are_read(server: TmdbServer, tmp_path: Path) -> None:
    server.page_size = 2
    server.add(*(tmdb_movie(number, f"Heat {number}", "1995-01-01") for number in range(3)))
    hits, complete = tmdb(server, tmp_path).movies_with_title("Heat", 1995)
    assert [hit.id for hit in hits] == [949, 0, 1, 2]
    assert complete
    assert [request.query["page"] for request in server.requests] == ["1", "2"]
    server.add(*(tmdb_movie(number, f"Heat {number}", "1995-01-01") for number in range(3, 12)))
    hits, complete = tmdb(server, tmp_path / "other").movies_with_title("Heat", 1995)
    assert (len(hits), complete) == (2 * MAX_PAGES, False)


def test_titles_in_any_script_can_be_searched(server: TmdbServer, tmp_path: Path) -> None:
    server.add(tmdb_movie(1, "七人の侍 & ?#/", "1954-04-26"))
    assert tmdb(server, tmp_path).movies_with_title("七人の侍 & ?#/", 1954)[0][0].id == 1


@pytest.mark.parametrize("imdb_id", ["", "114709", "tt", "../tt1", "tt1/..", "nm0000001"])
def test_an_invalid_imdb_id_is_not_requested(server: TmdbServer, tmp_path: Path, imdb_id: str) -> None:
    assert tmdb(server, tmp_path).movies_with_imdb_id(imdb_id) == []
    assert server.requests == []


def test_a_poster_is_stored_unchanged(server: TmdbServer, tmp_path: Path) -> None:
    file = tmdb(server, tmp_path).poster("/poster949.jpg")
    assert file == tmp_path / "posters" / "poster949.jpg"
    assert file.read_bytes() == image_bytes()
    assert server.requests[0].query == {}  # images need no key


def test_another_image_type_becomes_a_jpeg(server: TmdbServer, tmp_path: Path) -> None:
    server.posters["/drawn.png"] = image_bytes("PNG")
    file = tmdb(server, tmp_path).poster("/drawn.png")
    assert file is not None
    assert file.read_bytes()[:2] == b"\xff\xd8"


@pytest.mark.parametrize("path", ["", "/logo.svg", "../../etc/passwd.jpg", "/a/b.jpg", "/.jpg"])
def test_an_invalid_poster_path_is_not_requested(server: TmdbServer, tmp_path: Path, path: str) -> None:
    assert tmdb(server, tmp_path).poster(path) is None
    assert server.requests == []


def test_a_file_that_is_not_an_image_is_not_stored(server: TmdbServer, tmp_path: Path) -> None:
    server.posters["/poster949.jpg"] = b"<html>not here</html>"
    with pytest.raises(DownloadError, match="not an image"):
        tmdb(server, tmp_path).poster("/poster949.jpg")
    assert not (tmp_path / "posters").exists()


def test_a_cache_that_cannot_be_written_is_an_error(server: TmdbServer, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match=r"TMDB's responses cannot be stored here \("):
        tmdb(server, tmp_path / "file").movie(949)
