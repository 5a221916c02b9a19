"""Work repeated at an interval, in a background thread."""

import threading
from collections.abc import Callable

import structlog

from matinee.errors import MatineeError

log = structlog.get_logger("matinee.periodic_task")


class PeriodicTask:
    """A thread that calls `work` every `interval` seconds. Failures are logged, and the work is repeated."""

    def __init__(self, interval: float, work: Callable[[], object], name: str):
        self._interval, self._work, self._name = interval, work, name
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"matinee-{name.replace(' ', '-')}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop after the current call."""
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopped.wait(self._interval):
            try:
                self._work()
            except MatineeError as error:
                log.warning("task_failed", task=self._name, reason=str(error))
