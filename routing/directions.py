"""A leg as steps: stable kinds with values, and the words for them.

Each step is one thing to do. `text` is a plain sentence, `spoken` the same without symbols or abbreviations, `short`
fits a small screen.
"""

from __future__ import annotations

from accessibility.profiles import Profile
from routing.answers import Step
from routing.graph import StreetGraph
from routing.labels import NOTHING, Label
from routing.moves import Move, blocks_of
from routing.phrases import short, text
from routing.polyline import Polyline
from routing.stretches import Trace
from routing.turns import told


def steps_of(graph: StreetGraph, trace: Trace, profile: Profile) -> list[Step]:
    """The instructions for one leg, `arrive` last; indexes count the leg's own vertices.

    Distances and durations are rounded so that they add up to the rounded sums of the leg.
    """
    moves = told(blocks_of(graph, trace, profile), Polyline(trace.lonlat, trace.walked_m))
    end = len(trace.coordinates) - 1
    moves.append(Move("arrive", end, end))
    metres = _rounded([move.distance_m for move in moves])
    seconds = _rounded([move.duration_s for move in moves])
    before = [NOTHING, *(_walked_on(move) for move in moves)]
    return [
        Step(
            kind=move.kind,
            text=text(move, on),
            spoken=text(move, on, spoken=True),
            short=short(move),
            distance_m=distance,
            duration_s=duration,
            geometry_index=(move.first, move.last),
            way_id=move.way_id,
            street=(move.onto.name or move.label.name) if move.kind != "cross_road" else move.label.name,
        )
        for move, on, distance, duration in zip(moves, before, metres, seconds, strict=False)
    ]


def _walked_on(move: Move) -> Label:
    """What one is on when a move is done; a crossing leads back to where one was."""
    if move.onto != NOTHING:
        return move.onto
    return NOTHING if move.kind == "cross_road" else move.label


def _rounded(values: list[float]) -> list[float]:
    """To tenths, so that every partial sum is the rounded partial sum."""
    out, total, before = [], 0.0, 0.0
    for value in values:
        total += value
        until = round(total, 1)
        out.append(round(until - before, 1))
        before = until
    return out
