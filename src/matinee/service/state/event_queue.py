"""A queue of events on their way to the store. A background thread writes them in batches, so no response waits."""

import queue
import threading
from collections.abc import Sequence

import structlog

from matinee.errors import MatineeError, NotFoundError
from matinee.store.events import Events, NewEvent

_BATCH_SIZE = 1_000  # events
_CAPACITY = 100_000  # calls of `put`
_FLUSH_TIMEOUT = 10.0  # seconds
log = structlog.get_logger("matinee.events")


class EventQueue:
    """Accepts events at once and writes them soon. On a crash, queued events are lost; ratings are not."""

    def __init__(self, events: Events):
        self._events = events
        self._queue: queue.Queue[Sequence[NewEvent] | threading.Event | None] = queue.Queue(_CAPACITY)
        self._thread = threading.Thread(target=self._write_batches, name="matinee-events", daemon=True)
        self._thread.start()

    def put(self, new_events: Sequence[NewEvent]) -> None:
        """Queue events. If the queue is full, they are dropped and the log says so."""
        try:
            self._queue.put_nowait(new_events)
        except queue.Full:
            log.warning("events_dropped", events=len(new_events), reason="the queue is full")

    def flush(self) -> None:
        """Wait until all events queued so far are written."""
        written = threading.Event()
        self._queue.put(written)
        written.wait(_FLUSH_TIMEOUT)

    def close(self) -> None:
        """Write the queued events and stop."""
        self._queue.put(None)
        self._thread.join()

    def _write_batches(self) -> None:
        while True:
            batch: list[NewEvent] = []
            flushes: list[threading.Event] = []
            item = self._queue.get()
            while item is not None:
                if isinstance(item, threading.Event):
                    flushes.append(item)
                else:
                    batch += item
                if len(batch) >= _BATCH_SIZE or self._queue.empty():
                    break
                item = self._queue.get()
            self._store(batch)
            for flush in flushes:
                flush.set()
            if item is None:
                return

    def _store(self, batch: list[NewEvent]) -> None:
        try:
            self._events.add(batch)
        except NotFoundError:  # a user was deleted: store the events of the others
            user_ids = {event.user_id for event in batch}
            if len(user_ids) > 1:
                for user_id in user_ids:
                    self._store([event for event in batch if event.user_id == user_id])
        except MatineeError as error:
            log.warning("events_dropped", events=len(batch), reason=str(error))
