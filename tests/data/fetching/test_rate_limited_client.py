import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest

from matinee.data.fetching.rate_limited_client import (
    ApiRequest,
    KeyRefusedError,
    RateLimitedClient,
    RefusedError,
    RetryPolicy,
    TokenBucket,
    retry_after,
)
from matinee.errors import DownloadError
from tests.data.fetching.tmdb_server import KEY, TOKEN, TmdbServer, film, serving

QUICK = RetryPolicy(rate=200, attempts=3, seconds=0.3, pause=0.01)
PATH = "/3/movie/949"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[TmdbServer]:
    monkeypatch.setenv("no_proxy", "*")
    with serving() as running:
        running.add(film(949, "Heat", "1995-12-15"))
        yield running


def question(server: TmdbServer, path: str = PATH) -> ApiRequest:
    return ApiRequest(f"{server.address}{path}", secret_query=f"api_key={KEY}")


def size(body: bytes) -> int:
    if not body.startswith(b'{"adult"'):
        raise ValueError("no film")
    return len(body)


def test_an_answer_is_read(server: TmdbServer) -> None:
    assert (RateLimitedClient(QUICK).send(question(server), size) or 0) > 500
    assert server.asked[0].query == {"api_key": KEY}


def test_what_is_not_there_is_no_error(server: TmdbServer) -> None:
    assert RateLimitedClient(QUICK).send(question(server, "/3/movie/1"), size) is None
    assert len(server.asked) == 1


@pytest.mark.parametrize("fault", ["500", "502", "503", "429", "429 0", "cut", "half", "page", "slow 0.6", "other"])
def test_what_may_pass_is_asked_again(server: TmdbServer, fault: str) -> None:
    server.faults[PATH] = [fault, fault]
    assert (RateLimitedClient(QUICK).send(question(server), size) or 0) > 500
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("500", "the server answered 500 Internal Server Error"),
        ("429", "the server answered 429 Too Many Requests"),
        ("cut", r"13 of 5000 bytes came"),
        ("half", "no film"),
        ("slow 0.6", "timed out"),
    ],
)
def test_after_some_attempts_it_is_given_up_in_one_line_without_the_key(
    server: TmdbServer, fault: str, said: str
) -> None:
    server.faults[PATH] = [fault] * 10
    with pytest.raises(DownloadError, match=rf"/3/movie/949: no usable answer in 3 attempts \({said}\)$") as caught:
        RateLimitedClient(QUICK).send(question(server), size)
    assert len(server.asked) == 3
    assert KEY not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("fault", ["400", "403", "405", "422"])
def test_what_will_not_pass_is_asked_once(server: TmdbServer, fault: str) -> None:
    server.faults[PATH] = [fault] * 2
    with pytest.raises(DownloadError, match=f"the server answered {fault}"):
        RateLimitedClient(QUICK).send(question(server), size)
    assert len(server.asked) == 1


def test_a_wrong_key_is_told_apart(server: TmdbServer) -> None:
    wrong = ApiRequest(f"{server.address}{PATH}", secret_query="api_key=wrong")
    with pytest.raises(KeyRefusedError, match=r"the server answered 401 Unauthorized$"):
        RateLimitedClient(QUICK).send(wrong, size)
    assert len(server.asked) == 1


def test_a_429_is_obeyed_for_as_long_as_it_says(server: TmdbServer) -> None:
    server.faults[PATH] = ["429 1"]
    RateLimitedClient(QUICK).send(question(server), size)
    assert server.asked[1].at - server.asked[0].at >= 1


def test_a_date_in_a_429_is_obeyed_too(server: TmdbServer) -> None:
    when = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
    server.faults[PATH] = [f"429 {when}"]
    RateLimitedClient(QUICK).send(question(server), size)
    assert server.asked[1].at - server.asked[0].at >= 0.8  # such dates have whole seconds


def test_nobody_waits_for_an_hour(server: TmdbServer) -> None:
    server.faults[PATH] = ["429 3600"]
    with pytest.raises(RefusedError, match=r"asks for a pause of 3,600 s; run it again later"):
        RateLimitedClient(QUICK).send(question(server), size)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [(None, 0), ("7", 7), (" 10 ", 10), ("soon", 0), ("-3", 0), ("Wed, 21 Oct 2015 07:28:00 GMT", 0), ("", 0)],
)
def test_retry_after_is_understood(value: str | None, seconds: float) -> None:
    assert retry_after(value) == seconds


def test_pauses_double(server: TmdbServer) -> None:
    server.faults[PATH] = ["500"] * 3
    RateLimitedClient(RetryPolicy(rate=1000, attempts=4, pause=0.1)).send(question(server), size)
    at = [one.at for one in server.asked]
    gaps = [later - earlier for earlier, later in pairwise(at)]
    for gap, pause in zip(gaps, (0.1, 0.2, 0.4), strict=True):
        assert gap >= 0.75 * pause
    assert gaps[2] > 1.5 * gaps[0] * 0.75 / 1.25


def test_an_endless_answer_is_cut_off(server: TmdbServer) -> None:
    server.faults[PATH] = ["drip 200"]
    start = time.monotonic()
    with pytest.raises(DownloadError, match=r"took more than 0\.2 s"):
        RateLimitedClient(RetryPolicy(rate=200, attempts=1, longest_answer=0.2)).send(question(server), size)
    assert time.monotonic() - start < 2


def test_an_enormous_answer_is_cut_off(server: TmdbServer) -> None:
    server.faults[PATH] = ["flood"]
    with pytest.raises(DownloadError, match="more than 2,000 bytes"):
        RateLimitedClient(RetryPolicy(rate=200, attempts=1, most_bytes=2000)).send(question(server), size)


@pytest.mark.parametrize("rate", [20, 50])
def test_requests_stay_under_the_rate(server: TmdbServer, rate: float) -> None:
    """In any stretch of time, attempts after a fault included."""
    server.faults[PATH] = ["500", "cut"] * 3
    client = RateLimitedClient(RetryPolicy(rate=rate, attempts=10, pause=0))
    for _ in range(24):
        client.send(question(server), size)
    at = [one.at for one in server.asked]
    assert len(at) == 30
    for first in range(len(at)):
        for last in range(first + 2, len(at)):
            # A request may take up to some milliseconds from here to there.
            assert last - first <= rate * (at[last] - at[first] + 0.03) + 1
    assert at[-1] - at[0] < 29 / rate + 2  # and not much slower


def test_by_default_it_is_under_four_a_second() -> None:
    bucket = TokenBucket(RetryPolicy().rate)
    at = [time.monotonic() for _ in range(7) if bucket.take() is None]
    assert max(sum(start <= one < start + 1 for one in at) for start in at) < 4


def test_tokens_do_not_pile_up() -> None:
    bucket = TokenBucket(20)
    time.sleep(0.3)
    start = time.monotonic()
    for _ in range(3):
        bucket.take()
    assert time.monotonic() - start >= 0.095


def test_redirects_are_followed_but_take_the_key_nowhere_else(server: TmdbServer) -> None:
    with serving() as other:
        other.add(film(949, "Heat", "1995-12-15"))
        bearer = (("Authorization", f"Bearer {TOKEN}"),)
        server.faults["/3/old"] = [f"redirect 301 {server.address}{PATH}"]
        assert RateLimitedClient(QUICK).send(ApiRequest(f"{server.address}/3/old", secret_headers=bearer), size)
        assert server.asked[-1].headers["Authorization"] == f"Bearer {TOKEN}"
        server.faults["/3/old"] = [f"redirect 302 {other.address}{PATH}"]
        with pytest.raises(KeyRefusedError):
            RateLimitedClient(QUICK).send(ApiRequest(f"{server.address}/3/old", secret_headers=bearer), size)
        assert "Authorization" not in other.asked[0].headers


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/x", f"{PATH}?api_key={KEY}"])
def test_redirects_to_nowhere_good_are_refused_without_telling_the_key(server: TmdbServer, target: str) -> None:
    server.faults[PATH] = [f"redirect 302 {target}"] * 30
    with pytest.raises(DownloadError, match=r"the server answered 302 Found$") as caught:
        RateLimitedClient(QUICK).send(question(server), size)
    assert KEY not in str(caught.value)


def test_nobody_there_is_told_without_the_key() -> None:
    nobody = ApiRequest("http://127.0.0.1:1/3/movie/1", secret_query=f"api_key={KEY}")
    with pytest.raises(DownloadError, match=r"^http://127\.0\.0\.1:1/3/movie/1: .*\(Connection refused\)$"):
        RateLimitedClient(QUICK).send(nobody, size)


def test_secrets_are_struck_from_messages() -> None:
    secret = ApiRequest("http://x", f"api_key={KEY}", (("Authorization", "Bearer abc"),))
    assert secret.without_secrets(f"GET /?api_key={KEY} Bearer abc") == "GET /?... ..."
    assert ApiRequest("http://x").without_secrets("as it is") == "as it is"
    assert KEY not in repr(secret)
    assert "Bearer" not in repr(secret)
