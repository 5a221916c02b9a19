"""All pages, in one hand."""

from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.responses import Response

from matinee.service.state.app_state import the_house
from matinee.service.web.assets import PLACE, Assets
from matinee.service.web.compression import Squeezed
from matinee.service.web.page_context import visit_of
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
    app.add_middleware(Squeezed)
    app.mount(PLACE, Assets(), name="static")


def problem_page(request: Request, status: int, detail: str) -> Response:
    """What went wrong, as a page."""
    house = the_house(request)
    visit = visit_of(house, house.stages.current, request)
    title = visit.say("There is no such page") if status == 404 else visit.say(HTTPStatus(status).phrase)
    return visit.page("problem.html", status, title=title, detail=detail)
