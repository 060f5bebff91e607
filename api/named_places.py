"""Names of the loaded map, for people who type a street or a place into the page: what the search finds, in short."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from msgspec import Struct
from shapely import STRtree, points

from routing.graph import StreetGraph
from routing.plane import Plane
from routing.search import Hit, Search

CHOICES = 8


class NamedPlace(Struct, frozen=True):
    """Something with a name, where one goes in; `near` tells it from others of its name: a street or a quarter."""

    name: str
    lon: float
    lat: float
    near: str | None = None


class NamedPlaces:
    """The search as the page uses it."""

    def __init__(self, graph: StreetGraph, search: Callable[[], Search]) -> None:
        """`search` is asked for when the first name is looked for: who sends coordinates does not wait for it."""
        self._graph, self._search = graph, search
        self._plane = Plane.around(graph.geom_lon, graph.geom_lat)
        self._named = np.flatnonzero(graph.edge_name >= 0)
        middle = (graph.geom_start[self._named] + graph.geom_start[self._named + 1] - 1) // 2
        at = points(*self._plane.xy(graph.geom_lon[middle], graph.geom_lat[middle]))
        self._beside = STRtree(at) if len(self._named) else None

    def find(self, text: str) -> list[NamedPlace]:
        """The best matches for `text`."""
        return [self._described(hit) for hit in self._search().find(text, limit=CHOICES)]

    def exact(self, text: str) -> list[NamedPlace]:
        """The places whose whole name is `text`, case and accents aside; a street before the stops named after it."""
        hits = self._search().exact(text)
        return [self._described(hit) for hit in [hit for hit in hits if hit.row.kind == "street"] or hits]

    def street_at(self, lon: float, lat: float) -> str | None:
        """The name of the nearest street that has one."""
        if self._beside is None:
            return None
        nearest = self._beside.nearest(points(*self._plane.point(lon, lat)))
        name: str = self._graph.names[int(self._graph.edge_name[self._named[int(nearest)]])]
        return name

    def _described(self, hit: Hit) -> NamedPlace:
        row = hit.row
        lon, lat = hit.entrance or row.at
        near = row.locality if row.kind in ("street", "address") else self.street_at(lon, lat)
        return NamedPlace(row.name, lon, lat, None if near == row.name else near)
