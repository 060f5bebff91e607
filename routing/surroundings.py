"""The obstacles of a map, from its elements: building outlines, water, rivers and rails (CONTRACT §3 "Snap")."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from accessibility.tags.surroundings import Obstacle, obstacle
from routing.elements_raw import RawMap, RawRelation, RawWay
from routing.obstacles import Obstacles
from routing.plane import Plane


def obstacles_of(raw: RawMap, plane: Plane) -> Obstacles:
    """Everything one cannot walk straight through, in the metres of `plane`."""
    by_id: dict[int, list[RawWay]] = {}
    for way in raw.ways:
        by_id.setdefault(way.id, []).append(way)
    x, y = plane.xy(raw.lon, raw.lat)
    shapes: list[BaseGeometry] = []
    for way in raw.ways:
        kind = obstacle(way.tags)
        if kind is None:
            continue
        line = _line(raw, way, x, y)
        if kind is Obstacle.LINE:
            shapes.append(shapely.LineString(line))
        elif way.closed:
            shapes.append(shapely.Polygon(line))
        else:
            shapes.append(shapely.LineString(line))  # an outline cut at the map's edge still bars the way
    for relation in raw.relations:
        if obstacle(relation.tags) is Obstacle.AREA:
            shapes += _areas(raw, relation, by_id, x, y)
    return Obstacles(shapes)


def _line(raw: RawMap, way: RawWay, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    rows = raw.positions(way.refs)
    return np.column_stack([x[rows], y[rows]])


def _areas(
    raw: RawMap, relation: RawRelation, by_id: dict[int, list[RawWay]], x: np.ndarray, y: np.ndarray
) -> list[BaseGeometry]:
    """The polygons its outer member ways enclose, less the inner ones; open rings count as lines."""
    rings: dict[str, list[BaseGeometry]] = {"outer": [], "inner": []}
    for kind, ref, role in relation.members:
        if kind == "w" and ref in by_id:
            rings.setdefault(role or "outer", []).extend(
                shapely.LineString(_line(raw, way, x, y)) for way in by_id[ref]
            )
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
