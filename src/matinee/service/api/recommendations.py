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
def recommendations(context: RequestContextDep, query: Annotated[ListQuery, Query()]) -> Response:
    """What to watch, from everything you have rated until this moment."""
    state, run, user = context.state, context.run, context.user
    feedback = state.user_feedback.get(run, user.id, context.version)
    listed = operations.recommend_and_log(state, run, user, query, feedback)
    return Response(listed.model_dump_json(), media_type="application/json")


router.include_router(kept)


@router.get("/recommendations/{movie_id}/explanation")
def why(state: StateDep, run: ServedRunDep, user: CurrentUser, movie_id: MovieId) -> ExplanationOut:
    """Why a movie stands where it stands with you, and what it would be without the movies that carry it."""
    found = operations.explain(state, run, user, movie_id)
    would_be = found.counterfactual(operations.response_language(user))
    return ExplanationOut.model_validate(found.to_json() | {"counterfactual": would_be})


@router.get("/lists/{list_id}")
def shown(state: StateDep, user: CurrentUser, list_id: Annotated[str, Path(max_length=100)]) -> ImpressionListOut:
    """A list that you were shown, by which model, learned from which data, and what became of it."""
    events = operations.impressions(state, user, list_id)
    return ImpressionListOut(
        list_id=list_id,
        model=events[0].model,
        fingerprint=events[0].fingerprint,
        events=[ImpressionOut.model_validate(one) for one in events],
    )


@router.post("/clicks")
def opened(state: StateDep, run: ServedRunDep, user: CurrentUser, body: ClickIn) -> ChangedOut:
    """Say that a movie was looked at."""
    log_click(state, run, user, body.movie_id, body.list_id)
    return ChangedOut(change=None)


@router.post("/movie-night", response_model=NightOut)
def movie_night(state: StateDep, run: ServedRunDep, user: CurrentUser, body: NightIn) -> dict[str, Any]:
    """Movies for 2 to 8 people, with each one's delight and the compromise in a sentence."""
    if state.settings.accounts and any(number != user.id for number in body.people):
        raise HTTPException(403, "other people's ratings are theirs; expected guests, with what they like")
    night = operations.plan_movie_night(state, run, user, body)
    return as_json(night, run.engine.movies, operations.response_language(user, body.language))
