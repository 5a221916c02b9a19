"""All that answers need, in one hand: made when the app starts, closed when it ends."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, cast

from fastapi import Depends, Request

from matinee.service.operations.reports import dials_of, report_of
from matinee.service.settings import Settings
from matinee.service.state.compared_models import ComparedModels
from matinee.service.state.event_queue import EventQueue
from matinee.service.state.login_throttle import LoginThrottle
from matinee.service.state.lru_cache import LRUCache
from matinee.service.state.metrics import Metrics
from matinee.service.state.periodic_task import PeriodicTask
from matinee.service.state.served_run import RunReloader, ServedRun, load_served_run, run_paths
from matinee.service.state.taste_maps import TasteMapCache
from matinee.service.state.user_feedback import UserFeedbackCache
from matinee.store.store import Store, open_store

_LISTS_KEPT = 5_000
_DAY = 86_400.0  # seconds


@dataclass(frozen=True, eq=False)
class AppState:
    """The house: what is on (the stages), who comes (the store), and what is remembered of both."""

    settings: Settings
    store: Store
    served: RunReloader
    user_feedback: UserFeedbackCache
    events: EventQueue
    metrics: Metrics
    cached_lists: LRUCache[object, bytes]  # lists made lately, as they were sent
    login_throttle: LoginThrottle  # of signing in
    taste_maps: TasteMapCache
    compared_models: ComparedModels
    periodic_tasks: tuple[PeriodicTask, ...]  # what is done from time to time

    def close(self) -> None:
        """Write what waits, and let go of the database."""
        for one in self.periodic_tasks:
            one.stop()
        self.events.close()
        self.store.close()


def open_state(settings: Settings) -> AppState:
    """Load the run and open the store. Raises `InputError` for what is wrong with either, or would be unsafe."""
    settings.check()
    stages = RunReloader(load_served_run(run_paths(settings)))
    if settings.report is not None:  # what is set and wrong is refused now, not when somebody looks
        report_of(settings, stages.current)
    if settings.dial is not None:
        dials_of(settings, stages.current)
    contenders = ComparedModels(settings.compare, stages.current)
    store = open_store(settings.database)
    purge_expired(store)
    beside = [PeriodicTask(_DAY, lambda: purge_expired(store), "tidying")]
    if settings.watch_seconds:
        beside.append(PeriodicTask(settings.watch_seconds, stages.reload_if_changed, "looking for a newer run"))
    return AppState(
        settings=settings,
        store=store,
        served=stages,
        user_feedback=UserFeedbackCache(store),
        events=EventQueue(store.events),
        metrics=Metrics(),
        cached_lists=LRUCache(_LISTS_KEPT),
        login_throttle=LoginThrottle(),
        taste_maps=TasteMapCache(),
        compared_models=contenders,
        periodic_tasks=tuple(beside),
    )


def purge_expired(store: Store) -> None:
    """Forget sessions that have ended, and answers that nobody asks for again."""
    yesterday = datetime.now(UTC) - timedelta(days=1)
    store.sessions.forget(yesterday)
    store.idempotency.forget(yesterday)


def get_state(request: Request) -> AppState:
    """The house of the app that was asked."""
    return cast(AppState, request.app.state.app_state)


async def _get_state(request: Request) -> AppState:
    return get_state(request)  # awaited where it is asked for: a thread of its own would take longer than it does


StateDep = Annotated[AppState, Depends(_get_state)]


async def get_served_run(state: StateDep) -> ServedRun:
    """The stage of now, for the whole of one request."""
    return state.served.current


ServedRunDep = Annotated[ServedRun, Depends(get_served_run)]
