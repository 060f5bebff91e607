"""A path through the graph as pieces of arcs, and what can be read off it without asking what it means."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

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


class Pieces(Sequence[Piece]):
    """Pieces one behind the other as arrays [P]: a path is read in columns, and looked at one by one where that is
    wanted."""

    __slots__ = ("arc", "end", "start")

    def __init__(self, arc: NDArray[np.int64], start: NDArray[np.float64], end: NDArray[np.float64]) -> None:
        self.arc, self.start, self.end = arc, start, end

    @classmethod
    def of(cls, pieces: Sequence[Piece]) -> Pieces:
        """The same pieces; themselves when they are columns already."""
        if isinstance(pieces, Pieces):
            return pieces
        columns = np.array(pieces, np.float64).reshape(-1, 3)
        return cls(columns[:, 0].astype(np.int64), columns[:, 1], columns[:, 2])

    @classmethod
    def joined(cls, first: Sequence[Piece], arcs: NDArray[np.integer], last: Sequence[Piece]) -> Pieces:
        """`first`, then whole arcs, then `last`."""
        before, after = len(first), len(first) + len(arcs)
        arc = np.empty(after + len(last), np.int64)
        start, end = np.zeros(len(arc)), np.ones(len(arc))
        arc[before:after] = arcs
        for at, piece in (*enumerate(first), *enumerate(last, after)):
            arc[at], start[at], end[at] = piece
        return cls(arc, start, end)

    @property
    def edge(self) -> NDArray[np.int64]:
        return self.arc >> 1

    @property
    def share(self) -> NDArray[np.float64]:
        return self.end - self.start

    def retraced(self) -> Pieces:
        """The same pieces walked back, last one first."""
        return Pieces(self.arc[::-1] ^ 1, 1.0 - self.end[::-1], 1.0 - self.start[::-1])

    def only(self, rows: NDArray[np.integer] | NDArray[np.bool_] | slice) -> Pieces:
        return Pieces(self.arc[rows], self.start[rows], self.end[rows])

    def __len__(self) -> int:
        return len(self.arc)

    @overload
    def __getitem__(self, row: int) -> Piece: ...
    @overload
    def __getitem__(self, row: slice) -> Pieces: ...
    def __getitem__(self, row: int | slice) -> Piece | Pieces:
        if isinstance(row, slice):
            return self.only(row)
        return Piece(int(self.arc[row]), float(self.start[row]), float(self.end[row]))

    def __iter__(self) -> Iterator[Piece]:
        return map(Piece, self.arc.tolist(), self.start.tolist(), self.end.tolist())


class Line(NamedTuple):
    """Vertices of one street piece in the direction of travel; `node_ids` are the OSM nodes among them, in order."""

    coordinates: list[tuple[float, float]]
    node_ids: list[int]


_CUT = 1e-9


def tidy(pieces: Sequence[Piece]) -> list[Piece]:
    """Drop street pieces of no length; whole passages stay."""
    return [piece for piece in pieces if piece.share > _CUT]


def whole(pieces: Pieces) -> NDArray[np.bool_]:
    """Which of them run from end to end [P]."""
    return (pieces.start <= _CUT) & (pieces.end >= 1 - _CUT)


def line_of(graph: StreetGraph, piece: Piece) -> Line:
    """The geometry of a street piece, cut exactly at its fractions."""
    found = vertices_of(graph, piece)
    return Line(found.coordinates, [node for node in found.nodes if node is not None])


class Cut(NamedTuple):
    """Vertices of a street piece in the direction of travel, with their OSM nodes (where it is cut there is none) and
    the share of the street's length at each."""

    coordinates: list[tuple[float, float]]
    nodes: list[int | None]
    share: list[float]


def vertices_of(graph: StreetGraph, piece: Piece) -> Cut:
    """The vertices of a street piece, cut exactly at its fractions."""
    span = graph.vertices(piece.edge)
    lon, lat, node = (a[span].tolist() for a in (graph.geom_lon, graph.geom_lat, graph.geom_node))
    if piece.reverse:
        for values in (lon, lat, node):
            values.reverse()
    along: list[float] = graph.geom_share[span].tolist()
    if piece.reverse:
        along = [1.0 - share for share in reversed(along)]
    if piece.start <= _CUT and piece.end >= 1 - _CUT:
        return Cut(list(zip(lon, lat, strict=True)), node, along)
    return _cut(lon, lat, node, along, piece)


def _cut(lon: list[float], lat: list[float], node: list[int], along: list[float], piece: Piece) -> Cut:
    """`along`: the share of the street's length at each vertex, ascending."""
    first, last = bisect_left(along, piece.start - _CUT), bisect_right(along, piece.end + _CUT)
    out = Cut(list(zip(lon[first:last], lat[first:last], strict=True)), [*node[first:last]], along[first:last])
    if first == last or abs(along[first] - piece.start) > _CUT:
        out.coordinates.insert(0, _at(lon, lat, along, piece.start))
        out.nodes.insert(0, None)
        out.share.insert(0, piece.start)
    if first == last or abs(along[last - 1] - piece.end) > _CUT:
        out.coordinates.append(_at(lon, lat, along, piece.end))
        out.nodes.append(None)
        out.share.append(piece.end)
    return out


def _at(lon: list[float], lat: list[float], along: list[float], share: float) -> tuple[float, float]:
    """The place at this share of the street's length."""
    row = min(max(bisect_right(along, share), 1), len(along) - 1)
    step = along[row] - along[row - 1]
    part = min(max((share - along[row - 1]) / step, 0.0), 1.0) if step > 0 else 0.0
    return lon[row - 1] + part * (lon[row] - lon[row - 1]), lat[row - 1] + part * (lat[row] - lat[row - 1])
