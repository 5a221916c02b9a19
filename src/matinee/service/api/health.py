"""Health checks and metrics for monitoring."""

from fastapi import APIRouter, HTTPException, Request, Response

from matinee.service.dependencies import AdminTokenHeader, is_admin
from matinee.service.errors import response_types
from matinee.service.schemas.responses import StatusOut
from matinee.service.state.app_state import ServedRunDep, StateDep

router = APIRouter(tags=["health"])
metrics_router = APIRouter(tags=["health"])


@router.get("/health")
def health() -> StatusOut:
    """Check that the process responds."""
    return StatusOut(status="alive")


@router.get("/ready")
def ready(state: StateDep, run: ServedRunDep) -> StatusOut:
    """Check that a run is loaded and the database responds. 503 if not."""
    state.store.check()
    return StatusOut(status="ready", model=run.model)


@metrics_router.get("/metrics", response_class=Response, responses=response_types("text/plain"))
def metrics(state: StateDep, request: Request, admin_token: AdminTokenHeader = None) -> Response:
    """Metrics for Prometheus. With accounts, for admins only."""
    if state.settings.accounts and not is_admin(state, request, admin_token):
        raise HTTPException(403, "Only admins may do this. Send X-Matinee-Admin-Token: MATINEE_SERVE_ADMIN_TOKEN.")
    return Response(state.metrics.text(), media_type="text/plain; version=1.0.0; charset=utf-8")
