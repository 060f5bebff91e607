"""What was promised of speed and size, and whether a run keeps it."""

from __future__ import annotations

from typing import NamedTuple

from bench.figures import Figures, at


class Promise(NamedTuple):
    """The number at `path` is at least, or at most, `target`."""

    words: str
    path: str
    at_least: bool
    target: float
    unit: str


class Kept(NamedTuple):
    """`value` is None, and so is `kept`, where the run did not measure it."""

    promise: Promise
    value: float | None
    kept: bool | None


PROMISES = (
    Promise(
        "HTTP, 16 connections, 2 workers: requests per second against Valhalla",
        "http/connections_16/ratio_requests_per_s",
        True,
        3.0,
        "×",
    ),
    Promise("the same: p99, Valhalla's against ours", "http/connections_16/ratio_p99", True, 2.0, "×"),
    Promise("in process, whole answer: median, Valhalla's against ours", "in_process/ratio_median", True, 3.0, "×"),
    Promise("customising a profile, Heidelberg", "cities/x1/customise_ms", False, 30.0, "ms"),
    Promise(
        "first answer under never-seen limits against three warm ones and one customisation",
        "cities/x1/growth_first_answer",
        False,
        1.0,
        "×",
    ),
    Promise(
        "a closure is in every worker's routes, 16 connections, p99",
        "live/connections_16/asked_p99_ms",
        False,
        100.0,
        "ms",
    ),
    Promise("building Heidelberg", "cities/x1/build_s", False, 15.0, "s"),
    Promise("building Heidelberg, peak memory", "cities/x1/build_peak_mb", False, 500.0, "MB"),
    Promise("building ×40", "cities/x40/build_s", False, 600.0, "s"),
    Promise("building ×40, peak memory", "cities/x40/build_peak_mb", False, 8192.0, "MB"),
    Promise(
        "median answer in ×40 against Heidelberg, pairs of the same length", "cities/x40/growth_answer", False, 5.0, "×"
    ),
    Promise("a second worker's memory against the first's", "cities/x1/served/share_second_worker", False, 0.4, "×"),
)


def judged(figures: Figures) -> list[Kept]:
    """Every promise with what this run found."""
    found = []
    for promise in PROMISES:
        value = at(figures, promise.path)
        if not isinstance(value, int | float):
            found.append(Kept(promise, None, None))
        else:
            kept = value >= promise.target if promise.at_least else value <= promise.target
            found.append(Kept(promise, float(value), kept))
    return found
