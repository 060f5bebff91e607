"""The judge's own snapping, for answers that give none (404, `last_metres`).

Nearest usable way in a shared component.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from bench.judge.limits import limits_of
from bench.judge.osm import JudgeMap
from bench.judge.search import stretch_tree
from bench.judge.verdicts import verdicts
from bench.judge.ways import way_stance

OUTSIDE_M = 500.0
BEYOND_NEAREST_M = 50.0
TOUCHING_M = 0.1
"""A way along a wall or bank is reached when the line comes this near."""


def own_snap(world: JudgeMap, request: dict[str, Any]) -> list[dict[str, Any]] | None:
    """Per waypoint the nearest place on a public way this person can use, all in one component; or None."""
    part = _components(world)
    verdict = verdicts(world, limits_of(request), fearful=True)
    useless = (verdict.never | verdict.broken | verdict.private).reshape(-1, 2).all(axis=1)
    found = []
    for waypoint in request["waypoints"]:
        lon, lat = waypoint["at"] if isinstance(waypoint, dict) else waypoint[:2]
        found.append(_candidates(world, lon, lat, part, useless))
        if not found[-1]:
            return None
    shared = set.intersection(*({int(part[s]) for s, _ in near} for near in found))
    if not shared:
        return None
    sizes = np.bincount(part[part >= 0])
    best = max(shared, key=lambda c: sizes[c])
    return [_place(world, next(s for s in near if part[s[0]] == best)) for near in found]


def _components(world: JudgeMap) -> np.ndarray:
    """Component number of every stretch of the walk graph; -1 = cannot be walked at all."""
    if "components" not in world.memo:
        open_rows = np.array([way_stance(row.tags, fearful=True).kind != "never" for row in world.rows])
        walkable = open_rows[world.row_of]
        tail, head = world.tail[walkable], world.head[walkable]
        n = len(world.node_id)
        _, label = connected_components(coo_matrix((np.ones(len(tail)), (tail, head)), shape=(n, n)), directed=False)
        world.memo["components"] = np.where(walkable, label[world.tail], -1)
    return world.memo["components"]


def _candidates(
    world: JudgeMap, lon: float, lat: float, part: np.ndarray, useless: np.ndarray
) -> list[tuple[int, shapely.Point]]:
    tree = stretch_tree(world)
    at = shapely.Point(*world.metres(lon, lat))
    near = tree.query(at, predicate="dwithin", distance=OUTSIDE_M + BEYOND_NEAREST_M)
    near = near[part[near] >= 0]
    if not len(near):
        return []
    away = shapely.distance(tree.geometries[near], at)
    keep = (away <= away.min() + BEYOND_NEAREST_M) & ~useless[near]
    order = np.argsort(away[keep], kind="stable")
    return [(int(s), at) for s in near[keep][order] if not _cut_off(world, int(s), at)]


def _cut_off(world: JudgeMap, stretch: int, at: shapely.Point) -> bool:
    """Does a building, a river or a rail lie between the waypoint and the way (or the waypoint inside one)."""
    if "obstacles" not in world.memo:
        lines = [np.column_stack([world.x[nodes], world.y[nodes]]) for nodes in world.obstacles if len(nodes) > 1]
        world.memo["obstacles"] = shapely.STRtree([shapely.LineString(points) for points in lines])
    straight = shapely.shortest_line(at, stretch_tree(world).geometries[stretch])
    if straight.length < TOUCHING_M:
        return False
    shorter = shapely.line_interpolate_point(straight, straight.length - TOUCHING_M)
    between = shapely.LineString([at, shorter])
    return len(world.memo["obstacles"].query(between, predicate="intersects")) > 0


def _place(world: JudgeMap, choice: tuple[int, shapely.Point]) -> dict[str, Any]:
    stretch, at = choice
    line = stretch_tree(world).geometries[stretch]
    share = float(np.nan_to_num(shapely.line_locate_point(line, at, normalized=True)))
    a, b = int(world.tail[stretch]), int(world.head[stretch])
    lon = float(world.lon[a]) + share * float(world.lon[b] - world.lon[a])
    lat = float(world.lat[a]) + share * float(world.lat[b] - world.lat[a])
    return {"location": [lon, lat], "distance_m": float(shapely.distance(line, at))}
