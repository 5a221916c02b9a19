"""Feedback on a movie from any page: ratings, the watchlist, not interested, don't count it; and undo.

Each is a form. With scripts, the response replaces the controls, and the event `rated` makes the lists of the page
reload. Without scripts, the response leads back to the page.
"""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Path
from fastapi.responses import Response

from matinee.message import N_
from matinee.service.operations.feedback import rate_movie, unrate_movie
from matinee.service.schemas.requests import MovieId
from matinee.service.web.page_context import PageContext, SignedInPageDep, signed_in_user
from matinee.service.web.template_filters import quoted
from matinee.service.web.template_filters import stars as stars_text
from matinee.service.web.views.cards import user_marks
from matinee.store.lists import MovieList
from matinee.store.marks import Change

router = APIRouter(include_in_schema=False)

Back = Annotated[str, Form(max_length=2000)]
ListId = Annotated[str, Form(max_length=100)]
Stars = Annotated[float, Form(ge=0.5, le=5, multiple_of=0.5)]
ListName = Literal["watchlist", "not-interested", "excluded"]

_ADDED: dict[str, str] = {
    "watchlist": N_("{movie} is on your watchlist."),
    "not-interested": N_("{movie} is hidden. You will see fewer like it."),
    "excluded": N_("{movie} no longer counts. Lists updated."),
}
_REMOVED: dict[str, str] = {
    "watchlist": N_("{movie} is off your watchlist."),
    "not-interested": N_("{movie} may be shown again."),
    "excluded": N_("{movie} counts again."),
    "seen": N_("{movie} may be shown again."),
}


@router.post("/movies/{movie_id}/rating")
def rate(context: SignedInPageDep, movie_id: MovieId, stars: Stars, back: Back = "/", list_id: ListId = "") -> Response:
    """Rate a movie."""
    user = signed_in_user(context)
    change = rate_movie(context.state, context.run, user, movie_id, stars, source="web", list_id=list_id or None)
    text = context.gettext(
        "{movie}: {stars}. Lists updated.",
        movie=_quoted_title(context, movie_id),
        stars=stars_text(context.language, stars),
    )
    return _respond(context, movie_id, back, text, change)


@router.post("/movies/{movie_id}/rating/remove")
def remove_rating(context: SignedInPageDep, movie_id: MovieId, back: Back = "/") -> Response:
    """Clear a rating."""
    change = unrate_movie(context.state, context.run, signed_in_user(context), movie_id, source="web")
    text = context.gettext("{movie}: rating cleared.", movie=_quoted_title(context, movie_id))
    return _respond(context, movie_id, back, text, change)


@router.post("/movies/{movie_id}/{list_name}")
def add_to_list(context: SignedInPageDep, movie_id: MovieId, list_name: ListName, back: Back = "/") -> Response:
    """Add a movie to a list."""
    context.run.row(movie_id)
    change = _list(context, list_name).add(signed_in_user(context).id, movie_id)
    text = context.gettext(_ADDED[list_name], movie=_quoted_title(context, movie_id))
    return _respond(context, movie_id, back, text, change)


@router.post("/movies/{movie_id}/{list_name}/remove")
def remove_from_list(
    context: SignedInPageDep, movie_id: MovieId, list_name: ListName | Literal["seen"], back: Back = "/"
) -> Response:
    """Remove a movie from a list. Only imports add movies to the seen ones."""
    change = _list(context, list_name).remove(signed_in_user(context).id, movie_id)
    text = context.gettext(_REMOVED[list_name], movie=_quoted_title(context, movie_id))
    return _respond(context, movie_id, back, text, change)


@router.post("/changes/{change_id}/undo")
def undo(context: SignedInPageDep, change_id: Annotated[int, Path(ge=1, le=2**53)], back: Back = "/") -> Response:
    """Undo a change."""
    change = context.state.store.changes.undo(signed_in_user(context).id, change_id)
    text = context.gettext("{movie}: undone.", movie=_quoted_title(context, change.movie_id))
    return _respond(context, change.movie_id, back, text, None)


def _respond(context: PageContext, movie_id: str, back: str, text: str, change: Change | None) -> Response:
    """For htmx the changed controls, with a message and the event that lists wait for; otherwise the way back."""
    if not context.is_htmx or movie_id not in context.run.rows:
        return context.redirect_back(back)
    return context.render(
        "feedback.html",
        headers={"HX-Trigger-After-Settle": "rated"},
        movie_id=movie_id,
        title=context.run.engine.movies["title"][context.run.row(movie_id)],
        marks=user_marks(context.state, context.user, movie_id),
        back=back,
        list_id="",
        text=text,
        change_id=None if change is None else change.id,
    )


def _list(context: PageContext, name: str) -> MovieList:
    lists = context.state.store.lists
    by_name = {"watchlist": lists.watchlist, "not-interested": lists.not_interested, "excluded": lists.excluded}
    return by_name.get(name, lists.seen)


def _quoted_title(context: PageContext, movie_id: str) -> str:
    row = context.run.rows.get(movie_id)
    return movie_id if row is None else quoted(context.language, context.run.engine.movies["title"][row])
