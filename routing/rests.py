"""Seats on a leg that are worth a word: the last one before a stretch that is longer than the person wishes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from routing.grounds import Event
from routing.telling import Remark

BESIDE_M = 10.0
"""Told where one stands when a seat is no farther along the way than this."""


class Sitting(NamedTuple):
    """Seats on a leg, by the metres after which one comes by, ascending; and how often the person likes to sit."""

    every_m: float
    seats_m: Sequence[float]


def rests(sitting: Sitting, walked_m: Sequence[float]) -> list[Event]:
    """One event for each such seat, in order; `walked_m`: metres to each vertex of the leg."""
    if not sitting.seats_m or len(walked_m) < 2:
        return []
    end_m = walked_m[-1]
    found = []
    for number, at_m in enumerate(sitting.seats_m, 1):
        last = number == len(sitting.seats_m)
        gap_m = (end_m if last else sitting.seats_m[number]) - at_m
        if gap_m > sitting.every_m:
            found.append(
                _event(at_m, Remark("no_seat") if last else Remark("next_seat", metres=round(gap_m)), walked_m)
            )
    return found


def _event(at_m: float, more: Remark, walked_m: Sequence[float]) -> Event:
    """At the vertex beside it, or so far behind the vertex before."""
    vertex = min(max(bisect_right(walked_m, at_m) - 1, 0), len(walked_m) - 2)
    if walked_m[vertex + 1] - at_m <= BESIDE_M:
        vertex += 1
    after_m = max(0.0, at_m - walked_m[vertex])
    return Event(vertex, "rest", Remark("rest"), None, (more,), 0.0 if after_m <= BESIDE_M else after_m)
