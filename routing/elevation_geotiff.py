"""GeoTIFF elevation models through GDAL: any usual packing and projection, read window by window."""

from __future__ import annotations

import math
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio import warp
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.windows import Window

from accessibility.refusals import Refused
from routing.elevation_raster import Project, Raster, degrees, on_earth, pixel_of_degrees_m

FEET_M = {"ft": 0.3048, "foot": 0.3048, "feet": 0.3048, "us survey foot": 1200 / 3937, "us-ft": 1200 / 3937}
"""Units of height that are not metres; what says nothing is metres."""
WGS84 = "EPSG:4326"
SQUARE = 1e-6
"""How far (as a share of a pixel) the axes may lean before the raster counts as rotated."""


def read_geotiff(path: Path) -> Raster:
    """The first band; raises `Refused("map_unreadable")` without a place on Earth, when rotated, or damaged."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            with rasterio.open(path, driver="GTiff") as file:
                return _raster(path, file)
    except (RasterioError, OSError, ValueError) as error:
        raise _refused(path, "cannot be read as a GeoTIFF") from error


def _raster(path: Path, file: Any) -> Raster:
    if file.crs is None:
        raise _refused(path, "does not say where on Earth it lies")
    if np.dtype(file.dtypes[0]).kind not in "iuf":
        raise _refused(path, "holds no plain numbers in its first band")
    to = file.transform
    if abs(to.b) > SQUARE * abs(to.a) or abs(to.d) > SQUARE * abs(to.e) or to.a <= 0 or to.e >= 0:
        raise _refused(path, "is rotated or mirrored: warp it to north up first")
    dx, dy, middle = float(to.a), float(-to.e), float(to.f + to.e * file.height / 2)
    if file.crs.is_geographic:
        pixel_m = pixel_of_degrees_m(dx, dy, middle)
    elif file.crs.is_projected:
        pixel_m = max(dx, dy) * float(file.crs.linear_units_factor[1])
    else:
        raise _refused(path, "is neither in degrees nor in a map projection")
    if not (math.isfinite(pixel_m) and pixel_m > 0):
        raise _refused(path, "has no usable pixel size")
    crs = file.crs.to_wkt()
    return Raster(
        name=path.name,
        crs=crs,
        west=float(to.c) + dx / 2,
        north=float(to.f) - dy / 2,
        dx=dx,
        dy=dy,
        columns=file.width,
        rows=file.height,
        pixel_m=pixel_m,
        project=degrees if file.crs == WGS84 else _projection(path, crs),
        read=_Windows(path, (file.units[0] or "").strip().lower()),
    )


def _projection(path: Path, crs: str) -> Project:
    def project(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        try:
            x, y = warp.transform(WGS84, crs, lon.tolist(), lat.tolist())
        except RasterioError as error:
            raise _refused(path, "is in a projection that does not fit this map") from error
        return np.array(x, np.float64), np.array(y, np.float64)

    return project


class _Windows:
    """Reads parts of a file; a call opens it anew, so that nothing stays open between builds."""

    def __init__(self, path: Path, unit: str) -> None:
        self._path, self._factor = path, FEET_M.get(unit, 1.0)

    def __call__(self, row: int, row_end: int, column: int, column_end: int) -> NDArray[np.float64]:
        window = Window(column, row, column_end - column, row_end - row)
        try:
            with rasterio.open(self._path, driver="GTiff") as file:
                values = file.read(1, window=window, masked=True)
                scale, offset = float(file.scales[0]), float(file.offsets[0])
        except (RasterioError, OSError, ValueError) as error:
            raise _refused(self._path, "is damaged: its pixels cannot be read") from error
        metres = values.astype(np.float64).filled(np.nan) * scale + offset
        return on_earth(metres * self._factor)


def _refused(path: Path, why: str) -> Refused:
    return Refused("map_unreadable", f"{path.name} {why}.")
