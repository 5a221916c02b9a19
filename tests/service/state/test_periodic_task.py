import threading

from matinee.errors import MatineeError
from matinee.service.state.periodic_task import PeriodicTask


def test_work_is_repeated_after_a_failure() -> None:
    calls: list[int] = []
    repeated = threading.Event()

    def work() -> None:
        calls.append(len(calls))
        if len(calls) == 2:
            raise MatineeError("the database failed")
        if len(calls) == 4:
            repeated.set()

    task = PeriodicTask(0.001, work, "work")
    assert repeated.wait(10)
    task.stop()
    n_calls = len(calls)
    assert not task._thread.is_alive()
    assert len(calls) == n_calls
