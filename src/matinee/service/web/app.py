"""The web app: every module of `pages`, with static files, compression and error pages.

A page is a module in `pages` with a `router` and, if it belongs in the menu, a `MENU_ENTRY`. Its template has the same
name, and so have its style sheet and script in `static`, if it has any.
"""

import importlib
import pkgutil
from http import HTTPStatus

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import Response
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from matinee.message import N_
from matinee.service.state.app_state import get_state
from matinee.service.web import pages
from matinee.service.web.assets import STATIC_PATH, Assets
from matinee.service.web.page_context import MenuEntry, page_context

_UNCOMPRESSED_PATHS = ("/api/", "/posters/", f"{STATIC_PATH}/fonts/", "/metrics")  # compressed already, or local
_MIN_COMPRESSED_SIZE = 1_000  # bytes
_ERROR_TITLES = {
    400: N_("Invalid request"),
    401: N_("Please sign in"),
    403: N_("Not allowed"),
    404: N_("Page not found"),
    405: N_("Not allowed"),
    409: N_("Conflict"),
    413: N_("Too large"),
    422: N_("Invalid input"),
    429: N_("Too many requests"),
    503: N_("Not available right now"),
}


class PageCompression:
    """ASGI middleware that compresses pages, style sheets and scripts for browsers that accept it."""

    def __init__(self, app: ASGIApp):
        self._app, self._compressed = app, GZipMiddleware(app, minimum_size=_MIN_COMPRESSED_SIZE, compresslevel=5)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        uncompressed = scope["type"] != "http" or scope["path"].startswith(_UNCOMPRESSED_PATHS)
        await (self._app if uncompressed else self._compressed)(scope, receive, send)


def add_pages(app: FastAPI) -> None:
    """Add all pages to an app, with their menu, static files, compression and error page."""
    names = [module.name for module in pkgutil.iter_modules(pages.__path__)]
    menu: list[MenuEntry] = []
    for name in names:
        module = importlib.import_module(f"{pages.__name__}.{name}")
        router: APIRouter = module.router
        app.include_router(router)
        menu += [module.MENU_ENTRY] if hasattr(module, "MENU_ENTRY") else []
    app.state.menu = tuple(sorted(menu, key=lambda entry: entry.position))
    app.state.problem_page = problem_page
    app.add_middleware(PageCompression)
    app.mount(STATIC_PATH, Assets(), name="static")


def problem_page(request: Request, status: int, detail: str) -> Response:
    """An error as a page."""
    state = get_state(request)
    context = page_context(state, state.served.current, request)
    title = context.gettext(_ERROR_TITLES.get(status, HTTPStatus(status).phrase))
    return context.render("problem.html", status, title=title, detail=detail)
