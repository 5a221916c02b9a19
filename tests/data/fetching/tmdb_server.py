"""A local HTTP server with TMDB's API: the endpoints that Matinee uses, TMDB's schemas, and faults.

Schemas from https://developer.themoviedb.org/reference; texts and people are invented.
"""

import io
import json
import re
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from PIL import Image

KEY = "0123456789abcdef0123456789abcdef"
TOKEN = "eyJhbGciOi.eyJhdWQiOi.SflKxwRJSM"
GENRES = {80: "Crime", 18: "Drama", 28: "Action", 35: "Comedy", 27: "Horror", 878: "Science Fiction"}
INVALID = {"status_code": 7, "status_message": "Invalid API key: You must be granted a valid key.", "success": False}
NOT_FOUND = {"success": False, "status_code": 34, "status_message": "The resource you requested could not be found."}
TOO_MANY = {"status_code": 25, "status_message": "Your request count (41) is over the allowed limit of (40)."}


def image_bytes(form: str = "JPEG", colour: str = "red") -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (34, 51), colour).save(content, form)
    return content.getvalue()


def tmdb_movie(tmdb_id: int, title: str, date: str, genres: tuple[int, ...] = (18,), **other: Any) -> dict[str, Any]:
    """A whole response for a movie, including the fields that Matinee does not use."""
    credit = {"adult": False, "gender": 2, "known_for_department": "Acting", "popularity": 1.5, "profile_path": None}
    cast = [
        {**credit, "id": 100 + n, "name": f"Actor {n}", "cast_id": n, "character": f"Role {n}", "order": n}
        for n in reversed(range(30))
    ]
    crew = [
        {**credit, "id": 200, "name": "Ann Writer", "department": "Writing", "job": "Screenplay"},
        {**credit, "id": 201, "name": f"Director of {title}", "department": "Directing", "job": "Director"},
        *({**credit, "id": 300 + n, "name": f"Grip {n}", "department": "Crew", "job": "Grip"} for n in range(40)),
    ]
    whole = {
        "adult": False,
        "backdrop_path": None,
        "belongs_to_collection": None,
        "budget": 60_000_000,
        "genres": [{"id": genre_id, "name": GENRES[genre_id]} for genre_id in genres],
        "homepage": "",
        "id": tmdb_id,
        "imdb_id": f"tt{tmdb_id:07}",
        "original_language": "en",
        "original_title": title,
        "overview": f"What happens in {title}.",
        "popularity": 17.5,
        "poster_path": f"/poster{tmdb_id}.jpg",
        "production_companies": [{"id": 508, "logo_path": None, "name": "Regency", "origin_country": "US"}],
        "production_countries": [{"iso_3166_1": "US", "name": "United States of America"}],
        "release_date": date,
        "revenue": 187_436_818,
        "runtime": 90 + tmdb_id % 60,
        "spoken_languages": [{"english_name": "English", "iso_639_1": "en", "name": "English"}],
        "status": "Released",
        "tagline": "",
        "title": title,
        "video": False,
        "vote_average": 7.9,
        "vote_count": 7_000,
        "credits": {"cast": cast, "crew": crew},
    }
    return whole | other


@dataclass
class ReceivedRequest:
    """A request: time, path, query, headers, and the status of the response (0: not sent)."""

    at: float
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    status: int = 0


@dataclass
class TmdbServer:
    """`faults[path]` are the next responses for a path instead of the right ones; `""` stands for any path."""

    movies: dict[int, dict[str, Any]] = field(default_factory=dict)
    posters: dict[str, bytes] = field(default_factory=dict)
    also_released: dict[int, set[int]] = field(default_factory=dict)  # years of releases after the first
    faults: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    requests: list[ReceivedRequest] = field(default_factory=list)
    page_size: int = 20
    address: str = ""

    def add(self, *movies: dict[str, Any]) -> None:
        for movie in movies:
            self.movies[movie["id"]] = movie
            if movie["poster_path"]:
                self.posters[movie["poster_path"]] = image_bytes()

    @property
    def paths(self) -> list[str]:
        return [request.path for request in self.requests]

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        request = ReceivedRequest(time.monotonic(), parts.path, query, dict(handler.headers))
        self.requests.append(request)
        queue = self.faults[parts.path] or self.faults[""]
        fault, _, detail = (queue.pop(0) if queue else "").partition(" ")
        if fault:
            request.status = _misbehave(handler, fault, detail)
        if request.status == 0:
            request.status = self._answer_correctly(handler, request)

    def _answer_correctly(self, handler: BaseHTTPRequestHandler, request: ReceivedRequest) -> int:
        if request.path.startswith("/t/p/w342/"):
            content = self.posters.get(request.path.removeprefix("/t/p/w342"))
            return send(handler, 404, b"") if content is None else send(handler, 200, content, kind="image/jpeg")
        if request.query.get("api_key") != KEY and request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return send(handler, 401, INVALID)
        content = self._look_up(request)
        return send(handler, 404, NOT_FOUND) if content is None else send(handler, 200, content)

    def _look_up(self, request: ReceivedRequest) -> dict[str, Any] | None:
        if by_id := re.fullmatch(r"/3/movie/(\d+)", request.path):
            whole = self.movies.get(int(by_id[1]))
            if whole is None or request.query.get("append_to_response") == "credits":
                return whole
            return {name: value for name, value in whole.items() if name != "credits"}
        if by_other := re.fullmatch(r"/3/find/(tt\d+)", request.path):
            assert request.query["external_source"] == "imdb_id"
            hits = [_hit(movie) for movie in self.movies.values() if movie["imdb_id"] == by_other[1]]
            others = ("person_results", "tv_results", "tv_episode_results", "tv_season_results")
            return {"movie_results": hits, **{name: [] for name in others}}
        return self._search(request) if request.path == "/3/search/movie" else None

    def _search(self, request: ReceivedRequest) -> dict[str, Any]:
        words = set(re.findall(r"\w+", request.query["query"].casefold()))
        year, page = int(request.query["year"]), int(request.query["page"])
        hits = [
            _hit(movie)
            for movie in self.movies.values()
            if words <= set(re.findall(r"\w+", f"{movie['title']} {movie['original_title']}".casefold()))
            and year in {int((movie["release_date"] or "0")[:4]), *self.also_released.get(movie["id"], ())}
        ]
        shown = hits[(page - 1) * self.page_size : page * self.page_size]
        pages = max(1, -(-len(hits) // self.page_size))
        return {"page": page, "results": shown, "total_pages": pages, "total_results": len(hits)}


def send(
    handler: BaseHTTPRequestHandler,
    status: int,
    content: Any,
    kind: str = "application/json;charset=utf-8",
    **headers: str,
) -> int:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    handler.send_response(status)
    for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)
    return status


def _misbehave(handler: BaseHTTPRequestHandler, fault: str, detail: str) -> int:
    """Send a faulty response and return its status; 0 if the right response is still to come."""
    if fault == "slow":
        time.sleep(float(detail))
        return 0
    if fault in ("cut", "drip"):
        handler.send_response(200)
        handler.send_header(*(("Content-Length", "5000") if fault == "cut" else ("Connection", "close")))
        handler.end_headers()
        for _ in range(int(detail or 13)):  # fewer bytes than announced, or one at a time without stalling
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.02 if fault == "drip" else 0)
        return 200
    if fault == "redirect":
        code, _, target = detail.partition(" ")
        return send(handler, int(code), b"", Location=target)
    if fault == "429":
        return send(handler, 429, TOO_MANY, **({"Retry_After": detail} if detail else {}))
    if fault.isdigit():
        return send(handler, int(fault), {"status_code": 11, "status_message": "Internal error.", "success": False})
    nonsense: dict[str, Any] = {
        "half": b'{"id": 949, "title": "He',  # as many bytes as announced, but half a document
        "page": b"<html>Please log in to the hotel's network</html>",
        "other": {"success": True, "status_message": "fine"},
        "flood": b" " * 3_000,
    }
    return send(handler, 200, nonsense[fault])


def _hit(whole: dict[str, Any]) -> dict[str, Any]:
    names = ("adult", "backdrop_path", "id", "original_language", "original_title", "overview", "popularity")
    others = ("poster_path", "release_date", "title", "video", "vote_average", "vote_count")
    return {name: whole[name] for name in (*names, *others)} | {"genre_ids": [genre["id"] for genre in whole["genres"]]}


class _QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        pass  # a client that no longer waits


@contextmanager
def serve_tmdb() -> Iterator[TmdbServer]:
    """The server, running during the block."""
    server = TmdbServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.answer(self)

        def log_message(self, *_: object) -> None:
            pass

    with _QuietServer(("127.0.0.1", 0), Handler) as running:
        server.address = f"http://127.0.0.1:{running.server_port}"
        threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        running.shutdown()
