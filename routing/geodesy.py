"""Distances and bearings on the ground, for arrays of WGS 84 degrees."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius of the WGS 84 ellipsoid (IUGG R1); a spherical distance is within 0.6 % of the ellipsoidal one."""


def distance_m(lon_a: ArrayLike, lat_a: ArrayLike, lon_b: ArrayLike, lat_b: ArrayLike) -> NDArray[np.float64]:
    """Great-circle distance in metres (haversine: exact for short and long distances alike)."""
    lon_a, lat_a, lon_b, lat_b = (np.radians(np.asarray(x, np.float64)) for x in (lon_a, lat_a, lon_b, lat_b))
    half = np.sin((lat_b - lat_a) / 2) ** 2 + np.cos(lat_a) * np.cos(lat_b) * np.sin((lon_b - lon_a) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(1.0, half))))


def apart_m(lon_a: float, lat_a: float, lon_b: float, lat_b: float) -> float:
    """`distance_m` of one pair, without the weight of arrays."""
    phi_a, phi_b = math.radians(lat_a), math.radians(lat_b)
    east = math.sin(math.radians(lon_b - lon_a) / 2)
    half = math.sin((phi_b - phi_a) / 2) ** 2 + math.cos(phi_a) * math.cos(phi_b) * east**2
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, half)))


def bearing_deg(lon_a: ArrayLike, lat_a: ArrayLike, lon_b: ArrayLike, lat_b: ArrayLike) -> NDArray[np.float64]:
    """Bearing from a to b in degrees clockwise from north, in [0, 360), for short distances."""
    lon_a, lat_a, lon_b, lat_b = (np.asarray(x, np.float64) for x in (lon_a, lat_a, lon_b, lat_b))
    east = (lon_b - lon_a) * np.cos(np.radians((lat_a + lat_b) / 2))
    return np.asarray(np.degrees(np.arctan2(east, lat_b - lat_a)) % 360.0)
