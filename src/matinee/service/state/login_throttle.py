"""The limit on failed sign-ins. The failures are stored in the database, so all processes count them together."""

from datetime import timedelta

from matinee.store import validation
from matinee.store.login_failures import LoginFailures

_MAX_FAILURES = 5  # within the window, for one name or from one address
_WINDOW = timedelta(minutes=15)


class LoginThrottle:
    """Recent failures by key: a name or an address."""

    def __init__(self, failures: LoginFailures):
        self._failures = failures

    def seconds_until_allowed(self, *keys: str) -> int:
        """Return the seconds until the next attempt is allowed under all keys; 0 if it is allowed now."""
        now = validation.now()
        longest = timedelta(0)
        for key in keys:
            latest = self._failures.latest(key, now - _WINDOW, _MAX_FAILURES)
            if len(latest) == _MAX_FAILURES:
                longest = max(longest, latest[-1] + _WINDOW - now)
        return int(longest.total_seconds()) + 1 if longest else 0

    def record_failure(self, *keys: str) -> None:
        """Count a failure under each key."""
        self._failures.add(*keys)

    def reset(self, key: str) -> None:
        """Delete the failures under a key."""
        self._failures.clear(key)

    def purge(self) -> None:
        """Delete the failures that no longer count."""
        self._failures.purge(validation.now() - _WINDOW)
