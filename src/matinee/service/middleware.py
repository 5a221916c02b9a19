"""The front of the house: what holds for every request, before and after any route.

A request gets a number. One that names another host, comes from another site, or is too large is turned away. Every
answer gets the headers that keep browsers safe, is counted, and is logged in one line, without the query: what people
search for is theirs.
"""

import re
import secrets
import time
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from matinee.service.errors import problem_response
from matinee.service.settings import Settings
from matinee.service.state.metrics import Metrics

API = "/api/v1"
_SAFE = ("GET", "HEAD", "OPTIONS")
_METHODS = (*_SAFE, "POST", "PUT", "DELETE", "PATCH")
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
log = structlog.get_logger("matinee.access")


class RequestMiddleware:
    """ASGI middleware around the whole app."""

    def __init__(self, app: ASGIApp, settings: Settings):
        self._app = app
        self._max_upload = settings.most_upload
        self._allowed_hosts = {
            *_LOCAL_NAMES,
            settings.host.casefold(),
            *(name.casefold() for name in settings.hostnames),
        }
        self._any_host = not settings.local and not settings.hostnames

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        context = _Exchange(scope, receive, send, self._max_upload)
        scope.setdefault("state", {})["request_id"] = context.request_id
        try:
            refused = self._rejection(scope, context.headers)
            if refused is None:
                await self._app(scope, context.receive, context.send)
            else:
                await context.problem(*refused)
        except Exception as error:
            log.exception("failed", request_id=context.request_id, error=type(error).__name__)
            await context.problem(500, f"our fault: {type(error).__name__}; the log has it as {context.request_id}")
        finally:
            self._record(scope, context)

    def _rejection(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        """Status and reason for what no route shall see."""
        host = headers.get("host", "")
        if not self._any_host and _name(host) not in self._allowed_hosts:
            # Another site's name that leads here (DNS rebinding) would let that site's scripts read everything.
            return 421, f"host '{host[:100]}' is not ours; expected localhost, or a name of the setting hostnames"
        if scope["method"] not in _SAFE and _is_foreign(host, headers):
            return 403, "asked by a page of another site; expected one of ours, or a program that sends no Origin"
        return None

    def _record(self, scope: Scope, visit: "_Exchange") -> None:
        seconds = time.perf_counter() - visit.started
        path = _route(scope)
        method = scope["method"] if scope["method"] in _METHODS else "other"
        metrics: Metrics = scope["app"].state.app_state.metrics
        metrics.requests.labels(method, path, visit.status).inc()
        metrics.seconds.labels(path).observe(seconds)
        log.info(
            "answered",
            request_id=visit.request_id,
            method=scope["method"],
            path=scope["path"],
            status=visit.status,
            ms=round(1000 * seconds, 2),
        )


class _Exchange:
    """One request and its answer, on their way."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, most: int):
        self.started = time.perf_counter()
        self.headers = Headers(scope=scope)
        given = self.headers.get("x-request-id", "")
        self.request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        self.status = 0  # 0: no answer was begun
        self._scope, self._receive, self._send = scope, receive, send
        self._max_upload, self._received = most, 0

    async def receive(self) -> Message:
        """What comes in, as long as it is not too much."""
        length = self.headers.get("content-length", "")
        if length.isdecimal() and int(length) > self._max_upload:
            raise HTTPException(413, f"{int(length):,} bytes are announced; expected at most {self._max_upload:,}")
        message = await self._receive()
        self._received += len(message.get("body", b""))
        if self._received > self._max_upload:
            raise HTTPException(413, f"more than {self._max_upload:,} bytes came; expected at most that many")
        return message

    async def send(self, message: Message) -> None:
        """What goes out, with the headers that every answer has."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            headers["X-Request-ID"] = self.request_id
        await self._send(message)

    async def problem(self, status: int, detail: str) -> None:
        """Answer with a problem, unless an answer was begun."""
        if not self.status:
            path = self._scope["path"]
            answer = problem_response(status, detail, path=path, request_id=self.request_id)
            await answer(self._scope, self._receive, self.send)


def _route(scope: Scope) -> str:
    """The address as the routes have it, `/api/v1/movies/{movie_id}`: one label for all movies."""
    path = getattr(scope.get("route"), "path", "none")
    within = scope["path"].startswith(f"{API}/") and path.startswith("/") and not path.startswith(f"{API}/")
    return API + path if within else path


def _name(host: str) -> str:
    """`localhost:8000` -> `localhost`, `[::1]:8000` -> `::1`."""
    try:
        return (urlsplit(f"//{host}").hostname or "").casefold()
    except ValueError:
        return ""


def _is_foreign(host: str, headers: Headers) -> bool:
    """Whether a browser says that another site's page sent this; programs say nothing of the kind.

    Every browser of today sends Sec-Fetch-Site to what it trusts (https, and this machine), and all send Origin with
    what writes. A page cannot leave them out or make them up.
    """
    fetched_by = headers.get("sec-fetch-site")
    if fetched_by is not None:
        return fetched_by not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc.casefold() != host.casefold()
