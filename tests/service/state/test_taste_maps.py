import threading
import time

import pytest

from matinee.service.state import taste_maps
from matinee.service.state.served_run import ServedRun
from matinee.service.state.taste_maps import PendingMap, ReadyMap, TasteMapCache


def waited_for(kept: TasteMapCache, stage: ServedRun) -> ReadyMap | PendingMap:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        found = kept.get(stage)
        if isinstance(found, ReadyMap) or found.state == "failed":
            return found
        time.sleep(0.01)
    raise AssertionError("no map in 20 seconds")


def test_a_map_is_drawn_beside_once_and_kept(stage: ServedRun, monkeypatch: pytest.MonkeyPatch) -> None:
    drawings: list[str] = []
    go_on = threading.Event()

    def slowly(stage: ServedRun) -> ReadyMap:
        drawings.append(stage.version)
        assert go_on.wait(20)
        return real(stage)

    real = taste_maps.build_map
    monkeypatch.setattr(taste_maps, "draw", slowly)
    kept = TasteMapCache()
    for _ in range(3):
        waiting = kept.get(stage)
        assert isinstance(waiting, PendingMap)
        assert waiting.state == "drawing"
    go_on.set()
    drawn = waited_for(kept, stage)
    assert isinstance(drawn, ReadyMap)
    assert drawings == [stage.version]
    assert kept.get(stage) is drawn
    assert sorted(drawn.position) == list(range(16))
    assert drawn.map.rows[drawn.position[5]] == 5


def test_a_map_that_cannot_be_drawn_is_said_to_be_none(stage: ServedRun, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(stage: ServedRun) -> ReadyMap:
        raise ValueError(stage.model)

    monkeypatch.setattr(taste_maps, "draw", broken)
    found = waited_for(TasteMapCache(), stage)
    assert isinstance(found, PendingMap)
    assert found.state == "failed"
