"""SRTM tiles: `.hgt`, alone or zipped, 3″ or 1″; the name says which degree, the size how fine."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from accessibility.refusals import Refused
from routing.elevation_raster import Raster, degrees, on_earth, pixel_of_degrees_m

SIDES = {2 * side * side: side for side in (1201, 3601)}
"""Bytes of a tile → samples along each side; the outer ones lie on the whole degrees."""
MAX_ZIP = 64 << 20
"""Bytes: twice what a tile of noise would pack to."""
_NAME = re.compile(r"^([NS])(\d{2})([EW])(\d{3})", re.IGNORECASE)


def read_hgt(path: Path) -> Raster:
    """The tile; raises `Refused("map_unreadable")` for any other size, a name without a corner, or a bad archive."""
    try:
        name, data = _unzipped(path) if path.name.lower().endswith(".zip") else (path.name, _plain(path))
    except OSError as error:
        raise _refused(path, f"cannot be read: {error.strerror or 'damaged'}") from error
    side = SIDES.get(len(data))
    if side is None:
        raise _refused(path, "is not an SRTM tile: those have 1201 or 3601 samples a side")
    west, south = _corner(path, name)
    metres: NDArray[np.int16] = np.frombuffer(data, ">i2").reshape(side, side)

    def read(row: int, row_end: int, column: int, column_end: int) -> NDArray[np.float64]:
        return on_earth(metres[row:row_end, column:column_end].astype(np.float64))

    step = 1 / (side - 1)
    pixel_m = pixel_of_degrees_m(step, step, south + 0.5)
    return Raster(path.name, "degrees", west, south + 1.0, step, step, side, side, pixel_m, degrees, read)


def _corner(path: Path, name: str) -> tuple[float, float]:
    """(west, south) in degrees, from the tile's name or the archive's."""
    found = _NAME.match(Path(name).name) or _NAME.match(path.name)
    if found is None:
        raise _refused(path, "does not say where it lies: an SRTM tile is named after its corner, as in N43E007")
    south = int(found[2]) * (1 if found[1].upper() == "N" else -1)
    west = int(found[4]) * (1 if found[3].upper() == "E" else -1)
    if not (-90 <= south <= 89 and -180 <= west <= 179):
        raise _refused(path, "is named after a corner that is not on Earth")
    return float(west), float(south)


def _plain(path: Path) -> bytes:
    return path.read_bytes() if path.stat().st_size in SIDES else b""


def _unzipped(path: Path) -> tuple[str, bytes]:
    """Name and content of the one tile in an archive; never more of it unpacked than a tile is long."""
    if path.stat().st_size > MAX_ZIP:
        raise _refused(path, "is larger than any zipped SRTM tile")
    try:
        with zipfile.ZipFile(path) as archive:
            tiles = [item for item in archive.infolist() if item.filename.lower().endswith(".hgt")]
            if len(tiles) != 1:
                raise _refused(path, f"holds {len(tiles)} .hgt files instead of one")
            if tiles[0].file_size not in SIDES:
                raise _refused(path, "holds no SRTM tile: those have 1201 or 3601 samples a side")
            with archive.open(tiles[0]) as stream:
                return tiles[0].filename, stream.read(tiles[0].file_size + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise _refused(path, "is damaged: it cannot be unpacked") from error
    except (NotImplementedError, RuntimeError, ValueError, LookupError) as error:
        raise _refused(path, "is packed or locked in a way that is not read") from error


def _refused(path: Path, why: str) -> Refused:
    return Refused("map_unreadable", f"{path.name} {why}.")
