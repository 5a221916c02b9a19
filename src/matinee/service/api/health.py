"""Whether all is well: for those who watch over it."""

from fastapi import APIRouter, HTTPException, Request, Response

from matinee.service.dependencies import AdminTokenHeader, is_admin
from matinee.service.errors import response_types
from matinee.service.schemas.responses import StatusOut
from matinee.service.state.app_state import ServedRunDep, StateDep

router = APIRouter(tags=["health"])
metrics_router = APIRouter(tags=["health"])


@router.get("/health")
def health() -> StatusOut:
    """Alive: the process answers."""
    return StatusOut(status="alive")


@router.get("/ready")
def ready(state: StateDep, run: ServedRunDep) -> StatusOut:
    """Ready: a run is loaded and the database answers. Else 503."""
    state.store.check()
    return StatusOut(status="ready", model=run.model)


@metrics_router.get("/metrics", response_class=Response, responses=response_types("text/plain"))
def metrics(state: StateDep, request: Request, admin_token: AdminTokenHeader = None) -> Response:
    """Counts for Prometheus; where there are accounts, for admins alone."""
    if state.settings.accounts and not is_admin(state, request, admin_token):
        raise HTTPException(403, "for admins alone; expected X-Matinee-Admin-Token as in MATINEE_SERVE_ADMIN_TOKEN")
    return Response(state.metrics.text(), media_type="text/plain; version=1.0.0; charset=utf-8")
