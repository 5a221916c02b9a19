import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import httpx
import pytest

from matinee.data.fetching.http_client import open_response
from matinee.data.fetching.rate_limited_client import (
    ApiRequest,
    KeyRefusedError,
    RateLimitedClient,
    RateLimitedError,
    RetryPolicy,
    TokenBucket,
    retry_after,
)
from matinee.errors import DownloadError
from tests.data.fetching.tmdb_server import KEY, TOKEN, TmdbServer, serve_tmdb, tmdb_movie

QUICK = RetryPolicy(rate=200, attempts=3, timeout=0.3, backoff=0.01)
PATH = "/3/movie/949"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[TmdbServer]:
    monkeypatch.setenv("no_proxy", "*")
    with serve_tmdb() as running:
        running.add(tmdb_movie(949, "Heat", "1995-12-15"))
        yield running


def api_request(server: TmdbServer, path: str = PATH) -> ApiRequest:
    return ApiRequest(f"{server.address}{path}", secret_params=(("api_key", KEY),))


def size(body: bytes) -> int:
    if not body.startswith(b'{"adult"'):
        raise ValueError("not a movie")
    return len(body)


def test_a_response_is_parsed(server: TmdbServer) -> None:
    assert (RateLimitedClient(QUICK).send(api_request(server), size) or 0) > 500
    assert server.requests[0].query == {"api_key": KEY}


def test_a_404_returns_none(server: TmdbServer) -> None:
    assert RateLimitedClient(QUICK).send(api_request(server, "/3/movie/1"), size) is None
    assert len(server.requests) == 1


@pytest.mark.parametrize("fault", ["500", "502", "503", "429", "429 0", "cut", "half", "page", "slow 0.6", "other"])
def test_temporary_failures_are_retried(server: TmdbServer, fault: str) -> None:
    server.faults[PATH] = [fault, fault]
    assert (RateLimitedClient(QUICK).send(api_request(server), size) or 0) > 500
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("500", "the server answered 500 Internal Server Error"),
        ("429", "the server answered 429 Too Many Requests"),
        ("cut", r"peer closed connection .* \(received 13 bytes, expected 5000\)"),
        ("half", "not a movie"),
        ("slow 0.6", "timed out"),
    ],
)
def test_the_last_failure_is_reported_without_the_key(server: TmdbServer, fault: str, reason: str) -> None:
    server.faults[PATH] = [fault] * 10
    with pytest.raises(DownloadError, match=rf"/3/movie/949: no usable response in 3 attempts \({reason}\)$") as caught:
        RateLimitedClient(QUICK).send(api_request(server), size)
    assert len(server.requests) == 3
    assert KEY not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("fault", ["400", "403", "405", "422"])
def test_permanent_failures_are_not_retried(server: TmdbServer, fault: str) -> None:
    server.faults[PATH] = [fault] * 2
    with pytest.raises(DownloadError, match=f"the server answered {fault}"):
        RateLimitedClient(QUICK).send(api_request(server), size)
    assert len(server.requests) == 1


def test_a_wrong_key_has_its_own_error(server: TmdbServer) -> None:
    request = ApiRequest(f"{server.address}{PATH}", secret_params=(("api_key", "wrong"),))
    with pytest.raises(KeyRefusedError, match=r"the server answered 401 Unauthorized$"):
        RateLimitedClient(QUICK).send(request, size)
    assert len(server.requests) == 1


def test_retry_after_in_seconds_is_obeyed(server: TmdbServer) -> None:
    server.faults[PATH] = ["429 1"]
    RateLimitedClient(QUICK).send(api_request(server), size)
    assert server.requests[1].at - server.requests[0].at >= 1


def test_retry_after_as_a_date_is_obeyed(server: TmdbServer) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
    server.faults[PATH] = [f"429 {date}"]
    RateLimitedClient(QUICK).send(api_request(server), size)
    assert server.requests[1].at - server.requests[0].at >= 0.8  # such dates have whole seconds


def test_a_long_retry_after_is_an_error(server: TmdbServer) -> None:
    server.faults[PATH] = ["429 3600"]
    with pytest.raises(RateLimitedError, match=r"asks for a pause of 3,600 s\. Run the command again later"):
        RateLimitedClient(QUICK).send(api_request(server), size)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [(None, 0), ("7", 7), (" 10 ", 10), ("soon", 0), ("-3", 0), ("Wed, 21 Oct 2015 07:28:00 GMT", 0), ("", 0)],
)
def test_retry_after_is_parsed(value: str | None, seconds: float) -> None:
    assert retry_after(value) == seconds


def test_pauses_double(server: TmdbServer) -> None:
    server.faults[PATH] = ["500"] * 3
    RateLimitedClient(RetryPolicy(rate=1000, attempts=4, backoff=0.1)).send(api_request(server), size)
    at = [request.at for request in server.requests]
    gaps = [later - earlier for earlier, later in pairwise(at)]
    for gap, pause in zip(gaps, (0.1, 0.2, 0.4), strict=True):
        assert gap >= 0.75 * pause
    assert gaps[2] > 1.5 * gaps[0] * 0.75 / 1.25


def test_an_endless_response_is_cut_off(server: TmdbServer) -> None:
    server.faults[PATH] = ["drip 200"]
    start = time.monotonic()
    with pytest.raises(DownloadError, match=r"took more than 0\.2 s"):
        RateLimitedClient(RetryPolicy(rate=200, attempts=1, max_duration=0.2)).send(api_request(server), size)
    assert time.monotonic() - start < 2


def test_a_response_that_is_too_large_is_cut_off(server: TmdbServer) -> None:
    server.faults[PATH] = ["flood"]
    with pytest.raises(DownloadError, match="more than 2,000 bytes"):
        RateLimitedClient(RetryPolicy(rate=200, attempts=1, max_bytes=2000)).send(api_request(server), size)


@pytest.mark.parametrize("rate", [20, 50])
def test_requests_stay_under_the_rate(server: TmdbServer, rate: float) -> None:
    """In any period of time, including attempts after a fault."""
    server.faults[PATH] = ["500", "cut"] * 3
    client = RateLimitedClient(RetryPolicy(rate=rate, attempts=10, backoff=0))
    for _ in range(24):
        client.send(api_request(server), size)
    at = [request.at for request in server.requests]
    assert len(at) == 30
    for first in range(len(at)):
        for last in range(first + 2, len(at)):
            # A request may take some milliseconds to reach the server.
            assert last - first <= rate * (at[last] - at[first] + 0.03) + 1
    assert at[-1] - at[0] < 29 / rate + 2  # and not much slower


def test_the_default_rate_is_below_four_per_second() -> None:
    bucket = TokenBucket(RetryPolicy().rate)
    at = [time.monotonic() for _ in range(7) if bucket.take() is None]
    assert max(sum(start <= moment < start + 1 for moment in at) for start in at) < 4


def test_tokens_do_not_accumulate() -> None:
    bucket = TokenBucket(20)
    time.sleep(0.3)
    start = time.monotonic()
    for _ in range(3):
        bucket.take()
    assert time.monotonic() - start >= 0.095


def test_redirects_do_not_take_the_key_to_another_host(server: TmdbServer) -> None:
    with serve_tmdb() as other:
        other.add(tmdb_movie(949, "Heat", "1995-12-15"))
        bearer = (("Authorization", f"Bearer {TOKEN}"),)
        server.faults["/3/old"] = [f"redirect 301 {server.address}{PATH}"]
        assert RateLimitedClient(QUICK).send(ApiRequest(f"{server.address}/3/old", secret_headers=bearer), size)
        assert server.requests[-1].headers["Authorization"] == f"Bearer {TOKEN}"
        server.faults["/3/old"] = [f"redirect 302 {other.address}{PATH}"]
        with pytest.raises(KeyRefusedError):
            RateLimitedClient(QUICK).send(ApiRequest(f"{server.address}/3/old", secret_headers=bearer), size)
        assert "Authorization" not in other.requests[0].headers


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/x", f"{PATH}?api_key={KEY}"])
def test_unsafe_redirects_are_refused_without_showing_the_key(server: TmdbServer, target: str) -> None:
    server.faults[PATH] = [f"redirect 302 {target}"] * 30
    with pytest.raises(DownloadError, match=r"the server answered 302 Found$") as caught:
        RateLimitedClient(QUICK).send(api_request(server), size)
    assert KEY not in str(caught.value)


def test_an_unreachable_server_is_reported_without_the_key() -> None:
    request = ApiRequest("http://127.0.0.1:1/3/movie/1", secret_params=(("api_key", KEY),))
    with pytest.raises(DownloadError, match=r"^http://127\.0\.0\.1:1/3/movie/1: .*\(Connection refused\)$"):
        RateLimitedClient(QUICK).send(request, size)


def test_secrets_are_removed_from_messages() -> None:
    secret = ApiRequest("http://x", (("api_key", KEY),), (("Authorization", "Bearer abc"),))
    assert secret.without_secrets(f"GET /?api_key={KEY} Bearer abc") == "GET /?api_key=... ..."
    assert ApiRequest("http://x").without_secrets("unchanged") == "unchanged"
    assert KEY not in repr(secret)
    assert "Bearer" not in repr(secret)


def test_the_key_is_not_logged(server: TmdbServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    RateLimitedClient(QUICK).send(api_request(server), size)
    assert KEY not in caplog.text


def test_https_is_not_redirected_to_http() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(302, headers={"Location": "http://other.example/file"})

    client = httpx.Client(transport=httpx.MockTransport(answer))
    with open_response(client, client.build_request("GET", "https://example.org/file")) as response:
        assert response.status_code == 302
        assert response.request.url.scheme == "https"
