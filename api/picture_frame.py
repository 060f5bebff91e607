"""Where the ground lies in a picture: metres of the map's plane → pixels, and a round length to measure by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.answers import Coordinate
from routing.plane import Plane

WIDTH, HEIGHT = 1024, 768
MARGIN = 56
"""Pixels kept free around what must be seen, for marks and their numbers."""
FINEST_M = 0.25
"""Metres of a pixel at the most, so that a way of a few metres still shows where it is."""
SCALE_BAR = 160

Pixels = NDArray[np.float64]


@dataclass(frozen=True)
class Frame:
    """The part of the picture that shows the map: `top` to `bottom` in pixels, over its whole width."""

    plane: Plane
    left_m: float
    top_m: float
    metres: float
    """… of one pixel."""
    top: int
    bottom: int

    @classmethod
    def around(cls, plane: Plane, places: Sequence[Coordinate], top: int, bottom: int) -> Frame:
        """The frame in the middle of which all these places lie, as large as fits."""
        lonlat = np.array(places, np.float64)
        x, y = plane.xy(lonlat[:, 0], lonlat[:, 1])
        across, up = WIDTH - 2 * MARGIN, bottom - top - 2 * MARGIN
        metres = max(float(np.ptp(x)) / across, float(np.ptp(y)) / up, FINEST_M)
        middle_x, middle_y = (x.min() + x.max()) / 2, (y.min() + y.max()) / 2
        return cls(
            plane,
            float(middle_x - metres * WIDTH / 2),
            float(middle_y + metres * (bottom - top) / 2),
            metres,
            top,
            bottom,
        )

    def pixels(self, lonlat: Sequence[Coordinate]) -> Pixels:
        """Places → pixels [k, 2]."""
        found = np.array(lonlat, np.float64).reshape(-1, 2)
        x, y = self.plane.xy(found[:, 0], found[:, 1])
        return self.of_plane(np.column_stack([x, y]))

    def of_plane(self, metres: Pixels) -> Pixels:
        """Metres of the plane [k, 2] → pixels [k, 2]."""
        x, y = metres[:, 0] - self.left_m, self.top_m - metres[:, 1]
        return np.column_stack([x, y]) / self.metres + [0, self.top]

    @property
    def box_m(self) -> tuple[float, float, float, float]:
        """West, south, east, north in metres of the plane."""
        south = self.top_m - self.metres * (self.bottom - self.top)
        return self.left_m, south, self.left_m + self.metres * WIDTH, self.top_m

    def scale(self, unit_m: float = 1.0) -> tuple[int, float]:
        """A round number of a unit and the pixels it takes, at most `SCALE_BAR`; 0 where one would take more."""
        ground = self.metres * self.plane.true_length(self.left_m + self.metres * WIDTH / 2) / unit_m
        longest = SCALE_BAR * ground
        if longest < 1:
            return 0, 0.0
        power = 10 ** int(np.floor(np.log10(longest)))
        length = next(step * power for step in (5, 2, 1) if step * power <= longest)
        return int(length), length / ground


def thinned(pixels: Pixels, line: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Which vertices of many lines to draw: both ends, and whatever is not in the same pixel as the one before [k]."""
    whole = np.rint(pixels)
    kept = np.ones(len(pixels), np.bool_)
    kept[1:] = (whole[1:] != whole[:-1]).any(axis=1) | (line[1:] != line[:-1])
    kept[:-1] |= line[1:] != line[:-1]
    return kept


def path(pixels: Pixels) -> str:
    """The `d` of one line."""
    return "M" + " ".join([f"{x:.1f},{y:.1f}" for x, y in pixels.tolist()])


def arrow_heads(line: Pixels, every: float = 90.0) -> Iterator[str]:
    """The `d` of arrow heads along a line, in the middle of straight stretches, about so many pixels apart."""
    step = line[1:] - line[:-1]
    length = np.hypot(step[:, 0], step[:, 1])
    since = every / 2
    for (x, y), (east, south), pixels in zip(line.tolist(), step.tolist(), length.tolist(), strict=False):
        since += pixels
        if pixels < 10 or since < every:
            continue
        east, south = east / pixels, south / pixels
        count = max(1, int(pixels // every))
        for one in range(count):
            along = (one + 0.5) * pixels / count
            tip = (x + east * (along + 3), y + south * (along + 3))
            left = (tip[0] - 5 * east + 2.5 * south, tip[1] - 5 * south - 2.5 * east)
            right = (tip[0] - 5 * east - 2.5 * south, tip[1] - 5 * south + 2.5 * east)
            yield path(np.array([left, tip, right]))
        since = 0.0
