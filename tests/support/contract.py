"""What CONTRACT §4 promises of every answer, checked against the raw map alone."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import numpy as np
import pytest

from routing.answers import Route, RouteAnswer, RouteRequest, Segment
from routing.elements import RawMap
from routing.geodesy import distance_m

STEP_KINDS = frozenset(
    {
        *("depart", "arrive", "continue", "turn_left", "turn_right", "turn_slight_left"),
        *("turn_slight_right", "turn_sharp_left", "turn_sharp_right", "cross_road", "kerb_up", "kerb_down"),
        *("steps_up", "steps_down", "ramp", "lift", "escalator", "gate"),
        *("enter_building", "exit_building", "change_side", "surface_change", "slope_begin", "slope_end"),
        *("crossing_wait", "rest"),
    }
)
NODE_M = 0.06
"""A path that begins nearer to a node than this begins at it."""


class Contract:
    """The promises, over one map."""

    def __init__(self, raw: RawMap) -> None:
        self._row = {osm_id: row for row, osm_id in enumerate(raw.node_ids.tolist())}
        self._raw = raw
        self._neighbours: defaultdict[int, set[tuple[int, int]]] = defaultdict(set)
        for way in raw.ways:
            self._neighbours[way.id].update(pairwise(way.refs))
            self._neighbours[way.id].update((b, a) for a, b in pairwise(way.refs))

    def holds(self, request: RouteRequest, answer: RouteAnswer) -> None:
        """Raises `AssertionError` with the promise that is broken."""
        for route in answer.routes:
            line = route.geometry.coordinates
            assert len(line) >= 2
            self._spans(route, len(line))
            for segment in route.segments:
                self._on_the_map(segment, line)
            _lengths(route)
            _legs(route, len(line))
            _summary(route)
            assert bool(route.violations) == (answer.status == "least_bad"), route.violations
        _snapped(request, answer)

    def _spans(self, route: Route, vertices: int) -> None:
        spans = [segment.geometry_index for segment in route.segments]
        if not spans:
            assert route.distance_m == 0.0
            return
        assert spans[0][0] == 0
        assert spans[-1][1] == vertices - 1
        assert all(first < last for first, last in spans), "a segment without length"
        assert all(one[1] == other[0] for one, other in pairwise(spans)), "segments do not join"

    def _on_the_map(self, segment: Segment, line: list[tuple[float, float]]) -> None:
        first, last = segment.geometry_index
        assert (segment.way_id is None) != (segment.area_id is None)
        assert segment.length_m > 0
        if segment.way_id is not None:
            for pair in pairwise(segment.node_ids):
                assert pair in self._neighbours[segment.way_id], f"{pair} on way {segment.way_id}"
        elif segment.area_id is not None:
            assert len(segment.node_ids) <= 2
        at = first
        for node in segment.node_ids:
            row = self._row[node]
            place = (float(self._raw.lon[row]), float(self._raw.lat[row]))
            assert place in line[at : last + 1], f"node {node} is not on its segment"
            at = line.index(place, at)


def _lengths(route: Route) -> None:
    lon, lat = np.array(route.geometry.coordinates).T
    pieces = distance_m(lon[:-1], lat[:-1], lon[1:], lat[1:])
    ends_m = 2 * len(route.legs) * NODE_M
    assert route.distance_m == pytest.approx(pieces.sum(), abs=0.06 + ends_m)
    assert sum(segment.length_m for segment in route.segments) == pytest.approx(pieces.sum(), abs=0.02 + ends_m)
    for segment in route.segments:
        first, last = segment.geometry_index
        assert segment.length_m == pytest.approx(pieces[first:last].sum(), abs=0.02 + NODE_M)


def _legs(route: Route, vertices: int) -> None:
    for name in ("distance_m", "duration_s"):
        assert getattr(route, name) == round(sum(getattr(leg, name) for leg in route.legs), 1)
        for leg in route.legs:
            assert getattr(leg, name) == round(sum(getattr(step, name) for step in leg.steps), 1)
            assert all(getattr(step, name) >= 0 for step in leg.steps)
    steps = [step for leg in route.legs for step in leg.steps]
    assert [leg.steps[-1].kind for leg in route.legs] == ["arrive"] * len(route.legs)
    assert {step.kind for step in steps} <= STEP_KINDS
    assert steps[0].geometry_index[0] == 0
    assert steps[-1].geometry_index[1] == (vertices - 1 if route.segments else 0)
    assert all(step.geometry_index[0] <= step.geometry_index[1] for step in steps)
    assert all(one.geometry_index[1] == other.geometry_index[0] for one, other in pairwise(steps))
    assert all(step.text and step.spoken and step.short for step in steps)


def _summary(route: Route) -> None:
    summary, segments = route.summary, route.segments
    assert summary.steps == sum(segment.steps for segment in segments)
    for said, known, best in (
        (summary.kerb_max_m, [s.kerb_m for s in segments if s.kerb_m is not None], max),
        (summary.width_min_m, [s.width_m for s in segments if s.width_m is not None], min),
    ):
        assert said == (best(known) if known else None)
    inclines = [s.incline for s in segments if s.incline is not None]
    assert summary.incline_up_max == (max(0.0, *inclines) if inclines else None)
    assert summary.incline_down_max == (max(0.0, *(-i for i in inclines)) if inclines else None)
    total = sum(segment.length_m for segment in segments)
    for attribute in ("incline", "surface", "width"):
        unsaid = sum(segment.length_m for segment in segments if attribute in segment.unknown)
        share = unsaid / total if total else 0.0
        assert getattr(summary.unknown_share, attribute) == pytest.approx(share, abs=0.002)
    assert 0.0 <= summary.unknown_share.kerb <= 1.0
    assert sum(summary.surface_m.values()) <= total + 0.05 * (len(summary.surface_m) + 1)
    if summary.confidence == "known":
        assert max(summary.unknown_share.incline, summary.unknown_share.surface, summary.unknown_share.width) <= 0.051


def _snapped(request: RouteRequest, answer: RouteAnswer) -> None:
    assert len(answer.snapped) == len(request.waypoints)
    for asked, found in zip(request.waypoints, answer.snapped, strict=True):
        metres = float(distance_m(asked.lon, asked.lat, *found.location))
        assert found.distance_m == pytest.approx(metres, rel=0.005, abs=0.1)
    line = answer.routes[0].geometry.coordinates
    for at, found in ((line[0], answer.snapped[0]), (line[-1], answer.snapped[-1])):
        assert float(distance_m(*at, *found.location)) <= NODE_M
