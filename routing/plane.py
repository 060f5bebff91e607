"""A flat map of one city: WGS 84 degrees to local metres, good enough that straight and near mean what they should."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.geodesy import EARTH_RADIUS_M

Float64 = NDArray[np.float64]


@dataclass(frozen=True)
class Plane:
    """Transverse Mercator on the sphere around `(lon, lat)`, x to the east and y to the north in metres.

    True to shape everywhere; lengths are x² / 2R² too long at x metres east or west of the centre: 3.1e-5 at 50 km, and
    nothing is lost to the north or south (J. P. Snyder, Map Projections: A Working Manual, 1987, eq. 8-1 to 8-5).
    """

    lon: float
    lat: float

    @classmethod
    def around(cls, lon: Float64, lat: Float64) -> Plane:
        """The plane in the middle of these places; they may lie on both sides of the 180th meridian."""
        if not len(lon):
            return cls(0.0, 0.0)
        east = (lon - lon[0] + 180.0) % 360.0 - 180.0
        return cls(float(lon[0] + (east.min() + east.max()) / 2), float((lat.min() + lat.max()) / 2))

    def xy(self, lon: Float64, lat: Float64) -> tuple[Float64, Float64]:
        """Metres east and north of the centre."""
        turn, phi = np.radians(lon - self.lon), np.radians(lat)
        x = EARTH_RADIUS_M * np.arctanh(np.cos(phi) * np.sin(turn))
        y = EARTH_RADIUS_M * (np.arctan2(np.sin(phi), np.cos(phi) * np.cos(turn)) - math.radians(self.lat))
        return np.asarray(x), np.asarray(y)

    def point(self, lon: float, lat: float) -> tuple[float, float]:
        """`xy` of one place, without the weight of arrays; the far side of the earth comes out as infinite."""
        turn, phi = math.radians(lon - self.lon), math.radians(lat)
        if not math.cos(turn) > 1e-3:
            return math.inf, math.inf
        x = EARTH_RADIUS_M * math.atanh(math.cos(phi) * math.sin(turn))
        y = EARTH_RADIUS_M * (math.atan2(math.sin(phi), math.cos(phi) * math.cos(turn)) - math.radians(self.lat))
        return x, y

    def true_length(self, x: float) -> float:
        """Metres on the ground for one metre of the plane at this `x`."""
        return 1 / math.cosh(x / EARTH_RADIUS_M)

    def lonlat(self, x: Float64, y: Float64) -> tuple[Float64, Float64]:
        """Degrees of places in the plane: the way back from `xy` (Snyder, eq. 8-6 and 8-7)."""
        east, north = x / EARTH_RADIUS_M, y / EARTH_RADIUS_M + math.radians(self.lat)
        lat = np.degrees(np.arcsin(np.sin(north) / np.cosh(east)))
        lon = self.lon + np.degrees(np.arctan2(np.sinh(east), np.cos(north)))
        return (lon + 180.0) % 360.0 - 180.0, np.asarray(lat)
