"""The judge's own search: is there a path that keeps every limit, and what is the least harm of any path.

Places are the answer's snapped locations. Where a location may mean several ways (a bridge over a street), the
promise is made only if it holds for all of them, unless the answer's own first or last way says which one was
meant.
"""

from __future__ import annotations

from itertools import pairwise, product
from typing import Any, NamedTuple

import numpy as np
import shapely
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import breadth_first_order, dijkstra

from bench.judge.graph import LAST, PUBLIC, Groups, SearchGraph, groups_of, search_graph
from bench.judge.limits import limits_of
from bench.judge.osm import JudgeMap
from bench.judge.tables import INFINITE

NODE_M = 0.02
TIE_M = 0.05
FAR_M = 5.0
OFF_HINT_M = 0.5
PLACES_MAX = 4


class Place(NamedTuple):
    """A point on stretch `stretch` at `share` of it, or (stretch -1) the node `node`.

    A node that joins private and public ways lies on the private one only when the answer's own way says so (`way`).
    """

    stretch: int
    share: float
    node: int
    way: int | None = None


def places(world: JudgeMap, lon: float, lat: float, way_id: int | None = None) -> list[Place]:
    """What a snapped location may mean; empty when it is on no way of this map."""
    tree = stretch_tree(world)
    at = shapely.Point(*world.metres(lon, lat))
    near = tree.query(at, predicate="dwithin", distance=FAR_M)
    if not len(near):
        return []
    lines = tree.geometries[near]
    away = shapely.distance(lines, at)
    close = near[away <= away.min() + TIE_M]
    named = [s for s in near[away <= OFF_HINT_M].tolist() if world.rows[world.row_of[s]].way_id == way_id]
    chosen = named or close.tolist()
    shares = shapely.line_locate_point(tree.geometries[chosen], at, normalized=True)
    out: list[Place] = []
    for stretch, share in zip(chosen, np.nan_to_num(shares).tolist(), strict=True):
        length = float(world.length[stretch])
        end = int(world.tail[stretch] if share < 0.5 else world.head[stretch])
        if min(share, 1 - share) * length <= NODE_M and end not in world.acting:
            out.append(Place(-1, 0.0, end, way_id if named else None))
        else:
            out.append(Place(stretch, share, -1))
    return list(dict.fromkeys(out))


def stretch_tree(world: JudgeMap) -> shapely.STRtree:
    if "tree" not in world.memo:
        ends = np.stack(
            [
                np.column_stack([world.x[world.tail], world.y[world.tail]]),
                np.column_stack([world.x[world.head], world.y[world.head]]),
            ],
            axis=1,
        )
        world.memo["tree"] = shapely.STRtree(shapely.linestrings(ends))
    return world.memo["tree"]


def compliant_exists(
    world: JudgeMap,
    request: dict[str, Any],
    snapped: list[dict[str, Any]],
    ways: list[int | None] | None = None,
) -> bool:
    """Does a path surely keep every hard limit between the snapped locations, leg by leg (`ways` names their ways)."""
    return _least(world, request, snapped, ways, strict=True) is not None


def least_points(
    world: JudgeMap,
    request: dict[str, Any],
    snapped: list[dict[str, Any]],
    ways: list[int | None] | None = None,
) -> float | None:
    """The fewest harm points of any passable path between the snapped locations; None = nothing passable connects."""
    return _least(world, request, snapped, ways, strict=False)


def _least(
    world: JudgeMap,
    request: dict[str, Any],
    snapped: list[dict[str, Any]],
    ways: list[int | None] | None,
    *,
    strict: bool,
) -> float | None:
    graph = search_graph(world, limits_of(request), strict=strict)
    named = ways or [None] * len(snapped)
    stops = [places(world, *s["location"][:2], way) for s, way in zip(snapped, named, strict=True)]
    points = 0.0
    for starts, ends in pairwise(stops):
        legs = [
            _leg(world, graph, start, end, strict=strict)
            for start, end in product(starts[:PLACES_MAX], ends[:PLACES_MAX])
        ]
        if not legs or INFINITE in legs:
            return None
        points += max(legs)
    return points


def _starts(world: JudgeMap, graph: SearchGraph, place: Place) -> dict[int, float]:
    """Vertices a journey from this place reaches first, and the harm until there."""
    out: dict[int, float] = {}
    fixed, per_m = graph.verdict.fixed, graph.verdict.per_m
    if place.stretch < 0:
        for c in _at_node(world, graph, place, graph.by_tail.get(place.node)):
            if graph.layer[c] != LAST:
                vertex = int(graph.tail_vertex[c])
                out[vertex] = min(out.get(vertex, INFINITE), float(fixed[graph.arc[c]]))
        return out
    for arc, share in ((2 * place.stretch, 1 - place.share), (2 * place.stretch + 1, place.share)):
        for c in graph.by_arc.get(arc):
            if graph.layer[c] != LAST:
                walked = share * float(world.length[place.stretch])
                out[int(graph.head_vertex[c])] = float(fixed[arc]) + walked * float(per_m[arc])
    return out


def _at_node(world: JudgeMap, graph: SearchGraph, place: Place, copies: list[int]) -> list[int]:
    """Arcs at a node by which a journey may begin or end: private ones only where the place lies on a private way."""
    around = _incident(world).get(place.node)
    arcs = 2 * (np.array(around, dtype=np.int64) % len(world.tail))
    private = graph.verdict.private[arcs]
    named = {world.rows[world.row_of[a // 2]].way_id for a in arcs[private].tolist()}
    if place.way in named or (private | graph.verdict.never[arcs]).all():
        return copies
    return [c for c in copies if graph.layer[c] == PUBLIC]


def _incident(world: JudgeMap) -> Groups:
    """Stretches by node: position modulo their number."""
    if "incident" not in world.memo:
        world.memo["incident"] = groups_of(np.concatenate([world.tail, world.head]))
    return world.memo["incident"]


def _ends(world: JudgeMap, graph: SearchGraph, place: Place) -> dict[int, float]:
    """Vertices from which this place is reached last, and the harm from there on."""
    if place.stretch < 0:
        return {int(graph.head_vertex[c]): 0.0 for c in _at_node(world, graph, place, graph.by_head.get(place.node))}
    out = {}
    for arc, share in ((2 * place.stretch, place.share), (2 * place.stretch + 1, 1 - place.share)):
        for c in graph.by_arc.get(arc):
            out[int(graph.tail_vertex[c])] = share * float(world.length[place.stretch] * graph.verdict.per_m[arc])
    return out


def _direct(world: JudgeMap, graph: SearchGraph, start: Place, end: Place) -> float:
    """Both on one stretch, or one place."""
    if start == end:
        return 0.0
    if start.stretch != end.stretch or start.stretch < 0:
        return INFINITE
    arc = 2 * start.stretch + int(end.share < start.share)
    if not graph.by_arc.get(arc):
        return INFINITE
    walked = abs(end.share - start.share) * float(world.length[start.stretch])
    return float(graph.verdict.fixed[arc]) + walked * float(graph.verdict.per_m[arc])


def _leg(world: JudgeMap, graph: SearchGraph, start: Place, end: Place, *, strict: bool) -> float:
    best = _direct(world, graph, start, end)
    first, last = _starts(world, graph, start), _ends(world, graph, end)
    if best == 0.0 or not first or not last:
        return best
    root = graph.matrix.shape[0] - 1
    grown = _with_start(graph.matrix, first)
    if strict:
        order = breadth_first_order(grown, root, return_predecessors=False)
        return 0.0 if np.isin(list(last), order).any() else best
    far = dijkstra(grown, indices=root)
    return min(best, *(float(far[v]) + harm for v, harm in last.items()))


def _with_start(matrix: csr_matrix, first: dict[int, float]) -> csr_matrix:
    """The same graph with arcs from its empty last row to the first vertices."""
    indptr = matrix.indptr.copy()
    indptr[-1] += len(first)
    weights = np.array(list(first.values())) + 1e-9
    indices = np.concatenate([matrix.indices, np.array(list(first), dtype=matrix.indices.dtype)])
    return csr_matrix((np.concatenate([matrix.data, weights]), indices, indptr), shape=matrix.shape)
