"""A path read as stretches: runs of one way with the same facts, and the passages met between them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from accessibility.facts import PassageFacts
from routing.costs import Weighing
from routing.graph import SIDES, StreetGraph
from routing.labels import Label
from routing.path import Piece, Pieces, line_of
from routing.said import Said
from routing.vertices import Vertices

Rows = NDArray[np.int64]
Floats = NDArray[np.float64]


class Passed:
    """A passage on the path: what it is, where, and what it took."""

    def __init__(self, facts: PassageFacts, piece: Piece, node_id: int, vertex: int, duration_s: float) -> None:
        """`vertex`: index into the leg's coordinates."""
        self.facts, self.piece, self.node_id = facts, piece, node_id
        self.vertex, self.duration_s = vertex, duration_s
        self.onto_road = False
        self.off_road = False


class Stretch:
    """Consecutive street pieces of one way with the same facts, in one direction."""

    def __init__(
        self,
        way_id: int,
        area_id: int,
        said: Said,
        reverse: bool,
        label: Label,
        side: str | None,
        first: int,
        last: int,
        length_m: float,
        duration_s: float,
        flight: float,
        streets: Pieces,
        begin: int,
        end: int,
        joints: list[int],
        node_ids: list[int],
    ) -> None:
        self.way_id = way_id
        self.area_id = area_id
        """The plaza crossed, as in `StreetGraph.edge_area`; 0 for a way of its own."""
        self.said, self.facts = said, said.facts
        """What the map says of it in this direction."""
        self.reverse = reverse
        self.label = label
        """What people call it."""
        self.side = side
        self.first, self.last = first, last
        """Indexes of the first and the last vertex in the leg's coordinates."""
        self.length_m, self.duration_s = length_m, duration_s
        self.flight = flight
        """How much of the way this is, 0–1: so many of its steps are climbed."""
        self.streets = streets
        """Those of the whole leg, of which it has the rows from `begin` to before `end`."""
        self.begin, self.end = begin, end
        self.joints = joints
        """Vertices between its pieces: places where one could have turned off."""
        self.node_ids = node_ids
        self.before: list[Passed] = []
        """Passages between the previous stretch and this one."""

    @property
    def pieces(self) -> Pieces:
        """What it is made of."""
        return self.streets[self.begin : self.end]

    def ends(self) -> list[int]:
        """The nodes where one comes onto a plaza and leaves it; what stands on it is none of its nodes."""
        return list(dict.fromkeys(self.node_ids[:1] + self.node_ids[-1:]))


class Trace:
    """A whole leg: its line, its stretches, and the passages after the last one."""

    def __init__(
        self,
        stretches: list[Stretch],
        after: list[Passed],
        pieces: Pieces,
        lonlat: NDArray[np.float64],
        walked_m: NDArray[np.float64],
        columns: tuple[list[float], list[float]],
        at_node: bool = False,
    ) -> None:
        self.stretches, self.after = stretches, after
        self.pieces = pieces
        """All that is walked and passed."""
        self.lonlat = lonlat
        """Its vertices in degrees [V, 2]."""
        self.walked_m = walked_m
        """Metres walked to each of them [V]."""
        self.columns = columns
        """Their longitudes, and their latitudes."""
        self.at_node = at_node
        """It begins at a node a hair behind the spot."""

    @property
    def coordinates(self) -> list[tuple[float, float]]:
        """The vertices as pairs."""
        return list(zip(*self.columns, strict=True))

    def at(self, vertex: int) -> tuple[float, float]:
        """One vertex, (lon, lat)."""
        return self.columns[0][vertex], self.columns[1][vertex]

    def passages(self) -> list[Passed]:
        """All of them, in order."""
        return [passed for stretch in self.stretches for passed in stretch.before] + self.after


def trace(graph: StreetGraph, weighing: Weighing, pieces: Sequence[Piece]) -> Trace:
    """Read `pieces`, which join end to end, as stretches; durations come from the weighing.

    A path that goes nowhere has one coordinate and no stretch.
    """
    found = Pieces.of(pieces)
    rows = _walked(graph, found)
    kept = found.only(rows)
    durations = weighing.duration_s[kept.arc] * kept.share
    _enter(graph, weighing, found, kept, durations)
    columns = _Columns(graph, kept, durations)
    stretches = columns.stretches()
    after = columns.pass_through(stretches)
    line = columns.line
    at_node = len(rows) > 0 and bool(rows[0])
    if len(line.lonlat) or not len(found):
        out = Trace(stretches, after, kept, line.lonlat, line.walked_m, line.columns, at_node)
    else:
        lon, lat = _place(graph, found[0])
        here = np.array([[lon, lat]])
        out = Trace(stretches, after, kept, here, np.zeros(1), ([lon], [lat]), at_node)
    _mark_roads(out)
    return out


def _enter(graph: StreetGraph, weighing: Weighing, found: Pieces, kept: Pieces, durations: Floats) -> None:
    """Add the time that entering and leaving an obstacle takes to the first piece of the way entered or left."""
    entrances = graph.entrance[found.edge].nonzero()[0]
    if not len(entrances):
        return
    by_way: dict[int, float] = {}
    for arc in found.arc[entrances].tolist():
        way = int(graph.edge_way[arc >> 1])
        by_way[way] = by_way.get(way, 0.0) + float(weighing.duration_s[arc])
    streets = (kept.edge < graph.first_passage).nonzero()[0]
    ways = graph.edge_way[kept.edge[streets]]
    for way, seconds in by_way.items():
        rows = streets[ways == way]
        if len(rows):
            durations[rows[0]] += seconds


END_M = 0.05
"""A piece at an end of the path that is shorter than this is the node behind it."""


def walked(graph: StreetGraph, pieces: Sequence[Piece]) -> Pieces:
    """The pieces one walks or passes: without entrances, standing still, and slivers at the ends."""
    found = Pieces.of(pieces)
    return found.only(_walked(graph, found))


def _walked(graph: StreetGraph, pieces: Pieces) -> Rows:
    """Their rows."""
    edge, share = pieces.edge, pieces.share
    passage = edge >= graph.first_passage
    metres = graph.edge_length_m[edge] * share
    rows: Rows = (passage | ((share > 0.0) & ~graph.entrance[edge])).nonzero()[0]
    walks = metres[rows]
    if float(walks.sum()) > 2 * END_M:
        first, last = (walks[at] < END_M and not passage[rows[at]] for at in (0, -1))
        return rows[int(first) : len(rows) - int(last)]
    return rows if bool((walks[~passage[rows]] > 0).any()) else rows[:0]


def _place(graph: StreetGraph, piece: Piece) -> tuple[float, float]:
    if graph.is_passage(piece.edge):
        node = int(graph.edge_tail[piece.edge])
        return float(graph.node_lon[node]), float(graph.node_lat[node])
    return line_of(graph, piece).coordinates[0]


class _Columns:
    """The pieces of a path in columns, cut into stretches where the way, its facts or the direction change, and at
    every passage."""

    def __init__(self, graph: StreetGraph, kept: Pieces, durations: Floats) -> None:
        self._graph, self._kept, self._durations = graph, kept, durations
        edge = kept.edge
        self._rows: Rows = (edge < graph.first_passage).nonzero()[0]
        """Those of streets."""
        streets = self._streets = kept.only(self._rows)
        self._edge, self._reverse = edge[self._rows], (streets.arc & 1).astype(np.bool_)
        self._way, self._area = graph.edge_way[self._edge], graph.edge_area[self._edge]
        self._facts, self._side = graph.edge_facts[self._edge], graph.edge_side[self._edge]
        self.line = Vertices(graph, streets)
        self._begin = self._begins()

    def _begins(self) -> Rows:
        """Among the street pieces, the first of each stretch; on an area there is no direction."""
        if not len(self._rows):
            return self._rows
        way, area, facts = self._way, self._area, self._facts
        other = (way[1:] != way[:-1]) | (self._reverse[1:] != self._reverse[:-1]) | (self._side[1:] != self._side[:-1])
        new = ((area[1:] == 0) & other) | (area[1:] != area[:-1]) | (facts[1:] != facts[:-1])
        new |= self._rows[1:] - self._rows[:-1] > 1
        return np.concatenate(([0], new.nonzero()[0] + 1))

    def stretches(self) -> list[Stretch]:
        """In order, without what is passed between them."""
        begin, graph = self._begin, self._graph
        if not len(begin):
            return []
        metres = graph.edge_length_m[self._edge] * self._streets.share
        flight = metres / np.maximum(graph.way_metres[self._edge], 1e-9)
        lengths: list[float] = np.add.reduceat(metres, begin).tolist()
        durations: list[float] = np.add.reduceat(self._durations[self._rows], begin).tolist()
        flights: list[float] = np.add.reduceat(flight, begin).tolist()
        ways: list[int] = self._way[begin].tolist()
        areas: list[int] = self._area[begin].tolist()
        rows: list[int] = self._facts[begin].tolist()
        backs: list[bool] = self._reverse[begin].tolist()
        sides: list[int] = self._side[begin].tolist()
        names: list[int] = graph.edge_name[self._edge[begin]].tolist()
        begins: list[int] = begin.tolist()
        ends = [*begins[1:], len(self._rows)]
        line, sayings, streets, found = self.line, graph.sayings, self._streets, []
        for n, a in enumerate(begins):
            b, row = ends[n], rows[n]
            first, last = line.begin(a), line.end[b - 1]
            found.append(
                Stretch(
                    ways[n],
                    areas[n],
                    sayings.of(row, backs[n]),
                    backs[n],
                    sayings.label(row, names[n]),
                    SIDES[sides[n]],
                    first,
                    last,
                    lengths[n],
                    durations[n],
                    flights[n],
                    streets,
                    a,
                    b,
                    line.end[a : b - 1],
                    line.nodes_between(first, last),
                )
            )
        return found

    def pass_through(self, stretches: list[Stretch]) -> list[Passed]:
        """Give each stretch what is passed before it; returns what comes after the last."""
        graph, kept = self._graph, self._kept
        rows = (kept.edge >= graph.first_passage).nonzero()[0]
        after: list[Passed] = []
        if not len(rows):
            return after
        passages = kept.only(rows)
        behind = self._rows.searchsorted(rows)
        number = self._begin.searchsorted(behind).tolist()
        nodes = graph.node_id[graph.edge_tail[passages.edge]].tolist()
        facts = graph.edge_facts[passages.edge].tolist()
        durations = self._durations[rows].tolist()
        for at, piece, node, row, seconds, streets in zip(
            number, passages, nodes, facts, durations, behind.tolist(), strict=True
        ):
            passed = Passed(graph.passage_facts[row], piece, node, self.line.begin(streets), seconds)
            (stretches[at].before if at < len(stretches) else after).append(passed)
        return after


def _mark_roads(out: Trace) -> None:
    """Say of each passage whether it leads onto or off a carriageway; two in a row cross it."""
    for number, stretch in enumerate(out.stretches):
        if not stretch.before:
            continue
        kerbs = [passed for passed in stretch.before if passed.facts.mapped_crossing is not None]
        if len(kerbs) >= 2:
            kerbs[0].onto_road = kerbs[-1].off_road = True
        elif kerbs and number:
            was, is_ = out.stretches[number - 1].facts.carriageway, stretch.facts.carriageway
            kerbs[0].onto_road, kerbs[0].off_road = is_ and not was, was and not is_
