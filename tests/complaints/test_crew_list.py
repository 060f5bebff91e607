"""The visiting order: urgency bands first, short ways inside a band, the same input the same list."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from accessibility.complaints.clocks import deadlines
from accessibility.complaints.crew_list import BANDS, Visit, band, crow_seconds, visiting_order
from accessibility.complaints.places import Place, haversine_m

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


def visit(number: int, urgency: str = "P2", due_h: float = 100, lon: float = 24.9, lat: float = 60.1) -> Visit:
    return Visit(UUID(int=number), urgency, NOW + timedelta(hours=due_h), (lon, lat))


def ids(visits: Sequence[Visit]) -> list[int]:
    return [one.complaint_id.int for one in visits]


@pytest.mark.parametrize(
    ("urgency", "due_h", "expected"),
    [
        ("P0", 1, "P0"),
        ("P0", -1, "P0"),
        ("P1", -1, "overdue P1"),
        ("P2", -1, "overdue P2"),
        ("P3", -1, "overdue P3"),
        ("P1", 0, "P1"),
        ("P1", 90, "P1"),
        ("P2", 24, "due within 24 h"),
        ("P2", 24.1, "rest"),
        ("P3", 300, "rest"),
    ],
)
def test_band(urgency: str, due_h: float, expected: str) -> None:
    assert BANDS[band(visit(1, urgency, due_h), NOW)] == expected


def test_bands_come_before_distance() -> None:
    far_danger = visit(9, "P0", 1, lon=25.9)
    visits = [
        visit(1, "P3"),
        visit(2, "P2", 5),
        visit(3, "P1", 5),
        visit(4, "P3", -1),
        visit(5, "P2", -1),
        visit(6, "P1", -1),
    ]
    assert ids(visiting_order([*visits, far_danger], NOW, start=(24.9, 60.1))) == [9, 6, 5, 4, 3, 2, 1]


def test_inside_a_band_the_tour_is_short() -> None:
    """Along a street, from its middle: nearest neighbour alone would run back and forth."""
    visits = [
        visit(number, lon=24.9 + offset) for number, offset in enumerate([-0.001, 0.0011, -0.004, 0.006, -0.009], 1)
    ]
    found = visiting_order(visits, NOW, start=(24.9, 60.1))
    start: Place = (24.9, 60.1)

    def length(order: Sequence[Visit]) -> float:
        stops = [start, *(one.place for one in order)]
        return sum(haversine_m(a, b) for a, b in itertools.pairwise(stops))

    best = min(length(order) for order in itertools.permutations(visits))
    assert length(found) == pytest.approx(best)


def test_walking_times_rule_where_they_are_known() -> None:
    """A river: two places look near, the way is long."""
    visits = [visit(1, lon=24.901), visit(2, lon=24.902)]

    def travel(starts: Sequence[Place], ends: Sequence[Place]) -> NDArray[np.float64]:
        return np.array([[0, 900, 100], [900, 0, 900], [100, 900, 0]], float)

    assert ids(visiting_order(visits, NOW, start=(24.9, 60.1))) == [1, 2]
    assert ids(visiting_order(visits, NOW, start=(24.9, 60.1), travel=travel)) == [2, 1]


def test_what_cannot_be_reached_is_still_listed() -> None:
    visits = [visit(1, lon=24.901), visit(2, lon=24.902)]

    def travel(starts: Sequence[Place], ends: Sequence[Place]) -> NDArray[np.float64]:
        times = crow_seconds(starts, ends)
        times[:, 1] = times[1, :] = np.inf
        return times

    assert ids(visiting_order(visits, NOW, start=(24.9, 60.1), travel=travel)) == [2, 1]


places = st.tuples(st.floats(24.8, 25.0), st.floats(60.0, 60.2))
visits_drawn = st.lists(
    st.tuples(st.integers(1, 999), st.sampled_from(["P0", "P1", "P2", "P3"]), st.floats(-50, 400), places),
    max_size=12, unique_by=lambda one: one[0],
)  # fmt: skip


@given(visits_drawn, places, st.randoms(use_true_random=False))
def test_every_visit_once_bands_in_order_and_no_matter_how_they_came(
    drawn: list[tuple[int, str, float, Place]], start: Place, chance: object
) -> None:
    visits = [visit(number, urgency, due, *place) for number, urgency, due, place in drawn]
    found = visiting_order(visits, NOW, start=start)
    assert sorted(ids(found)) == sorted(ids(visits))
    bands = [band(one, NOW) for one in found]
    assert bands == sorted(bands)
    mixed = visits[:]
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert ids(visiting_order(mixed, NOW, start=start)) == ids(found)


def test_five_hundred_visits_take_no_minute() -> None:
    random = np.random.default_rng(1)
    visits = [visit(n, lon=24.9 + random.random() / 10, lat=60.1 + random.random() / 20) for n in range(1, 501)]
    found = visiting_order(visits, NOW)
    assert ids(found)[0] == 1
    naive = [one.place for one in visits]
    shorter = [one.place for one in found]
    total = [sum(haversine_m(a, b) for a, b in itertools.pairwise(stops)) for stops in (shorter, naive)]
    assert total[0] < total[1] / 8


@pytest.mark.parametrize(("urgency", "hours"), [("P0", 2), ("P1", 24), ("P2", 168), ("P3", 360)])
def test_feedback_is_due_in_calendar_time_and_overdue_just_after(urgency: str, hours: int) -> None:
    due = deadlines(urgency, NOW, "accepted", NOW).feedback
    assert due == NOW + timedelta(hours=hours)
    assert not deadlines(urgency, NOW, "dispatched", due).overdue
    assert deadlines(urgency, NOW, "dispatched", due + timedelta(seconds=1)).overdue
    assert not deadlines(urgency, NOW, "callback", due + timedelta(days=9)).overdue
