"""From map elements to a StreetGraph: split ways, keep what happens at nodes, intern what is known."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from msgspec.structs import replace
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from accessibility import profiles, tags
from accessibility.facts import NodeFacts, PassageFacts, WayFacts, WayRole, Wheelchair
from accessibility.refusals import Refused
from accessibility.verdict import columns, judge_passages, judge_ways
from routing.elements import RawMap, RawWay
from routing.elevation import Elevation
from routing.elevation_inclines import Inclines, Lines, inclines, on_ground, with_incline
from routing.engine import order
from routing.geodesy import bearing_deg, distance_m
from routing.graph import Float64, GraphMeta, Int32, Int64, StreetGraph
from routing.junctions import Arm, junction, junction_of_one
from routing.plazas import ways_across

BUILD_RULES = 2
"""Part of the build id: raise it whenever the same elements would give another graph."""

Progress = Callable[[str, float], None]


def _silent(stage: str, fraction: float) -> None:
    return None


def build(raw: RawMap, progress: Progress = _silent, elevation: Elevation | None = None) -> StreetGraph:
    """The graph of everything a person may or may not walk on in `raw`; the verdict decides which.

    Raises `Refused("map_empty")` when nothing in the map can be walked.
    """
    ways = [way for way in raw.ways if tags.walkable(way.tags)]
    if not ways:
        raise Refused("map_empty", "This map has no way that a person could walk on.")
    progress("streets", 0.0)
    across = list(ways_across(raw, ways))
    streets = _streets(raw, [*ways, *(way for _, way in across)], elevation)
    area = [0] * len(ways) + [area_id for area_id, _ in across]
    progress("junctions", 0.0)
    walk = _junctions(raw, streets)
    progress("components", 0.0)
    component = _components(walk)
    progress("order", 0.0)
    bbox = (float(walk.lon.min()), float(walk.lat.min()), float(walk.lon.max()), float(walk.lat.max()))
    meta = GraphMeta(_build_id(raw, elevation), raw.source, raw.timestamp, raw.attribution, bbox, _warnings(raw))
    s = streets
    graph_order = order(len(walk.node_id), walk.tail, walk.head, walk.lat, walk.lon).astype(np.int32)
    progress("order", 1.0)
    return StreetGraph(
        meta=meta,
        first_passage=len(s.way),
        node_id=walk.node_id,
        node_lon=walk.lon,
        node_lat=walk.lat,
        edge_tail=walk.tail,
        edge_head=walk.head,
        edge_way=np.array(s.way, np.int64),
        edge_facts=walk.facts,
        edge_length_m=np.concatenate([s.length_m, np.zeros(len(walk.tail) - len(s.way))]),
        edge_area=np.array(area, np.int64)[s.owner],
        edge_side=np.zeros(len(s.way), np.int8),
        edge_name=np.array(s.name, np.int32),
        edge_component=component,
        geom_start=s.start,
        geom_lon=s.lon,
        geom_lat=s.lat,
        geom_node=s.node,
        order=graph_order,
        way_facts=s.way_facts,
        passage_facts=walk.passage_facts,
        names=s.names,
        elements=raw,
    )


def _warnings(raw: RawMap) -> list[str]:
    """What the source could not give, in words for the build's summary."""
    lost = raw.losses
    said = {
        "ways cut at the edge of the map": lost.cut_ways,
        "ways without a usable stretch": lost.dropped_ways,
        "nodes without a usable position": lost.bad_nodes,
        "objects given more than once": lost.repeated,
    }
    return [f"{count} {what}" for what, count in said.items() if count] + list(raw.notes)


def _build_id(raw: RawMap, elevation: Elevation | None) -> str:
    rules = f"{BUILD_RULES}:{WayFacts.__struct_fields__}:{PassageFacts.__struct_fields__}"
    if elevation is not None:
        rules += f":{elevation.digest}"
    return hashlib.blake2b(f"{rules}:{raw.digest()}".encode(), digest_size=12).hexdigest()


@dataclass
class _Streets:
    """Ways cut at break nodes, before junctions are opened; lists run over streets, arrays over vertices."""

    way: list[int]
    owner: list[int]
    """Number of the way among those given."""
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


def _streets(raw: RawMap, ways: list[RawWay], elevation: Elevation | None) -> _Streets:
    """Cut every walkable way at shared nodes, at its ends and where passing a node means something."""
    walked = {ref for way in ways for ref in way.refs}
    node_facts = {osm_id: tags.node_facts(found) for osm_id, found in raw.node_tags.items() if osm_id in walked}
    breaks = _break_nodes(ways, {osm_id for osm_id, facts in node_facts.items() if tags.acts(facts)})
    name_row: dict[str, int] = {}
    owner: list[int] = []
    names: list[int] = []
    start = [0]
    nodes: list[int] = []
    for number, way in enumerate(ways):
        name = tags.name(way.tags)
        named = -1 if name is None else name_row.setdefault(name, len(name_row))
        for stretch in _cut(way.refs, breaks):
            owner.append(number)
            names.append(named)
            nodes.extend(stretch)
            start.append(len(nodes))
    node, starts = np.array(nodes, np.int64), np.array(start, np.int64)
    at = raw.positions(node)
    lon, lat = raw.lon[at], raw.lat[at]
    steps = distance_m(lon[:-1], lat[:-1], lon[1:], lat[1:])
    steps[starts[1:-1] - 1] = 0.0
    length = np.add.reduceat(np.append(steps, 0.0), starts[:-1])
    whole = [tags.way_facts(way.tags) for way in ways]
    slopes = None
    if elevation is not None:
        on_the_ground = np.array([on_ground(facts) for facts in whole])[owner]
        slopes = inclines(
            elevation, Lines(np.array(owner), starts, node, lon, lat, np.append(steps, 0.0), on_the_ground)
        )
    way_facts, facts = _interned(whole, owner, length, slopes)
    way_ids = [ways[number].id for number in owner]
    return _Streets(way_ids, owner, facts, names, starts, node, lon, lat, length, way_facts, list(name_row), node_facts)


def _interned(
    whole: list[WayFacts], owner: list[int], length: Float64, slopes: Inclines | None
) -> tuple[list[WayFacts], list[int]]:
    """Distinct facts, and the row of each street; what counts once per flight knows which share of it a street is."""
    total = np.bincount(owner, weights=length, minlength=len(whole))
    row_of: dict[WayFacts, int] = {}
    rows = []
    for street, (number, metres) in enumerate(zip(owner, length.tolist(), strict=True)):
        facts = whole[number]
        if slopes is not None:
            facts = with_incline(facts, float(slopes.grade[street]), bool(slopes.coarse[street]))
        if metres < total[number] and _counts_once(facts):
            facts = replace(facts, flight_share=metres / float(total[number]))
        rows.append(row_of.setdefault(facts, len(row_of)))
    return list(row_of), rows


def _break_nodes(ways: list[RawWay], acting: set[int]) -> set[int]:
    """Nodes at which ways are cut: used more than once, at a way's end, or acting."""
    refs = np.fromiter((ref for way in ways for ref in way.refs), np.int64)
    found, count = np.unique(refs, return_counts=True)
    breaks = set(found[count > 1].tolist())
    breaks.update(way.refs[0] for way in ways)
    breaks.update(way.refs[-1] for way in ways)
    return breaks | (acting & set(found.tolist()))


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


@dataclass
class _Walk:
    """Graph nodes and all edges, passages behind the streets."""

    node_id: Int64
    lon: Float64
    lat: Float64
    tail: Int32
    head: Int32
    facts: Int32
    passage_facts: list[PassageFacts]
    way_facts: list[WayFacts]
    first_passage: int


@dataclass
class _Growing:
    node_id: list[int] = field(default_factory=list)
    tail: list[int] = field(default_factory=list)
    head: list[int] = field(default_factory=list)
    row: list[int] = field(default_factory=list)
    facts: dict[PassageFacts, int] = field(default_factory=dict)


def _junctions(raw: RawMap, s: _Streets) -> _Walk:
    """Give every street end its graph node and every gap at a node its passage."""
    ends = _Ends(s)
    count = len(s.way)
    tail, head = np.zeros(count, np.int32), np.zeros(count, np.int32)
    out = _Growing()
    nobody = tags.node_facts({})
    for osm_id, ending in ends.at.items():
        facts = s.node_facts.get(osm_id)
        first = len(out.node_id)
        if facts is None and not ends.mixed(ending):
            group, gaps = junction_of_one(len(ending))
        else:
            node = facts or nobody
            group, gaps = junction([ends.arm(end) for end in ending], tags.acting(node))
            for gap in gaps:
                passage = tags.passage(
                    node,
                    kerb_events=gap.kerb_events,
                    mapped_crossing=gap.mapped_crossing,
                    barrier_applies=gap.barrier_applies,
                    lift_applies=gap.lift_applies,
                )
                out.tail.append(first + gap.first)
                out.head.append(first + gap.second)
                out.row.append(out.facts.setdefault(passage, len(out.facts)))
        out.node_id.extend([osm_id] * (max(group) + 1))
        for end, number in zip(ending, group, strict=True):
            (head if end & 1 else tail)[end >> 1] = first + number
    ids = np.array(out.node_id, np.int64)
    at = raw.positions(ids)
    return _Walk(
        node_id=ids,
        lon=raw.lon[at],
        lat=raw.lat[at],
        tail=np.concatenate([tail, np.array(out.tail, np.int32)]),
        head=np.concatenate([head, np.array(out.head, np.int32)]),
        facts=np.concatenate([np.array(s.facts, np.int32), np.array(out.row, np.int32)]),
        passage_facts=list(out.facts),
        way_facts=s.way_facts,
        first_passage=count,
    )


class _Ends:
    """Street ends by OSM node; end `2e` is the start of street e, `2e + 1` its finish."""

    def __init__(self, s: _Streets) -> None:
        self._s = s
        self._first = s.node[s.start[:-1]].tolist()
        self._last = s.node[s.start[1:] - 1].tolist()
        self._carriageway = [facts.carriageway for facts in s.way_facts]
        self._crossing = [facts.crossing for facts in s.way_facts]
        begin, end = s.start[:-1], s.start[1:] - 1
        self._bearing = (
            bearing_deg(s.lon[begin], s.lat[begin], s.lon[begin + 1], s.lat[begin + 1]).tolist(),
            bearing_deg(s.lon[end], s.lat[end], s.lon[end - 1], s.lat[end - 1]).tolist(),
        )
        self.at: dict[int, list[int]] = {}
        for edge, (first, last) in enumerate(zip(self._first, self._last, strict=True)):
            self.at.setdefault(first, []).append(2 * edge)
            self.at.setdefault(last, []).append(2 * edge + 1)

    def mixed(self, ending: list[int]) -> bool:
        kinds = {self._carriageway[self._s.facts[end >> 1]] for end in ending}
        return len(kinds) > 1

    def arm(self, end: int) -> Arm:
        row = self._s.facts[end >> 1]
        crossing = self._crossing[row]
        return Arm(
            carriageway=self._carriageway[row],
            crossing=crossing,
            kerb_elsewhere=crossing and self._kerb_further_on(end),
            bearing=self._bearing[end & 1][end >> 1],
            level=self._s.way_facts[row].level,
        )

    def _kerb_further_on(self, end: int) -> bool:
        """Whether the crossing way says its kerb itself, by a tag or at a node before it leaves the street."""
        for _ in range(8):
            edge = end >> 1
            facts = self._s.way_facts[self._s.facts[edge]]
            if tags.says_kerb(facts):
                return True
            beyond = self._first[edge] if end & 1 else self._last[edge]
            node = self._s.node_facts.get(beyond)
            if node is not None and tags.acting(node).kerb:
                return True
            onward = [other for other in self.at[beyond] if other >> 1 != edge]
            if len(onward) != 1 or not self._crossing[self._s.facts[onward[0] >> 1]]:
                return False
            end = onward[0]
        return False


def _components(walk: _Walk) -> Int32:
    """Connected parts of what somebody on foot may use, numbered by size (0 = the largest); −1 where nobody may."""
    profile = profiles.built_in["walk"]
    ways, passages = columns(walk.way_facts), columns(walk.passage_facts) if walk.passage_facts else None
    barred = judge_ways(ways, profile, reverse=False).forbidden & judge_ways(ways, profile, reverse=True).forbidden
    barred_edge = np.empty(len(walk.tail), bool)
    s = walk.first_passage
    barred_edge[:s] = barred[walk.facts[:s]]
    if passages is not None:
        barred_edge[s:] = judge_passages(passages, profile).forbidden[walk.facts[s:]]
    open_ = ~barred_edge
    n = len(walk.node_id)
    links = coo_matrix((np.ones(int(open_.sum()), np.int8), (walk.tail[open_], walk.head[open_])), shape=(n, n))
    _, label = connected_components(links, directed=False)
    sizes = np.bincount(label[walk.tail[open_]], minlength=int(label.max()) + 1)
    rank = np.empty(len(sizes), np.int32)
    rank[np.argsort(-sizes, kind="stable")] = np.arange(len(sizes), dtype=np.int32)
    return np.where(open_, rank[label[walk.tail]], -1).astype(np.int32)
