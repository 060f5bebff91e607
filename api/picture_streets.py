"""The streets around a route, drawn thin: where one is, without competing with the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from accessibility.facts.words import WayKind
from api.picture_frame import Frame, Pixels, path, thinned
from routing.graph import StreetGraph
from routing.placing import Placer

VERTICES_MAX = 20_000
"""Of all streets together; beyond that roads before paths, long ones before short ones."""
ROADS, PATHS, STEPS, SQUARES = 0, 1, 2, 3


@dataclass(frozen=True)
class Streets:
    """What is drawn: for each kind one path of many lines; and the straight stretches names could stand on."""

    roads: str
    paths: str
    steps: str
    squares: str
    """All the lines of sight across them: together they look like a floor."""
    named: list[tuple[str, Pixels]]
    """A name and its longest straight stretch [2, 2], the longest first."""


def streets_in(frame: Frame, graph: StreetGraph, placer: Placer) -> Streets:
    """The streets of a frame; may be asked from any thread."""
    edges, lines = placer.lines_within(*frame.box_m)
    kind = _kinds(graph, edges)
    best_first = np.lexsort((-graph.way_metres[edges], kind != ROADS))
    edges, lines, kind = edges[best_first], lines[best_first], kind[best_first]
    few = np.cumsum(shapely.get_num_coordinates(lines)) <= VERTICES_MAX
    edges, lines, kind = edges[few], lines[few], kind[few]
    metres, row = shapely.get_coordinates(lines, return_index=True)
    pixels = frame.of_plane(metres)
    kept = thinned(pixels, row)
    pixels, row = pixels[kept], row[kept]
    first = np.searchsorted(row, np.arange(len(lines) + 1))
    roads, paths, steps, squares = (
        _many(pixels, first, np.flatnonzero(kind == one)) for one in (ROADS, PATHS, STEPS, SQUARES)
    )
    names = graph.edge_name[edges]
    return Streets(roads, paths, steps, squares, list(_named(graph, names, pixels, row)))


def _kinds(graph: StreetGraph, edges: NDArray[np.intp]) -> NDArray[np.int64]:
    rows, where = np.unique(graph.edge_facts[edges], return_inverse=True)
    kinds = []
    for row in rows.tolist():
        facts = graph.way_facts[row]
        kinds.append(STEPS if facts.kind is WayKind.STEPS else ROADS if facts.carriageway else PATHS)
    found = np.array(kinds, np.int64)[where]
    return np.where((found == PATHS) & (graph.edge_area[edges] != 0), SQUARES, found)


def _many(pixels: Pixels, first: NDArray[np.intp], chosen: NDArray[np.intp]) -> str:
    return "".join(path(pixels[first[one] : first[one + 1]]) for one in chosen.tolist())


def _named(
    graph: StreetGraph, names: NDArray[np.int32], pixels: Pixels, row: NDArray[np.intp]
) -> Iterator[tuple[str, Pixels]]:
    """Every name once."""
    if len(pixels) < 2:
        return
    step = pixels[1:] - pixels[:-1]
    length = np.where(row[1:] == row[:-1], np.hypot(step[:, 0], step[:, 1]), 0.0)
    name = names[row[:-1]]
    seen: set[int] = set()
    for at in np.argsort(-length, kind="stable")[:2000].tolist():
        key = int(name[at])
        if key >= 0 and key not in seen and length[at] > 0:
            seen.add(key)
            if sum(map(str.isalpha, graph.names[key])) > 1:  # the number of a platform leads nobody
                yield graph.names[key], pixels[at : at + 2]
