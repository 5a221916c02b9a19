"""What people do with films, written down: for the API and the pages alike."""

from datetime import datetime

from matinee.service.state.app_state import AppState
from matinee.service.state.served_run import ServedRun
from matinee.store.events import NewEvent
from matinee.store.marks import Change
from matinee.store.users import User


def rate_movie(
    house: AppState,
    stage: ServedRun,
    person: User,
    movie_id: str,
    stars: float,
    *,
    source: str = "web",
    list_id: str | None = None,
    rated_at: datetime | None = None,
) -> Change:
    """Rate a film of the stage, seen on the list of `list_id`. It is on the disk when this returns."""
    stage.row(movie_id)
    change = house.store.ratings.rate(person.id, movie_id, stars, source=source, rated_at=rated_at)
    house.events.put([_event("rated", stage, person, movie_id, list_id, {"stars": stars})])
    house.metrics.ratings.inc()
    return change


def log_click(house: AppState, stage: ServedRun, person: User, movie_id: str, list_id: str | None) -> None:
    """Write down that a film of the stage was looked at. Raises `NotFoundError`."""
    stage.row(movie_id)
    house.events.put([_event("opened", stage, person, movie_id, list_id)])


def _event(
    kind: str,
    stage: ServedRun,
    person: User,
    movie_id: str,
    list_id: str | None,
    detail: dict[str, float] | None = None,
) -> NewEvent:
    return NewEvent(
        kind=kind,
        user_id=person.id,
        movie_id=movie_id,
        list_id=list_id,
        model=stage.model,
        fingerprint=stage.fingerprint,
        detail=detail,
    )
