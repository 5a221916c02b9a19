"""The current run: its facts and card, and its replacement by another run."""

from dataclasses import replace
from pathlib import Path

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
    """The current run: its model, data and metrics, and whether a newer run is available."""
    return model_facts(run, newer_available=state.served.is_stale)


@router.get("/models/current/card", response_class=Response, responses=response_types("text/markdown"))
def card(run: ServedRunDep, _: OptionalUser) -> Response:
    """The model card, in Markdown."""
    if run.card is None:
        raise NotFoundError("This run has no card. Train it with 'matinee train'.")
    return Response(run.card, media_type="text/markdown; charset=utf-8")


@router.post("/models/reload", dependencies=[AdminOnly])
def reload(state: StateDep, body: ReloadIn) -> ModelOut:
    """Load the folder again, or another run. Requests in progress finish with the previous run."""
    paths = {name: Path(value) for name, value in body.model_dump(exclude_none=True).items()}
    run = state.served.reload(replace(state.served.current.paths, **paths))
    state.metrics.reloads.inc()
    return model_facts(run, newer_available=False)


def model_facts(run: ServedRun, *, newer_available: bool) -> ModelOut:
    """Describe a run without the paths of this machine."""
    return ModelOut(
        model=run.model,
        fingerprint=run.fingerprint,
        trained=run.info.trained,
        n_movies=run.engine.n_movies,
        predicts_ratings=run.engine.rating_model is not None or run.engine.ranker.predicts_ratings,
        scores_new_movies=run.engine.content_model is not None,
        also_liked=run.likes is not None,
        also_liked_unavailable=run.likes_unavailable,
        newer_available=newer_available,
        settings={"config": run.info.config, "version": run.info.version},
        metrics=run.metrics,
    )
