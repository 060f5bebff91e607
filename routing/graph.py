"""The street graph: immutable arrays, one row per edge, facts interned.

Edge `e` is a stretch of one way between two break nodes, or, from `first_passage` on, a passage: a zero-length edge at
a node where passing means something (a kerb, a gate, a lift). Arc `2e` runs along the edge, arc `2e + 1` against it.
Several graph nodes may stand for one OSM node: one per side of a street, per level of a lift, per arm of a gate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from accessibility.facts import PassageFacts, WayFacts
from routing.elements_raw import RawMap
from routing.geodesy import distance_m
from routing.landmarks import Landmarks
from routing.said import Sayings

if TYPE_CHECKING:
    from routing.search_file import SearchFile  # which is made of graphs

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
Float64 = NDArray[np.float64]

BUILD_RULES = 6
"""Part of the build id: raise it whenever the same elements would give another graph."""

SIDES: tuple[str | None, ...] = (None, "left", "right")
"""Meaning of `edge_side`."""


class GraphMeta(Struct, frozen=True):
    """Where a graph comes from; `build_id` changes whenever the data or the building rules do."""

    build_id: str
    source: str
    timestamp: str | None
    attribution: str
    bbox: tuple[float, float, float, float]
    """West, south, east, north in degrees."""
    warnings: list[str]


@dataclass(frozen=True)
class StreetGraph:
    """A walkable map. N nodes, E edges of which the first S = `first_passage` are streets, V geometry vertices."""

    meta: GraphMeta
    first_passage: int
    node_id: Int64
    """OSM node of each graph node [N]; negative for a point cut into a loop."""
    node_lon: Float64
    node_lat: Float64
    edge_tail: Int32
    edge_head: Int32
    edge_way: Int64
    """OSM way of each street [S], 0 for one that nobody has drawn."""
    edge_area: Int64
    """The plaza a street crosses or whose rim it is [S]: its way, or minus its relation; 0 for a way of its own."""
    edge_facts: Int32
    """Row in `way_facts` for a street, in `passage_facts` for a passage [E]."""
    edge_length_m: Float64
    edge_side: NDArray[np.int8]
    """Index into `SIDES` [S]."""
    edge_name: Int32
    """Index into `names` [S], −1 for a nameless way."""
    edge_component: Int32
    """Component of the walk graph [E], −1 for an edge that nobody may walk."""
    geom_start: Int64
    """Street e owns vertices `geom_start[e]:geom_start[e + 1]` [S + 1]."""
    geom_lon: Float64
    geom_lat: Float64
    geom_node: Int64
    """OSM node of each vertex [V]."""
    order: Int32
    """Contraction order of the nodes [N]."""
    way_facts: Sequence[WayFacts]
    passage_facts: Sequence[PassageFacts]
    names: Sequence[str]
    elements: RawMap
    """Everything kept of the source: relations, buildings, places, addresses, entrances, levels."""
    search_file: SearchFile | None = field(default=None, compare=False)
    """Of a saved map: the names in it, to be searched."""

    @property
    def node_count(self) -> int:
        return len(self.node_id)

    @property
    def edge_count(self) -> int:
        return len(self.edge_tail)

    def warm(self) -> None:
        """Make now what is otherwise made when first asked for."""
        for name, member in vars(type(self)).items():
            if isinstance(member, cached_property):
                getattr(self, name)

    def arcs(self) -> tuple[Int32, Int32]:
        """Tail and head node of every arc [2E]."""
        tail = np.empty(2 * self.edge_count, np.int32)
        head = np.empty(2 * self.edge_count, np.int32)
        tail[0::2], tail[1::2] = self.edge_tail, self.edge_head
        head[0::2], head[1::2] = self.edge_head, self.edge_tail
        return tail, head

    def vertices(self, edge: int) -> slice:
        """The vertices of a street, in way direction."""
        return slice(int(self.geom_start[edge]), int(self.geom_start[edge + 1]))

    def is_passage(self, edge: int) -> bool:
        return edge >= self.first_passage

    def is_entrance(self, edge: int) -> bool:
        """Whether this street stays at one node: the entrance to an obstacle that counts once, however it is cut."""
        first = int(self.geom_start[edge])
        return bool(self.geom_start[edge + 1] - first == 2 and self.geom_node[first] == self.geom_node[first + 1])

    @cached_property
    def joined(self) -> Int32:
        """For each node the lowest of those that edges of no length join it with, itself where none does [N]."""
        short = np.flatnonzero(self.edge_length_m == 0)
        return lowest_joined(self.node_count, self.edge_tail[short], self.edge_head[short])

    @cached_property
    def geom_step_m(self) -> Float64:
        """Metres to each vertex from the one before it on its street, 0 at the first [V]."""
        lon, lat = self.geom_lon, self.geom_lat
        steps = np.zeros(len(lon))
        steps[1:] = distance_m(lon[:-1], lat[:-1], lon[1:], lat[1:])
        steps[self.geom_start[:-1]] = 0.0
        return steps

    @cached_property
    def geom_share(self) -> Float64:
        """Share of the street's length at each of its vertices, 0 to 1 [V]."""
        start = self.geom_start
        walked = np.cumsum(self.geom_step_m)
        counts = np.diff(start)
        begin, length = walked[start[:-1]], walked[start[1:] - 1] - walked[start[:-1]]
        share: Float64 = (walked - begin.repeat(counts)) / np.where(length > 0, length, 1.0).repeat(counts)
        share[start[1:] - 1] = np.where(length > 0, 1.0, 0.0)
        return share

    @cached_property
    def entrance(self) -> NDArray[np.bool_]:
        """`is_entrance` of every edge [E]."""
        out = np.zeros(self.edge_count, np.bool_)
        first = np.asarray(self.geom_start[:-1])
        short = np.diff(self.geom_start) == 2
        out[: self.first_passage] = short & (
            self.geom_node[first] == self.geom_node[np.minimum(first + 1, len(self.geom_node) - 1)]
        )
        return out

    @cached_property
    def sayings(self) -> Sayings:
        """What the map says in each row of `way_facts`, by direction of travel."""
        return Sayings(self.way_facts, self.names)

    @cached_property
    def landmarks(self) -> Landmarks:
        """What stands near the corners, for directions; made at first use."""
        return Landmarks(self.elements)

    @cached_property
    def way_metres(self) -> Float64:
        """Metres of the whole way of each street [S]."""
        row = np.unique(self.edge_way, return_inverse=True)[1]
        whole = np.bincount(row, weights=self.edge_length_m[: self.first_passage]).astype(np.float64)
        return whole[row]

    @cached_property
    def _roads(self) -> tuple[Int64, Int32]:
        """OSM nodes at the ends of named carriageways, ascending, and the row of each name."""
        carriageway = np.array([facts.carriageway for facts in self.way_facts], np.bool_)
        roads = np.flatnonzero(carriageway[self.edge_facts[: self.first_passage]] & (self.edge_name >= 0))
        ends = np.concatenate([self.edge_tail[roads], self.edge_head[roads]])
        nodes, names = self.node_id[ends], np.tile(self.edge_name[roads], 2)
        order = np.argsort(nodes, kind="stable")
        return nodes[order], names[order].astype(np.int32)

    def road_name_at(self, node: int) -> str | None:
        """The name of the carriageway at an OSM node; `None` where there is none, or more than one."""
        nodes, names = self._roads
        first, last = np.searchsorted(nodes, [node, node + 1])
        found = set(names[first:last].tolist())
        return self.names[found.pop()] if len(found) == 1 else None


def lowest_joined(nodes: int, tail: Int32, head: Int32) -> Int32:
    """For each of so many nodes the lowest of those that these edges join it with, over however many of them."""
    lowest = np.arange(nodes, dtype=np.int32)
    while (lowest[tail] != lowest[head]).any():
        low = np.minimum(lowest[tail], lowest[head])
        np.minimum.at(lowest, tail, low)
        np.minimum.at(lowest, head, low)
        lowest = lowest[lowest]
    return lowest
