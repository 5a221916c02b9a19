"""All pages, in one hand."""

from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.responses import Response

from matinee.service.state.app_state import get_state
from matinee.service.web.assets import PLACE, Assets
from matinee.service.web.compression import PageCompression
from matinee.service.web.page_context import page_context
from matinee.service.web.pages import (
    account,
    compare,
    feedback,
    home,
    imports,
    lab,
    movie,
    movie_night,
    onboarding,
    posters,
    profiles,
    search,
    sign_in,
    taste,
    taste_map,
)

_ROUTERS = (
    account.router,
    compare.router,
    sign_in.router,
    movie.router,
    home.router,
    imports.router,
    lab.router,
    feedback.router,
    movie_night.router,
    profiles.router,
    posters.router,
    search.router,
    taste.router,
    taste_map.router,
    onboarding.router,
)


def add_pages(app: FastAPI) -> None:
    """Add the pages to an app, with the files they need."""
    for router in _ROUTERS:
        app.include_router(router)
    app.state.problem_page = problem_page
    app.add_middleware(PageCompression)
    app.mount(PLACE, Assets(), name="static")


def problem_page(request: Request, status: int, detail: str) -> Response:
    """What went wrong, as a page."""
    state = get_state(request)
    context = page_context(state, state.served.current, request)
    title = context.gettext("There is no such page") if status == 404 else context.gettext(HTTPStatus(status).phrase)
    return context.render("problem.html", status, title=title, detail=detail)
