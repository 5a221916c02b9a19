import pytest

from matinee.service.state import login_throttle
from matinee.service.state.login_throttle import Attempts


def test_after_five_failures_one_waits_for_the_oldest_to_be_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr(login_throttle.time, "monotonic", lambda: clock[0])
    attempts = Attempts()
    for _ in range(5):
        assert attempts.wait("name ann", "address 1") == 0
        attempts.failed("name ann", "address 1")
        clock[0] += 60
    assert attempts.wait("name ann") == 15 * 60 - 5 * 60 + 1
    assert attempts.wait("name ben", "address 1") > 0  # from the same place
    assert attempts.wait("name ben", "address 2") == 0
    clock[0] = 1000 + 15 * 60 + 1
    assert attempts.wait("name ann") == 0


def test_success_forgets_the_failures_of_a_name() -> None:
    attempts = Attempts()
    for _ in range(5):
        attempts.failed("name ann")
    attempts.succeeded("name ann")
    assert attempts.wait("name ann") == 0
