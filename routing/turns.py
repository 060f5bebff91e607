"""Which turns are told: those that matter to somebody walking, each once.

A bend of the way itself is none, nor is a wiggle of a few metres; several bends within a few metres are one turn,
judged by where one comes from and where one goes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from routing.labels import Label, label_of
from routing.moves import Block, Move, Walk
from routing.polyline import NEAR_M, Polyline

STRAIGHT_DEG, SLIGHT_DEG, SHARP_DEG = 30.0, 50.0, 125.0
"""A change of direction below 30° is going on; up to 50° a slight turn, beyond 125° a sharp one."""
SAME_STREET_DEG = 60.0
"""On a street that keeps its name only more than this is told."""
WIGGLE_M = 8.0
"""Bends nearer to each other are one; shorter pieces belong to what came before …"""
CLUSTER_M = 15.0
"""… but no farther than this in all."""
NEW_NAME_M = 15.0
"""A name that lasts shorter is not told unless one turns onto it."""
TURNING_DEG = 45.0
"""From here on a crossing, a flight or a gate is told with the turn into it."""

LAST_M = 5.0
"""A turn so near to the end is not told: one is there."""

CARRIES_ON = frozenset({"gate", "kerb_up", "kerb_down", "enter_building", "exit_building"})
"""What takes no way of its own: the walk behind it belongs to it."""


def told(blocks: Sequence[Block], line: Polyline) -> list[Move]:
    """The moves worth telling, in order, `depart` first; together they cover the line."""
    found: list[Move] = []
    turning = _near_turns(blocks, line)
    if not blocks or not isinstance(blocks[0], Walk):
        found.append(Move("depart", 0, 0, heading_deg=line.heading(0, WIGGLE_M)))
    for block in blocks:
        if isinstance(block, Walk):
            turned = bool(found) and found[-1].first == block.first
            for move in _Walked(block, line, turning).moves(first=not found, turned=turned):
                _append(found, move)
        else:
            _approach(found, replace(block, turn_deg=line.turn(block.first)), line)
    if len(found) > 1 and found[-1].kind.startswith("turn") and found[-1].distance_m < LAST_M:
        last = found.pop()
        found[-1] = _longer(found[-1], last)
    return found


def turn_kind(degrees: float) -> str:
    """The step kind of a change of direction, right positive."""
    size = abs(degrees)
    if size < STRAIGHT_DEG:
        return "continue"
    side = "right" if degrees > 0 else "left"
    return f"turn_slight_{side}" if size < SLIGHT_DEG else f"turn_sharp_{side}" if size > SHARP_DEG else f"turn_{side}"


def _append(found: list[Move], move: Move) -> None:
    """Add a part of a walk.

    A few metres straight on belong to what came before, as does the walk behind a gate or a kerb, and more of a street
    that has been told.
    """
    last = found[-1] if found else None
    if last is None or move.kind != "continue":
        found.append(move)
        return
    carried = last.kind in CARRIES_ON and last.first == last.last
    more = _walks(last.kind) and last.label == move.label
    little = abs(move.turn_deg) < STRAIGHT_DEG and move.distance_m < WIGGLE_M
    if carried or more or little:
        found[-1] = replace(_longer(last, move), onto=move.label if carried else last.onto)
    else:
        found.append(move)


def _walks(kind: str) -> bool:
    return kind in ("depart", "continue") or kind.startswith("turn")


def _longer(move: Move, more: Move) -> Move:
    """The same move with what follows it."""
    return replace(
        move,
        last=more.last,
        distance_m=move.distance_m + more.distance_m,
        duration_s=move.duration_s + more.duration_s,
        way_id=move.way_id or more.way_id,
    )


def _approach(found: list[Move], move: Move, line: Polyline) -> None:
    """The last few metres before a flight, a kerb or a crossing belong to it, with the turn into them."""
    last = found[-1] if found else None
    if last is None or last.distance_m >= WIGGLE_M or not last.kind.startswith("turn"):
        found.append(move)
        return
    found[-1] = replace(
        move,
        first=last.first,
        distance_m=last.distance_m + move.distance_m,
        duration_s=last.duration_s + move.duration_s,
        turn_deg=line.turn(last.first, move.first),
    )


def _near_turns(blocks: Sequence[Block], line: Polyline) -> dict[int, float]:
    """How far the line turns near every vertex at which one could have turned off."""
    walks = (block for block in blocks if isinstance(block, Walk))
    places = [vertex for walk in walks for stretch in walk.stretches for vertex in (stretch.first, *stretch.joints)]
    return dict(zip(places, line.turns(places, NEAR_M), strict=True)) if places else {}


class _Bend(NamedTuple):
    """Vertices between which the direction or the street changes for good."""

    first: int
    last: int
    degrees: float


class _Walked:
    """One walk with its stretches in order, each with its label and how far that label lasts."""

    def __init__(self, walk: Walk, line: Polyline, turning: Mapping[int, float]) -> None:
        self._walk, self._line, self._turning = walk, line, turning
        self._stretches = walk.stretches
        self._firsts = [stretch.first for stretch in walk.stretches]
        self._labels = list(map(label_of, walk.stretches))
        self._until = [stretch.last for stretch in walk.stretches]
        for number in range(len(self._until) - 2, -1, -1):
            if self._labels[number] == self._labels[number + 1]:
                self._until[number] = self._until[number + 1]

    def moves(self, *, first: bool, turned: bool) -> Iterator[Move]:
        """One move per part between two turns; `turned`: the turn at its beginning has been told."""
        walk, line = self._walk, self._line
        bends = [_Bend(walk.first, walk.first, 0.0 if turned else line.turn(walk.first)), *self._bends()]
        if len(bends) > 1 and not turned and line.between(walk.first, bends[1].first) < WIGGLE_M:
            bends[:2] = [_Bend(walk.first, bends[1].last, line.turn(walk.first, bends[1].last))]
        stops = [bend.first for bend in bends[1:]] + [walk.last]
        pace = walk.duration_s / max(line.between(walk.first, walk.last), 1e-9)
        for number, (bend, stop) in enumerate(zip(bends, stops, strict=True)):
            departs = first and number == 0
            label, way_id = self._longest(bend.first, stop)
            metres = line.between(bend.first, stop)
            yield Move(
                "depart" if departs else turn_kind(bend.degrees),
                bend.first,
                stop,
                label,
                metres,
                pace * metres,
                bend.degrees,
                line.heading(bend.last, WIGGLE_M) if departs else None,
                way_id,
            )

    def _longest(self, first: int, last: int) -> tuple[Label, int]:
        """What most of this part runs on, and its way."""
        begin = self._after(first)
        end = max(self._before(last), begin)
        if begin == end:
            return self._labels[begin], self._stretches[begin].way_id
        metres: dict[Label, float] = {}
        way: dict[Label, int] = {}
        for number in range(begin, end + 1):
            stretch, label = self._stretches[number], self._labels[number]
            shared = self._line.between(max(first, stretch.first), max(first, min(last, stretch.last)))
            way.setdefault(label, stretch.way_id)
            metres[label] = metres.get(label, 0.0) + max(0.0, shared)
        best = max(metres, key=metres.__getitem__)
        return best, way[best]

    def _bends(self) -> list[_Bend]:
        """Where this walk turns or gets another name; bends within a few metres are one."""
        line, turning = self._line, self._turning
        clusters: list[list[int]] = []
        for number, stretch in enumerate(self._stretches):
            for place in (stretch.first, *stretch.joints):
                renamed = place == stretch.first and self._renamed(number)
                if place == self._walk.first or (abs(turning[place]) < STRAIGHT_DEG and not renamed):
                    continue
                near = clusters and line.between(clusters[-1][-1], place) < WIGGLE_M
                if near and line.between(clusters[-1][0], place) <= CLUSTER_M:
                    clusters[-1].append(place)
                else:
                    clusters.append([place])
        bends = [_Bend(near[0], near[-1], line.turn(near[0], near[-1])) for near in clusters]
        return [bend for bend in bends if self._matters(bend)]

    def _matters(self, bend: _Bend) -> bool:
        degrees = abs(bend.degrees)
        before, after = self._labels[self._before(bend.first)], self._labels[self._after(bend.last)]
        if before.name is not None and before.name == after.name:
            return degrees >= SAME_STREET_DEG
        if degrees >= STRAIGHT_DEG:
            return True
        ends = {self._after(bend.first), self._after(bend.last)}
        return any(self._firsts[number] in bend[:2] and self._renamed(number) for number in ends)

    def _renamed(self, number: int) -> bool:
        """Whether a street (or platform) with another name begins with this stretch and lasts."""
        after = self._labels[number]
        if number == 0 or self._labels[number - 1] == after or not (after.name or after.numbers):
            return False
        return self._line.between(self._firsts[number], self._until[number]) >= NEW_NAME_M

    def _before(self, vertex: int) -> int:
        """The stretch on which one comes to a vertex."""
        return max(0, bisect_left(self._firsts, vertex) - 1)

    def _after(self, vertex: int) -> int:
        """The stretch on which one leaves it."""
        return max(0, bisect_right(self._firsts, vertex) - 1)
