"""Moves → what is told of them: what the ground does next, what a crossing offers, which landmark is near.

Only what matters to this person. A change on the way becomes a step of its own, and the step before says it is coming;
one at the very beginning of a step belongs to that step.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from accessibility.profiles import Profile
from routing.crossings import KERB_CODES, SIGNAL_CODES, Crossings
from routing.grounds import Event, events_of
from routing.labels import Label
from routing.landmarks import Landmark, Landmarks
from routing.moves import Move
from routing.polyline import Polyline
from routing.stretches import Stretch, Trace
from routing.telling import Remark, Telling
from routing.turns import CARRIES_ON, TURNING_DEG

HERE_M = 10.0
"""A change this near to the beginning of a step is told with it …"""
NEXT_M = 10.0
"""… and one this near to its end with the next step."""
LEVEL_M = 20.0
"""The end of a slope is told when it goes on straight for so long."""

_TURNS = frozenset(f"turn_{how}{side}" for how in ("", "slight_", "sharp_") for side in ("left", "right"))
_WALKS = _TURNS | CARRIES_ON | {"depart", "continue"}
_CROSSES = frozenset(("cross_road", "change_side"))
_KERBS = frozenset(("kerb_up", "kerb_down"))


def announced(
    trace: Trace,
    profile: Profile,
    moves: Sequence[Move],
    line: Polyline,
    landmarks: Landmarks,
    also: Sequence[Event] = (),
) -> list[Telling]:
    """Every move with what belongs to it, in order; together they cover the line as the moves did.

    `also`: what else there is on the way, in order: seats.
    """
    events = events_of(trace.stretches, profile)
    if also:
        events = sorted([*events, *also], key=lambda event: event.vertex)
    teller = _Teller(trace, profile, line, landmarks, events)
    for move in moves:
        teller.tell(move)
    return teller.told


class _Teller:
    """Goes along with the moves; `told` grows."""

    def __init__(
        self, trace: Trace, profile: Profile, line: Polyline, landmarks: Landmarks, events: list[Event]
    ) -> None:
        self._trace, self._profile, self._line, self._landmarks = trace, profile, line, landmarks
        self._cane = profile.heeds.cane
        self._events = events
        self._carried: list[Event] = []
        self._road = ""
        self._named: set[Landmark] = set()
        self._sided = any(stretch.side is not None for stretch in trace.stretches)
        self._firsts = [stretch.first for stretch in trace.stretches]
        self._known_crossings: Crossings | None = None
        self.told: list[Telling] = []

    def tell(self, move: Move) -> None:
        """One move, cut where something changes on it."""
        kind = move.kind
        if kind in _WALKS:
            self._walk(move)
            return
        if kind in _CROSSES:
            self._crossing(move)
        else:
            self.told.append(Telling(move, hour=_hour(move) if self._cane else None))
        if self._events:
            self._carried += self._until(move.last)

    def _walk(self, move: Move) -> None:
        near, hour = None, None
        remarks: tuple[Remark, ...] = ()
        if move.kind in _TURNS:
            near = self._near(move.first)
        if self._cane:
            hour, remarks = _hour(move), self._beside(move)
            if move.kind in _KERBS:
                more = self._crossings.remarks(move)
                move, remarks = _felt(move, more), remarks + more
        telling = Telling(move, near, hour, None, remarks)
        if self._events or self._carried:
            self._cut(telling)
        else:
            self.told.append(telling)

    def _near(self, vertex: int) -> Landmark | None:
        """A landmark is told at the first corner it is near to, not at every one."""
        found = self._landmarks.near(self._trace.at(vertex))
        if found is None or found in self._named:
            return None
        self._named.add(found)
        return found

    def _cut(self, telling: Telling) -> None:
        walked = self._line.walked_m
        move = telling.move
        carried, self._carried = self._carried, []
        events = [event._replace(vertex=move.first) for event in carried if event.kind != "slope_end"]
        mine = self._until(move.last)
        for number, event in enumerate(events + mine):
            move = telling.move
            left_m = walked[move.last] - walked[event.vertex]
            if event.kind == "slope_end" and (left_m < LEVEL_M or self._again(events + mine, number)):
                continue
            if event.after_m:
                later = Remark("rest_after", metres=round(walked[event.vertex] + event.after_m - walked[move.first]))
                telling.ahead = (*telling.ahead, later, *event.more)
            elif walked[event.vertex] - walked[move.first] < HERE_M:
                if event.kind != "slope_end":
                    telling.remarks = (*_other(telling.remarks, event.here), event.here, *event.more)
            elif left_m < NEXT_M:
                self._carried.append(event)
            else:
                one, other = self._split(move, event)
                ahead = telling.ahead if event.ahead is None else (*telling.ahead, event.ahead)
                telling.move, telling.ahead = one, ahead
                self.told.append(telling)
                telling = Telling(other, itself=event.here, remarks=event.more)
        self.told.append(telling)

    def _again(self, events: list[Event], number: int) -> bool:
        """Whether another slope begins where this one ends."""
        end = self._line.walked_m[events[number].vertex]
        behind = events[number + 1 :] + self._events
        return any(e.kind == "slope_begin" and self._line.walked_m[e.vertex] - end < HERE_M for e in behind[:2])

    def _until(self, vertex: int) -> list[Event]:
        """The events before a vertex, which then are done."""
        count = next((n for n, event in enumerate(self._events) if event.vertex >= vertex), len(self._events))
        mine, self._events = self._events[:count], self._events[count:]
        return mine

    def _split(self, move: Move, event: Event) -> tuple[Move, Move]:
        """Two moves that make up this one."""
        metres = (
            move.distance_m * self._line.between(move.first, event.vertex) / self._line.between(move.first, move.last)
        )
        walked_s = self._seconds(move.first, event.vertex)
        seconds = move.duration_s * walked_s / max(walked_s + self._seconds(event.vertex, move.last), 1e-9)
        one = move.copy()
        one.last, one.distance_m, one.duration_s = event.vertex, metres, seconds
        label = move.onto if move.kind in CARRIES_ON else move.label
        return one, Move(
            event.kind,
            event.vertex,
            move.last,
            label,
            move.distance_m - metres,
            move.duration_s - seconds,
            way_id=self._behind(event.vertex).way_id,
        )

    def _seconds(self, first: int, last: int) -> float:
        """Walked from one vertex to another: slopes and rough ground take their time."""
        walked, total = self._line.walked_m, 0.0
        for stretch in self._trace.stretches:
            begin, end = max(first, stretch.first), min(last, stretch.last)
            if begin < end:
                total += stretch.duration_s * (walked[end] - walked[begin]) / max(stretch.length_m, 1e-9)
        return total

    def _crossing(self, move: Move) -> None:
        """A crossing, with the wait at its lights where that is something to do."""
        if self._sided:
            before, behind = self._before(move.first), self._behind(move.last)
            if _changes_side(before, behind):
                move = move.copy()
                move.kind, move.label = "change_side", Label(behind.label.name, "road")
        remarks = self._crossings.remarks(move) if self._cane else ()
        hour = _hour(move) if self._cane else None
        wait = self._crossings.wait(self._profile, move)
        if wait is not None:
            heard = tuple(remark for remark in remarks if remark.code in SIGNAL_CODES)
            wait.hour, wait.remarks = hour, wait.remarks + heard
            self.told.append(wait)
            remarks = tuple(remark for remark in remarks if remark.code not in SIGNAL_CODES)
            move, hour = move.copy(), None
            move.duration_s, move.turn_deg = move.duration_s - wait.move.duration_s, 0.0
        self.told.append(Telling(_felt(move, remarks), hour=hour, remarks=remarks))

    def _beside(self, move: Move) -> tuple[Remark, ...]:
        """On which side the road is, where one comes onto a sidewalk beside it."""
        if not self._sided:
            return ()
        side = _travelled_side(self._behind(move.first))
        road = "" if side is None else "road_right" if side == "left" else "road_left"
        was, self._road = self._road, road
        return (Remark(road),) if road and road != was else ()

    @property
    def _crossings(self) -> Crossings:
        if self._known_crossings is None:
            self._known_crossings = Crossings(self._trace)
        return self._known_crossings

    def _before(self, vertex: int) -> Stretch:
        """The stretch on which one comes to a vertex."""
        return self._trace.stretches[max(0, bisect_left(self._firsts, vertex) - 1)]

    def _behind(self, vertex: int) -> Stretch:
        """The stretch on which one leaves it."""
        return self._trace.stretches[max(0, bisect_right(self._firsts, vertex) - 1)]


def _felt(move: Move, remarks: Sequence[Remark]) -> Move:
    """Without the height of the kerb where it is told whether one feels it."""
    if not any(one.code in KERB_CODES for one in remarks):
        return move
    out = move.copy()
    out.kerb_m = None
    return out


def _other(remarks: Sequence[Remark], newer: Remark) -> list[Remark]:
    """Those that a newer one of the same sort does not replace."""
    return [remark for remark in remarks if remark.code != newer.code]


def _hour(move: Move) -> int | None:
    """The way to turn as an hour on the face of a clock, for what is told as a turn."""
    if not move.kind.startswith("turn") and abs(move.turn_deg) < TURNING_DEG:
        return None
    return round(move.turn_deg / 30) % 12 or 12


def _travelled_side(stretch: Stretch) -> str | None:
    """The side of the street on which one walks, as one goes."""
    if stretch.side is None:
        return None
    return stretch.side if not stretch.reverse else "left" if stretch.side == "right" else "right"


def _changes_side(before: Stretch, behind: Stretch) -> bool:
    """Whether one comes from one sidewalk of a street to its other."""
    if before.side is None or behind.side is None:
        return False
    if before.way_id == behind.way_id:
        return before.side != behind.side
    return (
        before.label.name is not None
        and before.label.name == behind.label.name
        and _travelled_side(before) != _travelled_side(behind)
    )
