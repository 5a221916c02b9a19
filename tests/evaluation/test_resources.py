import json
import threading
import time

import numpy as np
import pytest

from matinee.evaluation.resources import ResourceMeter, machine


def test_seconds_are_those_inside_the_block() -> None:
    start = time.perf_counter()
    with ResourceMeter() as measured:
        time.sleep(0.05)
    whole = time.perf_counter() - start
    time.sleep(0.01)
    assert 0.05 <= measured.seconds <= whole


def test_a_temporary_peak_is_remembered() -> None:
    with ResourceMeter() as before:
        pass
    with ResourceMeter() as measured:
        table = np.ones(10_000_000)  # 80 MB
        time.sleep(0.1)
        del table
    with ResourceMeter() as after:
        pass
    assert measured.peak_memory_mb > before.peak_memory_mb + 60
    assert measured.peak_memory_mb > after.peak_memory_mb + 60


def test_failed_work_is_measured_and_leaves_no_thread() -> None:
    running = threading.active_count()
    measured = ResourceMeter()
    with pytest.raises(ValueError, match="no"), measured:
        raise ValueError("no")
    assert measured.seconds >= 0
    assert measured.peak_memory_mb > 0
    assert threading.active_count() == running


def test_the_machine_is_described_in_plain_values() -> None:
    described = machine()
    assert set(described) == {"processor", "cores", "memory_gb", "python"}
    assert json.loads(json.dumps(described)) == described
    assert described["processor"]
    assert described["cores"] >= 1
    assert described["memory_gb"] > 0
