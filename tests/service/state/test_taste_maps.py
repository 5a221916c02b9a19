import threading
import time

import pytest

from matinee.service.state import taste_maps
from matinee.service.state.served_run import ServedRun
from matinee.service.state.taste_maps import PendingMap, ReadyMap, TasteMapCache


def waited_for(kept: TasteMapCache, run: ServedRun) -> ReadyMap | PendingMap:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        found = kept.get(run)
        if isinstance(found, ReadyMap) or found.state == "failed":
            return found
        time.sleep(0.01)
    raise AssertionError("no map in 20 seconds")


def test_a_map_is_drawn_beside_once_and_kept(run: ServedRun, monkeypatch: pytest.MonkeyPatch) -> None:
    drawings: list[str] = []
    go_on = threading.Event()

    def slowly(run: ServedRun) -> ReadyMap:
        drawings.append(run.version)
        assert go_on.wait(20)
        return real(run)

    real = taste_maps.build_map
    monkeypatch.setattr(taste_maps, "build_map", slowly)
    kept = TasteMapCache()
    for _ in range(3):
        waiting = kept.get(run)
        assert isinstance(waiting, PendingMap)
        assert waiting.state == "drawing"
    go_on.set()
    drawn = waited_for(kept, run)
    assert isinstance(drawn, ReadyMap)
    assert drawings == [run.version]
    assert kept.get(run) is drawn
    assert sorted(drawn.position) == list(range(16))
    assert drawn.map.rows[drawn.position[5]] == 5


def test_a_map_that_cannot_be_drawn_is_said_to_be_none(run: ServedRun, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(run: ServedRun) -> ReadyMap:
        raise ValueError(run.model)

    monkeypatch.setattr(taste_maps, "build_map", broken)
    found = waited_for(TasteMapCache(), run)
    assert isinstance(found, PendingMap)
    assert found.state == "failed"
