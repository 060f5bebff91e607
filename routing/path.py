"""A path through the graph as pieces of arcs, and what can be read off it without asking what it means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.geodesy import distance_m
from routing.graph import StreetGraph


class Piece(NamedTuple):
    """Part of an arc, by fractions of its length in the direction of travel; whole arcs run from 0 to 1."""

    arc: int
    start: float = 0.0
    end: float = 1.0

    @property
    def edge(self) -> int:
        return self.arc >> 1

    @property
    def reverse(self) -> bool:
        return bool(self.arc & 1)

    @property
    def share(self) -> float:
        return self.end - self.start


class Line(NamedTuple):
    """Vertices of one street piece in the direction of travel; `node_ids` are the OSM nodes among them, in order."""

    coordinates: list[tuple[float, float]]
    node_ids: list[int]


_CUT = 1e-9


def tidy(pieces: Sequence[Piece]) -> list[Piece]:
    """Drop street pieces of no length; whole passages stay."""
    return [piece for piece in pieces if piece.share > _CUT]


def line_of(graph: StreetGraph, piece: Piece) -> Line:
    """The geometry of a street piece, cut exactly at its fractions."""
    span = graph.vertices(piece.edge)
    lon, lat, node = graph.geom_lon[span], graph.geom_lat[span], graph.geom_node[span]
    if piece.reverse:
        lon, lat, node = lon[::-1], lat[::-1], node[::-1]
    if piece.start <= _CUT and piece.end >= 1 - _CUT:
        return Line(list(zip(lon.tolist(), lat.tolist(), strict=True)), node.tolist())
    return _cut(lon, lat, node, piece)


def _cut(lon: NDArray[np.float64], lat: NDArray[np.float64], node: NDArray[np.int64], piece: Piece) -> Line:
    along = np.concatenate([[0.0], np.cumsum(distance_m(lon[:-1], lat[:-1], lon[1:], lat[1:]))])
    along /= along[-1] if along[-1] > 0 else 1.0
    inside = np.flatnonzero((along >= piece.start - _CUT) & (along <= piece.end + _CUT))
    coordinates = list(zip(lon[inside].tolist(), lat[inside].tolist(), strict=True))
    ends = [(float(np.interp(f, along, lon)), float(np.interp(f, along, lat))) for f in (piece.start, piece.end)]
    if not len(inside) or abs(along[inside[0]] - piece.start) > _CUT:
        coordinates.insert(0, ends[0])
    if not len(inside) or abs(along[inside[-1]] - piece.end) > _CUT:
        coordinates.append(ends[1])
    return Line(coordinates, node[inside].tolist())
