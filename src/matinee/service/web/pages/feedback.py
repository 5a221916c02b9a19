"""What one says of a film on any page: stars, the watchlist, not for me, leave it out; and taking it back.

Each is a form. With scripts it is answered with the changed controls, and the event `rated` tells the page, so that
its lists follow; without scripts it leads back to where it came from.
"""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Path
from fastapi.responses import Response

from matinee.service.operations.feedback import rate_movie
from matinee.service.schemas.requests import MovieId
from matinee.service.web.page_context import PageContext, SignedInPageDep, signed_in_user
from matinee.service.web.template_filters import stars as in_stars
from matinee.service.web.template_filters import title
from matinee.service.web.views.user_marks import user_marks
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
def rate(visit: SignedInPageDep, movie_id: MovieId, stars: Stars, back: Back = "/", list_id: ListId = "") -> Response:
    """Give stars."""
    change = rate_movie(visit.state, visit.run, signed_in_user(visit), movie_id, stars, list_id=list_id or None)
    told = visit.gettext("{film}: {stars}. Your lists follow.").format(
        film=_film(visit, movie_id), stars=in_stars(visit.language, stars)
    )
    return _answer(visit, movie_id, back, told, change)


@router.post("/movies/{movie_id}/rating/remove")
def unrate(visit: SignedInPageDep, movie_id: MovieId, back: Back = "/") -> Response:
    """Take stars away."""
    change = visit.state.store.ratings.remove(signed_in_user(visit).id, movie_id)
    visit.state.metrics.ratings.inc()
    return _answer(visit, movie_id, back, _told(visit, "{film}: your stars are taken away.", movie_id), change)


@router.post("/movies/{movie_id}/{on}")
def put_on(visit: SignedInPageDep, movie_id: MovieId, on: ListName, back: Back = "/") -> Response:
    """Put a film on a list."""
    visit.run.row(movie_id)
    change = _list(visit, on).add(signed_in_user(visit).id, movie_id)
    return _answer(visit, movie_id, back, _told(visit, _PUT_ON[on], movie_id), change)


@router.post("/movies/{movie_id}/{off}/remove")
def take_off(visit: SignedInPageDep, movie_id: MovieId, off: ListName | Literal["seen"], back: Back = "/") -> Response:
    """Take a film off a list."""
    change = _list(visit, off).remove(signed_in_user(visit).id, movie_id)
    return _answer(visit, movie_id, back, _told(visit, _TAKEN_OFF[off], movie_id), change)


@router.post("/changes/{change_id}/undo")
def undo(visit: SignedInPageDep, change_id: Annotated[int, Path(ge=1, le=2**53)], back: Back = "/") -> Response:
    """Take a change back."""
    change = visit.state.store.changes.undo(signed_in_user(visit).id, change_id)
    return _answer(visit, change.movie_id, back, _told(visit, "{film}: as it was before.", change.movie_id), None)


def _answer(visit: PageContext, movie_id: str, back: str, said: str, change: Change | None) -> Response:
    """The controls of the film as they are now, and the event that lists wait for; or the way back."""
    if not visit.is_htmx or movie_id not in visit.run.rows:
        return visit.redirect_back(back)
    return visit.render(
        "marks.html",
        headers={"HX-Trigger-After-Settle": "rated"},
        movie_id=movie_id,
        title=visit.run.engine.movies["title"][visit.run.row(movie_id)],
        mine=user_marks(visit.state, visit.user, movie_id),
        back=back,
        list_id="",
        said=said,
        change_id=None if change is None else change.id,
    )


def _list(visit: PageContext, name: str) -> MovieList:
    lists = visit.state.store.lists
    named = {"watchlist": lists.watchlist, "not-interested": lists.not_interested, "excluded": lists.excluded}
    return named.get(name, lists.seen)


def _told(visit: PageContext, text: str, movie_id: str) -> str:
    return visit.gettext(text).format(film=_film(visit, movie_id))


def _film(visit: PageContext, movie_id: str) -> str:
    row = visit.run.rows.get(movie_id)
    return movie_id if row is None else title(visit.language, visit.run.engine.movies["title"][row])
