"""Lists for a person: recommendations, why, a movie night, and what was shown earlier."""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query, Response

from matinee.pipeline.night_words import as_json
from matinee.service.api.cached_route import CachedRoute
from matinee.service.dependencies import CurrentUser, RequestContextDep
from matinee.service.operations import recommendations as operations
from matinee.service.operations.feedback import log_click
from matinee.service.schemas.requests import ClickIn, ListQuery, MovieId, NightIn
from matinee.service.schemas.responses import (
    ChangedOut,
    ExplanationOut,
    ImpressionListOut,
    ImpressionOut,
    ListOut,
    NightOut,
)
from matinee.service.state.app_state import ServedRunDep, StateDep

router = APIRouter(tags=["recommendations"])
kept = APIRouter(route_class=CachedRoute)


@kept.get("/recommendations", response_model=ListOut)
def recommendations(asking: RequestContextDep, asked: Annotated[ListQuery, Query()]) -> Response:
    """What to watch, from everything you have rated until this moment."""
    house, stage, person = asking.state, asking.run, asking.user
    taste = house.user_feedback.get(stage, person.id, asking.version)
    listed = operations.recommend_and_log(house, stage, person, asked, taste)
    return Response(listed.model_dump_json(), media_type="application/json")


router.include_router(kept)


@router.get("/recommendations/{movie_id}/why")
def why(house: StateDep, stage: ServedRunDep, person: CurrentUser, movie_id: MovieId) -> ExplanationOut:
    """Why a movie stands where it stands with you, and what it would be without the movies that carry it."""
    found = operations.explain(house, stage, person, movie_id)
    would_be = found.counterfactual(operations.response_language(person))
    return ExplanationOut.model_validate(found.to_json() | {"counterfactual": would_be})


@router.get("/lists/{list_id}")
def shown(house: StateDep, person: CurrentUser, list_id: Annotated[str, Path(max_length=100)]) -> ImpressionListOut:
    """A list that you were shown, by which model, learned from which data, and what became of it."""
    events = operations.impressions(house, person, list_id)
    return ImpressionListOut(
        list_id=list_id,
        model=events[0].model,
        fingerprint=events[0].fingerprint,
        events=[ImpressionOut.model_validate(one) for one in events],
    )


@router.post("/opened")
def opened(house: StateDep, stage: ServedRunDep, person: CurrentUser, asked: ClickIn) -> ChangedOut:
    """Say that a movie was looked at."""
    log_click(house, stage, person, asked.movie_id, asked.list_id)
    return ChangedOut(change=None)


@router.post("/movie-night", response_model=NightOut)
def movie_night(house: StateDep, stage: ServedRunDep, person: CurrentUser, asked: NightIn) -> dict[str, Any]:
    """Movies for 2 to 8 people, with each one's delight and the compromise in a sentence."""
    if house.settings.accounts and any(number != person.id for number in asked.people):
        raise HTTPException(403, "other people's ratings are theirs; expected guests, with what they like")
    night = operations.plan_movie_night(house, stage, person, asked)
    return as_json(night, stage.engine.movies, operations.response_language(person, asked.language))
