"""A local web server for download tests: it can close connections, stall, and ignore or misuse ranges."""

import re
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


class FileServer:
    """Serves `files` (path -> content) and records every request as (path, Range header)."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.requests: list[tuple[str, str | None]] = []
        self.ranges = "honoured"  # or "ignored", or "wrong": another part than the requested one
        self.break_after: list[int] = []  # bytes after which each of the next responses is cut off
        self.stall_seconds: list[float] = []  # delay of each of the next responses
        self.send_length = True
        self.address = ""

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        range_header = handler.headers.get("Range")
        self.requests.append((handler.path, range_header))
        body = self.files.get(handler.path)
        if self.stall_seconds:
            time.sleep(self.stall_seconds.pop(0))
        if body is None:
            handler.send_error(404)
            return
        start = int(re.fullmatch(r"bytes=(\d+)-", range_header)[1]) if range_header and self.ranges != "ignored" else 0
        if start and self.ranges == "wrong":
            start -= 1
        if start >= len(body) > 0:
            handler.send_response(416)
            handler.send_header("Content-Range", f"bytes */{len(body)}")
            handler.end_headers()
            return
        handler.send_response(206 if start else 200)
        if start:
            handler.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        if self.send_length:
            handler.send_header("Content-Length", str(len(body) - start))
        handler.end_headers()
        stop = start + self.break_after.pop(0) if self.break_after else len(body)
        handler.wfile.write(body[start:stop])


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FileServer]:
    files = FileServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            files.answer(self)

        def log_message(self, *_: object) -> None:
            pass

    class QuietServer(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            pass  # a client that no longer waits for a stalled response

    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setattr("matinee.data.fetching.transfer.PAUSE_SECONDS", 0.0)
    with QuietServer(("127.0.0.1", 0), Handler) as running:
        files.address = f"http://127.0.0.1:{running.server_port}"
        threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield files
        running.shutdown()
