import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from safetensors.numpy import load_file

from matinee.data.files import write_atomically, write_json, write_parquet, write_safetensors, write_text

ENDLESS_WRITER = """
import sys
from pathlib import Path
from matinee.data.files import write_json

for turn in range(1_000_000):
    write_json(Path(sys.argv[1]), {"turn": turn, "numbers": [turn] * 50_000})
"""


def test_a_failed_write_leaves_the_old_content(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    write_text(path, "old")

    def fails(temporary: Path) -> None:
        temporary.write_text("half of the n")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_atomically(path, fails)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("interrupted", [KeyboardInterrupt, SystemExit])
def test_an_interrupted_writer_leaves_nothing(tmp_path: Path, interrupted: type[BaseException]) -> None:
    def interrupts(temporary: Path) -> None:
        temporary.write_text("half")
        raise interrupted

    with pytest.raises(interrupted):
        write_atomically(tmp_path / "new" / "file.txt", interrupts)
    assert list((tmp_path / "new").iterdir()) == []


def test_no_partial_file_is_visible(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    seen: list[bool] = []

    def looks(temporary: Path) -> None:
        temporary.write_text("new")
        assert temporary.parent == path.parent  # else the rename could cross file systems
        seen.append(path.exists())

    write_atomically(path, looks)
    assert seen == [False]
    assert path.read_text() == "new"


def test_content_is_synced_before_the_rename(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file.txt"
    named_when_synced: list[bool] = []
    sync = os.fsync

    def noted(handle: int) -> None:
        named_when_synced.append(path.exists())
        sync(handle)

    monkeypatch.setattr(os, "fsync", noted)
    write_text(path, "text")
    assert named_when_synced[0] is False


def test_a_failing_sync_leaves_the_old_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file.txt"
    write_text(path, "old")

    def fails(handle: int) -> None:
        raise OSError(f"cannot sync {handle}")

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(OSError, match="cannot sync"):
        write_text(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_text_and_json_hold_every_script_and_are_readable_by_others(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "er" / "file.json"
    write_json(path, {"title": "千と千尋", "year": 2001})
    assert "千と千尋" in path.read_text(encoding="utf-8")
    assert json.loads(path.read_bytes()) == {"title": "千と千尋", "year": 2001}
    assert path.stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("content", [{"a": float("nan")}, [float("inf")], {"a": object()}, "\ud800"])
def test_invalid_json_values_are_refused(tmp_path: Path, content: Any) -> None:
    path = tmp_path / "file.json"
    write_json(path, "old")
    with pytest.raises((ValueError, TypeError)):
        write_json(path, content)
    assert json.loads(path.read_text()) == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_tables_are_read_back(tmp_path: Path) -> None:
    frame = pl.DataFrame({"movie_id": [1, 2], "genres": [["a", "b"], []]})
    write_parquet(tmp_path / "table.parquet", frame)
    assert pl.read_parquet(tmp_path / "table.parquet").equals(frame)


def test_arrays_of_any_layout_are_read_back(tmp_path: Path) -> None:
    table = np.arange(12, dtype=np.float32).reshape(3, 4)
    arrays = {"columns first": np.asfortranarray(table), "turned": table.T, "every other": table[:, ::2]}
    arrays |= {"empty": np.zeros((0, 3)), "rows": np.arange(3)}
    write_safetensors(tmp_path / "arrays", arrays)
    loaded = load_file(tmp_path / "arrays")
    assert loaded.keys() == arrays.keys()
    for name, array in arrays.items():
        np.testing.assert_array_equal(loaded[name], array)
        assert loaded[name].dtype == array.dtype


def test_a_single_number_keeps_its_shape(tmp_path: Path) -> None:
    write_safetensors(tmp_path / "arrays", {"mean": np.array(3.5)})
    assert load_file(tmp_path / "arrays")["mean"].shape == ()


def test_a_private_file_stays_private(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    write_text(path, "old")
    path.chmod(0o600)
    write_text(path, "new")
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_killed_writer_leaves_whole_content(tmp_path: Path) -> None:
    path = tmp_path / "file.json"
    with subprocess.Popen([sys.executable, "-c", ENDLESS_WRITER, str(path)]) as writer:
        try:
            _wait_for(path)
            until, turns = time.monotonic() + 0.7, set[int]()
            while time.monotonic() < until:
                turns.add(_whole(path))
        finally:
            writer.send_signal(signal.SIGKILL)
    assert len(turns) > 1, "the file did not change while it was read"
    assert _whole(path) >= max(turns)


def _wait_for(path: Path) -> None:
    until = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < until, "the writer did not start"
        time.sleep(0.01)


def _whole(path: Path) -> int:
    content = json.loads(path.read_text())
    assert content["numbers"] == [content["turn"]] * 50_000
    return content["turn"]
