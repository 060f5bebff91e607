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
        self._parts: list[NDArray[np.float64]] = []
        """Degrees, and metres from the vertex before [v, 3]."""
        self.nodes: list[int | None] = []
        self.end: list[int] = []
        marks = [-1, *(~whole(pieces)).nonzero()[0].tolist(), len(pieces)]
        for before, at in pairwise(marks):
            if before >= 0:
                self._add_part(pieces[before])
            if at > before + 1:
                self._add_whole(pieces.arc[before + 1 : at])
        found = np.concatenate(self._parts) if self._parts else np.empty((0, 3))
        lon, lat = found[:, :2].T.tolist()
        self.columns: tuple[list[float], list[float]] = (lon, lat)
        """Longitudes and latitudes."""
        self.lonlat: NDArray[np.float64] = found[:, :2]
        """Degrees [V, 2]."""
        self.walked_m: NDArray[np.float64] = found[:, 2].cumsum()
        """Metres to each vertex [V]."""

    def begin(self, piece: int) -> int:
        """The vertex at which a piece begins: where the one before it ends."""
        return self.end[piece - 1] if piece else 0

    def nodes_between(self, first: int, last: int) -> list[int]:
        """OSM nodes from one vertex to another, both included."""
        nodes = self.nodes[first : last + 1]
        return [node for node in nodes if node is not None] if None in nodes else nodes  # type: ignore[return-value]

    def _add_part(self, piece: Piece) -> None:
        coordinates, nodes, share = vertices_of(self._graph, piece)
        skipped = 1 if self.nodes else 0
        if skipped and self.nodes[-1] is None:
            self.nodes[-1] = nodes[0]
        metres = float(self._graph.edge_length_m[piece.edge])
        steps = [0.0, *(metres * (b - a) for a, b in pairwise(share))]
        rows = [(*place, step) for place, step in zip(coordinates, steps, strict=True)]
        self._parts.append(np.array(rows[skipped:]).reshape(-1, 3))
        self.nodes += nodes[skipped:]
        self.end.append(len(self.nodes) - 1)

    def _add_whole(self, arcs: NDArray[np.int64]) -> None:
        """All vertices of these arcs but the first of each, which is the last one before it."""
        graph, edge, back = self._graph, arcs >> 1, arcs & 1
        first, behind = graph.geom_start[edge], graph.geom_start[edge + 1]
        count = behind - first - 1
        begins = not self.nodes
        if begins:
            count[0] += 1
        ends = count.cumsum()
        step = 1 - 2 * back
        begin = np.where(back, first, behind - 1) - step * (ends - 1)
        at = begin.repeat(count) + step.repeat(count) * np.arange(int(ends[-1]))
        self.end += (ends + (len(self.nodes) - 1)).tolist()
        part = np.empty((len(at), 3))
        part[:, 0], part[:, 1] = graph.geom_lon[at], graph.geom_lat[at]
        # Against the way a vertex is as far from the one before it as that one is in the street's own order.
        before = at + back.repeat(count)
        if begins:
            before[0] = first[0]
        part[:, 2] = graph.geom_step_m[before]
        self._parts.append(part)
        self.nodes += graph.geom_node[at].tolist()
