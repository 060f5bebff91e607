"""Which turns are told: those that matter to somebody walking, each once.

A bend of the way itself is none, nor is a wiggle of a few metres; several bends within a few metres are one turn,
judged by where one comes from and where one goes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from routing.labels import Label
from routing.moves import Block, Move, Walk
from routing.polyline import Polyline

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
    sharp = _sharp(blocks, line)
    if not blocks or not isinstance(blocks[0], Walk):
        found.append(Move("depart", 0, 0, heading_deg=line.heading(0, WIGGLE_M)))
    for block in blocks:
        if isinstance(block, Walk):
            turned = bool(found) and found[-1].first == block.first
            for move in _Walked(block, line, sharp).moves(first=not found, turned=turned):
                _append(found, move)
        else:
            block.turn_deg = line.turn(block.first)
            _approach(found, block, line)
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
        found[-1] = longer = _longer(last, move)
        if carried:
            longer.onto = move.label
    else:
        found.append(move)


def _walks(kind: str) -> bool:
    return kind in ("depart", "continue") or kind.startswith("turn")


def _longer(move: Move, more: Move) -> Move:
    """The same move with what follows it."""
    out = move.copy()
    out.last = more.last
    out.distance_m += more.distance_m
    out.duration_s += more.duration_s
    out.way_id = move.way_id or more.way_id
    return out


def _approach(found: list[Move], move: Move, line: Polyline) -> None:
    """The last few metres before a flight, a kerb or a crossing belong to it, with the turn into them."""
    last = found[-1] if found else None
    if last is None or last.distance_m >= WIGGLE_M or not last.kind.startswith("turn"):
        found.append(move)
        return
    turn_deg = line.turn(last.first, move.first)
    found[-1] = out = move.copy()
    out.first, out.turn_deg = last.first, turn_deg
    out.distance_m = last.distance_m + move.distance_m
    out.duration_s = last.duration_s + move.duration_s


def _sharp(blocks: Sequence[Block], line: Polyline) -> list[int]:
    """Vertices, ascending, at which one could have turned off and near which the line turns."""
    places: list[int] = []
    for block in blocks:
        if isinstance(block, Walk):
            for stretch in block.stretches:
                places.append(stretch.first)
                places += stretch.joints
    return [place for place, turn in zip(places, line.turns(places), strict=True) if abs(turn) >= STRAIGHT_DEG]


class _Bend:
    """Vertices between which the direction or the street changes for good."""

    def __init__(self, first: int, last: int, degrees: float) -> None:
        self.first, self.last, self.degrees = first, last, degrees


class _Walked:
    """One walk with its stretches in order, each with its label and how far that label lasts."""

    def __init__(self, walk: Walk, line: Polyline, sharp: Sequence[int]) -> None:
        self._walk, self._line, self._sharp = walk, line, sharp
        self._stretches = walk.stretches
        self._firsts = [stretch.first for stretch in walk.stretches]
        self._labels = [stretch.label for stretch in walk.stretches]
        self._renamed = self._new_names()

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
        label = self._labels[begin]
        if begin == end or self._labels.count(label) == len(self._labels):
            return label, self._stretches[begin].way_id
        metres: dict[Label, float] = {}
        way: dict[Label, int] = {}
        walked = self._line.walked_m
        marks = [first, *self._firsts[begin + 1 : end + 1], last]
        for number, (a, b) in enumerate(pairwise(marks), begin):
            label = self._labels[number]
            if label not in metres:
                metres[label], way[label] = 0.0, self._stretches[number].way_id
            metres[label] += walked[b] - walked[a]
        best = max(metres, key=metres.__getitem__)
        return best, way[best]

    def _bends(self) -> list[_Bend]:
        """Where this walk turns or gets another name; bends within a few metres are one."""
        sharp, walked = self._sharp, self._line.walked_m
        places = sharp[bisect_right(sharp, self._walk.first) : bisect_left(sharp, self._walk.last)]
        if self._renamed:
            places = sorted({*places, *self._renamed})
        clusters: list[list[int]] = []
        for place in places:
            near = clusters and walked[place] - walked[clusters[-1][-1]] < WIGGLE_M
            if near and walked[place] - walked[clusters[-1][0]] <= CLUSTER_M:
                clusters[-1].append(place)
            else:
                clusters.append([place])
        bends = [_Bend(near[0], near[-1], self._line.turn(near[0], near[-1])) for near in clusters]
        return [bend for bend in bends if self._matters(bend)]

    def _matters(self, bend: _Bend) -> bool:
        degrees = abs(bend.degrees)
        before, after = self._labels[self._before(bend.first)], self._labels[self._after(bend.last)]
        if before.name is not None and before.name == after.name:
            return degrees >= SAME_STREET_DEG
        return degrees >= STRAIGHT_DEG or bend.first in self._renamed or bend.last in self._renamed

    def _new_names(self) -> set[int]:
        """Vertices at which a street (or platform) with another name begins and lasts."""
        found: set[int] = set()
        labels, walked = self._labels, self._line.walked_m
        until = walked[self._walk.last]
        for number in range(len(labels) - 1, 0, -1):
            label = labels[number]
            if label == labels[number - 1]:
                continue
            begin = self._firsts[number]
            if (label.name or label.numbers) and until - walked[begin] >= NEW_NAME_M:
                found.add(begin)
            until = walked[begin]
        return found

    def _before(self, vertex: int) -> int:
        """The stretch on which one comes to a vertex."""
        return max(0, bisect_left(self._firsts, vertex) - 1)

    def _after(self, vertex: int) -> int:
        """The stretch on which one leaves it."""
        return max(0, bisect_right(self._firsts, vertex) - 1)
