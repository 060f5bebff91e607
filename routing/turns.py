"""Which turns are told: those that matter to somebody walking, each once.

A bend of the way itself is none, nor is a wiggle of a few metres; several bends within a few metres are one turn,
judged by where one comes from and where one goes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

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
    if not blocks or not isinstance(blocks[0], Walk):
        found.append(Move("depart", 0, 0, heading_deg=line.heading(0, WIGGLE_M)))
    for block in blocks:
        if isinstance(block, Walk):
            turned = bool(found) and found[-1].first == block.first
            for move in _walked(block, line, first=not found, turned=turned):
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


class _Bend(NamedTuple):
    """Vertices between which the direction or the street changes for good."""

    first: int
    last: int


def _walked(walk: Walk, line: Polyline, *, first: bool, turned: bool) -> Iterator[Move]:
    """One move per part of a walk between two turns; `turned`: the turn at its beginning has been told."""
    bends = [_Bend(walk.first, walk.first), *_bends(walk, line)]
    if len(bends) > 1 and not turned and line.between(walk.first, bends[1].first) < WIGGLE_M:
        bends[:2] = [_Bend(walk.first, bends[1].last)]
    stops = [bend.first for bend in bends[1:]] + [walk.last]
    for number, (bend, stop) in enumerate(zip(bends, stops, strict=True)):
        degrees = 0.0 if turned and number == 0 else line.turn(bend.first, bend.last)
        kind = "depart" if first and number == 0 else turn_kind(degrees)
        longest = _longest(walk, line, bend.first, stop)
        metres = line.between(bend.first, stop)
        yield Move(
            kind,
            bend.first,
            stop,
            longest[0],
            metres,
            walk.duration_s * metres / max(line.between(walk.first, walk.last), 1e-9),
            turn_deg=degrees,
            heading_deg=line.heading(bend.last, WIGGLE_M),
            way_id=longest[1],
        )


def _longest(walk: Walk, line: Polyline, first: int, last: int) -> tuple[Label, int]:
    """What most of this part runs on, and its way."""
    metres: dict[Label, float] = {}
    way: dict[Label, int] = {}
    for stretch in walk.stretches:
        shared = line.between(max(first, stretch.first), max(first, min(last, stretch.last)))
        label = label_of(stretch)
        way.setdefault(label, stretch.way_id)
        metres[label] = metres.get(label, 0.0) + max(0.0, shared)
    best = max(metres, key=lambda label: metres[label])
    return best, way[best]


def _bends(walk: Walk, line: Polyline) -> list[_Bend]:
    """Where this walk turns or gets another name; bends within a few metres are one."""
    places = sorted({v for s in walk.stretches for v in (s.first, *s.joints)} - {walk.first})
    clusters: list[list[int]] = []
    for place in places:
        if abs(line.turn(place, reach_m=NEAR_M)) < STRAIGHT_DEG and not _renamed(walk, line, place):
            continue
        near = clusters and line.between(clusters[-1][-1], place) < WIGGLE_M
        if near and line.between(clusters[-1][0], place) <= CLUSTER_M:
            clusters[-1].append(place)
        else:
            clusters.append([place])
    bends = [_Bend(cluster[0], cluster[-1]) for cluster in clusters]
    return [bend for bend in bends if _matters(walk, line, bend)]


def _matters(walk: Walk, line: Polyline, bend: _Bend) -> bool:
    degrees = abs(line.turn(bend.first, bend.last))
    before, after = _on(walk, bend.first)[0], _on(walk, bend.last)[1]
    if before.name is not None and before.name == after.name:
        return degrees >= SAME_STREET_DEG
    return degrees >= STRAIGHT_DEG or any(_renamed(walk, line, place) for place in (bend.first, bend.last))


def _on(walk: Walk, vertex: int) -> tuple[Label, Label]:
    """What one walks on before and behind a vertex."""
    before = next((s for s in walk.stretches if s.first < vertex <= s.last), walk.stretches[0])
    after = next((s for s in walk.stretches if s.first <= vertex < s.last), walk.stretches[-1])
    return label_of(before), label_of(after)


def _renamed(walk: Walk, line: Polyline, vertex: int) -> bool:
    """Whether a street (or platform) with another name begins here and lasts."""
    before, after = _on(walk, vertex)
    if before == after or not (after.name or after.numbers):
        return False
    until = vertex
    for stretch in walk.stretches:
        if stretch.first >= vertex:
            if label_of(stretch) != after:
                break
            until = stretch.last
    return line.between(vertex, until) >= NEW_NAME_M
