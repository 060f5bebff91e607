"""Names of the loaded map, for people who type a street or a place into the page: what the search finds, in short."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from msgspec import Struct

from routing.router import Router
from routing.search import Hit, Search

CHOICES = 8
LOOKS_M = (75.0, 500.0, 5_000.0, 1e8)
"""So far around a place named streets are looked for, until one is found."""


class NamedPlace(Struct, frozen=True):
    """Something with a name, where one goes in; `near` tells it from others of its name: a street or a quarter."""

    name: str
    lon: float
    lat: float
    near: str | None = None


class NamedPlaces:
    """The search as the page uses it; it holds nothing of its own."""

    def __init__(self, router: Router, search: Callable[[], Search]) -> None:
        """`search` is asked for when the first name is looked for: who sends coordinates does not wait for it."""
        self._router, self._search = router, search

    def find(self, text: str) -> list[NamedPlace]:
        """The best matches for `text`."""
        return [self._described(hit) for hit in self._search().find(text, limit=CHOICES)]

    def exact(self, text: str) -> list[NamedPlace]:
        """The places whose whole name is `text`, case and accents aside; a street before the stops named after it."""
        hits = self._search().exact(text)
        return [self._described(hit) for hit in [hit for hit in hits if hit.row.kind == "street"] or hits]

    def street_at(self, lon: float, lat: float) -> str | None:
        """The name of the nearest street that has one, by the middle of its vertices."""
        graph = self._router.graph
        x, y = self._router.plane.point(lon, lat)
        if not (math.isfinite(x) and math.isfinite(y)):
            return None
        for reach_m in LOOKS_M:
            edges, _ = self._router.placer.lines_within(x - reach_m, y - reach_m, x + reach_m, y + reach_m)
            named = np.sort(edges[graph.edge_name[edges] >= 0])
            middle = (graph.geom_start[named] + graph.geom_start[named + 1] - 1) // 2
            there_x, there_y = self._router.plane.xy(graph.geom_lon[middle], graph.geom_lat[middle])
            away_m = np.hypot(there_x - x, there_y - y)
            # Beyond the reach there may be others, nearer than those found in the corners.
            if len(named) and (away_m.min() <= reach_m or reach_m == LOOKS_M[-1]):
                return graph.names[int(graph.edge_name[named[int(np.argmin(away_m))]])]
        return None

    def _described(self, hit: Hit) -> NamedPlace:
        row = hit.row
        lon, lat = hit.entrance or row.at
        near = row.locality if row.kind in ("street", "address") else self.street_at(lon, lat)
        return NamedPlace(row.name, lon, lat, None if near == row.name else near)
