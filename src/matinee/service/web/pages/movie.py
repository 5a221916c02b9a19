"""One film: decide, and rate. Its facts, what somebody would give it and why, and films like it."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal
from urllib.parse import quote, urlencode

import numpy as np
from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from matinee.data.fetching.tmdb import ATTRIBUTION
from matinee.pipeline.explain.rating_confidence import how_sure
from matinee.service.operations import recommendations as operations
from matinee.service.operations.feedback import note_opened
from matinee.service.schemas.requests import MovieId
from matinee.service.state.served_run import Stage
from matinee.service.web.page_context import AVisit, Visit, the_person
from matinee.service.web.spoken import named
from matinee.service.web.views.cards import Card
from matinee.service.web.views.user_marks import Mine, mine_of

router = APIRouter(include_in_schema=False)

_ROW = 18  # films
_CAST = 24  # names, which some catalogues have by the alphabet


class Asked(BaseModel):
    """How the page was come by, and what is asked of it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    by: Literal["content", "cf", "hybrid"] = "hybrid"
    list: str = Field(default="", max_length=100)  # the list it was found on


@dataclass(frozen=True)
class Facts:
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
def film(visit: AVisit, movie_id: MovieId, asked: Annotated[Asked, Query()]) -> Response:
    """The page."""
    stage = visit.stage
    row = stage.row(movie_id)
    mine = mine_of(visit.house, visit.person, movie_id)
    if visit.person is not None and not visit.in_place:
        note_opened(visit.house, stage, visit.person, movie_id, asked.list or None)
    here = f"/movies/{quote(movie_id, safe='')}"
    return visit.page(
        "film.html",
        movie_id=movie_id,
        title=stage.cinema.movies["title"][row],
        facts=facts_of(stage, row),
        mine=mine,
        asked=asked,
        here=here,
        back=here + (f"?{urlencode({'list': asked.list})}" if asked.list else ""),
        similar=[
            _card(one.movie_id, one.title, one.year) for one in operations.similar_to(stage, movie_id, _ROW, asked.by)
        ],
        also_liked=_also_liked(visit, movie_id),
        **_yours(visit, movie_id, row, mine),
    )


def facts_of(stage: Stage, row: int) -> Facts:
    """The facts of the film in a row."""
    known = stage.cinema.movies.row(row, named=True)
    overview = (known.get("overview") or "").strip()
    from_tmdb = known.get("tmdb_id") is not None and (overview or known.get("vote_average") is not None)
    return Facts(
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


def _yours(visit: Visit, movie_id: str, row: int, mine: Mine) -> dict[str, Any]:
    """What somebody would give it, and why; nothing of a film they have rated, under whichever listing."""
    told: dict[str, Any] = {"why": None, "would_be": "", "sureness": None, "rated": 0}
    taste, cinema = visit.taste(), visit.stage.cinema
    if taste is None:
        return told
    told["rated"] = len(taste.history.movies)
    known = np.isin(cinema.same_films(np.array([row])), taste.history.movies).any()
    if mine.stars is not None or known or not told["rated"]:
        return told
    why = operations.why_for(visit.house, visit.stage, the_person(visit), movie_id, visit.language)
    sureness = None if why.predicted_rating is None else how_sure(cinema, taste.history, row)
    return told | {"why": why, "would_be": why.counterfactual(visit.language), "sureness": sureness}


def _also_liked(visit: Visit, movie_id: str) -> list[Card]:
    """What fans of it like more than others do; nothing where nobody's ratings are known."""
    if visit.stage.likes is None:
        return []
    said = visit.say("{n} of the {fans} who liked this")
    found = operations.also_liked_by(visit.stage, movie_id, _ROW)
    return [_card(one.movie_id, one.title, one.year, said.format(n=one.liked_by, fans=one.fans)) for one in found]


def _card(movie_id: object, title: str, year: int | None, why: str = "") -> Card:
    return Card(str(movie_id), title, year, why)
