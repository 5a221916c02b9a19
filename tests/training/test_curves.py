import struct
import sys
from pathlib import Path

import pytest

from matinee.errors import NotFoundError
from matinee.training.curves import EventWriter, draw_curves

CURVE = [
    {"epoch": 0, "loss": 7.0, "NDCG@10": 0.1, "seconds": 1.0},
    {"epoch": 1, "loss": 6.5, "NDCG@10": 0.2, "seconds": 2.0},
    {"epoch": 2, "loss": 6.1, "NDCG@10": 0.15, "seconds": 3.0},
]


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", png[16:24])


def test_there_is_a_panel_for_each_figure_that_was_measured() -> None:
    both, loss_alone = draw_curves(CURVE, best=1), draw_curves([{"epoch": 0, "loss": 7.0, "seconds": 1.0}])
    assert size(both)[0] == 2 * size(loss_alone)[0]
    assert size(both)[1] == size(loss_alone)[1]


def test_the_kept_epoch_is_drawn() -> None:
    assert len({draw_curves(CURVE), draw_curves(CURVE, best=1), draw_curves(CURVE, best=2)}) == 3


def test_without_matplotlib_the_error_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(NotFoundError, match="pip install"):
        draw_curves(CURVE)


def test_tensorboard_reads_the_events_back(tmp_path: Path) -> None:
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    writer = EventWriter(tmp_path)
    for entry in CURVE:
        writer.write(entry)
    read = accumulator.EventAccumulator(str(tmp_path)).Reload()
    assert set(read.Tags()["scalars"]) == {"loss", "NDCG@10", "seconds"}
    assert [(event.step, round(event.value, 6)) for event in read.Scalars("NDCG@10")] == [(1, 0.1), (2, 0.2), (3, 0.15)]


def test_without_tensorboard_the_error_names_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard.writer", None)
    with pytest.raises(NotFoundError, match="pip install"):
        EventWriter(tmp_path)
