"""A place and a person → the exact spot on a street that this person can use and that leads somewhere (CONTRACT §3)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from accessibility.refusals import Refused
from routing.answers import Waypoint
from routing.feet import Bools, Feet, Floats, Ints, Perpendiculars
from routing.geodesy import bearing_deg, distance_m
from routing.obstacles import Obstacles, View
from routing.plane import Plane

REACH_M = 500.0
"""Farther than this from any walkable street a place is outside the map."""
BEYOND_NEAREST_M = 50.0
"""Streets up to this much farther than the nearest walkable one are candidates."""
OPEN_GROUND_M = 200.0
"""From a place cut off from all near streets, so far is looked for one in sight."""
HEADING_WITHIN_M = 10.0
HEADING_TOLERANCE_DEG = 60.0
LARGEST = 0
"""The number of the largest component of the walk graph."""

_FIRST_LOOK_M = 75.0

PrivateWays = Callable[[int], Iterable[int]]
"""The components of the walk graph that a private street this person could use leads to; none: it cannot be used."""


class Snap(Struct, frozen=True):
    """A spot on a street: `fraction` of its length from its tail, after its vertex `vertex` (counted from the tail)."""

    edge: int
    fraction: float
    vertex: int
    lon: float
    lat: float
    distance_m: float
    """From the place asked for."""
    last_metres: bool = False
    """The person cannot use this spot, or cannot get there straight: the distance counts as a violation."""


class Candidates:
    """Streets near one place, the preferred first: by distance, unless level or heading say otherwise; arrays [k].

    Whether something stands in between is found out when asked: it costs more than everything else, and few are asked.
    """

    def __init__(self, snapper: Snapper, place: tuple[float, float], feet: Feet) -> None:
        self._snapper, self._place, self.feet = snapper, place, feet
        self._view: View | None = None
        self._cut = np.zeros(len(feet.edge), bool)
        self._looked = 0
        self.edge: Ints = feet.edge
        self.distance_m: Floats = feet.away * snapper.plane.true_length(place[0])

    def __len__(self) -> int:
        return len(self.edge)

    def __getitem__(self, row: int) -> Snap:
        return self._snapper.spot(self.feet, row, float(self.distance_m[row]))

    def is_cut(self, row: int) -> bool:
        """Is a building, water or rail between the place and this spot?"""
        obstacles, feet = self._snapper.obstacles, self.feet
        if obstacles is None:
            return False
        while row >= self._looked:
            rows = slice(self._looked, max(1, 4 * self._looked))
            x, y = feet.x[rows], feet.y[rows]
            if self._view is not None or obstacles.near(self._place, x, y):
                self._view = self._view or obstacles.view(*self._place)
                self._cut[rows] = self._view.cut(x, y, self._snapper.lines[feet.edge[rows]])
            self._looked = rows.stop
        return bool(self._cut[row])

    def farther(self) -> Candidates | None:
        """For a place cut off from all of these: the nearest streets in sight, if there are any."""
        return self._snapper.uncut(self._place)


class Snapper:
    """Finds streets near a place. Built once per map (60 ms for 43,000 streets), shared by all threads."""

    def __init__(
        self,
        start: NDArray[np.integer],
        lon: Floats,
        lat: Floats,
        walkable: Bools,
        *,
        level: Floats | None = None,
        side: NDArray[np.int8] | None = None,
        plane: Plane | None = None,
        obstacles: Obstacles | None = None,
    ) -> None:
        """Street e owns vertices `start[e]:start[e + 1]` of `lon`, `lat` (at least two).

        `walkable`: whether anybody may walk it [S]; `level`: storey of each street, NaN = not said [S].
        `side`: index into `SIDES` [S].
        `obstacles` must be in `plane`.
        """
        self._start = np.array(start, np.int64)
        self._lon, self._lat = np.array(lon, np.float64), np.array(lat, np.float64)
        self._walkable, self._level, self._side = walkable, level, side
        self.plane = plane or Plane.around(self._lon, self._lat)
        self._x, self._y = self.plane.xy(self._lon, self._lat)
        self._along = _along(self._start, self._lon, self._lat)
        self._streets = Perpendiculars(self._start, self._x, self._y, side)
        self.lines, self.tree = self._streets.lines, self._streets.tree
        self.obstacles = obstacles

    def candidates(
        self, lon: float, lat: float, *, level: float | None = None, heading: float | None = None
    ) -> Candidates:
        """The streets a person at this place may mean: up to 50 m farther than the nearest walkable one.

        `level`: only streets of that storey, where there are any; `heading` (degrees clockwise from north): within 10 m
        streets that run that way come first. Raises `Refused("outside_map")` beyond 500 m from any walkable street.
        """
        place = self.plane.point(lon, lat)
        return self._among(place, self._first_look([place])[0], level, heading)

    def candidates_of(self, places: Sequence[Waypoint]) -> Iterator[Candidates]:
        """`candidates` of several places, looked up together."""
        points = [self.plane.point(place.lon, place.lat) for place in places]
        for place, point, feet in zip(places, points, self._first_look(points), strict=True):
            yield self._among(point, feet, place.level, place.heading)

    def _first_look(self, points: Sequence[tuple[float, float]]) -> list[Feet]:
        here = np.array([point if math.isfinite(sum(point)) else (0.0, 0.0) for point in points])
        return self._streets.near(here[:, 0], here[:, 1], _FIRST_LOOK_M)

    def _among(self, place: tuple[float, float], feet: Feet, level: float | None, heading: float | None) -> Candidates:
        """The candidates among the streets found at first, or farther on."""
        if not math.isfinite(sum(place)):
            raise Refused("outside_map", "This place is on the other side of the earth.")
        nearest = self._nearest(feet)
        if nearest + BEYOND_NEAREST_M > _FIRST_LOOK_M:
            feet = self._near(place, min(nearest, REACH_M) + BEYOND_NEAREST_M)
            nearest = self._nearest(feet)
        if nearest > REACH_M / self.plane.true_length(place[0]):
            raise Refused("outside_map", "There is no walkable street within 500 m of this place.")
        feet = feet.only(slice(0, int(feet.away.searchsorted(nearest + BEYOND_NEAREST_M, "right"))))
        return Candidates(self, place, self._preferred(feet, level, heading))

    def at_door(self, place: tuple[float, float], near: Candidates, door: tuple[float, float]) -> Candidates | None:
        """Those of the streets near a place (in the plane) that lie at a door of the building it is in, nearest to the
        door first; `None` where there are none."""
        farthest = self._nearest(near.feet) + BEYOND_NEAREST_M
        feet = self._near(door, farthest + math.dist(place, door))
        away = np.hypot(feet.x - place[0], feet.y - place[1])
        feet = feet._replace(away=away).only(away <= farthest)
        return Candidates(self, door, feet) if self._walkable[feet.edge].any() else None

    def uncut(self, place: tuple[float, float]) -> Candidates | None:
        """From `place` (in the plane): the nearest walkable street nothing is in the way to, and up to 50 m farther."""
        near = Candidates(self, place, self._near(place, OPEN_GROUND_M))
        for row in np.flatnonzero(self._walkable[near.edge]).tolist():
            if not near.is_cut(row):
                return Candidates(self, place, self._near(place, float(near.feet.away[row]) + BEYOND_NEAREST_M))
        return None

    def spot(self, feet: Feet, row: int, distance: float) -> Snap:
        """One foot in degrees and as a share of its street's length."""
        edge, vertex, share = int(feet.edge[row]), int(feet.vertex[row]), float(feet.share[row])
        lon, lat, along = (a[vertex : vertex + 2].tolist() for a in (self._lon, self._lat, self._along))
        first, last = int(self._start[edge]), int(self._start[edge + 1]) - 1
        length = float(self._along[last] - self._along[first])
        walked = along[0] - float(self._along[first]) + share * (along[1] - along[0])
        return Snap(
            edge,
            min(walked / length, 1.0) if length > 0 else 0.0,
            vertex - first,
            lon[0] + share * (lon[1] - lon[0]),
            lat[0] + share * (lat[1] - lat[0]),
            distance,
        )

    def _near(self, place: tuple[float, float], radius: float) -> Feet:
        return self._streets.near(np.array(place[:1]), np.array(place[1:]), radius)[0]

    def _nearest(self, feet: Feet) -> float:
        walkable = self._walkable[feet.edge]
        return float(feet.away[walkable.argmax()]) if walkable.any() else math.inf

    def _preferred(self, feet: Feet, level: float | None, heading: float | None) -> Feet:
        if level is not None and self._level is not None:
            same = self._level[feet.edge] == level
            if (same & self._walkable[feet.edge]).any():
                feet = feet.only(same)
        if heading is not None:
            at, to = feet.vertex, feet.vertex + 1
            runs = bearing_deg(self._lon[at], self._lat[at], self._lon[to], self._lat[to])
            turn = np.abs((runs - heading + 90.0) % 180.0 - 90.0)
            fits = (feet.away <= HEADING_WITHIN_M) & (turn <= HEADING_TOLERANCE_DEG)
            feet = feet.only(np.argsort(~fits, kind="stable"))
        return feet


def choose(
    waypoints: Sequence[Candidates], usable: Bools, component: NDArray[np.integer], private: PrivateWays | None = None
) -> list[Snap]:
    """One spot per waypoint: the nearest usable in a component all waypoints share, else in the largest.

    `usable`: this person can use the street in some direction; `component`: −1 = nobody may walk it. A private street
    counts for the components it leads to. Where nothing is usable: the nearest, with `last_metres`. Nothing is chosen
    behind a building, water or rail, unless a place is shut in: then the nearest, with `last_metres`.
    """
    options = [_Options(near, usable, component, private) for near in waypoints]
    shared = set.intersection(*(set(option.nearest) for option in options))

    def cost(part: int) -> tuple[int, float, int]:
        return sum(part not in option.usable for option in options), sum(option.away(part) for option in options), part

    chosen = min(shared, key=cost) if shared else LARGEST
    return [option.spot(chosen) for option in options]


def choose_one(
    near: Candidates, usable: Bools, component: NDArray[np.integer], private: PrivateWays | None = None
) -> Snap:
    """A place by itself: the nearest usable spot in the largest component, else in the nearest; as `choose`."""
    option = _Options(near, usable, component, private)
    nearest = min(option.usable, key=lambda part: option.usable[part], default=LARGEST)
    return option.spot(LARGEST if LARGEST in option.usable else nearest)


class _Options:
    """For one waypoint, the first spot in each component: of any street, and of those the person can use."""

    def __init__(
        self, near: Candidates, usable: Bools, component: NDArray[np.integer], private: PrivateWays | None
    ) -> None:
        self._usable, self._component, self._private = usable, component, private
        self._shut_in = False
        self._sort(near, near.is_cut)
        farther = None if self.nearest else near.farther()
        if farther is not None:
            self._sort(farther, farther.is_cut)
        elif not self.nearest:
            self._shut_in = True
            self._sort(near, lambda _: False)

    def _sort(self, near: Candidates, is_cut: Callable[[int], bool]) -> None:
        self._near = near
        self.nearest: dict[int, int] = {}
        self.usable: dict[int, int] = {}
        parts, usable = self._component[near.edge].tolist(), self._usable[near.edge].tolist()
        for row, (part, fits) in enumerate(zip(parts, usable, strict=True)):
            if part in self.usable or (part in self.nearest and not fits):
                continue
            led_to = (part,) if part >= 0 else self._leads_to(int(near.edge[row]))
            if not led_to or is_cut(row):
                continue
            for component in led_to:
                self.nearest.setdefault(component, row)
                if fits or part < 0:
                    self.usable.setdefault(component, row)

    def _leads_to(self, edge: int) -> Iterable[int]:
        """The components behind a private street, unless the person finds one to use that is nearer."""
        return () if self._private is None or self.usable else tuple(self._private(edge))

    def away(self, component: int) -> float:
        row = self.usable.get(component, self.nearest[component])
        return float(self._near.distance_m[row])

    def spot(self, component: int) -> Snap:
        """The spot in this component, or the nearest there is."""
        row = self.usable.get(component)
        if row is None and component not in self.nearest:
            row = min(self.usable.values(), default=None)
        if row is None:
            return replace(self._near[self.nearest.get(component, min(self.nearest.values()))], last_metres=True)
        return replace(self._near[row], last_metres=True) if self._shut_in else self._near[row]


def _along(start: Ints, lon: Floats, lat: Floats) -> Floats:
    """Metres walked from the first vertex of all to each vertex; differences within a street are its lengths."""
    steps = distance_m(lon[:-1], lat[:-1], lon[1:], lat[1:])
    steps[start[1:-1] - 1] = 0.0
    return np.concatenate([[0.0], np.cumsum(steps)])
