"""Where the perpendiculars from places onto the streets around them meet the ground: plain geometry in the plane."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from routing.graph import SIDES

LEFT = SIDES.index("left")

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Feet(NamedTuple):
    """The nearest points of some streets in the plane: the vertex before each and the share of the way to the next."""

    edge: Ints
    vertex: Ints
    share: Floats
    x: Floats
    y: Floats
    away: Floats

    def only(self, rows: Ints | Bools | slice) -> Feet:
        edge, vertex, share, x, y, away = self
        return Feet(edge[rows], vertex[rows], share[rows], x[rows], y[rows], away[rows])


class Perpendiculars:
    """The streets of one map in the plane, indexed. Built once per map, shared by all threads."""

    def __init__(self, start: Ints, x: Floats, y: Floats, side: NDArray[np.int8] | None) -> None:
        """Street e owns vertices `start[e]:start[e + 1]` of `x`, `y`; `side`: index into `SIDES` [S]."""
        self._start, self._x, self._y, self._side = start, x, y, side
        counts: Ints = np.diff(start)
        self.lines = shapely.linestrings(x, y, indices=np.repeat(np.arange(len(counts)), counts))
        self.tree = shapely.STRtree(self.lines)

    def near(self, x: Floats, y: Floats, radius: float) -> list[Feet]:
        """For each place [k] the nearest point of every street within `radius` metres, nearest first."""
        at, edge = self.tree.query(shapely.box(x - radius, y - radius, x + radius, y + radius))
        order = np.lexsort((edge, at))
        at, edge = at[order], edge[order]
        if not len(edge):
            nothing = np.zeros(0)
            return [Feet(edge, edge, nothing, nothing, nothing, nothing)] * len(x)
        found = self._feet(x[at], y[at], edge)
        order = np.lexsort((found.away + self._across_m(found, x[at], y[at]), at))
        order = order[found.away[order] <= radius]
        marks = at[order].searchsorted(np.arange(len(x) + 1)).tolist()
        found = found.only(order)
        return [found.only(slice(a, b)) for a, b in pairwise(marks)]

    def _feet(self, x: Floats, y: Floats, edge: Ints) -> Feet:
        """The foot of place `x[i]`, `y[i]` on street `edge[i]`."""
        first = self._start[edge]
        pieces = self._start[edge + 1] - 1 - first
        ends = pieces.cumsum()
        begin = ends - pieces
        vertex = np.arange(int(ends[-1])) + (first - begin).repeat(pieces)
        ax, ay = self._x[vertex], self._y[vertex]
        bx, by = self._x[vertex + 1] - ax, self._y[vertex + 1] - ay
        at_x, at_y = x.repeat(pieces), y.repeat(pieces)
        share = ((at_x - ax) * bx + (at_y - ay) * by) / np.maximum(bx * bx + by * by, 1e-12)
        share = np.minimum(np.maximum(share, 0.0), 1.0)
        foot_x, foot_y = ax + share * bx, ay + share * by
        away = np.hypot(foot_x - at_x, foot_y - at_y)
        least = np.minimum.reduceat(away, begin)
        is_least = (away == least.repeat(pieces)).nonzero()[0]
        at = is_least[is_least.searchsorted(begin)]
        return Feet(edge, vertex[at], share[at], foot_x[at], foot_y[at], least)

    def _across_m(self, feet: Feet, x: Floats, y: Floats) -> Floats | float:
        """A millimetre for the sidewalk across the street: both are drawn on one line, the place is beside one."""
        if self._side is None or not (side := self._side[feet.edge]).any():
            return 0.0
        vertex = feet.vertex
        along_x, along_y = self._x[vertex + 1] - self._x[vertex], self._y[vertex + 1] - self._y[vertex]
        to_the_left = along_x * (y - self._y[vertex]) - along_y * (x - self._x[vertex]) > 0
        return np.where((side != 0) & ((side == LEFT) != to_the_left), 1e-3, 0.0)
