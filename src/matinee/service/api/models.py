"""The run that answers: what it is, how good it was, and another one in its place."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Response

from matinee.errors import NotFoundError
from matinee.service.dependencies import AdminOnly, OptionalUser
from matinee.service.errors import response_types
from matinee.service.schemas.requests import ReloadIn
from matinee.service.schemas.responses import ModelOut
from matinee.service.state.app_state import ServedRunDep, StateDep
from matinee.service.state.served_run import ServedRun

router = APIRouter(tags=["models"])


@router.get("/models/current")
def current(house: StateDep, stage: ServedRunDep, _: OptionalUser) -> ModelOut:
    """The run that answers now: its model, its data, how good it was, and whether a newer one waits."""
    return model_out(stage, newer=house.served.is_stale)


@router.get("/models/current/card", response_class=Response, responses=response_types("text/markdown"))
def card(stage: ServedRunDep, _: OptionalUser) -> Response:
    """The model's card, in Markdown."""
    if stage.card is None:
        raise NotFoundError("this run has no card; expected one that was written by 'matinee train'")
    return Response(stage.card, media_type="text/markdown; charset=utf-8")


@router.post("/models/swap", dependencies=[AdminOnly])
def swap(house: StateDep, asked: ReloadIn) -> ModelOut:
    """Load the run's folder anew, or another run, and answer from it. Requests under way end with the one they had."""
    given = {name: Path(value) for name, value in asked.model_dump(exclude_none=True).items()}
    stage = house.served.reload(replace(house.served.current.paths, **given))
    house.metrics.swaps.inc()
    return model_out(stage, newer=False)


def model_out(stage: ServedRun, *, newer: bool) -> ModelOut:
    """A stage's facts, without the paths of this machine."""
    told: dict[str, Any] = {
        name: stage.run_settings.get(name) for name in ("config", "version") if name in stage.run_settings
    }
    return ModelOut(
        model=stage.model,
        fingerprint=stage.fingerprint,
        trained=stage.trained,
        movies=stage.engine.n_movies,
        predicts_stars=stage.engine.stars is not None or stage.engine.ranker.predicts_ratings,
        places_new_movies=stage.engine.content is not None,
        also_liked=stage.likes is not None,
        why_no_also_liked=stage.likes_unavailable,
        newer=newer,
        settings=told,
        metrics=stage.metrics,
    )
