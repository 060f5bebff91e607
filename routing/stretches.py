"""A path read as stretches: runs of one way with the same facts, and the passages met between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

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
    """Index into the route's coordinates."""
    duration_s: float
    onto_road: bool = False
    off_road: bool = False


@dataclass
class Stretch:
    """Consecutive street pieces of one way with the same facts, in one direction."""

    way_id: int
    area_id: int
    """The plaza crossed, as in `StreetGraph.edge_area`; 0 = none."""
    facts_row: int
    facts: WayFacts
    reverse: bool
    name: str | None
    side: str | None
    first: int
    """Index of the first vertex in the route's coordinates; `last` is inclusive."""
    last: int
    length_m: float = 0.0
    duration_s: float = 0.0
    pieces: list[Piece] = field(default_factory=list)
    node_ids: list[int] = field(default_factory=list)
    before: list[Passed] = field(default_factory=list)
    """Passages between the previous stretch and this one."""


@dataclass
class Trace:
    """A whole leg: its line, its stretches, and the passages after the last one."""

    coordinates: list[tuple[float, float]]
    stretches: list[Stretch]
    after: list[Passed]


def trace(graph: StreetGraph, weighing: Weighing, pieces: Sequence[Piece]) -> Trace:
    """Read `pieces`, which join end to end, as stretches; durations come from the weighing."""
    out = Trace([], [], [])
    waiting: list[Passed] = []
    for piece in pieces:
        duration = float(weighing.duration_s[piece.arc]) * piece.share
        if graph.is_passage(piece.edge):
            facts = graph.passage_facts[int(graph.edge_facts[piece.edge])]
            node_id = int(graph.node_id[graph.edge_tail[piece.edge]])
            waiting.append(Passed(facts, piece, node_id, max(0, len(out.coordinates) - 1), duration))
        else:
            _extend(graph, out, piece, waiting, duration)
            waiting = []
    out.after = waiting
    _mark_roads(out)
    return out


def _extend(graph: StreetGraph, out: Trace, piece: Piece, waiting: list[Passed], duration: float) -> None:
    edge = piece.edge
    line = line_of(graph, piece)
    joined = bool(out.coordinates) and out.coordinates[-1] == line.coordinates[0]
    first = len(out.coordinates) - 1 if joined else len(out.coordinates)
    out.coordinates += line.coordinates[1:] if joined else line.coordinates
    last = out.stretches[-1] if out.stretches else None
    way_id, area_id, row = int(graph.edge_way[edge]), int(graph.edge_area[edge]), int(graph.edge_facts[edge])
    side = SIDES[int(graph.edge_side[edge])]
    if (
        last is None
        or waiting
        or (last.way_id, last.area_id, last.facts_row, last.reverse, last.side)
        != (way_id, area_id, row, piece.reverse, side)
    ):
        name = int(graph.edge_name[edge])
        last = Stretch(
            way_id,
            area_id,
            row,
            graph.way_facts[row],
            piece.reverse,
            graph.names[name] if name >= 0 else None,
            side,
            first,
            first,
            before=waiting,
        )
        out.stretches.append(last)
    last.last = len(out.coordinates) - 1
    last.length_m += float(graph.edge_length_m[edge]) * piece.share
    last.duration_s += duration
    last.pieces.append(piece)
    repeated = bool(last.node_ids) and bool(line.node_ids) and last.node_ids[-1] == line.node_ids[0]
    last.node_ids += line.node_ids[1:] if repeated else line.node_ids


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
