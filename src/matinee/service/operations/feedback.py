"""Feedback on movies, for the API and the pages: ratings and clicks, stored and logged as events."""

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
    rating: float,
    *,
    source: str,
    list_id: str | None = None,
    rated_at: datetime | None = None,
) -> Change:
    """Add or change a rating, from the list `list_id` if given. It is on the disk when this returns.

    Raises `NotFoundError` if the catalogue lacks the movie.
    """
    run.row(movie_id)
    change = state.store.ratings.rate(user.id, movie_id, rating, source=source, rated_at=rated_at)
    state.events.put([_event("rated", run, user, movie_id, list_id, {"rating": rating})])
    state.metrics.ratings.inc()
    return change


def unrate_movie(state: AppState, run: ServedRun, user: User, movie_id: str, *, source: str) -> Change | None:
    """Remove a rating. Returns None if there is no rating, which is neither counted nor logged."""
    change = state.store.ratings.remove(user.id, movie_id, source=source)
    if change is not None:
        state.events.put([_event("unrated", run, user, movie_id, None)])
        state.metrics.ratings.inc()
    return change


def log_click(state: AppState, run: ServedRun, user: User, movie_id: str, list_id: str | None) -> None:
    """Log that the page of a movie was opened. Raises `NotFoundError`."""
    run.row(movie_id)
    state.events.put([_event("clicked", run, user, movie_id, list_id)])


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
