"""What is counted, for Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)


class Metrics:
    """The counts of one app."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)  # memory, seconds of the processor, open files
        self.requests = Counter(
            "matinee_requests", "Requests answered.", ["method", "route", "status"], registry=self._registry
        )
        self.seconds = Histogram(
            "matinee_request_seconds",
            "Seconds from a request to its answer.",
            ["route"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self.lists = Counter(
            "matinee_lists_served", "Lists of recommendations made.", ["kind"], registry=self._registry
        )
        self.ratings = Counter("matinee_ratings", "Ratings given, changed or removed.", registry=self._registry)
        self.swaps = Counter("matinee_swaps", "Times another run was put in place.", registry=self._registry)

    def text(self) -> bytes:
        """All of it, as Prometheus reads it."""
        return generate_latest(self._registry)
