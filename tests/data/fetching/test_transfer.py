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
    return [wanted for _, wanted in server.requests]


def test_downloads_the_whole_file(server, part):
    server.files["/set.zip"] = BODY
    download(f"{server.address}/set.zip", part, "set")
    assert part.read_bytes() == BODY
    assert ranges(server) == [None]


def test_continues_where_the_connection_broke(server, part):
    server.files["/set.zip"] = BODY
    server.break_after = [300_000, 100_000]
    download(f"{server.address}/set.zip", part, "set")
    assert part.read_bytes() == BODY
    assert ranges(server) == [None, "bytes=300000-", "bytes=400000-"]


def test_continues_a_part_left_by_an_earlier_run(server, part):
    server.files["/set.zip"] = BODY
    part.write_bytes(BODY[:123_456])
    download(f"{server.address}/set.zip", part, "set")
    assert part.read_bytes() == BODY
    assert ranges(server) == ["bytes=123456-"]


@pytest.mark.parametrize(("behaviour", "asked"), [("ignored", ["bytes=1000-"]), ("wrong", ["bytes=1000-", None])])
def test_starts_over_where_the_server_does_not_honour_ranges(server, part, behaviour, asked):
    server.files["/set.zip"] = BODY
    server.ranges = behaviour
    part.write_bytes(b"x" * 1000)
    download(f"{server.address}/set.zip", part, "set")
    assert part.read_bytes() == BODY
    assert ranges(server) == asked


def test_a_complete_part_is_not_fetched_again(server, part):
    server.files["/set.zip"] = BODY
    part.write_bytes(BODY)
    download(f"{server.address}/set.zip", part, "set")
    assert part.read_bytes() == BODY
    assert ranges(server) == [f"bytes={len(BODY)}-"]


def test_a_part_longer_than_the_file_is_thrown_away(server, part):
    server.files["/set.zip"] = BODY
    part.write_bytes(BODY + b"more")
    download(f"{server.address}/set.zip", part, "set")
    assert part.read_bytes() == BODY


def test_downloads_without_a_known_length(server, part):
    server.files["/set.zip"] = BODY
    server.tell_length = False
    download(f"{server.address}/set.zip", part, "set")
    assert part.read_bytes() == BODY


def test_a_stalled_answer_is_given_up_and_asked_again(server, part, monkeypatch):
    monkeypatch.setattr("matinee.data.fetching.transfer.STALL_SECONDS", 0.1)
    server.files["/set.zip"] = BODY
    server.stall_seconds = [0.5]
    download(f"{server.address}/set.zip", part, "set")
    assert part.read_bytes() == BODY
    assert len(server.requests) == 2


def test_gives_up_after_some_attempts_and_keeps_the_part(server, part):
    server.files["/set.zip"] = BODY
    server.break_after = [10] * 100
    with pytest.raises(DownloadError, match=r"broke off .* run it again to continue"):
        download(f"{server.address}/set.zip", part, "set")
    assert part.read_bytes() == BODY[: 10 * ATTEMPTS]


def test_interruption_leaves_the_part_from_which_the_next_call_continues(server, part, monkeypatch):
    server.files["/set.zip"] = BODY

    @contextmanager
    def interrupted(total: int | None, description: str) -> Iterator[Callable[[int], None]]:
        def count(size: int) -> None:
            if size:
                raise KeyboardInterrupt

        yield count

    with monkeypatch.context() as patched:
        patched.setattr("matinee.data.fetching.transfer.track_bytes", interrupted)
        with pytest.raises(KeyboardInterrupt):
            download(f"{server.address}/set.zip", part, "set")
    have = part.stat().st_size
    assert 0 < have < len(BODY)
    download(f"{server.address}/set.zip", part, "set")
    assert part.read_bytes() == BODY
    assert ranges(server) == [None, f"bytes={have}-"]


def test_a_missing_file_is_not_asked_for_twice(server, part):
    with pytest.raises(DownloadError, match=r"/set\.zip: the server answered 404"):
        download(f"{server.address}/set.zip", part, "set")
    assert len(server.requests) == 1
    assert not part.exists()


def test_a_file_that_cannot_be_written_is_told_in_one_line(server, part):
    server.files["/set.zip"] = BODY
    with pytest.raises(DownloadError, match=r"could not be fetched into .* \(No such file or directory\)$"):
        download(f"{server.address}/set.zip", part.parent / "missing" / "set.zip.part", "set")


def test_an_unreachable_server_is_known_at_once():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound but not listening: connections are refused
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/set.zip"
        start = time.monotonic()
        with pytest.raises(DownloadError, match=r"cannot be reached \(Connection refused\)"):
            published_md5(address)
        assert time.monotonic() - start < 2


@pytest.mark.parametrize("form", ["{}  set.zip\n", "MD5 (set.zip) = {}\n", "{}"])
def test_reads_both_ways_of_writing_an_md5(server, form):
    digest = hashlib.md5(BODY).hexdigest()
    server.files["/set.zip.md5"] = form.format(digest).encode()
    assert published_md5(f"{server.address}/set.zip") == digest


def test_no_published_md5(server):
    assert published_md5(f"{server.address}/set.zip") is None


def test_a_page_instead_of_an_md5_is_refused(server):
    server.files["/set.zip.md5"] = b"<html>Please log in</html>"
    with pytest.raises(DownloadError, match="expected an MD5 checksum, got '<html>"):
        published_md5(f"{server.address}/set.zip")


def test_a_wrong_md5_removes_the_part(part):
    part.write_bytes(BODY)
    check_md5(part, hashlib.md5(BODY).hexdigest(), "address")
    assert part.exists()
    with pytest.raises(DownloadError, match="arrived with MD5"):
        check_md5(part, "0" * 32, "address")
    assert not part.exists()
