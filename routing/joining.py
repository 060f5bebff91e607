"""Streets joined at their ends: every end gets its graph node, every gap at a node its passage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from accessibility import tags
from accessibility.facts import NodeFacts, PassageFacts, Sidewalk, WayFacts
from routing.elements_raw import RawMap
from routing.geodesy import bearing_deg
from routing.graph import SIDES, Float64, Int32, Int64
from routing.junctions import Arm, Gap, junction
from routing.streets import Streets

LEFT = SIDES.index("left")
CROSSING_PIECES_MAX = 8
"""So many pieces of a crossing are followed to find its kerb."""


@dataclass(frozen=True)
class Walk:
    """Graph nodes [N] and the ends of all edges [E]: streets first, passages behind them."""

    node_id: Int64
    lon: Float64
    lat: Float64
    tail: Int32
    head: Int32
    facts: Int32
    """Row in the facts of ways or of passages."""
    passage_facts: list[PassageFacts]
    first_passage: int


@dataclass
class _Links:
    """Edges of no length at nodes, as they are found."""

    tail: list[int] = field(default_factory=list)
    head: list[int] = field(default_factory=list)
    row: list[int] = field(default_factory=list)

    def add(self, tail: int, head: int, row: int) -> None:
        self.tail.append(tail)
        self.head.append(head)
        self.row.append(row)


def join(raw: RawMap, streets: Streets) -> tuple[Streets, Walk]:
    """Open every node where passing means something; leave the others whole.

    The streets come back with one more, of no length, for every entrance to an obstacle that counts once.
    """
    joining = _Joining(streets)
    for osm_id, ending in joining.ends.at.items():
        joining.open(osm_id, ending)
    whole = _with_entrances(streets, joining)
    ids = np.array(joining.node_id, np.int64)
    at = raw.positions(ids)
    node_of_end = np.array(joining.node_of_end, np.int32)
    entrances, passages = joining.entrances, joining.passages
    return whole, Walk(
        node_id=ids,
        lon=raw.lon[at],
        lat=raw.lat[at],
        tail=np.concatenate([node_of_end[0::2], np.array(entrances.tail + passages.tail, np.int32)]),
        head=np.concatenate([node_of_end[1::2], np.array(entrances.head + passages.head, np.int32)]),
        facts=np.array(whole.facts + passages.row, np.int32),
        passage_facts=list(joining.passage_facts),
        first_passage=len(whole.way),
    )


class _Joining:
    """The graph nodes and what lies between them, while they are made."""

    def __init__(self, streets: Streets) -> None:
        self._streets = streets
        self.ends = _Ends(streets)
        self.node_id: list[int] = []
        self.node_of_end = [0] * (2 * len(streets.way))
        self.entrances, self.passages = _Links(), _Links()
        self.entered: list[int] = []
        """The street behind each entrance."""
        self.passage_facts: dict[PassageFacts, int] = {}

    def open(self, osm_id: int, ending: list[int]) -> None:
        """Give the ends at one OSM node their graph nodes."""
        first = len(self.node_id)
        facts = self._streets.node_facts.get(osm_id)
        if facts is None and self.ends.alike(ending):
            group = [0] * len(ending)
        else:
            group = self._groups(first, ending, facts or NodeFacts())
        self.node_id.extend([osm_id] * (max(group) + 1))
        for end, number in zip(ending, group, strict=True):
            self.node_of_end[end] = first + number
        self._enter(osm_id, ending)

    def _groups(self, first: int, ending: list[int], node: NodeFacts) -> list[int]:
        """The group of each end; what stands between the groups is added to the passages."""
        group, gaps = junction([self.ends.arm(end) for end in ending], tags.acting(node), node.levels)
        for gap in gaps:
            passage = _passage(node, gap, None if gap.speaker is None else self.ends.facts(ending[gap.speaker]))
            row = self.passage_facts.setdefault(passage, len(self.passage_facts))
            self.passages.add(first + gap.first, first + gap.second, row)
        return group

    def _enter(self, osm_id: int, ending: list[int]) -> None:
        """Set the ends of an obstacle that counts once apart from everything else here."""
        streets = self._streets
        if len({(streets.way[end >> 1], streets.side[end >> 1]) for end in ending}) == 1:
            return
        inside: dict[tuple[int, int, int], int] = {}
        for end in ending:
            street, outside = end >> 1, self.node_of_end[end]
            if streets.entrance[street] < 0:
                continue
            key = outside, streets.way[street], streets.side[street]
            if key not in inside:
                inside[key] = len(self.node_id)
                self.node_id.append(osm_id)
                self.entrances.add(outside, inside[key], streets.entrance[street])
                self.entered.append(street)
            self.node_of_end[end] = inside[key]


def _with_entrances(streets: Streets, joining: _Joining) -> Streets:
    entered, count = joining.entered, len(joining.entered)
    node = np.repeat(np.array([joining.node_id[tail] for tail in joining.entrances.tail], np.int64), 2)
    ends = np.array(
        [
            streets.start[e] if streets.node[streets.start[e]] == n else streets.start[e + 1] - 1
            for e, n in zip(entered, node[::2].tolist(), strict=True)
        ],
        np.int64,
    ).repeat(2)
    return replace(
        streets,
        way=streets.way + [streets.way[e] for e in entered],
        area=streets.area + [streets.area[e] for e in entered],
        side=streets.side + [streets.side[e] for e in entered],
        facts=streets.facts + joining.entrances.row,
        entrance=streets.entrance + [-1] * count,
        name=streets.name + [streets.name[e] for e in entered],
        start=np.concatenate([streets.start, streets.start[-1] + 2 * np.arange(1, count + 1)]),
        node=np.concatenate([streets.node, node]),
        lon=np.concatenate([streets.lon, streets.lon[ends]]),
        lat=np.concatenate([streets.lat, streets.lat[ends]]),
        length_m=np.concatenate([streets.length_m, np.zeros(count)]),
    )


def _passage(node: NodeFacts, gap: Gap, way: WayFacts | None) -> PassageFacts:
    own = way is not None and tags.says_kerb(way)
    return tags.passage(
        node,
        kerb_events=gap.kerb_events,
        mapped_crossing=gap.mapped_crossing,
        barrier_applies=gap.barrier_applies,
        lift_applies=gap.lift_applies,
        kerb=way.kerb if way and own else None,
        kerb_height_m=way.kerb_height_m if way and own else gap.kerb_m,
        way=way,
    )


class _Ends:
    """Street ends by OSM node; end `2e` is the start of street e, `2e + 1` its finish."""

    def __init__(self, streets: Streets) -> None:
        self._streets = streets
        begin, end = streets.start[:-1], streets.start[1:] - 1
        lon, lat = streets.lon, streets.lat
        self._node = np.column_stack([streets.node[begin], streets.node[end]]).ravel().tolist()
        away = (
            bearing_deg(lon[begin], lat[begin], lon[begin + 1], lat[begin + 1]),
            bearing_deg(lon[end], lat[end], lon[end - 1], lat[end - 1]),
        )
        self._bearing = np.column_stack(away).ravel().tolist()
        self.at: dict[int, list[int]] = {}
        for number, node in enumerate(self._node):
            self.at.setdefault(node, []).append(number)

    def facts(self, end: int) -> WayFacts:
        """Of the street that ends here."""
        return self._streets.way_facts[self._streets.facts[end >> 1]]

    def alike(self, ending: list[int]) -> bool:
        """Whether only streets of one kind meet: all carriageways, or none, no sides and no crossing with a kerb."""
        if any(self._streets.side[end >> 1] for end in ending):
            return False
        found = [self.facts(end) for end in ending]
        roads = sum(facts.carriageway for facts in found)
        return roads == len(found) or (roads == 0 and not any(tags.says_kerb(facts) for facts in found))

    def arm(self, end: int) -> Arm:
        """This end as its node sees it."""
        facts, arriving, side = self.facts(end), bool(end & 1), self._streets.side[end >> 1]
        return Arm(
            carriageway=facts.carriageway,
            crossing=facts.crossing,
            bearing=self._bearing[end],
            way=self._streets.way[end >> 1],
            own_kerb=tags.says_kerb(facts),
            kerb_node_ahead=facts.crossing and self._kerb_node_ahead(end),
            kerb_elsewhere=facts.crossing and self._kerb_elsewhere(end),
            levels=facts.levels,
            # Seen from the node, an arriving way's left is on the right.
            beside=0 if not side else -1 if (side == LEFT) != arriving else 1,
            attached=facts.carriageway and facts.sidewalk is Sidewalk.ATTACHED,
            kerb_m=facts.kerb_end_m if arriving else facts.kerb_start_m,
        )

    def _along(self, end: int) -> Iterator[tuple[int, bool]]:
        """Nodes met along a crossing from one of its ends, each with whether the piece that leads there says its kerb.

        It stops behind the first carriageway, and where the crossing ends or forks.
        """
        for _ in range(CROSSING_PIECES_MAX):
            beyond = self._node[end ^ 1]
            yield beyond, tags.says_kerb(self.facts(end))
            onward = [other for other in self.at[beyond] if other != end ^ 1]
            crossings = [other for other in onward if self.facts(other).crossing]
            if len(crossings) != 1 or any(self.facts(other).carriageway for other in onward):
                return
            end = crossings[0]

    def _kerb_node_ahead(self, end: int) -> bool:
        return any(self._says_kerb(node) for node, _ in self._along(end) if not self._on_road(node))

    def _kerb_elsewhere(self, end: int) -> bool:
        """Whether a node further on says the kerb, or the crossing way does and reaches the walkway there."""
        return any(
            (self._says_kerb(node) and not self._on_road(node)) or (says and self._on_walkway(node))
            for node, says in self._along(end)
        )

    def _says_kerb(self, node: int) -> bool:
        facts = self._streets.node_facts.get(node)
        return facts is not None and tags.acting(facts).kerb

    def _on_road(self, node: int) -> bool:
        return any(self.facts(end).carriageway for end in self.at[node])

    def _on_walkway(self, node: int) -> bool:
        found = [self.facts(end) for end in self.at[node]]
        return any(not facts.carriageway and not facts.crossing for facts in found)
