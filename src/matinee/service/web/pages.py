"""All pages, in one hand."""

from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.responses import Response

from matinee.service.house import the_house
from matinee.service.web import (
    account,
    compare,
    door,
    film,
    home,
    imports,
    lab,
    marks,
    night,
    people,
    posters,
    search,
    taste,
    taste_map,
    welcome,
)
from matinee.service.web.assets import PLACE, Assets
from matinee.service.web.squeezed import Squeezed
from matinee.service.web.visit import visit_of

_ROUTERS = (
    account.router,
    compare.router,
    door.router,
    film.router,
    home.router,
    imports.router,
    lab.router,
    marks.router,
    night.router,
    people.router,
    posters.router,
    search.router,
    taste.router,
    taste_map.router,
    welcome.router,
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
