"""How often somebody may try to sign in."""

import threading
import time
from collections import deque

_FAILURES = 5  # within the window, of one name or from one address
_WINDOW = 15 * 60.0  # seconds
_MOST_KEYS = 50_000


class LoginThrottle:
    """Failures lately, by key: a name, or an address. Kept in memory, so of this process alone."""

    def __init__(self) -> None:
        self._failures: dict[str, deque[float]] = {}
        self._turn = threading.Lock()

    def seconds_until_allowed(self, *keys: str) -> int:
        """Seconds until another attempt is allowed under all of the keys; 0: now."""
        now = time.monotonic()
        with self._turn:
            longest = 0.0
            for key in keys:
                times = self._lately(key, now)
                if times is not None and len(times) >= _FAILURES:
                    longest = max(longest, times[-_FAILURES] + _WINDOW - now)
            return int(longest) + 1 if longest > 0 else 0

    def record_failure(self, *keys: str) -> None:
        """Count a failure under each of the keys."""
        now = time.monotonic()
        with self._turn:
            if len(self._failures) > _MOST_KEYS:
                for key in list(self._failures):
                    self._lately(key, now)
            for key in keys:
                self._failures.setdefault(key, deque(maxlen=_FAILURES)).append(now)

    def reset(self, key: str) -> None:
        """Forget the failures under a key."""
        with self._turn:
            self._failures.pop(key, None)

    def _lately(self, key: str, now: float) -> deque[float] | None:
        times = self._failures.get(key)
        while times and times[0] < now - _WINDOW:
            times.popleft()
        if times is not None and not times:
            del self._failures[key]
            return None
        return times
