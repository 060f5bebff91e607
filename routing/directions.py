"""Path → steps: stable kinds with values, and the words for them.

Each step is one action. `text` is a plain sentence, `spoken` the same without symbols or abbreviations, `short` fits a
small screen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from accessibility.facts import WayRole
from routing.answers import Step
from routing.geodesy import bearing_deg
from routing.stretches import Passed, Stretch, Trace

STRAIGHT_DEG = 30.0
SLIGHT_DEG = 50.0
SHARP_DEG = 125.0
"""A change of direction below 30° is going on; up to 50° a slight turn, beyond 125° a sharp one."""


@dataclass
class _Move:
    """A step before it has words: it covers the line from `first` to `last`."""

    kind: str
    first: int
    last: int
    distance_m: float = 0.0
    duration_s: float = 0.0
    way_id: int | None = None
    street: str | None = None
    count: int | None = None


def steps_of(trace: Trace) -> list[Step]:
    """The instructions for one leg, `depart` first and `arrive` last; indexes count the leg's own vertices."""
    moves = list(_moves(trace))
    return [
        Step(
            kind=move.kind,
            text=_text(move),
            spoken=_text(move, spoken=True),
            short=_SHORT[move.kind],
            distance_m=round(move.distance_m, 1),
            duration_s=round(move.duration_s, 1),
            geometry_index=(move.first, move.last),
            way_id=move.way_id,
            street=move.street,
        )
        for move in moves
    ]


def _moves(trace: Trace) -> Iterator[_Move]:
    current: _Move | None = None
    previous: Stretch | None = None
    for stretch in trace.stretches:
        for met in _met(stretch.before):
            if current is not None:
                yield current
                current = None
            yield met
        kind = _kind(trace, previous, stretch)
        if current is not None and kind == "continue" and _same_street(current, stretch):
            current.last = stretch.last
        else:
            if current is not None:
                yield current
            current = _Move(
                kind, stretch.first, stretch.last, 0.0, 0.0, stretch.way_id, stretch.name, stretch.facts.step_count
            )
        current.distance_m += stretch.length_m
        current.duration_s += stretch.duration_s
        previous = stretch
    if current is not None:
        yield current
    yield from _met(trace.after)
    end = max(0, len(trace.coordinates) - 1)
    yield _Move("arrive", end, end)


def _met(passages: list[Passed]) -> Iterator[_Move]:
    """Steps for what is passed at a node; the two kerbs of one crossing are one step."""
    roads = [passed for passed in passages if passed.onto_road or passed.off_road]
    if any(passed.onto_road for passed in roads) and any(passed.off_road for passed in roads):
        yield _Move("cross_road", roads[0].vertex, roads[0].vertex, 0.0, sum(passed.duration_s for passed in passages))
        return
    for passed in passages:
        kind = None
        if passed.facts.lift_applies:
            kind = "lift"
        elif passed.facts.barrier_applies:
            kind = "gate"
        elif passed.onto_road or passed.off_road:
            kind = "kerb_down" if passed.onto_road else "kerb_up"
        if kind:
            yield _Move(kind, passed.vertex, passed.vertex, 0.0, passed.duration_s)


def _same_street(move: _Move, stretch: Stretch) -> bool:
    special = ("steps_up", "steps_down", "escalator", "lift")
    return move.street == stretch.name and move.kind not in special


def _kind(trace: Trace, previous: Stretch | None, stretch: Stretch) -> str:
    if stretch.facts.role is WayRole.STEPS:
        rising = stretch.facts.incline_sign or 0
        return "steps_down" if (rising > 0) == stretch.reverse and rising else "steps_up"
    if stretch.facts.role is WayRole.ESCALATOR:
        return "escalator"
    if stretch.facts.role is WayRole.LIFT:
        return "lift"
    if previous is None:
        return "depart"
    return turn_kind(turn_deg(trace, stretch.first))


def turn_deg(trace: Trace, at: int) -> float:
    """How far the line turns at a vertex: degrees, right positive, in (−180, 180]."""
    if at <= 0 or at >= len(trace.coordinates) - 1:
        return 0.0
    before, here, after = trace.coordinates[at - 1 : at + 2]
    change = float(bearing_deg(*here, *after)) - float(bearing_deg(*before, *here))
    return 180.0 - (180.0 - change) % 360.0


def turn_kind(degrees: float) -> str:
    """The step kind of a change of direction."""
    size = abs(degrees)
    if size < STRAIGHT_DEG:
        return "continue"
    side = "right" if degrees > 0 else "left"
    return f"turn_slight_{side}" if size < SLIGHT_DEG else f"turn_sharp_{side}" if size > SHARP_DEG else f"turn_{side}"


_SENTENCES = {
    "depart": "Start{on}",
    "continue": "Go on{on}",
    "turn_slight_left": "Bear left{onto}",
    "turn_slight_right": "Bear right{onto}",
    "turn_left": "Turn left{onto}",
    "turn_right": "Turn right{onto}",
    "turn_sharp_left": "Turn sharp left{onto}",
    "turn_sharp_right": "Turn sharp right{onto}",
    "cross_road": "Cross the road",
    "kerb_up": "Go up from the road",
    "kerb_down": "Go down onto the road",
    "steps_up": "Take the steps{count}",
    "steps_down": "Take the steps down{count}",
    "escalator": "Take the escalator",
    "lift": "Take the lift",
    "gate": "Go through the barrier",
    "arrive": "You have arrived",
}
_SHORT = {kind: sentence.split("{")[0] for kind, sentence in _SENTENCES.items()}


def _text(move: _Move, *, spoken: bool = False) -> str:
    unit = "metres" if spoken else "m"
    sentence = _SENTENCES[move.kind].format(
        on=f" on {move.street}" if move.street else "",
        onto=f" onto {move.street}" if move.street else "",
        count=f", {move.count} of them" if move.count else "",
    )
    metres = round(move.distance_m)
    return (
        f"{sentence}. Go {metres} {unit}."
        if metres >= 1 and move.kind not in ("steps_up", "steps_down")
        else f"{sentence}."
    )
