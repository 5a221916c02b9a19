"""Download of one file over HTTP: with time limits, resumed after a broken connection, and checked at the end."""

import hashlib
import os
import re
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_incrementing

from matinee.data.fetching.http_client import create_client, error_reason, open_response, status_text
from matinee.errors import DownloadError
from matinee.progress import track_bytes

CONNECT_SECONDS = 5  # until a server must have answered the first, small request
STALL_SECONDS = 30  # without a single byte in the middle of a transfer
ATTEMPTS = 5  # each resumes where the one before was cut off
PAUSE_SECONDS = 1.0  # before the second attempt; longer before each later one

_CONTENT_RANGE = re.compile(r"bytes (?:(\d+)-\d+|\*)/(\d+)")
_MD5 = re.compile(r"\b[0-9a-f]{32}\b")
_MAX_MD5_FILE = 1_000  # bytes


def published_md5(url: str) -> str | None:
    """The MD5 published at `url`.md5, None if the server has no such file.

    The time limit is short, so an unreachable server is noticed within seconds. Raises DownloadError.
    """
    try:
        with create_client(CONNECT_SECONDS) as client, _get(client, f"{url}.md5") as response:
            if response.status_code == 404:
                return None
            if not response.is_success:
                raise DownloadError(f"{url}.md5: {status_text(response)}")
            text = next(response.iter_raw(_MAX_MD5_FILE), b"").decode(errors="replace")
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise DownloadError(f"{url} cannot be reached ({error_reason(error)})") from error
    match = _MD5.search(text.lower())
    if match is None:
        raise DownloadError(f"{url}.md5: no MD5 checksum in it, only {text[:60]!r}")
    return match[0]


def download(url: str, part: Path, description: str) -> None:
    """Download `url` into `part`, resuming after the bytes that `part` already holds.

    Raises DownloadError and keeps `part`, so the next call resumes. The same holds after Ctrl-C.
    """
    retrying = Retrying(
        stop=stop_after_attempt(ATTEMPTS),
        wait=wait_incrementing(PAUSE_SECONDS, PAUSE_SECONDS),
        retry=retry_if_exception(_is_interrupted),
        reraise=True,
    )
    try:
        with create_client(STALL_SECONDS) as client:
            retrying(_resume, client, url, part, description)
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        reason = error_reason(error)
        if _is_interrupted(error):
            message = f"{url}: interrupted {ATTEMPTS} times ({reason}). Run it again to resume from {part}."
        else:
            message = f"{url} could not be downloaded into {part} ({reason})"
        raise DownloadError(message) from error


def check_md5(part: Path, expected: str, url: str) -> None:
    """Raise DownloadError, and remove `part`, if it does not have the MD5 that its publisher gives."""
    with part.open("rb") as file:
        actual = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    if actual != expected:
        part.unlink()
        raise DownloadError(f"{url}: wrong MD5 {actual}, expected {expected}. The file was removed; run it again.")


def _is_interrupted(error: BaseException) -> bool:
    """True if the connection broke after it was made; without a connection another attempt at once is no use."""
    return isinstance(error, httpx.TransportError) and not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)


def _resume(client: httpx.Client, url: str, part: Path, description: str) -> None:
    """One attempt. Raises httpx.TransportError if the connection ends before the whole file is there."""
    size = part.stat().st_size if part.exists() else 0
    with _get(client, url, {"Range": f"bytes={size}-"} if size else {}) as response:
        offset, total = _content_range(response)
        if size and response.status_code == 416 and total == size:
            return  # `part` is complete
        resumes = response.status_code == 206 and offset == size
        # After a 200 the file starts again. Any other response to a range means that `part` belongs to another file.
        if resumes or response.status_code == 200:
            _append(response, part, size if resumes else 0, total, description)
            if total is not None and part.stat().st_size != total:
                raise httpx.RemoteProtocolError("the response ended early")
            return
        if not size or response.status_code not in (206, 416):
            raise DownloadError(f"{url}: {status_text(response)}")
    part.unlink()
    _resume(client, url, part, description)


def _append(response: httpx.Response, part: Path, size: int, total: int | None, description: str) -> None:
    with part.open("ab" if size else "wb") as file, track_bytes(total, description) as advance:
        advance(size)
        for chunk in response.iter_raw():
            file.write(chunk)
            advance(len(chunk))
        file.flush()
        os.fsync(file.fileno())


def _get(
    client: httpx.Client, url: str, headers: dict[str, str] | None = None
) -> AbstractContextManager[httpx.Response]:
    return open_response(client, client.build_request("GET", url, headers=headers))


def _content_range(response: httpx.Response) -> tuple[int | None, int | None]:
    """The first byte of a response and the size of the whole file, None if the server sends no such number."""
    match = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
    if match:
        return int(match[1]) if match[1] else None, int(match[2])
    length = response.headers.get("Content-Length", "")
    return 0, int(length) if length.isdigit() else None
