"""All that answers need, in one hand: made when the app starts, closed when it ends."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, cast

from fastapi import Depends, Request

from matinee.service.operations.reports import dials_of, report_of
from matinee.service.settings import Settings
from matinee.service.state.compared_models import Contenders
from matinee.service.state.event_queue import Happenings
from matinee.service.state.login_throttle import Attempts
from matinee.service.state.lru_cache import Recent
from matinee.service.state.metrics import Metrics
from matinee.service.state.periodic_task import Every
from matinee.service.state.served_run import Stage, Stages, open_stage, sources_of
from matinee.service.state.taste_maps import Maps
from matinee.service.state.user_feedback import Tastes
from matinee.store.store import Store, open_store

_LISTS_KEPT = 5_000
_DAY = 86_400.0  # seconds


@dataclass(frozen=True, eq=False)
class House:
    """The house: what is on (the stages), who comes (the store), and what is remembered of both."""

    settings: Settings
    store: Store
    stages: Stages
    tastes: Tastes
    happenings: Happenings
    metrics: Metrics
    lists: Recent[object, bytes]  # lists made lately, as they were sent
    attempts: Attempts  # of signing in
    maps: Maps
    contenders: Contenders
    beside: tuple[Every, ...]  # what is done from time to time

    def close(self) -> None:
        """Write what waits, and let go of the database."""
        for one in self.beside:
            one.end()
        self.happenings.close()
        self.store.close()


def open_house(settings: Settings) -> House:
    """Load the run and open the store. Raises `InputError` for what is wrong with either, or would be unsafe."""
    settings.check()
    stages = Stages(open_stage(sources_of(settings)))
    if settings.report is not None:  # what is set and wrong is refused now, not when somebody looks
        report_of(settings, stages.current)
    if settings.dial is not None:
        dials_of(settings, stages.current)
    contenders = Contenders(settings.compare, stages.current)
    store = open_store(settings.database)
    tidy(store)
    beside = [Every(_DAY, lambda: tidy(store), "tidying")]
    if settings.watch_seconds:
        beside.append(Every(settings.watch_seconds, stages.follow, "looking for a newer run"))
    return House(
        settings=settings,
        store=store,
        stages=stages,
        tastes=Tastes(store),
        happenings=Happenings(store.events),
        metrics=Metrics(),
        lists=Recent(_LISTS_KEPT),
        attempts=Attempts(),
        maps=Maps(),
        contenders=contenders,
        beside=tuple(beside),
    )


def tidy(store: Store) -> None:
    """Forget sessions that have ended, and answers that nobody asks for again."""
    yesterday = datetime.now(UTC) - timedelta(days=1)
    store.sessions.forget(yesterday)
    store.idempotency.forget(yesterday)


def the_house(request: Request) -> House:
    """The house of the app that was asked."""
    return cast(House, request.app.state.house)


async def _the_house(request: Request) -> House:
    return the_house(request)  # awaited where it is asked for: a thread of its own would take longer than it does


TheHouse = Annotated[House, Depends(_the_house)]


async def the_stage(house: TheHouse) -> Stage:
    """The stage of now, for the whole of one request."""
    return house.stages.current


TheStage = Annotated[Stage, Depends(the_stage)]
