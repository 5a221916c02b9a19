"""Taste maps of stages: drawn once, by a thread of their own, for whoever asks first, and kept in memory."""

import threading
import time
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import structlog

from matinee.pipeline.explore.map_regions import Region, regions_of
from matinee.pipeline.explore.taste_map import TasteMap, draw_map
from matinee.service.state.lru_cache import LRUCache
from matinee.service.state.served_run import ServedRun

_KEPT = 2  # maps: that of the stage of now, and of the one before, whose visitors are still there
log = structlog.get_logger("matinee.maps")

Places = npt.NDArray[np.float32]


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

    def get(self, stage: ServedRun) -> ReadyMap | PendingMap:
        """The map of a stage; where there is none yet, it is begun, and is there some seconds later."""
        found = self._drawn.get(stage.version)
        if found is not None:
            return found
        with self._turn:
            waiting = self._waiting.get(stage.version)
            if waiting is None:
                waiting = self._waiting[stage.version] = PendingMap("drawing", time.monotonic())
                threading.Thread(target=self._draw, args=[stage], name="matinee taste map", daemon=True).start()
            return self._drawn.get(stage.version) or waiting

    def _draw(self, stage: ServedRun) -> None:
        begun = time.monotonic()
        try:
            drawn = build_map(stage)
        except Exception:
            # Nobody waits for this thread: what went wrong is in the log, and the page says that there is no map.
            log.exception("no map", model=stage.model)
            self._waiting[stage.version] = PendingMap("failed", begun)
            return
        self._drawn.put(stage.version, drawn)
        with self._turn:
            del self._waiting[stage.version]
        log.info("map drawn", films=len(drawn.map.rows), seconds=round(time.monotonic() - begun, 2))


def build_map(stage: ServedRun) -> ReadyMap:
    """The map of a stage, now."""
    movies = stage.engine.movies
    drawn = draw_map(movies, stage.likes, stage.engine.rated)
    regions = regions_of(drawn.coordinates, movies["genres"].gather(drawn.rows).to_list())
    return ReadyMap(drawn, regions, {row: spot for spot, row in enumerate(drawn.rows.tolist())})
