"""What one says of a film on any page: stars, the watchlist, not for me, leave it out; and taking it back.

Each is a form. With scripts it is answered with the changed controls, and the event `rated` tells the page, so that
its lists follow; without scripts it leads back to where it came from.
"""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Path
from fastapi.responses import Response

from matinee.service.operations.feedback import give_stars
from matinee.service.schemas.requests import MovieId
from matinee.service.web.page_context import AKnownVisit, Visit, the_person
from matinee.service.web.template_filters import stars as in_stars
from matinee.service.web.template_filters import titled
from matinee.service.web.views.user_marks import mine_of
from matinee.store.lists import MovieList
from matinee.store.marks import Change

router = APIRouter(include_in_schema=False)

Back = Annotated[str, Form(max_length=2000)]
ListId = Annotated[str, Form(max_length=100)]
Stars = Annotated[float, Form(ge=0.5, le=5, multiple_of=0.5)]
ListName = Literal["watchlist", "not-interested", "excluded"]

# What is said when a film comes onto a list, and when it is taken off. Only imports put films among the seen.
_PUT_ON: dict[str, str] = {
    "watchlist": "{film} is on your watchlist.",
    "not-interested": "{film} is not for you: less of its like.",
    "excluded": "{film} is left out: your lists do without it.",
}
_TAKEN_OFF: dict[str, str] = {
    "watchlist": "{film} is off your watchlist.",
    "not-interested": "{film} may be shown again.",
    "excluded": "{film} counts again.",
    "seen": "{film} may be shown again.",
}


@router.post("/movies/{movie_id}/rating")
def rate(visit: AKnownVisit, movie_id: MovieId, stars: Stars, back: Back = "/", list_id: ListId = "") -> Response:
    """Give stars."""
    change = give_stars(visit.house, visit.stage, the_person(visit), movie_id, stars, list_id=list_id or None)
    told = visit.say("{film}: {stars}. Your lists follow.").format(
        film=_film(visit, movie_id), stars=in_stars(visit.language, stars)
    )
    return _answer(visit, movie_id, back, told, change)


@router.post("/movies/{movie_id}/rating/remove")
def unrate(visit: AKnownVisit, movie_id: MovieId, back: Back = "/") -> Response:
    """Take stars away."""
    change = visit.house.store.ratings.remove(the_person(visit).id, movie_id)
    visit.house.metrics.ratings.inc()
    return _answer(visit, movie_id, back, _told(visit, "{film}: your stars are taken away.", movie_id), change)


@router.post("/movies/{movie_id}/{on}")
def put_on(visit: AKnownVisit, movie_id: MovieId, on: ListName, back: Back = "/") -> Response:
    """Put a film on a list."""
    visit.stage.row(movie_id)
    change = _list(visit, on).add(the_person(visit).id, movie_id)
    return _answer(visit, movie_id, back, _told(visit, _PUT_ON[on], movie_id), change)


@router.post("/movies/{movie_id}/{off}/remove")
def take_off(visit: AKnownVisit, movie_id: MovieId, off: ListName | Literal["seen"], back: Back = "/") -> Response:
    """Take a film off a list."""
    change = _list(visit, off).remove(the_person(visit).id, movie_id)
    return _answer(visit, movie_id, back, _told(visit, _TAKEN_OFF[off], movie_id), change)


@router.post("/changes/{change_id}/undo")
def undo(visit: AKnownVisit, change_id: Annotated[int, Path(ge=1, le=2**53)], back: Back = "/") -> Response:
    """Take a change back."""
    change = visit.house.store.changes.undo(the_person(visit).id, change_id)
    return _answer(visit, change.movie_id, back, _told(visit, "{film}: as it was before.", change.movie_id), None)


def _answer(visit: Visit, movie_id: str, back: str, said: str, change: Change | None) -> Response:
    """The controls of the film as they are now, and the event that lists wait for; or the way back."""
    if not visit.in_place or movie_id not in visit.stage.rows:
        return visit.go_back(back)
    return visit.page(
        "marks.html",
        headers={"HX-Trigger-After-Settle": "rated"},
        movie_id=movie_id,
        title=visit.stage.cinema.movies["title"][visit.stage.row(movie_id)],
        mine=mine_of(visit.house, visit.person, movie_id),
        back=back,
        list_id="",
        said=said,
        change_id=None if change is None else change.id,
    )


def _list(visit: Visit, name: str) -> MovieList:
    lists = visit.house.store.lists
    named = {"watchlist": lists.watchlist, "not-interested": lists.not_interested, "excluded": lists.excluded}
    return named.get(name, lists.seen)


def _told(visit: Visit, text: str, movie_id: str) -> str:
    return visit.say(text).format(film=_film(visit, movie_id))


def _film(visit: Visit, movie_id: str) -> str:
    row = visit.stage.rows.get(movie_id)
    return movie_id if row is None else titled(visit.language, visit.stage.cinema.movies["title"][row])
