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
def current(state: StateDep, run: ServedRunDep, _: OptionalUser) -> ModelOut:
    """The run that answers now: its model, its data, how good it was, and whether a newer one waits."""
    return model_out(run, newer=state.served.is_stale)


@router.get("/models/current/card", response_class=Response, responses=response_types("text/markdown"))
def card(run: ServedRunDep, _: OptionalUser) -> Response:
    """The model's card, in Markdown."""
    if run.card is None:
        raise NotFoundError("this run has no card; expected one that was written by 'matinee train'")
    return Response(run.card, media_type="text/markdown; charset=utf-8")


@router.post("/models/reload", dependencies=[AdminOnly])
def swap(state: StateDep, body: ReloadIn) -> ModelOut:
    """Load the run's folder anew, or another run, and answer from it. Requests under way end with the one they had."""
    given = {name: Path(value) for name, value in body.model_dump(exclude_none=True).items()}
    run = state.served.reload(replace(state.served.current.paths, **given))
    state.metrics.swaps.inc()
    return model_out(run, newer=False)


def model_out(run: ServedRun, *, newer: bool) -> ModelOut:
    """A stage's facts, without the paths of this machine."""
    told: dict[str, Any] = {
        name: run.run_settings.get(name) for name in ("config", "version") if name in run.run_settings
    }
    return ModelOut(
        model=run.model,
        fingerprint=run.fingerprint,
        trained=run.trained,
        movies=run.engine.n_movies,
        predicts_stars=run.engine.stars is not None or run.engine.ranker.predicts_ratings,
        places_new_movies=run.engine.content is not None,
        also_liked=run.likes is not None,
        why_no_also_liked=run.likes_unavailable,
        newer=newer,
        settings=told,
        metrics=run.metrics,
    )
