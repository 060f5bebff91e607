"""Ways and the rims of areas cut into streets: at shared nodes, at their ends, where passing a node means something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from msgspec.structs import replace

from accessibility import tags
from accessibility.facts import NodeFacts, WayFacts, WayRole, Wheelchair
from accessibility.tags.relations import AREA_TYPE, relation_type
from routing.elements_raw import RawMap, RawWay
from routing.elevation import Elevation
from routing.elevation_inclines import Inclines, Lines, cut_long, inclines, on_ground, wants_incline, with_incline
from routing.geodesy import distance_m
from routing.graph import SIDES, Float64, Int64
from routing.plazas import ways_across

NARROW_M = 3.0
"""Wider than this nobody's least width is (PROFILES; overrides are bounded likewise)."""


class Course(NamedTuple):
    """One line to walk along: a way of the map, a straight way across a plaza, or the rim of a relation's plaza."""

    way: int
    """0 for a way that nobody has drawn."""
    area: int
    """The plaza: its way, or minus its relation; 0 for a way of its own."""
    refs: tuple[int, ...]
    tags: dict[str, str]


@dataclass
class Streets:
    """Streets before junctions are opened: lists run over streets [S], arrays over vertices [V]."""

    way: list[int]
    area: list[int]
    side: list[int]
    """Index into `SIDES`: a street with unlike sidewalks is there once for each side."""
    facts: list[int]
    """Row in `way_facts`."""
    entrance: list[int]
    """Row in `way_facts` of what entering or leaving its way means once, −1 where every street speaks for itself."""
    name: list[int]
    """Row in `names`, −1 for a nameless way."""
    start: Int64
    """Street e owns vertices `start[e]:start[e + 1]` [S + 1]."""
    node: Int64
    lon: Float64
    lat: Float64
    length_m: Float64
    way_facts: list[WayFacts]
    names: list[str]
    node_facts: dict[int, NodeFacts]
    """What is known about nodes on these ways, by OSM id."""


def courses_of(raw: RawMap) -> list[Course]:
    """Everything in the map that a person may or may not walk along.

    The rings of a plaza drawn by a relation are ways without tags of their own; where one has them, they speak.
    """
    ways = [way for way in raw.ways if tags.walkable(way.tags)]
    own = {way.id for way in ways}
    found = [Course(way.id, 0, way.refs, way.tags) for way in ways]
    found += [Course(way.id, area, way.refs, way.tags) for area, way in ways_across(raw, ways)]
    by_id: dict[int, list[RawWay]] = {}
    for way in raw.ways:
        by_id.setdefault(way.id, []).append(way)
    for relation in raw.relations:
        if relation_type(relation.tags) == AREA_TYPE and tags.walkable(relation.tags):
            rims = {ref for kind, ref, _ in relation.members if kind == "w" and ref not in own}
            rings = (way for ref in sorted(rims) for way in by_id.get(ref, []))
            found += [Course(way.id, -relation.id, way.refs, relation.tags) for way in rings]
    return found


def streets_of(raw: RawMap, courses: list[Course], elevation: Elevation | None = None) -> Streets:
    """Cut every one of these; what has a sidewalk of its own on each side becomes one street a side.

    `elevation` fills in inclines that nobody has tagged.
    """
    walked = {ref for course in courses for ref in course.refs}
    node_facts = {osm_id: tags.node_facts(found) for osm_id, found in raw.node_tags.items() if osm_id in walked}
    lanes = [_lanes(course) for course in courses]
    breaks = _break_nodes(courses, lanes, node_facts)
    owner: list[_Lane] = []
    start = [0]
    nodes: list[int] = []
    for number, course in enumerate(courses):
        stretches = _cut(course.refs, breaks)
        if elevation is not None and lanes[number] == (0,) and not course.area:
            stretches = _cut_on_hills(raw, course, stretches, elevation)
        for stretch in stretches:
            for side in lanes[number]:
                owner.append(_Lane(number, side))
                nodes.extend(stretch)
                start.append(len(nodes))
    node, starts = np.array(nodes, np.int64), np.array(start, np.int64)
    at = raw.positions(node)
    lon, lat = raw.lon[at], raw.lat[at]
    pieces = _pieces(lon, lat, starts)
    length = np.add.reduceat(pieces, starts[:-1])
    whole = _whole_facts(courses, owner)
    slopes = None
    if elevation is not None:
        flat = np.array([on_ground(whole[lane]) for lane in owner])
        slopes = inclines(elevation, Lines(_numbers(owner), starts, node, lon, lat, pieces, flat))
    rows = _interned(whole, owner, length, slopes)
    names, name = _named(courses, owner)
    return Streets(
        way=[courses[lane.course].way for lane in owner],
        area=[courses[lane.course].area for lane in owner],
        side=[lane.side for lane in owner],
        facts=rows.street,
        entrance=rows.entrance,
        name=name,
        start=starts,
        node=node,
        lon=lon,
        lat=lat,
        length_m=length,
        way_facts=rows.facts,
        names=names,
        node_facts=node_facts,
    )


def _pieces(lon: Float64, lat: Float64, start: Int64) -> Float64:
    """Metres from each vertex to the next of its street, 0 behind the last [V]."""
    pieces = distance_m(lon[:-1], lat[:-1], lon[1:], lat[1:])
    pieces[start[1:-1] - 1] = 0.0
    return np.append(pieces, 0.0)


class _Lane(NamedTuple):
    """A way as a whole or one side of it."""

    course: int
    side: int
    """Index into `SIDES`."""


def _whole_facts(courses: list[Course], owner: list[_Lane]) -> dict[_Lane, WayFacts]:
    """Facts of every lane as one piece; ways with the same tags are read once."""
    known: dict[tuple[frozenset[tuple[str, str]], int], WayFacts] = {}
    out = {}
    for lane in dict.fromkeys(owner):
        found = courses[lane.course].tags
        key = frozenset(found.items()), lane.side
        if key not in known:
            known[key] = tags.way_facts(found, SIDES[lane.side])
        out[lane] = known[key]
    return out


def _lanes(course: Course) -> tuple[int, ...]:
    """The sides a way is walked on one by one: both where its sidewalks differ, else the way as a whole."""
    if tags.sides(course.tags) != ("left", "right"):
        return (0,)
    left, right = (replace(tags.way_facts(course.tags, side), side=None) for side in ("left", "right"))
    return (0,) if left == right else (SIDES.index("left"), SIDES.index("right"))


def _numbers(owner: list[_Lane]) -> Int64:
    """One number for each way and side [S]."""
    number = {lane: i for i, lane in enumerate(dict.fromkeys(owner))}
    return np.array([number[lane] for lane in owner], np.int64)


def _break_nodes(courses: list[Course], lanes: list[tuple[int, ...]], node_facts: dict[int, NodeFacts]) -> set[int]:
    """Nodes at which ways are cut: used more than once, a way's end, acting, or a crossing between two sidewalks."""
    refs = np.fromiter((ref for course in courses for ref in course.refs), np.int64)
    found, count = np.unique(refs, return_counts=True)
    breaks = set(found[count > 1].tolist())
    breaks.update(course.refs[0] for course in courses)
    breaks.update(course.refs[-1] for course in courses)
    breaks.update(osm_id for osm_id, facts in node_facts.items() if tags.acts(facts))
    sided = {ref for course, sides in zip(courses, lanes, strict=True) if len(sides) > 1 for ref in course.refs}
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


def _cut_on_hills(raw: RawMap, course: Course, stretches: list[list[int]], elevation: Elevation) -> list[list[int]]:
    """Long stretches in pieces that have a grade each."""
    if not wants_incline(tags.way_facts(course.tags)):
        return stretches
    found = []
    for stretch in stretches:
        at = raw.positions(stretch)
        lon, lat = raw.lon[at], raw.lat[at]
        found += cut_long(stretch, distance_m(lon[:-1], lat[:-1], lon[1:], lat[1:]), elevation.pixel_m)
    return found


def _named(courses: list[Course], owner: list[_Lane]) -> tuple[list[str], list[int]]:
    """Distinct names, and the row of each street's."""
    row_of: dict[str, int] = {}
    found = [tags.name(course.tags) for course in courses]
    rows = [-1 if name is None else row_of.setdefault(name, len(row_of)) for name in found]
    return list(row_of), [rows[lane.course] for lane in owner]


class _Rows(NamedTuple):
    facts: list[WayFacts]
    street: list[int]
    entrance: list[int]


def _interned(whole: dict[_Lane, WayFacts], owner: list[_Lane], length: Float64, slopes: Inclines | None) -> _Rows:
    """Distinct facts, and their rows.

    An obstacle that counts once (a flight, a narrow place) and is cut into several streets is reckoned where one
    enters and where one leaves it, half each, whatever part of it is walked; its streets themselves add nothing.
    """
    numbers = _numbers(owner)
    total = np.bincount(numbers, weights=length)[numbers].tolist()
    row_of: dict[WayFacts, int] = {}
    street, entrance = [], []
    for at, (lane, metres) in enumerate(zip(owner, length.tolist(), strict=True)):
        facts, gate = whole[lane], -1
        if slopes is not None:
            facts = with_incline(facts, float(slopes.grade[at]), bool(slopes.coarse[at]))
        if metres < total[at] and _counts_once(facts):
            gate = row_of.setdefault(_entrance(facts), len(row_of))
            facts = replace(facts, flight_share=0.0)
        street.append(row_of.setdefault(facts, len(row_of)))
        entrance.append(gate)
    return _Rows(list(row_of), street, entrance)


def _entrance(facts: WayFacts) -> WayFacts:
    """Half of what counts once on this way, in both directions alike: what has a direction is on the way itself."""
    return replace(
        facts, flight_share=0.5, incline=None, incline_source=None, incline_coarse=None, conveying=None, one_way=False
    )


MET_ONCE = frozenset({WayRole.STEPS, WayRole.ESCALATOR, WayRole.MOVING_WALK, WayRole.LIFT})


def _counts_once(facts: WayFacts) -> bool:
    """Whether something on this way is reckoned per obstacle, not per metre: a flight, a lift, a narrow place."""
    narrow = facts.width_m is not None and facts.width_m < NARROW_M
    warned = facts.wheelchair in (Wheelchair.NO, Wheelchair.LIMITED)
    return bool(facts.step_count) or narrow or warned or facts.ford or facts.role in MET_ONCE
