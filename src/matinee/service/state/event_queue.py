"""Events on their way to the store: many at once, by a thread of their own, so that no answer waits for them."""

import queue
import threading
from collections.abc import Sequence

import structlog

from matinee.errors import MatineeError, NotFoundError
from matinee.store.events import Events, NewEvent

_AT_ONCE = 1_000  # events in one write
_MOST = 100_000  # events that may wait
_SOON = 10.0  # seconds to wait for them to be written, when somebody asks
log = structlog.get_logger("matinee.events")


class EventQueue:
    """Takes events at once and writes them soon. What a crash may cost is the last moment's events, no rating."""

    def __init__(self, events: Events):
        self._events = events
        self._waiting: queue.Queue[Sequence[NewEvent] | threading.Event | None] = queue.Queue(_MOST)
        self._thread = threading.Thread(target=self._write, name="matinee-events", daemon=True)
        self._thread.start()

    def put(self, happened: Sequence[NewEvent]) -> None:
        """Take some events. If far too many wait already, these are left out, and the log says so."""
        try:
            self._waiting.put_nowait(happened)
        except queue.Full:
            log.warning("events left out: the database does not keep up", events=len(happened))

    def flush(self) -> None:
        """Wait until everything taken so far is written."""
        reached = threading.Event()
        self._waiting.put(reached)
        reached.wait(_SOON)

    def close(self) -> None:
        """Write what waits, and end."""
        self._waiting.put(None)
        self._thread.join()

    def _write(self) -> None:
        while True:
            batch: list[NewEvent] = []
            reached: list[threading.Event] = []
            taken = self._waiting.get()
            while taken is not None:
                if isinstance(taken, threading.Event):
                    reached.append(taken)
                else:
                    batch += taken
                if len(batch) >= _AT_ONCE or self._waiting.empty():
                    break
                taken = self._waiting.get()
            self._keep(batch)
            for one in reached:
                one.set()
            if taken is None:
                return

    def _keep(self, batch: list[NewEvent]) -> None:
        try:
            self._events.add(batch)
        except NotFoundError:  # somebody has been deleted: the others' events are kept
            people = {one.user_id for one in batch}
            if len(people) > 1:
                for user in people:
                    self._keep([one for one in batch if one.user_id == user])
        except MatineeError as error:
            log.warning("events left out", events=len(batch), reason=str(error))
