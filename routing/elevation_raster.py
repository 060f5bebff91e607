"""One elevation file as a lattice of pixel centres."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.geodesy import EARTH_RADIUS_M

Floats = NDArray[np.float64]
Project = Callable[[Floats, Floats], tuple[Floats, Floats]]
ReadWindow = Callable[[int, int, int, int], Floats]

METRES_PER_DEGREE = math.radians(1) * EARTH_RADIUS_M
LOWEST_M, HIGHEST_M = -500.0, 9_000.0
"""Beyond these a number is a marker or a mistake: no ground on Earth lies there."""


@dataclass(frozen=True)
class Raster:
    """`rows` × `columns` pixels; the centre of the first one lies at (`west`, `north`), in units of `crs`.

    `project(lon, lat)` gives (x, y) in these units; `read(row, row_end, column, column_end)` metres, NaN = void.
    """

    name: str
    crs: str
    west: float
    north: float
    dx: float
    dy: float
    columns: int
    rows: int
    pixel_m: float
    project: Project
    read: ReadWindow


def degrees(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """The projection of a raster in degrees of WGS 84."""
    return lon, lat


def pixel_of_degrees_m(dx: float, dy: float, middle_lat: float) -> float:
    """Longer side of a pixel given in degrees, metres on the ground."""
    return METRES_PER_DEGREE * max(dy, dx * math.cos(math.radians(middle_lat)))


def on_earth(values: Floats) -> Floats:
    """Metres with everything that is no height on Earth as NaN."""
    with np.errstate(invalid="ignore"):
        return np.where((values > LOWEST_M) & (values < HIGHEST_M), values, np.nan)
