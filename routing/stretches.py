"""A path read as stretches: runs of one way with the same facts, and the passages met between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from accessibility.facts import PassageFacts, WayFacts
from routing.costs import Weighing
from routing.graph import SIDES, StreetGraph
from routing.path import Piece, line_of


@dataclass
class Passed:
    """A passage on the path: what it is, where, and what it took."""

    facts: PassageFacts
    piece: Piece
    node_id: int
    vertex: int
    """Index into the leg's coordinates."""
    duration_s: float
    onto_road: bool = False
    off_road: bool = False


@dataclass
class Stretch:
    """Consecutive street pieces of one way with the same facts, in one direction."""

    way_id: int
    area_id: int
    """The plaza crossed, as in `StreetGraph.edge_area`; 0 for a way of its own."""
    facts_row: int
    facts: WayFacts
    reverse: bool
    name: str | None
    side: str | None
    first: int
    """Index of the first vertex in the leg's coordinates; `last` is inclusive."""
    last: int
    length_m: float = 0.0
    duration_s: float = 0.0
    flight: float = 0.0
    """How much of the way this is, 0–1: so many of its steps are climbed."""
    pieces: list[Piece] = field(default_factory=list)
    joints: list[int] = field(default_factory=list)
    """Vertices between its pieces: places where one could have turned off."""
    node_ids: list[int] = field(default_factory=list)
    before: list[Passed] = field(default_factory=list)
    """Passages between the previous stretch and this one."""

    def ends(self) -> list[int]:
        """The nodes where one comes onto a plaza and leaves it; what stands on it is none of its nodes."""
        return list(dict.fromkeys(self.node_ids[:1] + self.node_ids[-1:]))


@dataclass
class Trace:
    """A whole leg: its line, its stretches, and the passages after the last one."""

    coordinates: list[tuple[float, float]]
    stretches: list[Stretch]
    after: list[Passed]
    at_node: bool = False
    """It begins at a node a hair behind the spot."""

    def passages(self) -> list[Passed]:
        """All of them, in order."""
        return [passed for stretch in self.stretches for passed in stretch.before] + self.after


def trace(graph: StreetGraph, weighing: Weighing, pieces: Sequence[Piece]) -> Trace:
    """Read `pieces`, which join end to end, as stretches; durations come from the weighing.

    A path that goes nowhere has one coordinate and no stretch.
    """
    out = Trace([], [], [])
    waiting: list[Passed] = []
    kept = walked(graph, pieces)
    out.at_node = bool(kept) and kept[0] is not pieces[0]
    entering = _Entering(graph, weighing, pieces)
    for piece in kept:
        duration = float(weighing.duration_s[piece.arc]) * piece.share + entering.take(piece)
        if graph.is_passage(piece.edge):
            facts = graph.passage_facts[int(graph.edge_facts[piece.edge])]
            node_id = int(graph.node_id[graph.edge_tail[piece.edge]])
            waiting.append(Passed(facts, piece, node_id, max(0, len(out.coordinates) - 1), duration))
        else:
            _extend(graph, out, piece, waiting, duration)
            waiting = []
    out.after = waiting
    if not out.coordinates and pieces:
        out.coordinates = [_place(graph, pieces[0])]
    _mark_roads(out)
    return out


class _Entering:
    """The time that entering and leaving an obstacle takes: it belongs to the way that is entered or left."""

    def __init__(self, graph: StreetGraph, weighing: Weighing, pieces: Sequence[Piece]) -> None:
        self._by_way: dict[int, float] = {}
        self._graph = graph
        for piece in pieces:
            if not graph.is_passage(piece.edge) and graph.is_entrance(piece.edge):
                way, seconds = int(graph.edge_way[piece.edge]), float(weighing.duration_s[piece.arc])
                self._by_way[way] = self._by_way.get(way, 0.0) + seconds

    def take(self, piece: Piece) -> float:
        """What is to be added to the first piece of that way."""
        if not self._by_way or self._graph.is_passage(piece.edge):
            return 0.0
        return self._by_way.pop(int(self._graph.edge_way[piece.edge]), 0.0)


END_M = 0.05
"""A piece at an end of the path that is shorter than this is the node behind it."""


def walked(graph: StreetGraph, pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces one walks or passes: without entrances, standing still, and slivers at the ends."""

    def metres(piece: Piece) -> float:
        return float(graph.edge_length_m[piece.edge]) * piece.share

    kept = [p for p in pieces if graph.is_passage(p.edge) or not (p.share <= 0.0 or graph.is_entrance(p.edge))]
    if sum(metres(piece) for piece in kept) > 2 * END_M:
        for at in (0, -1):
            if not graph.is_passage(kept[at].edge) and metres(kept[at]) < END_M:
                kept.pop(at)
        return kept
    streets = [piece for piece in kept if not graph.is_passage(piece.edge)]
    return kept if any(metres(piece) > 0 for piece in streets) else []


def _place(graph: StreetGraph, piece: Piece) -> tuple[float, float]:
    if graph.is_passage(piece.edge):
        node = int(graph.edge_tail[piece.edge])
        return float(graph.node_lon[node]), float(graph.node_lat[node])
    return line_of(graph, piece).coordinates[0]


def _extend(graph: StreetGraph, out: Trace, piece: Piece, waiting: list[Passed], duration: float) -> None:
    line = line_of(graph, piece)
    joined = bool(out.coordinates) and out.coordinates[-1] == line.coordinates[0]
    first = len(out.coordinates) - 1 if joined else len(out.coordinates)
    out.coordinates += line.coordinates[1:] if joined else line.coordinates
    last = out.stretches[-1] if out.stretches else None
    begun = _begin(graph, piece, first, waiting)
    if last is None or waiting or _kind(last) != _kind(begun):
        out.stretches.append(begun)
        last = begun
    else:
        last.joints.append(first)
    metres = float(graph.edge_length_m[piece.edge]) * piece.share
    last.last = len(out.coordinates) - 1
    last.length_m += metres
    last.duration_s += duration
    last.flight += metres / max(graph.way_length_m(last.way_id), 1e-9)
    last.pieces.append(piece)
    repeated = bool(last.node_ids) and bool(line.node_ids) and last.node_ids[-1] == line.node_ids[0]
    last.node_ids += line.node_ids[1:] if repeated else line.node_ids


def _begin(graph: StreetGraph, piece: Piece, first: int, waiting: list[Passed]) -> Stretch:
    edge, name = piece.edge, int(graph.edge_name[piece.edge])
    row = int(graph.edge_facts[edge])
    facts = graph.way_facts[row]
    return Stretch(
        way_id=int(graph.edge_way[edge]),
        area_id=int(graph.edge_area[edge]),
        facts_row=row,
        facts=replace(facts, flight_share=1.0) if facts.flight_share != 1.0 else facts,
        reverse=piece.reverse,
        name=graph.names[name] if name >= 0 else None,
        side=SIDES[int(graph.edge_side[edge])],
        first=first,
        last=first,
        before=waiting,
    )


def _kind(stretch: Stretch) -> tuple[object, ...]:
    """Stretches of one kind go on as one; on an area there is no direction."""
    if stretch.area_id:
        return stretch.area_id, stretch.facts_row
    return stretch.way_id, stretch.facts_row, stretch.reverse, stretch.side


def _mark_roads(out: Trace) -> None:
    """Say of each passage whether it leads onto or off a carriageway; two in a row cross it."""
    on_road: bool | None = None
    for stretch in out.stretches:
        was = on_road
        on_road = stretch.facts.carriageway
        kerbs = [passed for passed in stretch.before if passed.facts.mapped_crossing is not None]
        if len(kerbs) >= 2:
            kerbs[0].onto_road = kerbs[-1].off_road = True
        elif kerbs and was is not None:
            kerbs[0].onto_road, kerbs[0].off_road = on_road and not was, was and not on_road
