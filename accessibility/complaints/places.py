"""Places on the globe: distance, boxes and the grid cells that are locked while a barrier is looked for. Pure."""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterator
from typing import Any

Place = tuple[float, float]  # lon, lat in degrees, WGS 84
Box = tuple[float, float, float, float]  # west, south, east, north

EARTH_M = 6_371_000.0
DEGREE_M = math.pi * EARTH_M / 180
CELL_DEGREES = 0.001  # about 110 m north to south


def haversine_m(a: Place, b: Place) -> float:
    """Great-circle distance of two places."""
    phi_a, phi_b = math.radians(a[1]), math.radians(b[1])
    half = math.sin((phi_b - phi_a) / 2) ** 2
    half += math.cos(phi_a) * math.cos(phi_b) * math.sin(math.radians(b[0] - a[0]) / 2) ** 2
    return 2 * EARTH_M * math.asin(min(1.0, math.sqrt(half)))


def box_around(place: Place, metres: float) -> Box:
    """A box that holds everything within so many metres of a place."""
    lon, lat = place
    high = metres / DEGREE_M * 1.001
    wide = min(180.0, high / max(1e-6, math.cos(math.radians(min(89.9, abs(lat) + high)))))
    return lon - wide, lat - high, lon + wide, lat + high


def ground(box: Box) -> list[int]:
    """Numbers (int32) of the grid cells that a small box touches, to lock one after the other.

    They rise, so that nobody waits in a circle; two cells may share a number, which only makes somebody wait.
    """
    west, south, east, north = (math.floor(side / CELL_DEGREES) for side in box)
    touched = ((x, y) for x in range(west, east + 1) for y in range(south, north + 1))
    return sorted({zlib.crc32(b"%d %d" % cell) - 2**31 for cell in touched})


def points_of(geometry: dict[str, Any]) -> Iterator[Place]:
    """Every vertex of a GeoJSON geometry."""

    def walk(part: Any) -> Iterator[Place]:
        if isinstance(part[0], int | float):
            yield float(part[0]), float(part[1])
        else:
            for inner in part:
                yield from walk(inner)

    yield from walk(geometry["coordinates"])


def bounds_of(geometry: dict[str, Any]) -> Box:
    """The smallest box around a geometry."""
    lons, lats = zip(*points_of(geometry), strict=True)
    return min(lons), min(lats), max(lons), max(lats)


def place_of(geometry: dict[str, Any]) -> Place:
    """One place that stands for a geometry: the point, the middle vertex of a line, the middle of an area's box."""
    points = list(points_of(geometry))
    if geometry["type"] == "Point":
        return points[0]
    if geometry["type"] == "LineString":
        return points[len(points) // 2]
    west, south, east, north = bounds_of(geometry)
    return (west + east) / 2, (south + north) / 2
