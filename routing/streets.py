"""Ways cut into streets: at shared nodes, at their ends, and where passing a node means something; facts interned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from msgspec.structs import replace

from accessibility import tags
from accessibility.facts import NodeFacts, WayFacts, WayRole, Wheelchair
from routing.elements_raw import RawMap, RawWay
from routing.elevation import Elevation
from routing.elevation_inclines import Inclines, Lines, inclines, on_ground, with_incline
from routing.geodesy import distance_m
from routing.graph import SIDES, Float64, Int64


@dataclass
class Streets:
    """Streets before junctions are opened; lists run over streets, arrays over vertices."""

    way: list[int]
    owner: list[int]
    """Number of the way among those given."""
    side: list[int]
    """Index into `SIDES`: a street with unlike sidewalks is there once for each side."""
    facts: list[int]
    name: list[int]
    start: Int64
    node: Int64
    lon: Float64
    lat: Float64
    length_m: Float64
    way_facts: list[WayFacts]
    names: list[str]
    node_facts: dict[int, NodeFacts]


def streets(raw: RawMap, ways: list[RawWay], elevation: Elevation | None) -> Streets:
    """Cut every walkable way; what has a sidewalk of its own on each side becomes one street a side."""
    walked = {ref for way in ways for ref in way.refs}
    node_facts = {osm_id: tags.node_facts(found) for osm_id, found in raw.node_tags.items() if osm_id in walked}
    lanes = [_lanes(way) for way in ways]
    breaks = _break_nodes(ways, lanes, node_facts)
    name_row: dict[str, int] = {}
    owner: list[int] = []
    side: list[int] = []
    names: list[int] = []
    start = [0]
    nodes: list[int] = []
    for number, way in enumerate(ways):
        name = tags.name(way.tags)
        named = -1 if name is None else name_row.setdefault(name, len(name_row))
        for stretch in _cut(way.refs, breaks):
            for lane in lanes[number]:
                owner.append(number)
                side.append(lane)
                names.append(named)
                nodes.extend(stretch)
                start.append(len(nodes))
    node, starts = np.array(nodes, np.int64), np.array(start, np.int64)
    at = raw.positions(node)
    lon, lat = raw.lon[at], raw.lat[at]
    steps = distance_m(lon[:-1], lat[:-1], lon[1:], lat[1:])
    steps[starts[1:-1] - 1] = 0.0
    length = np.add.reduceat(np.append(steps, 0.0), starts[:-1])
    lane_of = list(zip(owner, side, strict=True))
    whole = {(n, lane): tags.way_facts(ways[n].tags, SIDES[lane]) for n, lane in dict.fromkeys(lane_of)}
    slopes = None
    if elevation is not None:
        flat = np.array([on_ground(whole[key]) for key in lane_of])
        lines = Lines(np.array(_lane_numbers(lane_of)), starts, node, lon, lat, np.append(steps, 0.0), flat)
        slopes = inclines(elevation, lines)
    way_facts, facts = _interned(whole, lane_of, length, slopes)
    way_ids = [ways[number].id for number in owner]
    return Streets(
        way_ids, owner, side, facts, names, starts, node, lon, lat, length, way_facts, list(name_row), node_facts
    )


def _lanes(way: RawWay) -> tuple[int, ...]:
    """The sides a way is walked on one by one: both where its sidewalks differ, else the way as a whole."""
    if tags.sides(way.tags) != ("left", "right"):
        return (0,)
    left, right = (replace(tags.way_facts(way.tags, side), side=None) for side in ("left", "right"))
    return (0,) if left == right else (SIDES.index("left"), SIDES.index("right"))


def _lane_numbers(lane_of: list[tuple[int, int]]) -> list[int]:
    """One number for each way and side."""
    number = {key: i for i, key in enumerate(dict.fromkeys(lane_of))}
    return [number[key] for key in lane_of]


def _interned(
    whole: dict[tuple[int, int], WayFacts],
    lane_of: list[tuple[int, int]],
    length: Float64,
    slopes: Inclines | None,
) -> tuple[list[WayFacts], list[int]]:
    """Distinct facts, and the row of each street; what counts once per flight knows which share of it a street is."""
    number = _lane_numbers(lane_of)
    total = np.bincount(number, weights=length).tolist()
    row_of: dict[WayFacts, int] = {}
    rows = []
    for street, (key, lane, metres) in enumerate(zip(lane_of, number, length.tolist(), strict=True)):
        facts = whole[key]
        if slopes is not None:
            facts = with_incline(facts, float(slopes.grade[street]), bool(slopes.coarse[street]))
        if metres < total[lane] and _counts_once(facts):
            facts = replace(facts, flight_share=metres / total[lane])
        rows.append(row_of.setdefault(facts, len(row_of)))
    return list(row_of), rows


def _break_nodes(ways: list[RawWay], lanes: list[tuple[int, ...]], node_facts: dict[int, NodeFacts]) -> set[int]:
    """Nodes at which ways are cut: used more than once, a way's end, acting, or a crossing between two sidewalks."""
    refs = np.fromiter((ref for way in ways for ref in way.refs), np.int64)
    found, count = np.unique(refs, return_counts=True)
    breaks = set(found[count > 1].tolist())
    breaks.update(way.refs[0] for way in ways)
    breaks.update(way.refs[-1] for way in ways)
    breaks.update(osm_id for osm_id, facts in node_facts.items() if tags.acts(facts))
    sided = {ref for way, sides in zip(ways, lanes, strict=True) if len(sides) > 1 for ref in way.refs}
    breaks.update(ref for ref in sided if ref in node_facts and tags.acting(node_facts[ref]).crossing)
    return breaks


def _cut(refs: tuple[int, ...], breaks: set[int]) -> list[list[int]]:
    """The stretches of a way between break nodes; a stretch that returns to its own start is cut once more."""
    stretches: list[list[int]] = []
    current = [refs[0]]
    for ref in refs[1:]:
        if ref == current[-1]:
            continue
        current.append(ref)
        if ref in breaks:
            stretches.append(current)
            current = [ref]
    cut = []
    for stretch in stretches:
        if stretch[0] == stretch[-1]:
            middle = len(stretch) // 2
            cut += [stretch[: middle + 1], stretch[middle:]]
        else:
            cut.append(stretch)
    return cut


NARROW_M = 3.0
"""Wider than this nobody's least width is (PROFILES; overrides are bounded likewise)."""


def _counts_once(facts: WayFacts) -> bool:
    """Whether harm on this way is reckoned per obstacle, not per metre: a flight, a narrow place, a `wheelchair=no`."""
    narrow = facts.width_m is not None and facts.width_m < NARROW_M
    return (
        bool(facts.step_count)
        or narrow
        or facts.role in (WayRole.STEPS, WayRole.ESCALATOR)
        or facts.wheelchair is Wheelchair.NO
    )
