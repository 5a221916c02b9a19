"""Welcome: react to ten posters, one after the other, and the list is one's own; or bring a diary.

One film at a time: on a phone that is one poster with four answers under the thumb. Films that were not seen do not
count, and others come in their place. How far somebody is stands in the address, so that nothing has to be kept of it.
"""

from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from matinee.service.operations.feedback import rate_movie
from matinee.service.schemas.requests import MovieId
from matinee.service.web.page_context import PageContext, SignedInPageDep, signed_in_user
from matinee.service.web.views.cards import Card, plain
from matinee.service.web.views.onboarding_movies import STARS, Said, films_to_ask

router = APIRouter(include_in_schema=False)

TEN = 10
ENOUGH = 3
_MOST = 60  # films of one round, those not seen with them


class Round(BaseModel):
    """What somebody has said in this round: ids of films."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    rated: tuple[MovieId, ...] = Field(default=(), max_length=_MOST)
    unseen: tuple[MovieId, ...] = Field(default=(), max_length=_MOST)

    def address(self, rated: tuple[str, ...] = (), unseen: tuple[str, ...] = ()) -> str:
        """The address of this round, with some more films."""
        query = [("rated", one) for one in self.rated + rated] + [("unseen", one) for one in self.unseen + unseen]
        return f"/welcome?{urlencode(query)}" if query else "/welcome"


@router.get("/welcome")
def welcome(context: SignedInPageDep, so_far: Annotated[Round, Query()]) -> Response:
    """The next film to react to, or the end."""
    ratings = context.state.store.ratings.history(signed_in_user(context).id)
    stars = {one.movie_id: one.stars for one in ratings}
    reacted = [one for one in dict.fromkeys(so_far.rated) if one in stars and one in context.run.rows]
    film = None if len(reacted) >= TEN else _next(context, so_far)
    last = reacted[-1] if reacted else None
    before = Round(rated=tuple(reacted[:-1]), unseen=so_far.unseen)
    return context.render(
        "onboarding.html",
        title=context.gettext("Welcome"),
        film=film,
        reacted=[(plain(context.run, [context.run.row(one)])[0], stars[one]) for one in reacted],
        last=None if last is None else plain(context.run, [context.run.row(last)])[0],
        back=before.address(),
        address=so_far.address(),
        ten=TEN,
        enough=ENOUGH,
        before=len(ratings) - len(reacted),
    )


@router.post("/welcome")
def react(
    context: SignedInPageDep,
    so_far: Annotated[Round, Query()],
    movie_id: Annotated[str, Form(min_length=1, max_length=200)],
    said: Annotated[Said | Literal["not_seen"], Form()],
) -> Response:
    """Say something of a film; then comes the next one."""
    context.run.row(movie_id)
    if said == "not_seen":
        return RedirectResponse(so_far.address(unseen=(movie_id,)), 303)
    rate_movie(context.state, context.run, signed_in_user(context), movie_id, STARS[said])
    return RedirectResponse(so_far.address(rated=(movie_id,)), 303)


def _next(context: PageContext, so_far: Round) -> tuple[Card, list[str]] | None:
    """The film to ask about now, and its genres; None where there is none left."""
    feedback = context.state.user_feedback.get(context.run, signed_in_user(context).id)
    known = [*feedback.history.movies.tolist(), *feedback.hidden, *feedback.not_interested.tolist()]
    rows = films_to_ask(context.run, known, so_far.unseen, 1) if len(so_far.unseen) < _MOST else []
    if not rows:
        return None
    return plain(context.run, rows)[0], context.run.engine.movies["genres"].gather(rows).to_list()[0] or []
