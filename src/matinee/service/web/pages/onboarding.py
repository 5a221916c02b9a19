"""Welcome: a new user reacts to ten movies, one after the other, or imports a diary.

One movie at a time fits a phone, with four answers in reach of the thumb. Movies that were not seen do not count, and
others replace them. The progress is in the address, so the server stores none.
"""

from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from matinee.service.operations.feedback import rate_movie
from matinee.service.schemas.requests import MovieId
from matinee.service.web.page_context import PageContext, SignedInPageDep, signed_in_user
from matinee.service.web.views.cards import Card, movie_cards
from matinee.service.web.views.onboarding_movies import STARS, Reaction, next_questions

router = APIRouter(include_in_schema=False)

N_QUESTIONS = 10
ENOUGH_REACTIONS = 3
_MAX_MOVIES = 60  # of one round, with those not seen


class Round(BaseModel):
    """The movies of this round so far, by id."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    rated: tuple[MovieId, ...] = Field(default=(), max_length=_MAX_MOVIES)
    unseen: tuple[MovieId, ...] = Field(default=(), max_length=_MAX_MOVIES)

    def address(self, rated: tuple[str, ...] = (), unseen: tuple[str, ...] = ()) -> str:
        """The address of this round with more movies."""
        query = [("rated", movie) for movie in self.rated + rated]
        query += [("unseen", movie) for movie in self.unseen + unseen]
        return f"/welcome?{urlencode(query)}" if query else "/welcome"


@router.get("/welcome")
def welcome(context: SignedInPageDep, progress: Annotated[Round, Query()]) -> Response:
    """The next movie to react to, or the end."""
    ratings = context.state.store.ratings.history(signed_in_user(context).id)
    stars = {rating.movie_id: rating.value for rating in ratings}
    reacted = [movie for movie in dict.fromkeys(progress.rated) if movie in stars and movie in context.run.rows]
    cards = movie_cards(context.run, [context.run.row(movie) for movie in reacted])
    before_last = Round(rated=tuple(reacted[:-1]), unseen=progress.unseen)
    return context.render(
        "onboarding.html",
        title=context.gettext("Welcome"),
        question=None if len(reacted) >= N_QUESTIONS else _next_question(context, progress),
        reacted=[(card, stars[card.movie_id]) for card in cards],
        last=cards[-1] if cards else None,
        back=before_last.address(),
        address=progress.address(),
        n_questions=N_QUESTIONS,
        enough=ENOUGH_REACTIONS,
        has_earlier_ratings=len(ratings) > len(reacted),
    )


@router.post("/welcome")
def react(
    context: SignedInPageDep,
    progress: Annotated[Round, Query()],
    movie_id: Annotated[str, Form(min_length=1, max_length=200)],
    reaction: Annotated[Reaction | Literal["not_seen"], Form()],
) -> Response:
    """Store a reaction to a movie, and show the next one."""
    context.run.row(movie_id)
    if reaction == "not_seen":
        return RedirectResponse(progress.address(unseen=(movie_id,)), 303)
    user = signed_in_user(context)
    rate_movie(context.state, context.run, user, movie_id, STARS[reaction], source="web")
    return RedirectResponse(progress.address(rated=(movie_id,)), 303)


def _next_question(context: PageContext, progress: Round) -> tuple[Card, list[str]] | None:
    """The next movie to ask about, with its genres; None if there is none left."""
    feedback = context.state.user_feedback.get(context.run, signed_in_user(context).id)
    excluded = [*feedback.history.movies.tolist(), *feedback.hidden, *feedback.not_interested.tolist()]
    rows = next_questions(context.run, excluded, progress.unseen, 1) if len(progress.unseen) < _MAX_MOVIES else []
    if not rows:
        return None
    return movie_cards(context.run, rows)[0], context.run.engine.movies["genres"].gather(rows).to_list()[0] or []
