"""Taste maps of served runs. Each is built once, in a background thread, and cached."""

import threading
import time
import traceback
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Literal

import structlog
from cachetools import LRUCache

from matinee.pipeline.explore.map_regions import Region, find_regions
from matinee.pipeline.explore.taste_map import TasteMap, build_taste_map
from matinee.service.state.served_run import ServedRun

_MAX_MAPS = 2  # the map of the current run, and of the previous one for requests that still use it
log = structlog.get_logger("matinee.taste_maps")


@dataclass(frozen=True, eq=False)
class ReadyMap:
    """A finished map."""

    taste_map: TasteMap
    regions: list[Region]
    positions: dict[int, int]  # catalogue row -> position among the movies of the map


@dataclass(frozen=True)
class PendingMap:
    """A map that is not finished, or that failed."""

    state: Literal["drawing", "failed"]
    since: float  # time.monotonic()


class TasteMapCache:
    """The maps of served runs. `get` returns at once."""

    def __init__(self) -> None:
        self._ready: MutableMapping[str, ReadyMap] = LRUCache(_MAX_MAPS)
        self._pending: dict[str, PendingMap] = {}
        self._lock = threading.Lock()

    def get(self, run: ServedRun) -> ReadyMap | PendingMap:
        """Return the map of a run. The first call starts to build it, which takes some seconds."""
        with self._lock:
            ready = self._ready.get(run.version)
            if ready is not None:
                return ready
            pending = self._pending.get(run.version)
            if pending is None:
                pending = self._pending[run.version] = PendingMap("drawing", time.monotonic())
                threading.Thread(target=self._build, args=[run], name="matinee-taste-map", daemon=True).start()
            return pending

    def _build(self, run: ServedRun) -> None:
        start = time.monotonic()
        try:
            ready = build_map(run)
        except Exception as error:
            # No caller waits for this thread. The log has the error, and the page says that there is no map.
            # A plain traceback, without the values of local variables.
            exception = "".join(traceback.format_exception(error))
            log.error("taste_map_failed", model=run.model, exception=exception)  # noqa: TRY400
            with self._lock:
                self._pending[run.version] = PendingMap("failed", start)
            return
        with self._lock:
            self._ready[run.version] = ready
            del self._pending[run.version]
        seconds = round(time.monotonic() - start, 2)
        log.info("taste_map_built", movies=len(ready.taste_map.rows), seconds=seconds)


def build_map(run: ServedRun) -> ReadyMap:
    """Build the map of a run."""
    movies = run.engine.movies
    taste_map = build_taste_map(movies, run.likes, run.engine.rating_counts)
    regions = find_regions(taste_map.coordinates, movies["genres"].gather(taste_map.rows).to_list())
    return ReadyMap(taste_map, regions, {row: position for position, row in enumerate(taste_map.rows.tolist())})
