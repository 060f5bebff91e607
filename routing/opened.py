"""Junctions opened: every street end gets its graph node, every gap at a node its passage."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from accessibility import tags
from accessibility.facts import NodeFacts, PassageFacts, Sidewalk, WayFacts
from routing.elements_raw import RawMap
from routing.geodesy import bearing_deg
from routing.graph import SIDES, Float64, Int32, Int64
from routing.junctions import Arm, Gap, junction, junction_of_one
from routing.streets import Streets

LEFT, RIGHT = SIDES.index("left"), SIDES.index("right")


@dataclass
class Walk:
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

    def add(self, first: int, gap: Gap, passage: PassageFacts) -> None:
        self.tail.append(first + gap.first)
        self.head.append(first + gap.second)
        self.row.append(self.facts.setdefault(passage, len(self.facts)))


def opened(raw: RawMap, s: Streets) -> Walk:
    """Give every street end its graph node and every gap at a node its passage."""
    ends = _Ends(s)
    count = len(s.way)
    tail, head = np.zeros(count, np.int32), np.zeros(count, np.int32)
    out = _Growing()
    nobody = tags.node_facts({})
    for osm_id, ending in ends.at.items():
        node = s.node_facts.get(osm_id)
        first = len(out.node_id)
        if node is None and not ends.mixed(ending):
            group, gaps = junction_of_one(len(ending))
        else:
            node = node or nobody
            group, gaps = junction([ends.arm(end) for end in ending], tags.acting(node))
            for gap in gaps:
                out.add(first, gap, _passage(node, gap, ends.facts_at(ending, gap.crossing_arm)))
        out.node_id.extend([osm_id] * (max(group) + 1))
        for end, number in zip(ending, group, strict=True):
            (head if end & 1 else tail)[end >> 1] = first + number
    ids = np.array(out.node_id, np.int64)
    at = raw.positions(ids)
    return Walk(
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


def _passage(node: NodeFacts, gap: Gap, way: WayFacts | None) -> PassageFacts:
    return tags.passage(
        node,
        kerb_events=gap.kerb_events,
        mapped_crossing=gap.mapped_crossing,
        barrier_applies=gap.barrier_applies,
        lift_applies=gap.lift_applies,
        kerb_height_m=gap.kerb_height_m,
        way=way,
    )


class _Ends:
    """Street ends by OSM node; end `2e` is the start of street e, `2e + 1` its finish."""

    def __init__(self, s: Streets) -> None:
        self._s = s
        self._first = s.node[s.start[:-1]].tolist()
        self._last = s.node[s.start[1:] - 1].tolist()
        begin, end = s.start[:-1], s.start[1:] - 1
        self._bearing = (
            bearing_deg(s.lon[begin], s.lat[begin], s.lon[begin + 1], s.lat[begin + 1]).tolist(),
            bearing_deg(s.lon[end], s.lat[end], s.lon[end - 1], s.lat[end - 1]).tolist(),
        )
        self.at: dict[int, list[int]] = {}
        for edge, (first, last) in enumerate(zip(self._first, self._last, strict=True)):
            self.at.setdefault(first, []).append(2 * edge)
            self.at.setdefault(last, []).append(2 * edge + 1)

    def _facts(self, end: int) -> WayFacts:
        return self._s.way_facts[self._s.facts[end >> 1]]

    def facts_at(self, ending: list[int], arm: int | None) -> WayFacts | None:
        """Facts of the arm with this number."""
        return None if arm is None else self._facts(ending[arm])

    def mixed(self, ending: list[int]) -> bool:
        """Whether arms of more than one kind meet: walkway and carriageway, or sidewalks of two sides."""
        kinds = {self._facts(end).carriageway for end in ending}
        return len(kinds) > 1 or any(self._s.side[end >> 1] for end in ending)

    def arm(self, end: int) -> Arm:
        facts, edge, arriving = self._facts(end), end >> 1, bool(end & 1)
        side = self._s.side[edge]
        return Arm(
            carriageway=facts.carriageway,
            crossing=facts.crossing,
            kerb_elsewhere=facts.crossing and self._kerb_further_on(end),
            bearing=self._bearing[arriving][edge],
            level=facts.level,
            # Seen from the node, an arriving way's left is on the right.
            beside=0 if not side else -1 if (side == LEFT) != arriving else 1,
            attached=facts.carriageway and facts.sidewalk is Sidewalk.ATTACHED,
            kerb_m=facts.kerb_end_m if arriving else facts.kerb_start_m,
        )

    def _kerb_further_on(self, end: int) -> bool:
        """Whether the crossing way says its kerb itself, by a tag or at a node before it leaves the street."""
        for _ in range(8):
            edge = end >> 1
            if tags.says_kerb(self._facts(end)):
                return True
            beyond = self._first[edge] if end & 1 else self._last[edge]
            node = self._s.node_facts.get(beyond)
            if node is not None and tags.acting(node).kerb:
                return True
            onward = [other for other in self.at[beyond] if other >> 1 != edge]
            if len(onward) != 1 or not self._facts(onward[0]).crossing:
                return False
            end = onward[0]
        return False
