"""A leg as steps: stable kinds with values, and the words for them.

Each step is one thing to do. `text` is a plain sentence, `spoken` the same without symbols or abbreviations, `short`
fits a small screen.
"""

from __future__ import annotations

from accessibility.profiles import Profile
from routing.announcing import announced
from routing.answers import Step
from routing.graph import StreetGraph
from routing.labels import NOTHING, Label
from routing.moves import Move, blocks_of
from routing.phrases import PLAIN, Voice
from routing.polyline import Polyline
from routing.rests import Sitting, rests
from routing.stretches import Trace
from routing.turns import told

_OVER = frozenset(("cross_road", "change_side", "crossing_wait"))
"""Steps whose label is the road that is crossed."""


def steps_of(
    graph: StreetGraph, trace: Trace, profile: Profile, voice: Voice = PLAIN, sitting: Sitting | None = None
) -> list[Step]:
    """The instructions for one leg, `arrive` last, in the words of `voice`; indexes count the leg's own vertices.

    `sitting`: the seats on it, for somebody who wishes some.

    Distances and durations are rounded so that they add up to the rounded sums of the leg.
    """
    line = Polyline(trace.lonlat, trace.walked_m, trace.columns)
    moves = told(blocks_of(graph, trace, profile), line)
    end = len(trace.walked_m) - 1
    moves.append(Move("arrive", end, end))
    seats = () if sitting is None else rests(sitting, line.walked_m)
    tellings = announced(trace, profile, moves, line, graph.landmarks, seats)
    metres = _rounded([telling.move.distance_m for telling in tellings])
    seconds = _rounded([telling.move.duration_s for telling in tellings])
    steps = []
    before = NOTHING
    for telling, distance, duration in zip(tellings, metres, seconds, strict=True):
        move = telling.move
        text, spoken, short = voice.say(telling, before)
        street = move.label.name if move.kind in _OVER else move.onto.name or move.label.name
        span = (move.first, move.last)
        steps.append(Step(move.kind, text, spoken, short, distance, duration, span, move.way_id, street))
        before = _walked_on(move, before)
    return steps


def _walked_on(move: Move, before: Label) -> Label:
    """What one is on when a move is done; a crossing leads back to where one was."""
    if move.onto is not NOTHING:
        return move.onto
    if move.kind == "crossing_wait":
        return before
    return NOTHING if move.kind in _OVER else move.label


def _rounded(values: list[float]) -> list[float]:
    """To tenths, so that every partial sum is the rounded partial sum."""
    out, total, before = [], 0.0, 0
    for value in values:
        total += value
        tenths = int(total * 10 + 0.5)
        out.append((tenths - before) / 10)
        before = tenths
    return out
