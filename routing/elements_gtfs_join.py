"""Where a station's entrance meets the streets of the map, and the streets with these joints in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from accessibility import tags
from accessibility.facts import Access, WayFacts, WayRole
from accessibility.tags.gtfs import names_entrance
from routing.elements_gtfs_feed import Stop
from routing.elements_ids import stable_id
from routing.elements_raw import UNITS_PER_DEGREE, RawMap, RawWay
from routing.plane import Plane

Floats = NDArray[np.float64]

STREET_WITHIN_M = 30.0
REF_WITHIN_M = 100.0
"""A map node with the entrance's own number is the entrance, also where the feed is this far off."""
CARRIAGEWAY_DETOUR_M = 10.0
"""An entrance opens onto the sidewalk: the carriageway is taken only where it is nearer by this much [E]."""
SAME_PLACE_M = 0.5


@dataclass(frozen=True)
class Joint:
    """A node of a street: one that is there, or a new one after vertex `after` of way number `way`."""

    node: int
    lon: float
    lat: float
    way: int = -1
    after: int = -1
    share: float = 0.0
    """How far along the stretch between two vertices a new node lies."""


class Streets:
    """The streets an entrance can open onto, to be asked for the nearest."""

    def __init__(self, raw: RawMap, near: Sequence[tuple[float, float]]) -> None:
        """`near`: (lon, lat) of all places that will be asked about; streets far from all of them are left aside."""
        self._raw = raw
        self._plane = Plane.around(*np.array(near or [(0.0, 0.0)]).T)
        self._x, self._y = self._plane.xy(raw.lon, raw.lat)
        x, y = self._plane.xy(*np.array(near or [(0.0, 0.0)]).T)
        margin = REF_WITHIN_M
        self._box = (float(x.min()) - margin, float(y.min()) - margin, float(x.max()) + margin, float(y.max()) + margin)
        self._way: list[int] = []
        self._after: list[int] = []
        self._ends: list[tuple[int, int]] = []
        self._carriageway: list[bool] = []
        for number, way in enumerate(raw.ways):
            if tags.walkable(way.tags) and self._close(rows := raw.positions(way.refs)):
                facts = tags.way_facts(way.tags)
                if _open_air(facts):
                    self._add(number, rows.tolist(), facts.carriageway)
        ends = np.array(self._ends, np.intp).reshape(-1, 2)
        lines = shapely.linestrings(np.stack([self._x[ends], self._y[ends]], axis=2)) if len(ends) else []
        self._lines = np.array(lines)
        self._tree = shapely.STRtree(self._lines)
        self._entrances = [
            (ref, found) for ref, found in raw.node_tags.items() if "entrance" in found or "railway" in found
        ]

    def _close(self, rows: NDArray[np.intp]) -> bool:
        x, y, (west, south, east, north) = self._x[rows], self._y[rows], self._box
        return bool(x.max() >= west and x.min() <= east and y.max() >= south and y.min() <= north)

    def _add(self, number: int, rows: list[int], carriageway: bool) -> None:
        for after in range(len(rows) - 1):
            self._way.append(number)
            self._after.append(after)
            self._ends.append((rows[after], rows[after + 1]))
            self._carriageway.append(carriageway)

    def joint(self, stop: Stop) -> Joint | None:
        """Where this entrance meets the streets; None when nothing is near enough."""
        if stop.place is None:
            return None
        x, y = self._plane.point(*stop.place)
        if not np.isfinite(x):
            return None
        return self._by_number(stop, x, y) or self._nearest(stop, x, y)

    def _by_number(self, stop: Stop, x: float, y: float) -> Joint | None:
        """The walked-on map node that is this entrance, by its number."""
        ids = frozenset(text.lower() for text in (stop.id, stop.code) if text)
        for ref, found in self._entrances:
            row = int(self._raw.positions([ref])[0])
            near = np.hypot(self._x[row] - x, self._y[row] - y) <= REF_WITHIN_M
            if near and names_entrance(found, ids) and self._walked(ref):
                return Joint(ref, float(self._raw.lon[row]), float(self._raw.lat[row]))
        return None

    def _walked(self, ref: int) -> bool:
        row = int(self._raw.positions([ref])[0])
        return any(row in ends for ends in self._ends)

    def _nearest(self, stop: Stop, x: float, y: float) -> Joint | None:
        place = shapely.Point(x, y)
        near = self._tree.query(place, predicate="dwithin", distance=STREET_WITHIN_M)
        if not len(near):
            return None
        away = shapely.distance(self._lines[near], place)
        away = away + CARRIAGEWAY_DETOUR_M * np.array(self._carriageway)[near]
        segment = int(near[np.lexsort((near, np.round(away, 3)))[0]])
        share = float(shapely.line_locate_point(self._lines[segment], place, normalized=True))
        length = float(shapely.length(self._lines[segment]))
        ends = self._ends[segment]
        for row, off in ((ends[0], share * length), (ends[1], (1 - share) * length)):
            if off < SAME_PLACE_M:
                lon, lat = float(self._raw.lon[row]), float(self._raw.lat[row])
                return Joint(int(self._raw.node_ids[row]), lon, lat)
        lon, lat = (
            round(float(values[ends[0]] + share * (values[ends[1]] - values[ends[0]])) * UNITS_PER_DEGREE)
            / UNITS_PER_DEGREE
            for values in (self._raw.lon, self._raw.lat)
        )
        number = self._way[segment]
        node = stable_id("gtfs joint", f"{self._raw.ways[number].id} {lon} {lat}")
        return Joint(node, lon, lat, number, self._after[segment], share)


def _open_air(facts: WayFacts) -> bool:
    """Whether an entrance may open onto such a way: a street or path under the sky that is not closed."""
    climbs = facts.role in (WayRole.STEPS, WayRole.ESCALATOR, WayRole.LIFT, WayRole.MOVING_WALK, WayRole.CROSSING)
    hidden = facts.indoor or facts.tunnel or facts.bridge or any(facts.levels)
    shut = facts.construction or facts.access in (Access.PRIVATE, Access.CLOSED)
    return not (climbs or hidden or shut)


def spliced(ways: Sequence[RawWay], joints: Iterable[Joint]) -> list[RawWay]:
    """The ways with new joints between their vertices; no other line of them changes."""
    inserted: dict[int, dict[int, list[Joint]]] = {}
    for joint in joints:
        if joint.way >= 0:
            inserted.setdefault(joint.way, {}).setdefault(joint.after, []).append(joint)
    found = list(ways)
    for number, by_vertex in inserted.items():
        refs: list[int] = []
        for position, ref in enumerate(ways[number].refs):
            refs.append(ref)
            for joint in sorted(by_vertex.get(position, ()), key=lambda joint: joint.share):
                if joint.node not in refs[-1:]:
                    refs.append(joint.node)
        found[number] = RawWay(ways[number].id, tuple(refs), ways[number].tags)
    return found
