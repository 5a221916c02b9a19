"""The state of the app: opened when it starts, closed when it stops."""

import threading
from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, cast

from cachetools import LRUCache
from fastapi import Depends, Request

from matinee.service.settings import Settings
from matinee.service.state.compared_models import ComparedModels
from matinee.service.state.event_queue import EventQueue
from matinee.service.state.login_throttle import LoginThrottle
from matinee.service.state.metrics import Metrics
from matinee.service.state.periodic_task import PeriodicTask
from matinee.service.state.served_run import RunReloader, ServedRun, load_served_run, run_paths
from matinee.service.state.taste_maps import TasteMapCache
from matinee.service.state.user_feedback import UserFeedbackCache
from matinee.store.store import Store, open_store

_MAX_CACHED_LISTS = 5_000
_PURGE_INTERVAL = 3_600.0  # seconds
_RETENTION = timedelta(days=1)  # of expired sessions, and of responses for repeated writes


class ResponseCache:
    """The least recently used response bodies by ETag. Thread-safe, at most `capacity` entries."""

    def __init__(self, capacity: int):
        self._bodies: MutableMapping[str, bytes] = LRUCache(capacity)
        self._lock = threading.Lock()

    def get(self, etag: str) -> bytes | None:
        """Return a body, or None."""
        with self._lock:
            return self._bodies.get(etag)

    def put(self, etag: str, body: bytes) -> None:
        """Store a body."""
        with self._lock:
            self._bodies[etag] = body


@dataclass(frozen=True, eq=False)
class AppState:
    """Everything that requests share: the loaded run, the store, and caches of both."""

    settings: Settings
    store: Store
    served: RunReloader
    user_feedback: UserFeedbackCache
    events: EventQueue
    metrics: Metrics
    cached_lists: ResponseCache
    login_throttle: LoginThrottle
    taste_maps: TasteMapCache
    compared_models: ComparedModels
    periodic_tasks: tuple[PeriodicTask, ...]

    def close(self) -> None:
        """Stop the periodic tasks, write the queued events, and close the store."""
        for task in self.periodic_tasks:
            task.stop()
        self.events.close()
        self.store.close()


def open_state(settings: Settings) -> AppState:
    """Load the run and open the store. Raises `InputError` if either fails or the settings are unsafe."""
    settings.check()
    served = RunReloader(load_served_run(run_paths(settings)))
    compared_models = ComparedModels(settings.compare, served.current)
    store = open_store(settings.database)
    purge_expired(store)
    periodic_tasks = [PeriodicTask(_PURGE_INTERVAL, lambda: purge_expired(store), "purge")]
    if settings.watch_seconds:
        periodic_tasks.append(PeriodicTask(settings.watch_seconds, served.reload_if_changed, "run reload"))
    return AppState(
        settings=settings,
        store=store,
        served=served,
        user_feedback=UserFeedbackCache(store),
        events=EventQueue(store.events),
        metrics=Metrics(),
        cached_lists=ResponseCache(_MAX_CACHED_LISTS),
        login_throttle=LoginThrottle(store.login_failures),
        taste_maps=TasteMapCache(),
        compared_models=compared_models,
        periodic_tasks=tuple(periodic_tasks),
    )


def purge_expired(store: Store) -> None:
    """Delete expired sessions, old responses for repeated writes, and failed sign-ins that no longer count."""
    limit = datetime.now(UTC) - _RETENTION
    store.sessions.purge(limit)
    store.idempotency.purge(limit)
    LoginThrottle(store.login_failures).purge()


def get_state(request: Request) -> AppState:
    """The state of the app that received a request."""
    return cast(AppState, request.app.state.app_state)


async def _get_state(request: Request) -> AppState:
    return get_state(request)  # async, so that FastAPI does not start a thread for it


StateDep = Annotated[AppState, Depends(_get_state)]


async def get_served_run(state: StateDep) -> ServedRun:
    """The run that is current when a request starts, for the whole request."""
    return state.served.current


ServedRunDep = Annotated[ServedRun, Depends(get_served_run)]
