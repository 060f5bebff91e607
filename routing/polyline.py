"""A leg's line with distances along it: where it heads, and how far it turns."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from routing.geodesy import distance_m

NEAR_M = 3.0
"""A bend shows within so much of a vertex …"""
FAR_M = 8.0
"""… and a turn in where one comes from and where one goes, this far before and behind it."""

_REACHES = np.array([[NEAR_M], [-NEAR_M], [FAR_M], [-FAR_M]])
_AHEAD = np.sign(_REACHES)


class Polyline:
    """Vertices and the metres walked to each of them."""

    @classmethod
    def through(cls, coordinates: Sequence[tuple[float, float]]) -> Polyline:
        """A line through these places, measured on the ground."""
        points = np.array(coordinates, np.float64).reshape(-1, 2)
        lon, lat = points[:, 0], points[:, 1]
        steps = distance_m(lon[:-1], lat[:-1], lon[1:], lat[1:])
        return cls(points, np.concatenate([[0.0], np.cumsum(steps)]))

    def __init__(
        self,
        lonlat: NDArray[np.float64],
        walked_m: NDArray[np.float64],
        columns: tuple[list[float], list[float]] | None = None,
    ) -> None:
        """Degrees [V, 2] and metres walked to each vertex [V]; `columns`: longitudes and latitudes once more."""
        self._points, self._walked = lonlat, walked_m
        # Lists: the few points that are asked for one by one cost less than an array call each.
        lon, lat = columns or lonlat.T.tolist()
        self._lon: list[float] = lon
        self._lat: list[float] = lat
        self.walked_m: list[float] = walked_m.tolist()
        """To each vertex."""
        self._known: dict[int, float] = {}
        self._east = math.cos(math.radians(self._lat[0])) if self._lat else 1.0

    def heading(self, vertex: int, reach_m: float) -> float:
        """Bearing in degrees from a vertex to the point `reach_m` ahead, or to it from behind when negative."""
        lon, lat = self._at(self.walked_m[vertex] + reach_m)
        east, north = (lon - self._lon[vertex]) * self._east, lat - self._lat[vertex]
        return math.degrees(math.atan2(east, north) if reach_m >= 0 else math.atan2(-east, -north)) % 360.0

    def _at(self, walked_m: float) -> tuple[float, float]:
        """The place so far along the line; its ends beyond them."""
        walked = self.walked_m
        row = bisect_right(walked, walked_m)
        if row == 0 or row == len(walked):
            row = 0 if row == 0 else -1
            return self._lon[row], self._lat[row]
        piece = walked[row] - walked[row - 1]
        share = (walked_m - walked[row - 1]) / piece if piece > 0 else 0.0
        lon, lat = self._lon, self._lat
        return lon[row - 1] + share * (lon[row] - lon[row - 1]), lat[row - 1] + share * (lat[row] - lat[row - 1])

    def turn(self, first: int, last: int | None = None, *, reach_m: float = FAR_M) -> float:
        """How far the line turns between two vertices (or at one): degrees in (−180, 180], right positive.

        0 at either end of the line.
        """
        if last is None or last == first:
            known = self._known.get(first)
            if known is not None and reach_m == FAR_M:
                return known
            last = first
        if self.walked_m[first] <= 0.0 or self.walked_m[last] >= self.walked_m[-1]:
            return 0.0
        change = self.heading(last, reach_m) - self.heading(first, -reach_m)
        return 180.0 - (180.0 - change) % 360.0

    def turns(self, vertices: Sequence[int]) -> list[float]:
        """`turn` within `NEAR_M` of each of these vertices, reckoned together with their `turn`, which is asked for
        next."""
        at = np.array(vertices, np.int64)
        walked, lon, lat = self._walked, self._points[:, 0], self._points[:, 1]
        here = walked[at]
        there = here + _REACHES
        east = (np.interp(there, walked, lon) - lon[at]) * self._east
        north = np.interp(there, walked, lat) - lat[at]
        bearing = np.degrees(np.arctan2(east * _AHEAD, north * _AHEAD))
        change = 180.0 - (180.0 - (bearing[0::2] - bearing[1::2])) % 360.0
        change[:, (here <= 0.0) | (here >= walked[-1])] = 0.0
        near, far = change.tolist()
        self._known = dict(zip(vertices, far, strict=True))
        found: list[float] = near
        return found

    def between(self, first: int, last: int) -> float:
        """Metres from one vertex to another."""
        return self.walked_m[last] - self.walked_m[first]
