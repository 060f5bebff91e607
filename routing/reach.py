"""How far a person comes from a place within a time or a length: streets, or the area around them, band by band."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from accessibility.profiles import Profile
from routing.answers import Coordinate, Waypoint
from routing.reach_parts import Measure, Reach
from routing.reach_shapes import Areas, Ring, lines
from routing.router import Router
from routing.snap import Snap
from routing.tree import Tree

REACH_MAX_S = 7_200.0
REACH_MAX_M = 20_000.0
BANDS_MAX = 4


class Band(NamedTuple):
    """Streets within one limit: `lines` as they are, or the area around them as a MultiPolygon's coordinates."""

    limit: float
    lines: list[list[Coordinate]]
    area: list[list[Ring]]


class Reached(NamedTuple):
    """What one place reaches; `spot` is `None` where nothing near it is within the limits."""

    spot: Snap | None
    bands: list[Band]
    revision: int


def reached(
    router: Router,
    origin: Waypoint,
    profile: Profile,
    measure: Measure,
    limits: Sequence[float],
    *,
    areas: bool,
    at: datetime | None = None,
) -> Reached:
    """The streets within each limit (ascending), or the areas around them. Not in the engine thread.

    Open is what is open `at` the departure.

    Raises `Refused("outside_map")` for an origin more than 500 m from any walkable way.
    """
    near = router.near(origin, "origin")
    stand = router.standpoint(profile, at)
    spot = stand.spot(near)
    if spot is None:
        return Reached(None, [Band(limit, [], []) for limit in limits], stand.revision)
    reach = Reach(Tree(router.network, stand, spot), measure)
    shapes = Areas(router.plane)
    bands = []
    for limit in limits:
        found = lines(router.graph, reach.within(limit))
        bands.append(Band(limit, [], shapes.around(found)) if areas else Band(limit, found, []))
    return Reached(spot, bands, stand.revision)
