"""A client for many small requests to one API, within its rate limit and with retries.

A token bucket limits the rate. A response 429 is followed by the pause that its Retry-After asks for; after a 5xx, a
timeout or an unusable response the pause doubles, with jitter so that many clients do not return at once (M. Brooker,
"Exponential Backoff And Jitter", 2015).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

import httpx
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_exponential,
    wait_random,
)

from matinee.data.fetching.http_client import create_client, error_reason, open_response, status_text
from matinee.errors import DownloadError

T = TypeVar("T")


class RateLimitedError(DownloadError):
    """The server asks for a longer pause than a run should wait. Other requests to it would not help."""


class KeyRefusedError(DownloadError):
    """The server does not accept the key."""


class _RetryableError(Exception):
    """A failed attempt after which another may succeed, and the pause in seconds that the server asks for."""

    def __init__(self, reason: str, pause: float = 0.0) -> None:
        super().__init__(reason)
        self.pause = pause


@dataclass(frozen=True)
class RetryPolicy:
    """The limits of a client: its rate, its attempts, and how long it waits."""

    rate: float = 3  # requests per second
    attempts: int = 4
    timeout: float = 20  # seconds without a single byte
    max_duration: float = 90  # seconds for a whole response
    backoff: float = 1.0  # seconds before the second attempt; doubles before each later one
    max_retry_after: float = 600  # seconds; a longer Retry-After raises RateLimitedError
    max_bytes: int = 10_000_000


class TokenBucket:
    """Lets one request pass at a time and no more than `rate` per second: in any t seconds at most rate * t + 1."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._tokens = 1.0
        self._updated = time.monotonic()

    def take(self) -> None:
        """Wait until the next request may be sent."""
        self._refill()
        while self._tokens < 1:
            time.sleep((1 - self._tokens) / self._rate)
            self._refill()
        self._tokens -= 1

    def _refill(self) -> None:
        now = time.monotonic()
        self._tokens = min(1.0, self._tokens + (now - self._updated) * self._rate)
        self._updated = now


@dataclass(frozen=True)
class ApiRequest:
    """A URL that may be shown, and the secret parameters and headers that may not (see `tmdb_key`)."""

    url: str
    secret_params: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    secret_headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    def build(self, client: httpx.Client) -> httpx.Request:
        """The request with its secrets."""
        url = httpx.URL(self.url).copy_merge_params(self.secret_params) if self.secret_params else self.url
        return client.build_request("GET", url, headers=self.secret_headers)

    def without_secrets(self, text: str) -> str:
        """`text` with every secret of this request replaced by dots."""
        for _, secret in (*self.secret_params, *self.secret_headers):
            text = text.replace(secret, "...") if secret else text
        return text


class RateLimitedClient:
    """Sends requests one at a time, as a `RetryPolicy` allows."""

    def __init__(self, policy: RetryPolicy) -> None:
        self._policy = policy
        self._bucket = TokenBucket(policy.rate)
        self._client = create_client(policy.timeout)
        self._backoff = wait_exponential(policy.backoff) + wait_random(0, policy.backoff / 2)

    def send(self, request: ApiRequest, parse: Callable[[bytes], T]) -> T | None:
        """The result of `parse` on the response's body, None for a 404.

        `parse` raises ValueError for a body it cannot use; the request is then sent again, as after a broken
        connection. Raises DownloadError after the last attempt, KeyRefusedError on 401, and RateLimitedError if the
        server asks for a pause longer than `max_retry_after`. No message holds a secret of the request.
        """
        retrying = Retrying(
            stop=stop_after_attempt(self._policy.attempts),
            wait=self._pause,
            retry=retry_if_exception_type(_RetryableError),
            reraise=True,
        )
        try:
            return retrying(self._attempt, request, parse)
        except _RetryableError as error:
            tries = f"{self._policy.attempts} attempts"
            # "from None": the errors beneath may hold the whole URL
            raise DownloadError(f"{request.url}: no usable response in {tries} ({error})") from None

    def _attempt(self, request: ApiRequest, parse: Callable[[bytes], T]) -> T | None:
        self._bucket.take()
        try:
            with open_response(self._client, request.build(self._client)) as response:
                if response.status_code == 404:
                    return None
                if not response.is_success:
                    self._raise_for_status(request, response)
                return parse(self._read(response))
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            raise _RetryableError(request.without_secrets(error_reason(error))) from None

    def _read(self, response: httpx.Response) -> bytes:
        deadline = time.monotonic() + self._policy.max_duration
        body = bytearray()
        for chunk in response.iter_raw():
            body += chunk
            if len(body) > self._policy.max_bytes:
                raise ValueError(f"more than {self._policy.max_bytes:,} bytes")
            if time.monotonic() > deadline:
                raise TimeoutError(f"took more than {self._policy.max_duration:g} s")
        return bytes(body)

    def _raise_for_status(self, request: ApiRequest, response: httpx.Response) -> None:
        status = status_text(response)
        if response.status_code == 401:
            raise KeyRefusedError(f"{request.url}: {status}")
        if response.status_code == 429:
            pause = retry_after(response.headers.get("Retry-After"))
            if pause > self._policy.max_retry_after:
                raise RateLimitedError(
                    f"{request.url}: the server asks for a pause of {pause:,.0f} s. Run the command again later; "
                    "all responses so far are kept."
                )
            raise _RetryableError(status, pause)
        if response.status_code < 500:
            raise DownloadError(f"{request.url}: {status}")
        raise _RetryableError(status)

    def _pause(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        return self._backoff(state) + (error.pause if isinstance(error, _RetryableError) else 0.0)


def retry_after(value: str | None) -> float:
    """Seconds to wait, from a Retry-After header in either of its forms (RFC 9110, 10.2.3); 0 without a valid one."""
    if value is None:
        return 0.0
    if value.strip().isdigit():
        return float(value)
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return 0.0
    aware = date if date.tzinfo else date.replace(tzinfo=UTC)
    return max(0.0, (aware - datetime.now(UTC)).total_seconds())
