"""How high the ground is: elevation models from files, sampled between their pixels.

    model = Elevation.open([Path("N43E007.hgt.zip"), Path("portland-ned.tif")])
    model.at(lon, lat)      metres, NaN where no file knows

Used by the build alone; what it means for a street is in `elevation_inclines`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from accessibility.refusals import Refused
from routing.elevation_hgt import read_hgt
from routing.elevation_raster import Raster

Floats = NDArray[np.float64]

SAME_PHASE = 1e-3
"""Rasters whose pixels lie on one lattice to within this part of a pixel are sampled as one, across their borders."""
MAX_WINDOW = 120_000_000
"""Pixels of one raster held at a time: 480 MB."""
_READERS = {".hgt": read_hgt, ".hgt.zip": read_hgt}
_GEOTIFF = (".tif", ".tiff")


@dataclass(frozen=True)
class Grid:
    """Rasters on one lattice, sampled as one surface."""

    rasters: tuple[Raster, ...]

    @property
    def pixel_m(self) -> float:
        """Size of a pixel on the ground, the longer side, metres."""
        return max(raster.pixel_m for raster in self.rasters)

    def at(self, lon: Floats, lat: Floats) -> Floats:
        """Elevation in metres, bilinear between pixel centres; NaN outside and beside a void."""
        anchor = self.rasters[0]
        x, y = anchor.project(lon, lat)
        found = np.full(len(x), np.nan)
        known = np.isfinite(x) & np.isfinite(y)
        found[known] = self._bilinear((x[known] - anchor.west) / anchor.dx, (anchor.north - y[known]) / anchor.dy)
        return found

    def _bilinear(self, column: Floats, row: Floats) -> Floats:
        # Numbers a hair off the lattice belong on it: a sample on the border must not ask for the row beyond.
        column, row = (np.where(np.abs(v - np.rint(v)) < 1e-6, np.rint(v), v) for v in (column, row))
        left, top = np.floor(column), np.floor(row)
        right_share, low_share = column - left, row - top
        total = np.zeros(len(column))
        for down, weight_y in ((0, 1 - low_share), (1, low_share)):
            for across, weight_x in ((0, 1 - right_share), (1, right_share)):
                weight = weight_x * weight_y
                used = weight > 0
                corner = self._pixels(top + down, left + across, used)
                total += np.where(used, weight * corner, 0.0)
        return total

    def _pixels(self, row: Floats, column: Floats, used: NDArray[np.bool_]) -> Floats:
        """Values of whole pixels of the lattice, from whichever raster knows them."""
        anchor = self.rasters[0]
        found = np.full(len(row), np.nan)
        for raster in self.rasters:
            first_column = round((raster.west - anchor.west) / anchor.dx)
            first_row = round((anchor.north - raster.north) / anchor.dy)
            r, c = row - first_row, column - first_column
            inside = used & np.isnan(found) & (r >= 0) & (r < raster.rows) & (c >= 0) & (c < raster.columns)
            if not inside.any():
                continue
            r, c = r[inside].astype(np.intp), c[inside].astype(np.intp)
            window = (int(r.min()), int(r.max()) + 1, int(c.min()), int(c.max()) + 1)
            if (window[1] - window[0]) * (window[3] - window[2]) > MAX_WINDOW:
                raise Refused(
                    "map_unreadable",
                    f"{raster.name} has more pixels over this map than are read at once: give a coarser one.",
                )
            found[inside] = raster.read(*window)[r - window[0], c - window[2]]
        return found


@dataclass(frozen=True)
class Elevation:
    """One or more elevation models; where several know a place, the finest speaks."""

    grids: tuple[Grid, ...]
    digest: str
    """Changes with the content of any file."""

    @classmethod
    def open(cls, paths: Iterable[Path]) -> Elevation:
        """Read the heads of `.hgt`, `.hgt.zip` and GeoTIFF files.

        Raises `Refused`: "map_missing", or "map_unreadable" for what is no elevation model.
        """
        files = sorted(set(paths))
        rasters = [_read(path) for path in files]
        if not rasters:
            raise Refused("map_missing", "No elevation file was given.")
        digests = sorted(_digest(path) for path in files)
        grids = sorted(_grids(rasters), key=lambda grid: grid.pixel_m)
        return cls(tuple(grids), hashlib.blake2b("".join(digests).encode(), digest_size=12).hexdigest())

    @property
    def pixel_m(self) -> float:
        """Size of the finest pixels, metres."""
        return self.grids[0].pixel_m

    def at(self, lon: Floats, lat: Floats) -> Floats:
        """Elevation in metres at these degrees (WGS 84); NaN in voids and outside of all files."""
        lon, lat = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
        found = np.full(len(lon), np.nan)
        for grid in self.grids:
            missing = np.isnan(found)
            if missing.any():
                found[missing] = grid.at(lon[missing], lat[missing])
        return found


def _read(path: Path) -> Raster:
    if not path.is_file():
        raise Refused("map_missing", f"There is no elevation file at {path}.")
    name = path.name.lower()
    for ending, read in _READERS.items():
        if name.endswith(ending):
            return read(path)
    if name.endswith(_GEOTIFF):
        try:
            from routing.elevation_geotiff import read_geotiff  # GDAL is loaded only where a GeoTIFF is named
        except ImportError as error:
            raise Refused(
                "map_unreadable",
                f"{path.name}: GeoTIFF files need the extra `elevation`: .venv/bin/python -m pip install rasterio",
            ) from error
        return read_geotiff(path)
    raise Refused("map_unreadable", f"{path.name} is not an elevation model: .hgt, .hgt.zip and GeoTIFF are read.")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def _grids(rasters: Sequence[Raster]) -> list[Grid]:
    """Rasters gathered by the lattice their pixels lie on."""
    groups: list[list[Raster]] = []
    for raster in rasters:
        for group in groups:
            if _one_lattice(group[0], raster):
                group.append(raster)
                break
        else:
            groups.append([raster])
    return [Grid(tuple(group)) for group in groups]


def _one_lattice(a: Raster, b: Raster) -> bool:
    extent = max(a.columns, a.rows, b.columns, b.rows)
    if a.crs != b.crs or abs(a.dx / b.dx - 1) * extent > SAME_PHASE or abs(a.dy / b.dy - 1) * extent > SAME_PHASE:
        return False
    across, down = (b.west - a.west) / a.dx, (a.north - b.north) / a.dy
    return abs(across - round(across)) < SAME_PHASE and abs(down - round(down)) < SAME_PHASE
