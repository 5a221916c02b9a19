"""A movie: facts, the user's rating or its prediction with reasons, similar movies, and what its fans also liked."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal
from urllib.parse import quote, urlencode

import numpy as np
from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from matinee.data.fetching.tmdb import ATTRIBUTION
from matinee.i18n.language_codes import language_names
from matinee.i18n.reasons import reason_text, without_text
from matinee.pipeline.explain.rating_confidence import rating_confidence
from matinee.service.operations import recommendations as operations
from matinee.service.operations.feedback import log_click
from matinee.service.schemas.requests import MovieId
from matinee.service.state.served_run import ServedRun
from matinee.service.web.page_context import PageContext, PageDep, signed_in_user
from matinee.service.web.views.cards import Card, UserMarks, user_marks

router = APIRouter(include_in_schema=False)

_ROW = 18  # movies
_CAST = 24  # names, which some catalogues sort alphabetically


class MovieQuery(BaseModel):
    """The kind of similarity to show, and the list that the link to this page was on."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    by: Literal["content", "cf", "hybrid"] = "hybrid"
    list: str = Field(default="", max_length=100)


@dataclass(frozen=True)
class MovieFacts:
    """The catalogue's facts about a movie; empty where it has none."""

    year: int | None
    runtime: int | None  # minutes
    genres: list[str]
    directors: list[str]
    cast: list[str]
    countries: list[str]
    languages: list[str]
    overview: str
    attribution: str  # required by the source, or empty


@router.get("/movies/{movie_id}")
def movie(context: PageDep, movie_id: MovieId, query: Annotated[MovieQuery, Query()]) -> Response:
    """The page."""
    run = context.run
    row = run.row(movie_id)
    marks = user_marks(context.state, context.user, movie_id)
    if context.user is not None and not context.is_htmx:
        log_click(context.state, run, context.user, movie_id, query.list or None)
    path = f"/movies/{quote(movie_id, safe='')}"
    return context.render(
        "movie.html",
        movie_id=movie_id,
        title=run.engine.movies["title"][row],
        facts=movie_facts(run, row),
        marks=marks,
        query=query,
        path=path,
        back=path + (f"?{urlencode({'list': query.list})}" if query.list else ""),
        similar=[
            Card(str(similar.movie_id), similar.title, similar.year)
            for similar in operations.similar_movies(run, movie_id, _ROW, query.by)
        ],
        also_liked=_also_liked(context, movie_id),
        **_explanation(context, movie_id, row, marks),
    )


def movie_facts(run: ServedRun, row: int) -> MovieFacts:
    """The facts about the movie in a row."""
    values = run.engine.movies.row(row, named=True)
    overview = (values.get("overview") or "").strip()
    is_from_tmdb = values.get("tmdb_id") is not None and (overview or values.get("vote_average") is not None)
    return MovieFacts(
        year=values["year"],
        runtime=values.get("runtime"),
        genres=values["genres"] or [],
        directors=values.get("director") or [],
        cast=(values.get("cast") or [])[:_CAST],
        countries=values.get("country") or [],
        languages=language_names(values.get("language") or []),
        overview=overview,
        attribution=ATTRIBUTION if is_from_tmdb else "",
    )


def _explanation(context: PageContext, movie_id: str, row: int, marks: UserMarks) -> dict[str, Any]:
    """The predicted rating and its reasons; none for a movie that the user has rated under any of its listings."""
    variables: dict[str, Any] = {"why": None, "reasons": [], "without": "", "confidence": None, "n_ratings": 0}
    feedback, engine = context.feedback(), context.run.engine
    if feedback is None:
        return variables
    variables["n_ratings"] = len(feedback.history.movies)
    is_rated = np.isin(engine.listings_of(np.array([row])), feedback.history.movies).any()
    if marks.stars is not None or is_rated or not variables["n_ratings"]:
        return variables
    why = operations.explain(context.state, context.run, signed_in_user(context), movie_id)
    return variables | {
        "why": why,
        "reasons": [reason_text(reason, engine.movies, context.language) for reason in why.reasons],
        "without": without_text(why, context.language),
        "confidence": None if why.predicted_rating is None else rating_confidence(engine, feedback.history, row),
    }


def _also_liked(context: PageContext, movie_id: str) -> list[Card]:
    """Movies that fans of this one like more than other users do; none if the run has no ratings to count."""
    if context.run.likes is None:
        return []
    return [
        Card(
            str(other.movie_id),
            other.title,
            other.year,
            context.gettext("Liked by {n} of {fans} fans", n=other.liked_by, fans=other.fans),
        )
        for other in operations.also_liked(context.run, movie_id, _ROW)
    ]
