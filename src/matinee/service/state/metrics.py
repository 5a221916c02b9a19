"""Metrics for Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)


class Metrics:
    """The counters of one app."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)  # memory, processor time, open files
        self.requests = Counter(
            "matinee_requests",
            "Requests.",
            ["method", "route", "status"],
            registry=self._registry,
        )
        self.seconds = Histogram(
            "matinee_request_seconds",
            "Seconds from a request to its response.",
            ["route"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self.lists = Counter(
            "matinee_lists_served",
            "Recommendation lists.",
            ["kind"],
            registry=self._registry,
        )
        self.ratings = Counter("matinee_ratings", "Ratings added, changed or removed.", registry=self._registry)
        self.reloads = Counter("matinee_run_reloads", "Reloads of the served run.", registry=self._registry)

    def text(self) -> bytes:
        """All metrics in the format of Prometheus."""
        return generate_latest(self._registry)
