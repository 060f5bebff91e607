"""A path given by its streets: a way of the map, from node to node; what is passed in between is found."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np

from routing.graph import StreetGraph
from routing.path import Piece


def pieces_along(graph: StreetGraph, streets: Sequence[tuple[int, int, int]]) -> list[Piece]:
    """Whole pieces for every `(way, first node, last node)` with the passages and entrances between them."""
    pieces: list[Piece] = []
    for way, first, last in streets:
        piece = _street(graph, way, first, last)
        if pieces:
            pieces += _between(graph, _head(graph, pieces[-1].arc), _head(graph, piece.arc ^ 1))
        pieces.append(piece)
    return pieces


def streets_along(graph: StreetGraph, pieces: Sequence[Piece]) -> list[tuple[int, int, int]]:
    """The other way round: what `pieces_along` needs to find these whole streets again."""
    out = []
    for piece in pieces:
        if graph.is_passage(piece.edge) or graph.is_entrance(piece.edge):
            continue
        ids = graph.geom_node[graph.vertices(piece.edge)]
        first, last = (ids[-1], ids[0]) if piece.reverse else (ids[0], ids[-1])
        out.append((int(graph.edge_way[piece.edge]), int(first), int(last)))
    return out


def _head(graph: StreetGraph, arc: int) -> int:
    return int((graph.edge_tail if arc & 1 else graph.edge_head)[arc >> 1])


def _street(graph: StreetGraph, way: int, first: int, last: int) -> Piece:
    for edge in np.flatnonzero(graph.edge_way == way).tolist():
        ids = graph.geom_node[graph.vertices(edge)]
        if (ids[0], ids[-1]) == (first, last):
            return Piece(2 * edge)
        if (ids[-1], ids[0]) == (first, last):
            return Piece(2 * edge + 1)
    raise AssertionError(f"the map has no street of way {way} from {first} to {last}")


def _between(graph: StreetGraph, start: int, end: int) -> list[Piece]:
    """Passages and entrances from one graph node to another of the same OSM node."""
    short = [*range(graph.first_passage, graph.edge_count)]
    short += np.flatnonzero(graph.edge_length_m[: graph.first_passage] == 0).tolist()
    leaving: dict[int, list[int]] = {}
    for edge in short:
        for arc in (2 * edge, 2 * edge + 1):
            leaving.setdefault(_head(graph, arc ^ 1), []).append(arc)
    came: dict[int, list[Piece]] = {start: []}
    queue = deque([start])
    while queue and end not in came:
        node = queue.popleft()
        for arc in leaving.get(node, []):
            if _head(graph, arc) not in came:
                came[_head(graph, arc)] = [*came[node], Piece(arc)]
                queue.append(_head(graph, arc))
    return came[end]
