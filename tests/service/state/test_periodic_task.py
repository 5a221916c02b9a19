import threading

from matinee.errors import MatineeError
from matinee.service.state.periodic_task import PeriodicTask


def test_work_is_done_again_even_after_it_failed() -> None:
    done: list[int] = []
    enough = threading.Event()

    def work() -> None:
        done.append(len(done))
        if len(done) == 2:
            raise MatineeError("the database did not do as asked")
        if len(done) == 4:
            enough.set()

    every = PeriodicTask(0.001, work, "work")
    assert enough.wait(10)
    every.stop()
    after = len(done)
    assert not every._thread.is_alive()
    assert len(done) == after
