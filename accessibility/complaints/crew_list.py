"""The order in which a crew visits: urgent first, then short ways; the same input always gives the same list. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from accessibility.complaints.places import EARTH_M, Place

Travel = Callable[[Sequence[Place], Sequence[Place]], NDArray[np.float64]]  # seconds, a row a start

DETOUR = 1.3  # ways are longer than the crow flies
WALK_MPS = 1.2
DUE_SOON = timedelta(hours=24)
TWO_OPT_ROUNDS = 20

BANDS = ("P0", "overdue P1", "overdue P2", "overdue P3", "P1", "due within 24 h", "rest")


class Visit(Struct, frozen=True):
    """One open complaint of the unit."""

    complaint_id: UUID
    urgency: str
    due: datetime
    place: Place


def crow_seconds(starts: Sequence[Place], ends: Sequence[Place]) -> NDArray[np.float64]:
    """Walking time guessed without a map: the straight line and a detour."""
    a, b = np.radians(np.array(starts, float).reshape(-1, 1, 2)), np.radians(np.array(ends, float).reshape(1, -1, 2))
    half = np.sin((b[..., 1] - a[..., 1]) / 2) ** 2
    half = half + np.cos(a[..., 1]) * np.cos(b[..., 1]) * np.sin((b[..., 0] - a[..., 0]) / 2) ** 2
    found: NDArray[np.float64] = 2 * EARTH_M * np.arcsin(np.sqrt(np.minimum(half, 1.0))) * DETOUR / WALK_MPS
    return found


def band(visit: Visit, now: datetime) -> int:
    """Index into BANDS: open P0 → overdue by class → P1 → due within 24 h → rest."""
    if visit.urgency == "P0":
        return 0
    if now > visit.due:
        return int(visit.urgency[1])
    if visit.urgency == "P1":
        return 4
    return 5 if visit.due - now <= DUE_SOON else 6


def visiting_order(
    visits: Sequence[Visit], now: datetime, *, start: Place | None = None, travel: Travel = crow_seconds
) -> list[Visit]:
    """Bands in order; inside a band the nearest next, then shortened by 2-opt. Ties go by id.

    `start` is where the crew is; without it the first visit of the list is the one with the smallest id of its band.
    """
    here, ordered = start, list[Visit]()
    for number in range(len(BANDS)):
        group = sorted((one for one in visits if band(one, now) == number), key=lambda one: one.complaint_id)
        if not group:
            continue
        ordered += _tour(group, here, travel)
        here = ordered[-1].place
    return ordered


def _tour(group: list[Visit], here: Place | None, travel: Travel) -> list[Visit]:
    """An open tour over one band from `here`; row and column 0 of the times are `here`."""
    places = [here or group[0].place, *(one.place for one in group)]
    times = travel(places, places)
    times = np.where(
        np.isfinite(times), times, crow_seconds(places, places) * 1000
    )  # unreachable: last, but still listed
    left = np.ones(len(places), bool)
    left[0] = False
    tour = [0]
    while left.any():
        tour.append(int(np.argmin(np.where(left, times[tour[-1]], np.inf))))  # the first of equals: the smallest id
        left[tour[-1]] = False
    return [group[stop - 1] for stop in _two_opt(np.array(tour), times)[1:]]


def _two_opt(tour: NDArray[np.int64], times: NDArray[np.float64]) -> NDArray[np.int64]:
    """Turns stretches round while that saves at least a tenth of a second; the start stays, times may differ by way."""
    for _ in range(TWO_OPT_ROUNDS):
        better = False
        for i in range(1, len(tour) - 1):
            saved, j = _best_turn(tour, times, i)
            if saved > 0.1:
                tour[i : j + 1] = tour[i : j + 1][::-1].copy()
                better = True
        if not better:
            break
    return tour


def _best_turn(tour: NDArray[np.int64], times: NDArray[np.float64], i: int) -> tuple[float, int]:
    """Seconds saved by the best stretch i … j to turn round, and its j; all j at once through running sums."""
    there = np.concatenate([[0.0], np.cumsum(times[tour[:-1], tour[1:]])])
    back = np.concatenate([[0.0], np.cumsum(times[tour[1:], tour[:-1]])])
    ends = np.arange(i + 1, len(tour))
    following = np.minimum(ends + 1, len(tour) - 1)
    has_next = ends + 1 < len(tour)
    old = there[following] - there[i - 1]
    onward = np.where(has_next, times[tour[i], tour[following]], 0.0)
    new = times[tour[i - 1], tour[ends]] + back[ends] - back[i] + onward
    best = int(np.argmax(old - new))
    return float((old - new)[best]), int(ends[best])
