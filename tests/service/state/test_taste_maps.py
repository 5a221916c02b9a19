import threading
import time

import pytest

from matinee.service.state import taste_maps
from matinee.service.state.served_run import Stage
from matinee.service.state.taste_maps import DrawnMap, Maps, Waiting


def waited_for(kept: Maps, stage: Stage) -> DrawnMap | Waiting:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        found = kept.of(stage)
        if isinstance(found, DrawnMap) or found.state == "failed":
            return found
        time.sleep(0.01)
    raise AssertionError("no map in 20 seconds")


def test_a_map_is_drawn_beside_once_and_kept(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    drawings: list[str] = []
    go_on = threading.Event()

    def slowly(stage: Stage) -> DrawnMap:
        drawings.append(stage.stamp)
        assert go_on.wait(20)
        return real(stage)

    real = taste_maps.draw
    monkeypatch.setattr(taste_maps, "draw", slowly)
    kept = Maps()
    for _ in range(3):
        waiting = kept.of(stage)
        assert isinstance(waiting, Waiting)
        assert waiting.state == "drawing"
    go_on.set()
    drawn = waited_for(kept, stage)
    assert isinstance(drawn, DrawnMap)
    assert drawings == [stage.stamp]
    assert kept.of(stage) is drawn
    assert sorted(drawn.spot) == list(range(16))
    assert drawn.map.rows[drawn.spot[5]] == 5


def test_a_map_that_cannot_be_drawn_is_said_to_be_none(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(stage: Stage) -> DrawnMap:
        raise ValueError(stage.model)

    monkeypatch.setattr(taste_maps, "draw", broken)
    found = waited_for(Maps(), stage)
    assert isinstance(found, Waiting)
    assert found.state == "failed"
