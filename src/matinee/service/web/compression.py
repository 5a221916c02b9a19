"""Pages on their way out, made small. Pictures and fonts are small already, and the API's clients are near."""

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from matinee.service.web.assets import PLACE

_AS_THEY_ARE = ("/api/", "/posters/", f"{PLACE}/fonts/", "/metrics")
_WORTH_IT = 1_000  # bytes


class PageCompression:
    """ASGI middleware: gzip for pages, style and scripts, where the browser takes it."""

    def __init__(self, app: ASGIApp):
        self._app, self._small = app, GZipMiddleware(app, minimum_size=_WORTH_IT, compresslevel=5)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        as_it_is = scope["type"] != "http" or scope["path"].startswith(_AS_THEY_ARE)
        await (self._app if as_it_is else self._small)(scope, receive, send)
