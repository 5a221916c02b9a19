import threading
import time

import pytest

from matinee.service.state import taste_maps
from matinee.service.state.served_run import ServedRun
from matinee.service.state.taste_maps import PendingMap, ReadyMap, TasteMapCache


def wait_for_map(cache: TasteMapCache, run: ServedRun) -> ReadyMap | PendingMap:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        result = cache.get(run)
        if isinstance(result, ReadyMap) or result.state == "failed":
            return result
        time.sleep(0.01)
    raise AssertionError("no map in 20 seconds")


def test_a_map_is_built_once_in_the_background(run: ServedRun, monkeypatch: pytest.MonkeyPatch) -> None:
    builds: list[str] = []
    may_finish = threading.Event()

    def build_slowly(run: ServedRun) -> ReadyMap:
        builds.append(run.version)
        assert may_finish.wait(20)
        return real(run)

    real = taste_maps.build_map
    monkeypatch.setattr(taste_maps, "build_map", build_slowly)
    cache = TasteMapCache()
    for _ in range(3):
        pending = cache.get(run)
        assert isinstance(pending, PendingMap)
        assert pending.state == "drawing"
    may_finish.set()
    ready = wait_for_map(cache, run)
    assert isinstance(ready, ReadyMap)
    assert builds == [run.version]
    assert cache.get(run) is ready
    assert sorted(ready.positions) == list(range(16))
    assert ready.taste_map.rows[ready.positions[5]] == 5


def test_a_failed_map_is_reported_as_failed(run: ServedRun, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(run: ServedRun) -> ReadyMap:
        raise ValueError(run.model)

    monkeypatch.setattr(taste_maps, "build_map", broken)
    result = wait_for_map(TasteMapCache(), run)
    assert isinstance(result, PendingMap)
    assert result.state == "failed"
