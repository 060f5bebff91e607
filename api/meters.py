"""What Prometheus may read: counts and durations by route template, never by address, place or person."""

from __future__ import annotations

import os

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from api.supervisor import SHARED_METERS

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Meters:
    """The meters of one app; two apps in one process count apart."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "stepfree_requests", "Answers sent.", ["method", "route", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "stepfree_request_seconds",
            "Time from a request's head to its answer.",
            ["method", "route"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._kinds: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        self._revision = Gauge(
            "stepfree_revision",
            "Revision that routes are answered at.",
            registry=self._registry,
            multiprocess_mode="livemin",
        )

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer."""
        kind = (method, route, status)
        found = self._kinds.get(kind)
        if found is None:
            found = self._requests.labels(method, route, str(status)), self._seconds.labels(method, route)
            self._kinds[kind] = found
        count, durations = found
        count.inc()
        durations.observe(seconds)

    def at_revision(self, revision: int) -> None:
        """Show the revision this process routes at; of several workers the lowest is shown."""
        self._revision.set(revision)

    def page(self) -> tuple[bytes, str]:
        """The text Prometheus reads, and its media type."""
        registry = self._registry
        if SHARED_METERS in os.environ:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry), CONTENT_TYPE_LATEST.removesuffix("; charset=utf-8")
