"""HTTP requests with httpx: safe redirects, no compression, and errors in one line without secrets.

httpx drops the Authorization header when a redirect leads to another host.
"""

import logging
import ssl
from collections.abc import Generator
from contextlib import contextmanager

import httpx

_MAX_REDIRECTS = 10
_MAX_REASON_LENGTH = 120

# At level INFO httpx logs every URL, and the key to TMDB may be part of one.
logging.getLogger("httpx").setLevel(logging.WARNING)


def create_client(timeout: float) -> httpx.Client:
    """A client that waits at most `timeout` seconds for the connection and for each block of bytes.

    It honours the proxies of the environment and the certificates of the system. It asks for no compression, so
    byte counts, ranges and size limits refer to the bytes of the file itself.
    """
    headers = {"User-Agent": "matinee", "Accept-Encoding": "identity"}
    return httpx.Client(timeout=timeout, headers=headers, verify=ssl.create_default_context())


@contextmanager
def open_response(client: httpx.Client, request: httpx.Request) -> Generator[httpx.Response]:
    """Send `request`, follow its redirects and yield the response, of whatever status, before its body is read.

    A redirect from https to http, or to another scheme, is not followed: its response is yielded.
    """
    response = client.send(request, stream=True)
    try:
        for _ in range(_MAX_REDIRECTS):
            next_request = response.next_request
            if next_request is None or not _may_redirect(request.url, next_request.url):
                break
            response.close()
            request, response = next_request, client.send(next_request, stream=True)
        yield response
    finally:
        response.close()


def status_text(response: httpx.Response) -> str:
    """The status for an error message: `"the server answered 503 Service Unavailable"`."""
    phrase = httpx.codes.get_reason_phrase(response.status_code)
    return f"the server answered {response.status_code} {phrase}".rstrip()


def error_reason(error: Exception) -> str:
    """The cause of a failed transfer in a few words, from the operating system if possible."""
    cause: BaseException | None = error if isinstance(error, httpx.HTTPError | OSError) else None
    while cause is not None:
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
        cause = cause.__cause__ or cause.__context__
    return " ".join(str(error).split())[:_MAX_REASON_LENGTH] or type(error).__name__


def _may_redirect(source: httpx.URL, target: httpx.URL) -> bool:
    return target.scheme == "https" or (target.scheme == "http" and source.scheme == "http")
