"""Lists for the current user: recommendations, explanations, movie nights, and lists shown before."""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query, Response

from matinee.i18n.movie_night import night_to_json
from matinee.i18n.reasons import explanation_to_json, without_text
from matinee.service.api.cached_route import CachedRoute
from matinee.service.dependencies import CurrentUser, RequestContextDep
from matinee.service.operations import recommendations as operations
from matinee.service.operations.feedback import log_click
from matinee.service.schemas.requests import ClickIn, ListQuery, MovieId, NightIn
from matinee.service.schemas.responses import (
    ChangeResultOut,
    ExplanationOut,
    ImpressionListOut,
    ImpressionOut,
    ListOut,
    NightOut,
)
from matinee.service.state.app_state import ServedRunDep, StateDep

router = APIRouter(tags=["recommendations"])
cached = APIRouter(route_class=CachedRoute)


@cached.get("/recommendations", response_model=ListOut)
def get_recommendations(context: RequestContextDep, query: Annotated[ListQuery, Query()]) -> Response:
    """Recommendations, based on all your ratings so far."""
    state, run, user = context.state, context.run, context.user
    feedback = state.user_feedback.get(run, user.id, context.version)
    recommendations = operations.recommend_and_log(state, run, user, query, feedback)
    return Response(recommendations.model_dump_json(), media_type="application/json")


router.include_router(cached)


@router.get("/recommendations/{movie_id}/explanation")
def get_explanation(state: StateDep, run: ServedRunDep, user: CurrentUser, movie_id: MovieId) -> ExplanationOut:
    """The explanation of a movie's rank for you, and its rank without the movies that support it."""
    explanation = operations.explain(state, run, user, movie_id)
    language = operations.response_language(user)
    content = explanation_to_json(explanation, run.engine.movies, language)
    return ExplanationOut.model_validate(content | {"counterfactual": without_text(explanation, language)})


@router.get("/lists/{list_id}")
def get_list(state: StateDep, user: CurrentUser, list_id: Annotated[str, Path(max_length=100)]) -> ImpressionListOut:
    """A list that was shown to you: its model, training data, and the events that followed."""
    events = operations.impressions(state, user, list_id)
    return ImpressionListOut(
        list_id=list_id,
        model=events[0].model,
        fingerprint=events[0].fingerprint,
        events=[ImpressionOut.model_validate(event) for event in events],
    )


@router.post("/clicks")
def add_click(state: StateDep, run: ServedRunDep, user: CurrentUser, body: ClickIn) -> ChangeResultOut:
    """Log that you opened the page of a movie."""
    log_click(state, run, user, body.movie_id, body.list_id)
    return ChangeResultOut(change=None)


@router.post("/movie-night", response_model=NightOut)
def movie_night(state: StateDep, run: ServedRunDep, user: CurrentUser, body: NightIn) -> dict[str, Any]:
    """Movies for 2 to 8 users and guests, with the satisfaction of each."""
    if state.settings.accounts and any(number != user.id for number in body.users):
        raise HTTPException(403, "Other accounts are private. Add guests by the movies they like.")
    night = operations.plan_movie_night(state, run, user, body)
    return night_to_json(night, run.engine.movies, operations.response_language(user, body.language))
