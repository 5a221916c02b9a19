"""One film: decide, and rate. Its facts, what somebody would give it and why, and films like it."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal
from urllib.parse import quote, urlencode

import numpy as np
from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from matinee.data.fetching.tmdb import ATTRIBUTION
from matinee.pipeline.explain.rating_confidence import rating_confidence
from matinee.service.operations import recommendations as operations
from matinee.service.operations.feedback import log_click
from matinee.service.schemas.requests import MovieId
from matinee.service.state.served_run import ServedRun
from matinee.service.web.page_context import PageContext, PageDep, signed_in_user
from matinee.service.web.spoken import named
from matinee.service.web.views.cards import Card
from matinee.service.web.views.user_marks import UserMarks, user_marks

router = APIRouter(include_in_schema=False)

_ROW = 18  # films
_CAST = 24  # names, which some catalogues have by the alphabet


class MovieQuery(BaseModel):
    """How the page was come by, and what is asked of it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    by: Literal["content", "cf", "hybrid"] = "hybrid"
    list: str = Field(default="", max_length=100)  # the list it was found on


@dataclass(frozen=True)
class MovieFacts:
    """What the catalogue knows of a film; empty where it knows nothing."""

    year: int | None
    runtime: int | None  # minutes
    genres: list[str]
    directors: list[str]
    cast: list[str]
    countries: list[str]
    languages: list[str]
    overview: str
    credit: str  # what their source asks to be said; empty where it asks for nothing


@router.get("/movies/{movie_id}")
def film(context: PageDep, movie_id: MovieId, query: Annotated[MovieQuery, Query()]) -> Response:
    """The page."""
    run = context.run
    row = run.row(movie_id)
    mine = user_marks(context.state, context.user, movie_id)
    if context.user is not None and not context.is_htmx:
        log_click(context.state, run, context.user, movie_id, query.list or None)
    here = f"/movies/{quote(movie_id, safe='')}"
    return context.render(
        "movie.html",
        movie_id=movie_id,
        title=run.engine.movies["title"][row],
        facts=facts_of(run, row),
        mine=mine,
        asked=query,
        here=here,
        back=here + (f"?{urlencode({'list': query.list})}" if query.list else ""),
        similar=[
            _card(one.movie_id, one.title, one.year) for one in operations.similar_movies(run, movie_id, _ROW, query.by)
        ],
        also_liked=_also_liked(context, movie_id),
        **_yours(context, movie_id, row, mine),
    )


def facts_of(run: ServedRun, row: int) -> MovieFacts:
    """The facts of the film in a row."""
    known = run.engine.movies.row(row, named=True)
    overview = (known.get("overview") or "").strip()
    from_tmdb = known.get("tmdb_id") is not None and (overview or known.get("vote_average") is not None)
    return MovieFacts(
        year=known["year"],
        runtime=known.get("runtime"),
        genres=known["genres"] or [],
        directors=known.get("director") or [],
        cast=(known.get("cast") or [])[:_CAST],
        countries=known.get("country") or [],
        languages=named(known.get("language") or []),
        overview=overview,
        credit=ATTRIBUTION if from_tmdb else "",
    )


def _yours(context: PageContext, movie_id: str, row: int, mine: UserMarks) -> dict[str, Any]:
    """What somebody would give it, and why; nothing of a film they have rated, under whichever listing."""
    told: dict[str, Any] = {"why": None, "would_be": "", "sureness": None, "rated": 0}
    feedback, engine = context.feedback(), context.run.engine
    if feedback is None:
        return told
    told["rated"] = len(feedback.history.movies)
    known = np.isin(engine.listings_of(np.array([row])), feedback.history.movies).any()
    if mine.stars is not None or known or not told["rated"]:
        return told
    why = operations.explain(context.state, context.run, signed_in_user(context), movie_id, context.language)
    sureness = None if why.predicted_rating is None else rating_confidence(engine, feedback.history, row)
    return told | {"why": why, "would_be": why.counterfactual(context.language), "sureness": sureness}


def _also_liked(context: PageContext, movie_id: str) -> list[Card]:
    """What fans of it like more than others do; nothing where nobody's ratings are known."""
    if context.run.likes is None:
        return []
    said = context.gettext("{n} of the {fans} who liked this")
    found = operations.also_liked(context.run, movie_id, _ROW)
    return [_card(one.movie_id, one.title, one.year, said.format(n=one.liked_by, fans=one.fans)) for one in found]


def _card(movie_id: object, title: str, year: int | None, why: str = "") -> Card:
    return Card(str(movie_id), title, year, why)
