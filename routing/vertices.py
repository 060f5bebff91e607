"""The line of a path: the vertices of street pieces that join end to end."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from routing.graph import StreetGraph
from routing.path import Piece, Pieces, vertices_of, whole


class Vertices:
    """Coordinates, the OSM node of each (`None` where a street is cut), and the vertex at which each piece ends."""

    def __init__(self, graph: StreetGraph, pieces: Pieces) -> None:
        self._graph = graph
        self.coordinates: list[tuple[float, float]] = []
        self.nodes: list[int | None] = []
        self.end: list[int] = []
        marks = [-1, *(~whole(pieces)).nonzero()[0].tolist(), len(pieces)]
        for before, at in pairwise(marks):
            if before >= 0:
                self._add_part(pieces[before])
            if at > before + 1:
                self._add_whole(pieces.arc[before + 1 : at])

    def begin(self, piece: int) -> int:
        """The vertex at which a piece begins: where the one before it ends."""
        return self.end[piece - 1] if piece else 0

    def nodes_between(self, first: int, last: int) -> list[int]:
        """OSM nodes from one vertex to another, both included."""
        return [node for node in self.nodes[first : last + 1] if node is not None]

    def _add_part(self, piece: Piece) -> None:
        coordinates, nodes = vertices_of(self._graph, piece)
        skipped = 1 if self.coordinates else 0
        if skipped and self.nodes[-1] is None:
            self.nodes[-1] = nodes[0]
        self.coordinates += coordinates[skipped:]
        self.nodes += nodes[skipped:]
        self.end.append(len(self.coordinates) - 1)

    def _add_whole(self, arcs: NDArray[np.int64]) -> None:
        """All vertices of these arcs but the first of each, which is the last one before it."""
        graph, edge, back = self._graph, arcs >> 1, arcs & 1
        first, behind = graph.geom_start[edge], graph.geom_start[edge + 1]
        if not self.coordinates:
            at = int(first[0]) if not back[0] else int(behind[0]) - 1
            self.coordinates.append((float(graph.geom_lon[at]), float(graph.geom_lat[at])))
            self.nodes.append(int(graph.geom_node[at]))
        count = behind - first - 1
        ends = count.cumsum()
        step = 1 - 2 * back
        begin = np.where(back, behind - 2, first + 1) - step * (ends - count)
        at_all = begin.repeat(count) + step.repeat(count) * np.arange(int(ends[-1]))
        self.end += (ends + (len(self.coordinates) - 1)).tolist()
        self.coordinates += zip(graph.geom_lon[at_all].tolist(), graph.geom_lat[at_all].tolist(), strict=True)
        self.nodes += graph.geom_node[at_all].tolist()
