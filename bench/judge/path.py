"""An answer's segments → the stretches and nodes of the raw map that it walks; whatever does not fit is a finding."""

from __future__ import annotations

import itertools
import math
from typing import Any, NamedTuple

import numpy as np
import shapely

from bench.judge.findings import Finding
from bench.judge.osm import JudgeMap
from bench.judge.tables import INFINITE

AT_NODE_M = 0.2
"""A path that starts nearer than this to a node starts at it."""
OFF_WAY_M = 2.0
ON_AREA_M = 1.0


class Stretch(NamedTuple):
    """One piece of the path: map row (or area), directed arc (-1 on an area), metres walked, side, nodes where it
    enters and leaves (-1 = mid-edge).
    """

    row: int
    area: int | None
    arc: int
    length_m: float
    side: str | None
    enter: int
    leave: int


class Walk(NamedTuple):
    """The path as the raw map sees it, and where the answer and the map disagree."""

    stretches: list[Stretch]
    problems: list[Finding]


def problem(code: str, value: str, *, way_id: int | None = None, node_id: int | None = None) -> Finding:
    """An answer that is no path on this map."""
    return Finding(code, value, None, way_id, node_id, 0.0, INFINITE)


class _Run(NamedTuple):
    way_id: int | None
    area_id: int | None
    side: str | None
    nodes: list[int]
    start: tuple[float, float]
    end: tuple[float, float]
    length_m: float
    line: list[list[float]]


def walk(world: JudgeMap, route: dict[str, Any]) -> Walk:
    """Follows the segments of one route; node ids must be neighbours on their way, runs must join."""
    problems: list[Finding] = []
    runs = _runs(world, route, problems)
    stretches: list[Stretch] = []
    for number, run in enumerate(runs):
        first, last = number == 0, number == len(runs) - 1
        if run.area_id is not None:
            pieces = _across(world, run, first, last, problems)
        elif run.way_id is None:
            pieces = []
        else:
            pieces = _along(world, run, first, last, problems)
        if stretches and pieces and stretches[-1].leave != pieces[0].enter:
            problems.append(problem("disconnected", f"before segment run {number}", way_id=run.way_id))
        stretches += pieces
    return Walk(stretches, problems)


def _runs(world: JudgeMap, route: dict[str, Any], problems: list[Finding]) -> list[_Run]:
    line = route["geometry"]["coordinates"]
    runs: list[_Run] = []
    for segment in route["segments"]:
        unknown = [ref for ref in segment["node_ids"] if ref not in world.index]
        problems += [problem("unknown_node", "not in the map", node_id=ref) for ref in unknown]
        nodes = [world.index[ref] for ref in segment["node_ids"] if ref in world.index]
        low, high = segment["geometry_index"]
        start, end = world.metres(*line[low][:2]), world.metres(*line[high][:2])
        run = _Run(
            *(segment.get("way_id"), segment.get("area_id"), segment.get("side"), nodes, start, end),
            segment["length_m"],
            line[low : high + 1],
        )
        last = runs[-1] if runs else None
        if last and (last.way_id, last.area_id, last.side) == (run.way_id, run.area_id, run.side):
            joined = last.nodes + (nodes[1:] if last.nodes and nodes and last.nodes[-1] == nodes[0] else nodes)
            run = run._replace(
                nodes=joined, start=last.start, length_m=last.length_m + run.length_m, line=last.line + run.line[1:]
            )
            runs[-1] = run
        else:
            runs.append(run)
    return runs


def _distance(world: JudgeMap, node: int, at: tuple[float, float]) -> float:
    return math.hypot(float(world.x[node]) - at[0], float(world.y[node]) - at[1])


def _project(world: JudgeMap, stretch: int, at: tuple[float, float]) -> tuple[float, float]:
    """Distance (m) of a point from a stretch, and its share along it."""
    a, b = int(world.tail[stretch]), int(world.head[stretch])
    ax, ay, bx, by = (float(v) for v in (world.x[a], world.y[a], world.x[b], world.y[b]))
    square = (bx - ax) ** 2 + (by - ay) ** 2
    share = 0.0 if square == 0 else ((at[0] - ax) * (bx - ax) + (at[1] - ay) * (by - ay)) / square
    share = min(1.0, max(0.0, share))
    return math.hypot(at[0] - ax - share * (bx - ax), at[1] - ay - share * (by - ay)), share


def _rows(world: JudgeMap, run: _Run) -> int | None:
    """The row of the way; where a rim has two readings, the one that holds all nodes, own tags first."""
    rows = world.by_way.get(run.way_id or -1, [])
    return rows[0] if rows else None


def _along(world: JudgeMap, run: _Run, first: bool, last: bool, problems: list[Finding]) -> list[Stretch]:
    row = _rows(world, run)
    if row is None:
        problems.append(problem("unknown_way", "not in the map", way_id=run.way_id))
        return []
    way = world.rows[row]
    span = range(way.first, way.first + way.count)
    if not run.nodes:
        return _within(world, run, row, span, problems)
    arcs = {(int(world.tail[s]), int(world.head[s])): 2 * s for s in reversed(span)}
    arcs |= {(b, a): arc + 1 for (a, b), arc in arcs.items() if (b, a) not in arcs}
    pieces: list[Stretch] = []
    if first:
        pieces += _partial(world, run, row, run.nodes[0], run.start, arcs, problems, leaving=False)
    for a, b in zip(run.nodes, run.nodes[1:], strict=False):
        if (a, b) not in arcs:
            ids = f"{world.node_id[a]} and {world.node_id[b]} are no neighbours"
            problems.append(problem("not_neighbours", ids, way_id=run.way_id))
            continue
        arc = arcs[a, b]
        pieces.append(Stretch(row, None, arc, float(world.length[arc // 2]), run.side, a, b))
    if last:
        pieces += _partial(world, run, row, run.nodes[-1], run.end, arcs, problems, leaving=True)
    if not pieces and not (first or last):
        problems.append(problem("disconnected", "a way is touched, not walked", way_id=run.way_id))
    return pieces


def _within(world: JudgeMap, run: _Run, row: int, span: range, problems: list[Finding]) -> list[Stretch]:
    """Both ends on one stretch: no node on the path."""
    found = min(span, key=lambda s: _project(world, s, run.start)[0] + _project(world, s, run.end)[0])
    (off, low), (off_end, high) = _project(world, found, run.start), _project(world, found, run.end)
    if max(off, off_end) > OFF_WAY_M and run.side is None:
        problems.append(problem("off_way", f"{max(off, off_end):.1f} m away", way_id=run.way_id))
    length = abs(high - low) * float(world.length[found])
    return [Stretch(row, None, 2 * found + int(high < low), length, run.side, -1, -1)]


def _partial(
    world: JudgeMap,
    run: _Run,
    row: int,
    node: int,
    at: tuple[float, float],
    arcs: dict[tuple[int, int], int],
    problems: list[Finding],
    *,
    leaving: bool,
) -> list[Stretch]:
    """The piece between a mid-edge end of the path and the node next to it."""
    length = _distance(world, node, at)
    if length <= AT_NODE_M:
        return []
    here = [arc for (a, b), arc in arcs.items() if (a if leaving else b) == node]
    if not here:
        problems.append(problem("not_neighbours", "node is not on the way", way_id=run.way_id))
        return []
    arc = min(here, key=lambda a: _project(world, a // 2, at)[0])
    off, share = _project(world, arc // 2, at)
    if off > OFF_WAY_M and run.side is None:
        problems.append(problem("off_way", f"{off:.1f} m away", way_id=run.way_id))
    from_tail = share if (arc % 2 == 0) == leaving else 1 - share
    walked = from_tail * float(world.length[arc // 2])
    ends = (node, -1) if leaving else (-1, node)
    return [Stretch(row, None, arc, walked, run.side, *ends)]


def _across(world: JudgeMap, run: _Run, first: bool, last: bool, problems: list[Finding]) -> list[Stretch]:
    """A plaza: the line must be inside it; its corners may be those of what stands on it."""
    area = world.areas.get(run.area_id or -1)
    if area is None:
        problems.append(problem("unknown_way", f"no area {run.area_id}"))
        return []
    if not _inside(world, area, run):
        problems.append(problem("off_area", f"leaves area {run.area_id}", way_id=run.way_id))
    stops = list(run.nodes)
    if first and (not stops or _distance(world, stops[0], run.start) > AT_NODE_M):
        stops.insert(0, -1)
    if last and (len(stops) < 2 or _distance(world, stops[-1], run.end) > AT_NODE_M):
        stops.append(-1)
    pairs = list(itertools.pairwise(stops))
    each = run.length_m / max(1, len(pairs))
    return [Stretch(-1, run.area_id, -1, each, None, a, b) for a, b in pairs]


def _inside(world: JudgeMap, area: Any, run: _Run) -> bool:
    def ring(nodes: list[int]) -> Any:
        return shapely.LineString(np.column_stack([world.x[nodes], world.y[nodes]]))

    outer = [ring(r) for r in area.outer if len(r) > 1]
    space = shapely.union_all(shapely.get_parts(shapely.polygonize(outer)))
    line = shapely.LineString([world.metres(*c[:2]) for c in run.line]) if len(run.line) > 1 else None
    return line is None or space.is_empty or space.buffer(ON_AREA_M).covers(line)
