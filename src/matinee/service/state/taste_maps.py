"""Taste maps of stages: drawn once, by a thread of their own, for whoever asks first, and kept in memory."""

import threading
import time
from dataclasses import dataclass
from typing import Literal

import structlog

from matinee.pipeline.explore.map_regions import Region, regions_of
from matinee.pipeline.explore.taste_map import TasteMap, draw_map
from matinee.service.state.lru_cache import LRUCache
from matinee.service.state.served_run import ServedRun

_KEPT = 2  # maps: that of the stage of now, and of the one before, whose visitors are still there
log = structlog.get_logger("matinee.maps")


@dataclass(frozen=True, eq=False)
class ReadyMap:
    """A map that is there."""

    map: TasteMap
    regions: list[Region]
    position: dict[int, int]  # where each row of the catalogue is among the map's films


@dataclass(frozen=True)
class PendingMap:
    """A map that is not there yet."""

    state: Literal["drawing", "failed"]
    since: float  # of time.monotonic


class TasteMapCache:
    """The maps of stages. Asking never waits."""

    def __init__(self):
        self._drawn: LRUCache[str, ReadyMap] = LRUCache(_KEPT)
        self._waiting: dict[str, PendingMap] = {}
        self._turn = threading.Lock()

    def get(self, run: ServedRun) -> ReadyMap | PendingMap:
        """The map of a stage; where there is none yet, it is begun, and is there some seconds later."""
        found = self._drawn.get(run.version)
        if found is not None:
            return found
        with self._turn:
            waiting = self._waiting.get(run.version)
            if waiting is None:
                waiting = self._waiting[run.version] = PendingMap("drawing", time.monotonic())
                threading.Thread(target=self._draw, args=[run], name="matinee taste map", daemon=True).start()
            return self._drawn.get(run.version) or waiting

    def _draw(self, run: ServedRun) -> None:
        begun = time.monotonic()
        try:
            drawn = build_map(run)
        except Exception:
            # Nobody waits for this thread: what went wrong is in the log, and the page says that there is no map.
            log.exception("no map", model=run.model)
            self._waiting[run.version] = PendingMap("failed", begun)
            return
        self._drawn.put(run.version, drawn)
        with self._turn:
            del self._waiting[run.version]
        log.info("map drawn", films=len(drawn.map.rows), seconds=round(time.monotonic() - begun, 2))


def build_map(run: ServedRun) -> ReadyMap:
    """The map of a stage, now."""
    movies = run.engine.movies
    drawn = draw_map(movies, run.likes, run.engine.rated)
    regions = regions_of(drawn.coordinates, movies["genres"].gather(drawn.rows).to_list())
    return ReadyMap(drawn, regions, {row: spot for spot, row in enumerate(drawn.rows.tolist())})
