"""Plazas: straight ways across open space, between the places where one enters it, round what stands on it (ENGINE 11).

A plaza is a closed way or a multipolygon on which one walks. Its corners that stick into the way and its entries see
each other or not; what lies on a shortest way from entry to entry becomes a way of its own, from map node to map node.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra
from shapely.geometry.base import BaseGeometry

from accessibility import tags
from accessibility.tags.surroundings import Obstacle, obstacle, plaza
from routing.elements_raw import RawMap, RawRelation, RawWay
from routing.plane import Plane

ENTRIES_MAX = 30
"""With more entries than this the triangles of the area are walked instead of straight lines of sight."""
CORNERS_MAX = 80
SLACK_M = 0.05
"""A line of sight may touch the rim this closely."""
SIMPLIFIED_M = 0.5
"""A corner that sticks out less than this hides nothing."""
AREA_MIN_M2 = 4.0

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Plaza:
    """One open area: its element id (negative for a relation), its tags, its shape in metres."""

    area_id: int
    tags: dict[str, str]
    shape: BaseGeometry
    nodes: NDArray[np.int64]
    """Map nodes of all rims and of what stands on it."""


def ways_across(raw: RawMap, ways: Sequence[RawWay]) -> Iterator[tuple[int, RawWay]]:
    """`(area id, way)` for every straight stretch across a plaza between the `ways` one walks, and its entrances."""
    met = Counter(ref for way in ways for ref in set(way.refs))
    doors = {osm_id for osm_id, found in raw.node_tags.items() if tags.node_facts(found).entrance}
    plane = Plane.around(raw.lon, raw.lat)
    x, y = plane.xy(raw.lon, raw.lat)
    places = np.column_stack([x, y])
    for found in _plazas(raw, places):
        at = places[raw.positions(found.nodes)]
        others = 2 if found.area_id > 0 else 1  # a closed way is one of the ways at its own nodes
        entry = np.array([met[ref] >= others or ref in doors for ref in found.nodes.tolist()])
        for a, b in _stretches(found, at, entry):
            yield found.area_id, RawWay(max(found.area_id, 0), (int(found.nodes[a]), int(found.nodes[b])), found.tags)


def _plazas(raw: RawMap, places: Floats) -> Iterator[Plaza]:
    by_id: dict[int, list[RawWay]] = {}
    for way in raw.ways:
        by_id.setdefault(way.id, []).append(way)
    blocks = [way for way in raw.ways if way.closed and obstacle(way.tags) is Obstacle.AREA]
    shapes = [_ring(raw, way, places) for way in blocks]
    tree = shapely.STRtree(shapes)
    for way in raw.ways:
        if way.closed and plaza(way.tags):
            yield from _cleared(raw, way.id, way.tags, _ring(raw, way, places), [way], tree, blocks, shapes)
    for relation in raw.relations:
        if plaza(relation.tags, relation=True):
            rims = [way for kind, ref, _ in relation.members if kind == "w" for way in by_id.get(ref, ())]
            yield from _cleared(
                raw, -relation.id, relation.tags, _filled(raw, relation, by_id, places), rims, tree, blocks, shapes
            )


def _ring(raw: RawMap, way: RawWay, places: Floats) -> BaseGeometry:
    return shapely.make_valid(shapely.Polygon(places[raw.positions(way.refs)]))


def _filled(raw: RawMap, relation: RawRelation, by_id: dict[int, list[RawWay]], places: Floats) -> BaseGeometry:
    """The area a relation's outer rims enclose, less what its inner rims do."""
    lines: dict[bool, list[BaseGeometry]] = {False: [], True: []}
    for kind, ref, role in relation.members:
        if kind == "w":
            for way in by_id.get(ref, ()):
                lines[role == "inner"].append(shapely.LineString(places[raw.positions(way.refs)]))
    outer, inner = (shapely.union_all(_closed(lines[which])) for which in (False, True))
    return shapely.difference(outer, inner)


def _closed(lines: list[BaseGeometry]) -> list[BaseGeometry]:
    if not lines:
        return []
    return list(shapely.get_parts(shapely.polygonize([shapely.line_merge(shapely.union_all(lines))])))


def _cleared(
    raw: RawMap,
    area_id: int,
    found: dict[str, str],
    shape: BaseGeometry,
    rims: list[RawWay],
    tree: shapely.STRtree,
    blocks: list[RawWay],
    shapes: list[BaseGeometry],
) -> Iterator[Plaza]:
    """The plaza less the buildings and waters that stand on it."""
    if shape.is_empty or shape.area < AREA_MIN_M2:
        return
    standing = [i for i in tree.query(shape, predicate="intersects").tolist() if not shapes[i].covers(shape)]
    open_ = shapely.difference(shape, shapely.union_all([shapes[i] for i in standing])) if standing else shape
    refs = {ref for way in (*rims, *(blocks[i] for i in standing)) for ref in way.refs}
    yield Plaza(area_id, dict(found), open_, np.array(sorted(refs), np.int64))


def _stretches(plaza: Plaza, at: Floats, entry: NDArray[np.bool_]) -> Iterable[tuple[int, int]]:
    """Pairs of rows of `plaza.nodes` between which one walks straight."""
    roomy = plaza.shape.buffer(SLACK_M)
    shapely.prepare(roomy)
    inside = shapely.covers(roomy, shapely.points(at))
    entry = inside & entry
    if entry.sum() < 2:
        return []
    corner = inside & ~entry & _sticks_in(plaza.shape, at)
    chosen = np.flatnonzero(entry | corner)
    if entry.sum() > ENTRIES_MAX or corner.sum() > CORNERS_MAX:
        return _triangles(plaza.shape, at, chosen)
    return _shortest(at, chosen, entry[chosen], roomy)


def _sticks_in(shape: BaseGeometry, at: Floats) -> NDArray[np.bool_]:
    """Which places are corners of the rim that stick into the open and are walked round."""
    reflex: set[tuple[float, float]] = set()
    for polygon in shapely.get_parts(shapely.simplify(shape, SIMPLIFIED_M)):
        if polygon.geom_type != "Polygon":
            continue
        polygon = shapely.orient_polygons(polygon)
        for ring in (polygon.exterior, *polygon.interiors):
            line = shapely.get_coordinates(ring)[:-1]
            before, after = line - np.roll(line, 1, axis=0), np.roll(line, -1, axis=0) - line
            turn = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
            reflex.update(map(tuple, np.round(line[turn < 0], 3)))
    return np.fromiter((tuple(place) in reflex for place in np.round(at, 3)), bool, len(at))


def _shortest(
    at: Floats, chosen: NDArray[np.intp], is_entry: NDArray[np.bool_], roomy: BaseGeometry
) -> Iterable[tuple[int, int]]:
    """Lines of sight that lie on a shortest way between two entries."""
    first, second = np.triu_indices(len(chosen), 1)
    ends = np.stack([at[chosen[first]], at[chosen[second]]], axis=1)
    seen = shapely.covers(roomy, shapely.linestrings(ends))
    first, second = first[seen], second[seen]
    length = np.hypot(*(ends[seen, 0] - ends[seen, 1]).T)
    sight = csr_matrix((np.maximum(length, 1e-6), (first, second)), shape=(len(chosen),) * 2)
    entries = np.flatnonzero(is_entry)
    _, before = dijkstra(sight, directed=False, indices=entries, return_predecessors=True)
    kept = set()
    for row, _ in enumerate(entries):
        for target in entries.tolist():
            while (previous := int(before[row, target])) >= 0:
                kept.add((min(previous, target), max(previous, target)))
                target = previous
    return [(int(chosen[a]), int(chosen[b])) for a, b in sorted(kept)]


def _triangles(shape: BaseGeometry, at: Floats, chosen: NDArray[np.intp]) -> Iterable[tuple[int, int]]:
    """The sides of the area's triangles between known places."""
    row_of = {tuple(np.round(at[row], 3)): int(row) for row in chosen}
    kept = set()
    for triangle in shapely.get_parts(shapely.constrained_delaunay_triangles(shape)):
        corners = [row_of.get(tuple(place)) for place in np.round(shapely.get_coordinates(triangle)[:3], 3)]
        for a, b in zip(corners, corners[1:] + corners[:1], strict=True):
            if a is not None and b is not None and a != b:
                kept.add((min(a, b), max(a, b)))
    return sorted(kept)
