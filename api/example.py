"""A question that this very map answers well: for the line printed at start, the API description and the page."""

from __future__ import annotations

import random
from collections.abc import Iterator
from weakref import WeakKeyDictionary

import numpy as np

from accessibility.profiles import built_in
from routing.answers import RouteAnswer, RouteRequest, Waypoint
from routing.geodesy import distance_m
from routing.graph import StreetGraph
from routing.router import Router

PROFILE = "manual_wheelchair"
NEAR_M, FAR_M = 300.0, 1200.0
TRIES = 60


_known: WeakKeyDictionary[Router, dict[str, object]] = WeakKeyDictionary()


def example_question(router: Router) -> dict[str, object]:
    """A body for `POST /v1/routes`, step-free and `ok` where the map has such a pair among a few dozen tried.

    Looked for once; processes that are forked later know it.
    """
    if router not in _known:
        _known[router] = _found(router)
    return _known[router]


def _found(router: Router) -> dict[str, object]:
    first: dict[str, object] = {}
    for start, end in _pairs(router.graph):
        question: dict[str, object] = {"waypoints": [start, end], "profile": PROFILE}
        first = first or question
        asked = RouteRequest((Waypoint(start[0], start[1]), Waypoint(end[0], end[1])), built_in[PROFILE])
        found = router.route(asked)
        if isinstance(found, RouteAnswer) and found.status == "ok" and NEAR_M <= found.routes[0].distance_m <= FAR_M:
            return question
    return first


def _pairs(graph: StreetGraph) -> Iterator[tuple[list[float], list[float]]]:
    """Places on the largest part of the walk network, a short walk apart; the same ones at every start."""
    edges = np.flatnonzero(graph.edge_component[: graph.first_passage] == 0)
    if not len(edges):
        edges = np.arange(graph.first_passage)
    pick = random.Random(graph.meta.build_id)  # noqa: S311
    middle = (graph.geom_start[edges] + graph.geom_start[edges + 1]) // 2
    lon, lat = np.asarray(graph.geom_lon)[middle], np.asarray(graph.geom_lat)[middle]
    for _ in range(TRIES):
        start = pick.randrange(len(edges))
        away = distance_m(lon[start], lat[start], lon, lat)
        near = np.flatnonzero((away >= NEAR_M) & (away <= FAR_M))
        end = int(near[pick.randrange(len(near))]) if len(near) else int(np.argmax(away))
        yield (
            [round(float(lon[start]), 5), round(float(lat[start]), 5)],
            [round(float(lon[end]), 5), round(float(lat[end]), 5)],
        )
