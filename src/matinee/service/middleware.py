"""Middleware for every request: host and origin checks, size limit, security headers, metrics, and the access log.

Each request gets an id. Requests with a wrong host, from pages of other sites, or with too many bytes are refused. The
log has one line for each request, without the query, because searches are private.
"""

import re
import secrets
import time
import traceback
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
        self._max_upload = settings.max_upload_bytes
        self._allowed_hosts = {
            *_LOCAL_NAMES,
            settings.host.casefold(),
            *(name.casefold() for name in settings.hostnames),
        }
        self._any_host = not settings.is_local and not settings.hostnames

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(scope, receive, send, self._max_upload)
        scope.setdefault("state", {})["request_id"] = exchange.request_id
        try:
            refused = self._rejection(scope, exchange.headers)
            if refused is None:
                await self._app(scope, exchange.receive, exchange.send)
            else:
                await exchange.problem(*refused)
        except Exception as error:
            # A plain traceback: the default renderer of structlog would add the values of all local variables.
            exception = "".join(traceback.format_exception(error))
            log.error("request_failed", request_id=exchange.request_id, exception=exception)  # noqa: TRY400
            detail = f"The server failed with {type(error).__name__}. The log has the details for this request id."
            await exchange.problem(500, detail)
        finally:
            self._record(scope, exchange)

    def _rejection(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        """Return status and reason for a request that must not reach a route."""
        host = headers.get("host", "")
        if not self._any_host and _hostname(host) not in self._allowed_hosts:
            # Otherwise a site whose name resolves to this machine could read everything (DNS rebinding).
            return 421, f"Unknown host '{host[:100]}'. Use localhost, or add the name to the setting hostnames."
        if scope["method"] not in _SAFE and _is_cross_site(host, headers):
            return 403, "Pages of other sites may not write. Use a page of this site, or send no Origin header."
        return None

    def _record(self, scope: Scope, exchange: "_Exchange") -> None:
        seconds = time.perf_counter() - exchange.started
        route = _route(scope)
        method = scope["method"] if scope["method"] in _METHODS else "other"
        metrics: Metrics = scope["app"].state.app_state.metrics
        metrics.requests.labels(method, route, exchange.status).inc()
        metrics.seconds.labels(route).observe(seconds)
        log.info(
            "request",
            request_id=exchange.request_id,
            method=scope["method"],
            path=scope["path"],
            status=exchange.status,
            ms=round(1000 * seconds, 2),
        )


class _Exchange:
    """One request and its response."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, max_upload: int):
        self.started = time.perf_counter()
        self.headers = Headers(scope=scope)
        request_id = self.headers.get("x-request-id", "")
        self.request_id = request_id if _REQUEST_ID.fullmatch(request_id) else secrets.token_hex(8)
        self.status = 0  # until the response starts
        self._scope, self._receive, self._send = scope, receive, send
        self._max_upload, self._received = max_upload, 0

    async def receive(self) -> Message:
        """Receive a message. Raises 413 if the request has too many bytes."""
        length = self.headers.get("content-length", "")
        if length.isdecimal() and int(length) > self._max_upload:
            raise HTTPException(413, f"The request has {int(length):,} bytes. The limit is {self._max_upload:,}.")
        message = await self._receive()
        self._received += len(message.get("body", b""))
        if self._received > self._max_upload:
            raise HTTPException(413, f"The request has more than {self._max_upload:,} bytes, which is the limit.")
        return message

    async def send(self, message: Message) -> None:
        """Send a message, with the headers that all responses have."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            headers["X-Request-ID"] = self.request_id
        await self._send(message)

    async def problem(self, status: int, detail: str) -> None:
        """Respond with a problem document, unless a response has started."""
        if not self.status:
            path = self._scope["path"]
            response = problem_response(status, detail, path=path, request_id=self.request_id)
            await response(self._scope, self._receive, self.send)


def _route(scope: Scope) -> str:
    """The path template of the route, such as `/api/v1/movies/{movie_id}`: one label for all movies."""
    path = getattr(scope.get("route"), "path", "none")
    is_relative = scope["path"].startswith(f"{API}/") and path.startswith("/") and not path.startswith(f"{API}/")
    return API + path if is_relative else path


def _hostname(host: str) -> str:
    """`localhost:8000` -> `localhost`, `[::1]:8000` -> `::1`."""
    try:
        return (urlsplit(f"//{host}").hostname or "").casefold()
    except ValueError:
        return ""


def _is_cross_site(host: str, headers: Headers) -> bool:
    """Tell whether a page of another site sent the request. Programs send neither of the two headers.

    Current browsers send Sec-Fetch-Site to trustworthy origins (https and this machine), and all browsers send Origin
    with writes. A page cannot suppress or forge them.
    """
    fetch_site = headers.get("sec-fetch-site")
    if fetch_site is not None:
        return fetch_site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc.casefold() != host.casefold()
