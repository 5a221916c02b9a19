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
def rate(context: SignedInPageDep, movie_id: MovieId, stars: Stars, back: Back = "/", list_id: ListId = "") -> Response:
    """Give stars."""
    change = rate_movie(context.state, context.run, signed_in_user(context), movie_id, stars, list_id=list_id or None)
    told = context.gettext("{film}: {stars}. Your lists follow.").format(
        film=_film(context, movie_id), stars=in_stars(context.language, stars)
    )
    return _answer(context, movie_id, back, told, change)


@router.post("/movies/{movie_id}/rating/remove")
def unrate(context: SignedInPageDep, movie_id: MovieId, back: Back = "/") -> Response:
    """Take stars away."""
    change = context.state.store.ratings.remove(signed_in_user(context).id, movie_id)
    context.state.metrics.ratings.inc()
    return _answer(context, movie_id, back, _told(context, "{film}: your stars are taken away.", movie_id), change)


@router.post("/movies/{movie_id}/{on}")
def put_on(context: SignedInPageDep, movie_id: MovieId, on: ListName, back: Back = "/") -> Response:
    """Put a film on a list."""
    context.run.row(movie_id)
    change = _list(context, on).add(signed_in_user(context).id, movie_id)
    return _answer(context, movie_id, back, _told(context, _PUT_ON[on], movie_id), change)


@router.post("/movies/{movie_id}/{off}/remove")
def take_off(
    context: SignedInPageDep, movie_id: MovieId, off: ListName | Literal["seen"], back: Back = "/"
) -> Response:
    """Take a film off a list."""
    change = _list(context, off).remove(signed_in_user(context).id, movie_id)
    return _answer(context, movie_id, back, _told(context, _TAKEN_OFF[off], movie_id), change)


@router.post("/changes/{change_id}/undo")
def undo(context: SignedInPageDep, change_id: Annotated[int, Path(ge=1, le=2**53)], back: Back = "/") -> Response:
    """Take a change back."""
    change = context.state.store.changes.undo(signed_in_user(context).id, change_id)
    return _answer(context, change.movie_id, back, _told(context, "{film}: as it was before.", change.movie_id), None)


def _answer(context: PageContext, movie_id: str, back: str, said: str, change: Change | None) -> Response:
    """The controls of the film as they are now, and the event that lists wait for; or the way back."""
    if not context.is_htmx or movie_id not in context.run.rows:
        return context.redirect_back(back)
    return context.render(
        "feedback.html",
        headers={"HX-Trigger-After-Settle": "rated"},
        movie_id=movie_id,
        title=context.run.engine.movies["title"][context.run.row(movie_id)],
        mine=user_marks(context.state, context.user, movie_id),
        back=back,
        list_id="",
        said=said,
        change_id=None if change is None else change.id,
    )


def _list(context: PageContext, name: str) -> MovieList:
    lists = context.state.store.lists
    named = {"watchlist": lists.watchlist, "not-interested": lists.not_interested, "excluded": lists.excluded}
    return named.get(name, lists.seen)


def _told(context: PageContext, text: str, movie_id: str) -> str:
    return context.gettext(text).format(film=_film(context, movie_id))


def _film(context: PageContext, movie_id: str) -> str:
    row = context.run.rows.get(movie_id)
    return movie_id if row is None else title(context.language, context.run.engine.movies["title"][row])
