"""One file over HTTP: with a time limit, taken up again where it broke off, checked at the end.

The standard library's urllib is enough: one request at a time, no sessions, proxies by environment; a client
library would be one more dependency for everybody who installs Matinee.
"""

import hashlib
import os
import re
import time
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from ssl import SSLError
from typing import cast
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from matinee.errors import DownloadError
from matinee.progress import track_bytes

REACH_SECONDS = 5  # to find out whether a server answers at all
STALL_SECONDS = 30  # without a single byte, in the middle of a transfer
ATTEMPTS = 5  # each continues where the one before broke off
PAUSE_SECONDS = 1.0  # before the second attempt; longer before each later one

_BLOCK = 1 << 18
_BROKEN = (TimeoutError, ConnectionError, HTTPException, SSLError)  # in the middle of an answer
_CONTENT_RANGE = re.compile(r"bytes (?:(\d+)-\d+|\*)/(\d+)")
_MD5 = re.compile(r"\b[0-9a-f]{32}\b")


def published_md5(address: str) -> str | None:
    """The MD5 published at `address`.md5, None where the server has no such file.

    Asked first, with a short limit, so an unreachable server is known within seconds. Raises DownloadError.
    """
    try:
        with _ask(f"{address}.md5", {}, REACH_SECONDS) as answer:
            text = answer.read(1_000).decode(errors="replace")
    except HTTPError as error:
        error.close()
        if error.code == 404:
            return None
        raise DownloadError(f"{address}.md5: the server answered {error.code} {error.reason}") from error
    except (*_BROKEN, OSError) as error:
        raise DownloadError(f"{address} cannot be reached ({_reason(error)})") from error
    found = _MD5.search(text.lower())
    if found is None:
        raise DownloadError(f"{address}.md5: expected an MD5 checksum, got {text[:60]!r}")
    return found[0]


def download(address: str, part: Path, description: str) -> None:
    """Bring `part` to the whole of `address`, continuing with whatever it already holds.

    Raises DownloadError; `part` then stays, so that the next call continues. The same after Ctrl-C.
    """
    problem = ""
    for attempt in range(ATTEMPTS):
        if attempt:
            time.sleep(PAUSE_SECONDS * attempt)
        try:
            if _continue(address, part, description):
                return
            problem = "the connection was closed early"
        except HTTPError as error:
            error.close()
            raise DownloadError(f"{address}: the server answered {error.code} {error.reason}") from error
        except _BROKEN as error:
            problem = _reason(error)
        except OSError as error:  # no route, no name, no space on the disk: trying again at once is no use
            raise DownloadError(f"{address} could not be fetched into {part} ({_reason(error)})") from error
    raise DownloadError(f"{address}: broke off {ATTEMPTS} times ({problem}); run it again to continue from {part}")


def check_md5(part: Path, expected: str, address: str) -> None:
    """Raise DownloadError, and remove `part`, if it does not have the MD5 its publisher names."""
    with part.open("rb") as file:
        actual = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    if actual != expected:
        part.unlink()
        raise DownloadError(f"{address}: arrived with MD5 {actual}, expected {expected}; it was removed, run it again")


def _continue(address: str, part: Path, description: str) -> bool:
    """One attempt; False if the answer ended before the whole file was there."""
    have = part.stat().st_size if part.exists() else 0
    try:
        answer = _ask(address, {"Range": f"bytes={have}-"} if have else {}, STALL_SECONDS)
    except HTTPError as error:
        if not have or error.code != 416:
            raise
        error.close()
        if _total(error.headers.get("Content-Range")) == have:
            return True  # nothing lies beyond what we have: it was complete
        part.unlink()  # it cannot be a piece of this file
        return _continue(address, part, description)
    with answer:
        if have and answer.status == 206 and not _continues_at(answer, have):
            part.unlink()  # some other piece than the one asked for: ask for everything
            return _continue(address, part, description)
        if answer.status != 206:
            have = 0  # the server sends everything again, so the file starts again
        whole = _whole_size(answer)
        _save(answer, part, have, whole, description)
    return whole is None or part.stat().st_size == whole


def _save(answer: HTTPResponse, part: Path, have: int, whole: int | None, description: str) -> None:
    with part.open("ab" if have else "wb") as file, track_bytes(whole, description) as done:
        done(have)
        while block := answer.read(_BLOCK):
            file.write(block)
            done(len(block))
        file.flush()
        os.fsync(file.fileno())


def _ask(address: str, headers: dict[str, str], seconds: float) -> HTTPResponse:
    request = Request(address, headers={"User-Agent": "matinee", **headers})  # noqa: S310 - from our own table of sources
    return cast(HTTPResponse, urlopen(request, timeout=seconds))  # noqa: S310


def _continues_at(answer: HTTPResponse, have: int) -> bool:
    found = _CONTENT_RANGE.fullmatch(answer.headers.get("Content-Range", ""))
    return found is not None and found[1] == str(have)


def _whole_size(answer: HTTPResponse) -> int | None:
    if answer.status == 206:
        return _total(answer.headers.get("Content-Range"))
    length = answer.headers.get("Content-Length", "")
    return int(length) if length.isdigit() else None


def _total(content_range: str | None) -> int | None:
    found = _CONTENT_RANGE.fullmatch(content_range or "")
    return int(found[2]) if found else None


def _reason(error: Exception) -> str:
    inner = error.reason if isinstance(error, URLError) else error
    text = inner.strerror if isinstance(inner, OSError) and inner.strerror else str(inner)
    return " ".join(text.split()) or type(error).__name__
