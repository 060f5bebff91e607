"""A leg's line with distances along it: where it heads, and how far it turns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from routing.geodesy import bearing_deg, distance_m

NEAR_M = 3.0
"""A bend shows within so much of a vertex …"""
FAR_M = 8.0
"""… and a turn in where one comes from and where one goes, this far before and behind it."""


class Polyline:
    """Vertices and the metres walked to each of them."""

    def __init__(self, coordinates: Sequence[tuple[float, float]]) -> None:
        points = np.array(coordinates, np.float64).reshape(-1, 2)
        self.lon, self.lat = points[:, 0], points[:, 1]
        pieces = distance_m(self.lon[:-1], self.lat[:-1], self.lon[1:], self.lat[1:])
        self.walked_m = np.concatenate([[0.0], np.cumsum(pieces)])

    def heading(self, vertex: int, reach_m: float) -> float:
        """Bearing in degrees from a vertex to the point `reach_m` ahead, or to it from behind when negative."""
        here = self.walked_m[vertex]
        there = np.clip(here + reach_m, 0.0, self.walked_m[-1])
        lon, lat = (float(np.interp(there, self.walked_m, axis)) for axis in (self.lon, self.lat))
        ends = (float(self.lon[vertex]), float(self.lat[vertex])), (lon, lat)
        a, b = ends if reach_m >= 0 else ends[::-1]
        return float(bearing_deg(*a, *b))

    def turn(self, first: int, last: int | None = None, *, reach_m: float = FAR_M) -> float:
        """How far the line turns between two vertices (or at one): degrees in (−180, 180], right positive.

        0 at either end of the line.
        """
        last = first if last is None else last
        if self.walked_m[first] <= 0.0 or self.walked_m[last] >= self.walked_m[-1]:
            return 0.0
        change = self.heading(last, reach_m) - self.heading(first, -reach_m)
        return 180.0 - (180.0 - change) % 360.0

    def between(self, first: int, last: int) -> float:
        """Metres from one vertex to another."""
        return float(self.walked_m[last] - self.walked_m[first])
