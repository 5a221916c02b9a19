import pytest

from matinee.service.state import login_throttle
from matinee.service.state.login_throttle import LoginThrottle


def test_after_five_failures_one_waits_for_the_oldest_to_be_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr(login_throttle.time, "monotonic", lambda: clock[0])
    attempts = LoginThrottle()
    for _ in range(5):
        assert attempts.seconds_until_allowed("name ann", "address 1") == 0
        attempts.record_failure("name ann", "address 1")
        clock[0] += 60
    assert attempts.seconds_until_allowed("name ann") == 15 * 60 - 5 * 60 + 1
    assert attempts.seconds_until_allowed("name ben", "address 1") > 0  # from the same place
    assert attempts.seconds_until_allowed("name ben", "address 2") == 0
    clock[0] = 1000 + 15 * 60 + 1
    assert attempts.seconds_until_allowed("name ann") == 0


def test_success_forgets_the_failures_of_a_name() -> None:
    attempts = LoginThrottle()
    for _ in range(5):
        attempts.record_failure("name ann")
    attempts.reset("name ann")
    assert attempts.seconds_until_allowed("name ann") == 0
