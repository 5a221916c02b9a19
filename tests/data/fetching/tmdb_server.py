"""TMDB's API over real HTTP, on this machine: the endpoints Matinee asks, in TMDB's shapes, with its faults.

Shapes as of https://developer.themoviedb.org/reference; texts and people are made up.
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


def picture(form: str = "JPEG", colour: str = "red") -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (34, 51), colour).save(content, form)
    return content.getvalue()


def film(tmdb_id: int, title: str, date: str, genres: tuple[int, ...] = (18,), **other: Any) -> dict[str, Any]:
    """The whole answer about a film; what it has that we do not use is there too."""
    people = {"adult": False, "gender": 2, "known_for_department": "Acting", "popularity": 1.5, "profile_path": None}
    cast = [
        {**people, "id": 100 + n, "name": f"Actor {n}", "cast_id": n, "character": f"Role {n}", "order": n}
        for n in reversed(range(30))
    ]
    crew = [
        {**people, "id": 200, "name": "Ann Writer", "department": "Writing", "job": "Screenplay"},
        {**people, "id": 201, "name": f"Director of {title}", "department": "Directing", "job": "Director"},
        *({**people, "id": 300 + n, "name": f"Grip {n}", "department": "Crew", "job": "Grip"} for n in range(40)),
    ]
    whole = {
        "adult": False,
        "backdrop_path": None,
        "belongs_to_collection": None,
        "budget": 60_000_000,
        "genres": [{"id": one, "name": GENRES[one]} for one in genres],
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
class Asked:
    """One request: when it came, what for, with which headers, and how it was answered (0: not to the end)."""

    at: float
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    status: int = 0


@dataclass
class TmdbServer:
    """`faults[path]` are the next answers to a path in place of the right ones; `""` stands for any path."""

    films: dict[int, dict[str, Any]] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    also_released: dict[int, set[int]] = field(default_factory=dict)  # years of releases after the first
    faults: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    asked: list[Asked] = field(default_factory=list)
    page_size: int = 20
    address: str = ""

    def add(self, *films: dict[str, Any]) -> None:
        for one in films:
            self.films[one["id"]] = one
            if one["poster_path"]:
                self.pictures[one["poster_path"]] = picture()

    @property
    def paths(self) -> list[str]:
        return [one.path for one in self.asked]

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        asked = Asked(time.monotonic(), parts.path, query, dict(handler.headers))
        self.asked.append(asked)
        waiting = self.faults[parts.path] or self.faults[""]
        fault, _, detail = (waiting.pop(0) if waiting else "").partition(" ")
        if fault:
            asked.status = _misbehave(handler, fault, detail)
        if asked.status == 0:
            asked.status = self._answer_well(handler, asked)

    def _answer_well(self, handler: BaseHTTPRequestHandler, asked: Asked) -> int:
        if asked.path.startswith("/t/p/w342/"):
            content = self.pictures.get(asked.path.removeprefix("/t/p/w342"))
            return send(handler, 404, b"") if content is None else send(handler, 200, content, kind="image/jpeg")
        if asked.query.get("api_key") != KEY and asked.headers.get("Authorization") != f"Bearer {TOKEN}":
            return send(handler, 401, INVALID)
        found = self._looked_up(asked)
        return send(handler, 404, NOT_FOUND) if found is None else send(handler, 200, found)

    def _looked_up(self, asked: Asked) -> dict[str, Any] | None:
        if by_id := re.fullmatch(r"/3/movie/(\d+)", asked.path):
            whole = self.films.get(int(by_id[1]))
            if whole is None or asked.query.get("append_to_response") == "credits":
                return whole
            return {name: value for name, value in whole.items() if name != "credits"}
        if by_other := re.fullmatch(r"/3/find/(tt\d+)", asked.path):
            assert asked.query["external_source"] == "imdb_id"
            hits = [_hit(one) for one in self.films.values() if one["imdb_id"] == by_other[1]]
            others = ("person_results", "tv_results", "tv_episode_results", "tv_season_results")
            return {"movie_results": hits, **{name: [] for name in others}}
        return self._search(asked) if asked.path == "/3/search/movie" else None

    def _search(self, asked: Asked) -> dict[str, Any]:
        words = set(re.findall(r"\w+", asked.query["query"].casefold()))
        year, page = int(asked.query["year"]), int(asked.query["page"])
        hits = [
            _hit(one)
            for one in self.films.values()
            if words <= set(re.findall(r"\w+", f"{one['title']} {one['original_title']}".casefold()))
            and year in {int((one["release_date"] or "0")[:4]), *self.also_released.get(one["id"], ())}
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
    """The status that was sent; 0 where the right answer is still to come."""
    if fault == "slow":
        time.sleep(float(detail))
        return 0
    if fault in ("cut", "drip"):
        handler.send_response(200)
        handler.send_header(*(("Content-Length", "5000") if fault == "cut" else ("Connection", "close")))
        handler.end_headers()
        for _ in range(int(detail or 13)):  # fewer bytes than were promised, or one at a time without ever stalling
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
        "half": b'{"id": 949, "title": "He',  # as many bytes as promised, but half a document
        "page": b"<html>Please log in to the hotel's network</html>",
        "other": {"success": True, "status_message": "fine"},
        "flood": b" " * 3_000,
    }
    return send(handler, 200, nonsense[fault])


def _hit(whole: dict[str, Any]) -> dict[str, Any]:
    names = ("adult", "backdrop_path", "id", "original_language", "original_title", "overview", "popularity")
    others = ("poster_path", "release_date", "title", "video", "vote_average", "vote_count")
    return {name: whole[name] for name in (*names, *others)} | {"genre_ids": [one["id"] for one in whole["genres"]]}


class _QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        pass  # a client that no longer waits


@contextmanager
def serving() -> Iterator[TmdbServer]:
    """The server, running while the block does."""
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
