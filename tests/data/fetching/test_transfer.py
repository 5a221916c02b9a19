import hashlib
import random
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from matinee.data.fetching.transfer import ATTEMPTS, check_md5, download, published_md5
from matinee.errors import DownloadError

BODY = random.Random(5).randbytes(700_000)


@pytest.fixture
def part(tmp_path: Path) -> Path:
    return tmp_path / "set.zip.part"


def ranges(server) -> list[str | None]:
    return [header for _, header in server.requests]


def test_downloads_the_whole_file(server, part):
    server.files["/set.zip"] = BODY
    download(f"{server.address}/set.zip", part, "set")
    assert part.read_bytes() == BODY
    assert ranges(server) == [None]


def test_resumes_where_the_connection_broke(server, part):
    server.files["/set.zip"] = BODY
    server.break_after = [300_000, 100_000]
    download(f"{server.address}/set.zip", part, "set")
    assert part.read_bytes() == BODY
    assert ranges(server) == [None, "bytes=300000-", "bytes=400000-"]


def test_resumes_a_part_from_an_earlier_run(server, part):
    server.files["/set.zip"] = BODY
    part.write_bytes(BODY[:123_456])
    download(f"{server.address}/set.zip", part, "set")
    assert part.read_bytes() == BODY
    assert ranges(server) == ["bytes=123456-"]


@pytest.mark.parametrize(("behaviour", "expected"), [("ignored", ["bytes=1000-"]), ("wrong", ["bytes=1000-", None])])
def test_starts_again_if_the_server_ignores_ranges(server, part, behaviour, expected):
    server.files["/set.zip"] = BODY
    server.ranges = behaviour
    part.write_bytes(b"x" * 1000)
    download(f"{server.address}/set.zip", part, "set")
    assert part.read_bytes() == BODY
    assert ranges(server) == expected


def test_a_complete_part_is_not_downloaded_again(server, part):
    server.files["/set.zip"] = BODY
    part.write_bytes(BODY)
    download(f"{server.address}/set.zip", part, "set")
    assert part.read_bytes() == BODY
    assert ranges(server) == [f"bytes={len(BODY)}-"]


def test_a_part_longer_than_the_file_is_discarded(server, part):
    server.files["/set.zip"] = BODY
    part.write_bytes(BODY + b"more")
    download(f"{server.address}/set.zip", part, "set")
    assert part.read_bytes() == BODY


def test_downloads_without_a_known_length(server, part):
    server.files["/set.zip"] = BODY
    server.send_length = False
    download(f"{server.address}/set.zip", part, "set")
    assert part.read_bytes() == BODY


def test_a_stalled_response_is_requested_again(server, part, monkeypatch):
    monkeypatch.setattr("matinee.data.fetching.transfer.STALL_SECONDS", 0.1)
    server.files["/set.zip"] = BODY
    server.stall_seconds = [0.5]
    download(f"{server.address}/set.zip", part, "set")
    assert part.read_bytes() == BODY
    assert len(server.requests) == 2


def test_the_part_is_kept_after_the_last_attempt(server, part):
    server.files["/set.zip"] = BODY
    server.break_after = [10] * 100
    with pytest.raises(DownloadError, match=r"interrupted 5 times .* Run it again to resume"):
        download(f"{server.address}/set.zip", part, "set")
    assert part.read_bytes() == BODY[: 10 * ATTEMPTS]


def test_the_next_call_resumes_after_an_interruption(server, part, monkeypatch):
    server.files["/set.zip"] = BODY

    @contextmanager
    def interrupted(total: int | None, description: str) -> Iterator[Callable[[int], None]]:
        def count(n_bytes: int) -> None:
            if n_bytes:
                raise KeyboardInterrupt

        yield count

    with monkeypatch.context() as patched:
        patched.setattr("matinee.data.fetching.transfer.track_bytes", interrupted)
        with pytest.raises(KeyboardInterrupt):
            download(f"{server.address}/set.zip", part, "set")
    size = part.stat().st_size
    assert 0 < size < len(BODY)
    download(f"{server.address}/set.zip", part, "set")
    assert part.read_bytes() == BODY
    assert ranges(server) == [None, f"bytes={size}-"]


def test_a_missing_file_is_not_requested_twice(server, part):
    with pytest.raises(DownloadError, match=r"/set\.zip: the server answered 404"):
        download(f"{server.address}/set.zip", part, "set")
    assert len(server.requests) == 1
    assert not part.exists()


def test_a_file_that_cannot_be_written_is_reported(server, part):
    server.files["/set.zip"] = BODY
    with pytest.raises(DownloadError, match=r"could not be downloaded into .* \(No such file or directory\)$"):
        download(f"{server.address}/set.zip", part.parent / "missing" / "set.zip.part", "set")


def test_an_unreachable_server_is_noticed_at_once():
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))  # bound but not listening: connections are refused
        address = f"http://127.0.0.1:{bound.getsockname()[1]}/set.zip"
        start = time.monotonic()
        with pytest.raises(DownloadError, match=r"cannot be reached \(Connection refused\)"):
            published_md5(address)
        assert time.monotonic() - start < 2


@pytest.mark.parametrize("form", ["{}  set.zip\n", "MD5 (set.zip) = {}\n", "{}"])
def test_md5_files_have_several_formats(server, form):
    digest = hashlib.md5(BODY).hexdigest()
    server.files["/set.zip.md5"] = form.format(digest).encode()
    assert published_md5(f"{server.address}/set.zip") == digest


def test_no_md5_is_published(server):
    assert published_md5(f"{server.address}/set.zip") is None


def test_a_page_instead_of_an_md5_is_refused(server):
    server.files["/set.zip.md5"] = b"<html>Please log in</html>"
    with pytest.raises(DownloadError, match="no MD5 checksum in it, only '<html>"):
        published_md5(f"{server.address}/set.zip")


def test_a_wrong_md5_removes_the_part(part):
    part.write_bytes(BODY)
    check_md5(part, hashlib.md5(BODY).hexdigest(), "address")
    assert part.exists()
    with pytest.raises(DownloadError, match="wrong MD5"):
        check_md5(part, "0" * 32, "address")
    assert not part.exists()
