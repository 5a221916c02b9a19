"""Work that is done again and again, beside everything else."""

import threading
from collections.abc import Callable

import structlog

from matinee.errors import MatineeError

log = structlog.get_logger("matinee.every")


class PeriodicTask:
    """Does some work every so many seconds, by a thread of its own. What fails is logged, and tried again in time."""

    def __init__(self, seconds: float, work: Callable[[], object], what: str):
        self._seconds, self._work, self._what = seconds, work, what
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._go_on, name=f"matinee {what}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End, after what is under way."""
        self._ended.set()
        self._thread.join()

    def _go_on(self) -> None:
        while not self._ended.wait(self._seconds):
            try:
                self._work()
            except MatineeError as error:
                log.warning("failed", what=self._what, reason=str(error))
