"""Whether all is well: for those who watch over it."""

from fastapi import APIRouter, HTTPException, Request, Response

from matinee.service.dependencies import AdminToken, is_admin
from matinee.service.errors import answers_of
from matinee.service.schemas.responses import StatusOut
from matinee.service.state.app_state import TheHouse, TheStage

router = APIRouter(tags=["health"])
metrics_router = APIRouter(tags=["health"])


@router.get("/health")
def health() -> StatusOut:
    """Alive: the process answers."""
    return StatusOut(status="alive")


@router.get("/ready")
def ready(house: TheHouse, stage: TheStage) -> StatusOut:
    """Ready: a run is loaded and the database answers. Else 503."""
    house.store.check()
    return StatusOut(status="ready", model=stage.model)


@metrics_router.get("/metrics", response_class=Response, responses=answers_of("text/plain"))
def metrics(house: TheHouse, request: Request, admin_token: AdminToken = None) -> Response:
    """Counts for Prometheus; where there are accounts, for admins alone."""
    if house.settings.accounts and not is_admin(house, request, admin_token):
        raise HTTPException(403, "for admins alone; expected X-Matinee-Admin-Token as in MATINEE_SERVE_ADMIN_TOKEN")
    return Response(house.metrics.text(), media_type="text/plain; version=1.0.0; charset=utf-8")
