"""Asking a server many small things without being a burden to it.

Never faster than a token bucket allows; a 429 is obeyed for as long as its Retry-After says; after a 5xx, a stalled
or a broken answer the pause doubles, with jitter so that many clients do not come back at once (M. Brooker,
"Exponential Backoff And Jitter", 2015). urllib again, as in `transfer`: one request at a time.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPMessage, HTTPResponse, responses
from random import SystemRandom
from typing import IO, TypeVar, cast
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from matinee.errors import DownloadError

T = TypeVar("T")

_BLOCK = 1 << 16
_BROKEN = (OSError, HTTPException, ValueError)  # in the middle of an answer, or an answer that cannot be read


class RefusedError(DownloadError):
    """The server wants to hear nothing more from us for now; going on with something else would not help."""


class KeyRefusedError(DownloadError):
    """The server does not accept the key it was given."""


@dataclass(frozen=True)
class RetryPolicy:
    """How often a server is asked, and how patiently."""

    rate: float = 3  # requests a second
    attempts: int = 4
    seconds: float = 20  # without a single byte
    longest_answer: float = 90  # seconds for the whole of it
    pause: float = 1.0  # seconds before the second attempt; doubles before each later one
    longest_wait: float = 600  # seconds that a Retry-After may ask for; more ends the work
    most_bytes: int = 10_000_000


class TokenBucket:
    """Lets one request through at a time and no more than `rate` a second: in any t seconds at most rate * t + 1."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._tokens = 1.0
        self._looked = time.monotonic()

    def take(self) -> None:
        """Wait until the next request may go."""
        self._fill()
        while self._tokens < 1:
            time.sleep((1 - self._tokens) / self._rate)
            self._fill()
        self._tokens -= 1

    def _fill(self) -> None:
        now = time.monotonic()
        self._tokens = min(1.0, self._tokens + (now - self._looked) * self._rate)
        self._looked = now


@dataclass(frozen=True)
class ApiRequest:
    """What is asked: the address as it may be shown, and what must not be (see `tmdb_key`)."""

    address: str
    secret_query: str = field(default="", repr=False)
    secret_headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    def urllib_request(self) -> Request:
        """The request with its secrets."""
        joint = "&" if "?" in self.address else "?"
        full = f"{self.address}{joint}{self.secret_query}" if self.secret_query else self.address
        # no other scheme comes here: the two servers are https, or what a test gives
        return Request(full, headers={"User-Agent": "matinee", **dict(self.secret_headers)})  # noqa: S310

    def without_secrets(self, text: str) -> str:
        """`text`, should it hold a secret of ours, without it."""
        for secret in (self.secret_query, *(value for _, value in self.secret_headers)):
            text = text.replace(secret, "...") if secret else text
        return text


class RateLimitedClient:
    """One who asks politely."""

    def __init__(self, manners: RetryPolicy) -> None:
        self._manners = manners
        self._bucket = TokenBucket(manners.rate)
        self._opener = build_opener(_Redirects)
        self._chance = SystemRandom()

    def send(self, question: ApiRequest, read: Callable[[bytes], T]) -> T | None:
        """What `read` makes of the answer, None where the server says 404.

        `read` raises ValueError for an answer that makes no sense: it is asked for again, as after a broken connection.
        Raises DownloadError after some attempts, KeyRefusedError on 401, and RefusedError where the server wants a
        longer pause than anybody would wait for. No message holds the question's secrets.
        """
        problem = ""
        for attempt in range(self._manners.attempts):
            if attempt:
                time.sleep(self._backoff(attempt))
            self._bucket.take()
            try:
                return read(self._body(question))
            except HTTPError as error:
                error.close()
                if error.code == 404:
                    return None
                problem = self._lasting(question, error)
            except _BROKEN as error:
                problem = question.without_secrets(_reason(error))
        tries = f"{self._manners.attempts} attempts"
        # "from None": the errors beneath may hold the whole address
        raise DownloadError(f"{question.address}: no usable answer in {tries} ({problem})") from None

    def _body(self, question: ApiRequest) -> bytes:
        deadline = time.monotonic() + self._manners.longest_answer
        answer = cast(HTTPResponse, self._opener.open(question.urllib_request(), timeout=self._manners.seconds))
        with answer:
            body = bytearray()
            while block := answer.read1(_BLOCK):
                body += block
                if len(body) > self._manners.most_bytes:
                    raise ValueError(f"more than {self._manners.most_bytes:,} bytes")
                if time.monotonic() > deadline:
                    raise TimeoutError(f"took more than {self._manners.longest_answer:g} s")
            length = answer.headers.get("Content-Length", "")
        if length.isdigit() and int(length) != len(body):
            raise ConnectionError(f"{len(body)} of {length} bytes came")
        return bytes(body)

    def _lasting(self, question: ApiRequest, error: HTTPError) -> str:
        """The problem in words, if trying again may help; waits as long as a 429 asks for. Raises if it will not."""
        # not error.reason, into which urllib puts the address of a redirect
        said = f"the server answered {error.code} {responses.get(error.code, '')}".rstrip()
        if error.code == 401:
            raise KeyRefusedError(f"{question.address}: {said}") from None
        if error.code == 429:
            self._obey(question, error.headers.get("Retry-After"))
        elif error.code < 500:
            raise DownloadError(f"{question.address}: {said}") from None
        return said

    def _obey(self, question: ApiRequest, value: str | None) -> None:
        seconds = retry_after(value)
        if seconds > self._manners.longest_wait:
            asked = f"{question.address}: the server asks for a pause of {seconds:,.0f} s"
            raise RefusedError(f"{asked}; run it again later, what was answered is kept") from None
        time.sleep(seconds)

    def _backoff(self, attempt: int) -> float:
        return self._manners.pause * 2 ** (attempt - 1) * self._chance.uniform(0.75, 1.25)


def retry_after(value: str | None) -> float:
    """Seconds to wait, from a Retry-After in either of its forms (RFC 9110, 10.2.3); 0 where there is none."""
    if value is None:
        return 0.0
    if value.strip().isdigit():
        return float(value)
    try:
        when = parsedate_to_datetime(value)
    except ValueError:
        return 0.0
    aware = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (aware - datetime.now(UTC)).total_seconds())


class _Redirects(HTTPRedirectHandler):
    """Follows to http(s) only, never from https to http, and takes the key to no other server."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        """The request to follow with, or None to let the answer be an error."""
        old, new = urlsplit(req.full_url), urlsplit(newurl)
        if new.scheme not in ("http", "https") or (old.scheme == "https" and new.scheme != "https"):
            return None
        followed = super().redirect_request(req, fp, code, msg, headers, newurl)
        if followed is not None and new.netloc != old.netloc:
            followed.remove_header("Authorization")
        return followed


def _reason(error: Exception) -> str:
    inner = error.reason if isinstance(error, URLError) else error
    text = inner.strerror if isinstance(inner, OSError) and inner.strerror else str(inner)
    return " ".join(text.split())[:120] or type(error).__name__
