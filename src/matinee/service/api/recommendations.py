"""Lists for a person: recommendations, why, a movie night, and what was shown earlier."""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query, Response

from matinee.pipeline.night_words import as_json
from matinee.service.api.cached_route import KeptRoute
from matinee.service.dependencies import TheAsking, ThePerson
from matinee.service.operations import recommendations as operations
from matinee.service.operations.feedback import note_opened
from matinee.service.schemas.requests import ListQuery, MovieId, NightIn, OpenedIn
from matinee.service.schemas.responses import ChangedOut, ListOut, NightOut, ShownListOut, ShownOut, WhyOut
from matinee.service.state.app_state import TheHouse, TheStage

router = APIRouter(tags=["recommendations"])
kept = APIRouter(route_class=KeptRoute)


@kept.get("/recommendations", response_model=ListOut)
def recommendations(asking: TheAsking, asked: Annotated[ListQuery, Query()]) -> Response:
    """What to watch, from everything you have rated until this moment."""
    house, stage, person = asking.house, asking.stage, asking.person
    taste = house.tastes.of(stage, person.id, asking.version)
    listed = operations.list_for(house, stage, person, asked, taste)
    return Response(listed.model_dump_json(), media_type="application/json")


router.include_router(kept)


@router.get("/recommendations/{movie_id}/why")
def why(house: TheHouse, stage: TheStage, person: ThePerson, movie_id: MovieId) -> WhyOut:
    """Why a movie stands where it stands with you, and what it would be without the movies that carry it."""
    found = operations.why_for(house, stage, person, movie_id)
    would_be = found.counterfactual(operations.language_of(person))
    return WhyOut.model_validate(found.to_json() | {"counterfactual": would_be})


@router.get("/lists/{list_id}")
def shown(house: TheHouse, person: ThePerson, list_id: Annotated[str, Path(max_length=100)]) -> ShownListOut:
    """A list that you were shown, by which model, learned from which data, and what became of it."""
    events = operations.shown_list(house, person, list_id)
    return ShownListOut(
        list_id=list_id,
        model=events[0].model,
        fingerprint=events[0].fingerprint,
        events=[ShownOut.model_validate(one) for one in events],
    )


@router.post("/opened")
def opened(house: TheHouse, stage: TheStage, person: ThePerson, asked: OpenedIn) -> ChangedOut:
    """Say that a movie was looked at."""
    note_opened(house, stage, person, asked.movie_id, asked.list_id)
    return ChangedOut(change=None)


@router.post("/movie-night", response_model=NightOut)
def movie_night(house: TheHouse, stage: TheStage, person: ThePerson, asked: NightIn) -> dict[str, Any]:
    """Movies for 2 to 8 people, with each one's delight and the compromise in a sentence."""
    if house.settings.accounts and any(number != person.id for number in asked.people):
        raise HTTPException(403, "other people's ratings are theirs; expected guests, with what they like")
    night = operations.night_for(house, stage, person, asked)
    return as_json(night, stage.cinema.movies, operations.language_of(person, asked.language))
