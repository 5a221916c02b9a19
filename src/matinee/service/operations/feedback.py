"""What people do with films, written down: for the API and the pages alike."""

from datetime import datetime

from matinee.service.state.app_state import AppState
from matinee.service.state.served_run import ServedRun
from matinee.store.events import NewEvent
from matinee.store.marks import Change
from matinee.store.users import User


def rate_movie(
    state: AppState,
    run: ServedRun,
    user: User,
    movie_id: str,
    stars: float,
    *,
    source: str = "web",
    list_id: str | None = None,
    rated_at: datetime | None = None,
) -> Change:
    """Rate a film of the stage, seen on the list of `list_id`. It is on the disk when this returns."""
    run.row(movie_id)
    change = state.store.ratings.rate(user.id, movie_id, stars, source=source, rated_at=rated_at)
    state.events.put([_event("rated", run, user, movie_id, list_id, {"stars": stars})])
    state.metrics.ratings.inc()
    return change


def log_click(state: AppState, run: ServedRun, user: User, movie_id: str, list_id: str | None) -> None:
    """Write down that a film of the stage was looked at. Raises `NotFoundError`."""
    run.row(movie_id)
    state.events.put([_event("opened", run, user, movie_id, list_id)])


def _event(
    kind: str,
    run: ServedRun,
    user: User,
    movie_id: str,
    list_id: str | None,
    detail: dict[str, float] | None = None,
) -> NewEvent:
    return NewEvent(
        kind=kind,
        user_id=user.id,
        movie_id=movie_id,
        list_id=list_id,
        model=run.model,
        fingerprint=run.fingerprint,
        detail=detail,
    )
