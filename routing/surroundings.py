"""The obstacles of a map, from its elements: building outlines, water, rivers and rails (CONTRACT §3 "Snap")."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from accessibility.tags.surroundings import Obstacle, obstacle
from routing.elements_packed import AT_ONCE, ways_by_id
from routing.elements_raw import RawMap, RawRelation, RawWay
from routing.obstacles import Obstacles
from routing.plane import Plane


def obstacles_of(raw: RawMap, plane: Plane) -> Obstacles:
    """Everything one cannot walk straight through, in the metres of `plane`."""
    x, y = plane.xy(raw.lon, raw.lat)
    places = np.column_stack([x, y])
    shapes: list[NDArray[np.object_]] = []
    waiting: dict[bool, list[tuple[int, ...]]] = {False: [], True: []}
    for way in raw.ways:
        kind = obstacle(way.tags)
        if kind is None:
            continue
        # An outline cut at the map's edge still bars the way, as a line.
        is_area = kind is Obstacle.AREA and way.closed
        waiting[is_area].append(way.refs)
        if len(waiting[is_area]) == AT_ONCE:
            shapes.append(_shapes(raw, places, waiting[is_area], is_area))
            waiting[is_area] = []
    shapes += [_shapes(raw, places, left, is_area) for is_area, left in waiting.items() if left]
    areas = [relation for relation in raw.relations if obstacle(relation.tags) is Obstacle.AREA]
    by_id = ways_by_id(raw, {ref for relation in areas for kind, ref, _ in relation.members if kind == "w"})
    shapes += [np.array(_areas(raw, relation, by_id, places), object) for relation in areas]
    return Obstacles(np.concatenate(shapes) if shapes else [])


def _shapes(
    raw: RawMap, places: NDArray[np.float64], ways: list[tuple[int, ...]], is_area: bool
) -> NDArray[np.object_]:
    """The ways as polygons, or as lines."""
    owner = np.repeat(np.arange(len(ways)), [len(refs) for refs in ways])
    at = places[raw.positions([ref for refs in ways for ref in refs])]
    made = (
        shapely.polygons(shapely.linearrings(at, indices=owner)) if is_area else shapely.linestrings(at, indices=owner)
    )
    return np.asarray(made, object)


def _line(raw: RawMap, way: RawWay, places: NDArray[np.float64]) -> BaseGeometry:
    return shapely.LineString(places[raw.positions(way.refs)])


def _areas(
    raw: RawMap, relation: RawRelation, by_id: dict[int, list[RawWay]], places: NDArray[np.float64]
) -> list[BaseGeometry]:
    """The polygons its outer member ways enclose, less the inner ones; open rings count as lines."""
    rings: dict[str, list[BaseGeometry]] = {"outer": [], "inner": []}
    for kind, ref, role in relation.members:
        if kind == "w" and ref in by_id:
            rings.setdefault(role or "outer", []).extend(_line(raw, way, places) for way in by_id[ref])
    outer = _closed(rings["outer"])
    if not outer:
        return rings["outer"]
    inner = _closed(rings["inner"])
    filled = shapely.union_all([shapely.make_valid(ring) for ring in outer])
    return [
        shapely.difference(filled, shapely.union_all([shapely.make_valid(ring) for ring in inner])) if inner else filled
    ]


def _closed(lines: list[BaseGeometry]) -> list[BaseGeometry]:
    if not lines:
        return []
    return list(shapely.get_parts(shapely.polygonize([shapely.line_merge(shapely.union_all(lines))])))
