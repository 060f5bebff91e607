"""Made-up ground: elevation models from a formula, in memory or as the files that surveys publish."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from routing.elevation import Elevation, Grid
from routing.elevation_raster import METRES_PER_DEGREE, Raster, degrees
from tests.support.drawn import ORIGIN

Height = Callable[[Any, Any], Any]
"""(metres east, metres north) of the origin of drawn towns → metres above the sea; arrays in, array out."""


def metres(lon: Any, lat: Any) -> tuple[Any, Any]:
    """East and north of the origin of drawn towns."""
    east = (np.asarray(lon) - ORIGIN[0]) * METRES_PER_DEGREE * np.cos(np.radians(ORIGIN[1]))
    return east, (np.asarray(lat) - ORIGIN[1]) * METRES_PER_DEGREE


def slope(east: float = 0.0, north: float = 0.0) -> Height:
    """A plane, level at 200 m where drawn towns begin."""
    return lambda x, y: 200.0 + east * x + north * y


def terrain(height: Height, *, pixel_m: float = 10.0, around_m: float = 2_000.0) -> Elevation:
    """A model of square pixels around the origin of drawn towns."""
    side = int(2 * around_m / pixel_m)
    dy = pixel_m / METRES_PER_DEGREE
    dx = dy / np.cos(np.radians(ORIGIN[1]))
    west, north = ORIGIN[0] - side / 2 * dx, ORIGIN[1] + side / 2 * dy
    lon, lat = np.meshgrid(west + np.arange(side) * dx, north - np.arange(side) * dy)
    values = np.broadcast_to(height(*metres(lon, lat)), lon.shape).astype(np.float64)

    def read(row: int, row_end: int, column: int, column_end: int) -> Any:
        return values[row:row_end, column:column_end]

    raster = Raster("made up", "degrees", west, north, float(dx), dy, side, side, pixel_m, degrees, read)
    return Elevation((Grid((raster,)),), digest=f"{values.sum():.6f} {pixel_m}")


def hgt(folder: Path, name: str, height: Callable[[Any, Any], Any], *, side: int = 1201, zipped: bool = False) -> Path:
    """An SRTM tile; `height(lon, lat)` is rounded to whole metres."""
    south = int(name[1:3]) * (1 if name[0] == "N" else -1)
    west = int(name[4:7]) * (1 if name[3] == "E" else -1)
    lon, lat = np.meshgrid(np.linspace(west, west + 1, side), np.linspace(south + 1, south, side))
    data = np.rint(np.broadcast_to(height(lon, lat), lon.shape)).astype(">i2").tobytes()
    if not zipped:
        path = folder / f"{name}.hgt"
        path.write_bytes(data)
        return path
    path = folder / f"{name}.hgt.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{name}.hgt", data)
    return path


def geotiff(path: Path, values: Any, *, west: float, north: float, pixel: float, **options: Any) -> Path:
    """A GeoTIFF of one band; `west` and `north` are the outer corner, in units of `crs` (degrees by default)."""
    import rasterio
    from rasterio.transform import from_origin

    profile: dict[str, Any] = {"crs": "EPSG:4326", "transform": from_origin(west, north, pixel, pixel)} | options
    unit = profile.pop("unit", None)
    values = np.asarray(values)
    with rasterio.open(
        path, "w", driver="GTiff", height=values.shape[0], width=values.shape[1], count=1, dtype=values.dtype, **profile
    ) as file:
        file.write(values, 1)
        if unit:
            file.units = (unit,)
    return path
