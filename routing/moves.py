"""A leg → the things one does on it, in order: walks, and what interrupts them; kinds and values, no words yet."""

from __future__ import annotations

from collections.abc import Iterator

from accessibility.facts import Barrier, Crossing, Ramp, WayRole
from accessibility.profiles import Profile
from routing.graph import StreetGraph
from routing.labels import NOTHING, Label
from routing.stretches import Passed, Stretch, Trace
from routing.summary import known_kerb_m, steps_climbed

CROSSED_M = 12.0
"""A stay on a road that is no longer than this is a crossing of it."""
BOTH_KERBS = 2
"""From the sidewalk of a road to one across it: down and up in one passage."""
INDOORS_M = 15.0
"""A stay inside (or outside) that is shorter is not told."""


class Move:
    """One thing to do, from vertex `first` to `last` of the leg's line."""

    def __init__(
        self,
        kind: str,
        first: int,
        last: int,
        label: Label = NOTHING,
        distance_m: float = 0.0,
        duration_s: float = 0.0,
        turn_deg: float = 0.0,
        heading_deg: float | None = None,
        way_id: int | None = None,
        count: int | None = None,
        handrail: bool | None = None,
        rising: int | None = None,
        level: float | None = None,
        barrier: Barrier | None = None,
        crossing: Crossing | None = None,
        mapped: bool = True,
        kerb_m: float | None = None,
        onto: Label = NOTHING,
    ) -> None:
        self.kind = kind
        """A step kind of CONTRACT §4."""
        self.first, self.last = first, last
        self.label = label
        """What one walks on, or the road that is crossed."""
        self.distance_m, self.duration_s = distance_m, duration_s
        self.turn_deg = turn_deg
        """At its beginning; right positive."""
        self.heading_deg = heading_deg
        """Where one sets out."""
        self.way_id = way_id
        self.count = count
        """Steps, where they are counted."""
        self.handrail = handrail
        self.rising = rising
        """±1: up or down, where it is known."""
        self.level, self.barrier, self.crossing = level, barrier, crossing
        self.mapped, self.kerb_m = mapped, kerb_m
        self.onto = onto
        """What one walks on behind it, when that belongs to it."""

    def copy(self) -> Move:
        """Another one, to be changed."""
        return Move(
            self.kind, self.first, self.last, self.label, self.distance_m, self.duration_s, self.turn_deg,
            self.heading_deg, self.way_id, self.count, self.handrail, self.rising, self.level, self.barrier,
            self.crossing, self.mapped, self.kerb_m, self.onto,
        )  # fmt: skip


class Walk:
    """Stretches walked without anything in between."""

    def __init__(self, stretches: list[Stretch], waited_s: float = 0.0) -> None:
        self.stretches = stretches
        self.waited_s = waited_s
        """Spent at nodes on the way."""

    @property
    def first(self) -> int:
        return self.stretches[0].first

    @property
    def last(self) -> int:
        return self.stretches[-1].last

    @property
    def duration_s(self) -> float:
        return self.waited_s + sum(stretch.duration_s for stretch in self.stretches)


Block = Walk | Move


def blocks_of(graph: StreetGraph, trace: Trace, profile: Profile) -> list[Block]:
    """Walks and what interrupts them; the parts of one crossing, lift or flight are one."""
    reader = _Reader(graph, profile, _on_crossings(trace.stretches), _indoors(trace.stretches))
    for number, stretch in enumerate(trace.stretches):
        if stretch.before or not reader.goes_on(number, stretch):
            reader.read(number, stretch)
    for passed in trace.after:
        reader.pass_(passed, None)
    reader.arrive()
    return list(_crossed_on_foot(reader.done))


def _on_crossings(stretches: list[Stretch]) -> set[int]:
    """Stretches of crossing ways on which one gets over a carriageway."""
    found: set[int] = set()
    run: list[int] = []
    for number, stretch in enumerate(stretches):
        if stretch.facts.role is not WayRole.CROSSING:
            run = []
            continue
        run.append(number)
        gets_over = len(run) > 1 and any(passed.off_road for passed in stretch.before)
        if gets_over or run[0] in found:
            found.update(run)
    return found


def _indoors(stretches: list[Stretch]) -> list[bool]:
    """Whether one is inside on each stretch; a short change of air between two like parts is none."""
    if not any(stretch.facts.indoor for stretch in stretches):
        return [False] * len(stretches)
    runs: list[tuple[bool, list[int]]] = []
    for number, stretch in enumerate(stretches):
        inside = bool(stretch.facts.indoor)
        if not runs or runs[-1][0] != inside:
            runs.append((inside, []))
        runs[-1][1].append(number)
    out = [inside for inside, numbers in runs for _ in numbers]
    for inside, numbers in runs[1:-1]:
        if sum(stretches[number].length_m for number in numbers) < INDOORS_M:
            for number in numbers:
                out[number] = not inside
    return out


class _Reader:
    """Reads stretch after stretch; `done` holds what is finished and, last, what may go on."""

    def __init__(self, graph: StreetGraph, profile: Profile, crossings: set[int], indoors: list[bool]) -> None:
        self._graph, self._profile, self._crossings, self._indoors = graph, profile, crossings, indoors
        self._indoor: bool | None = None
        self._waited_s = 0.0
        self.done: list[Block] = []

    def goes_on(self, number: int, stretch: Stretch) -> bool:
        """Whether one just walks on here, as on most stretches: then that is all."""
        last = self.done[-1] if self.done else None
        inside = self._indoors[number] != self._indoor
        if not isinstance(last, Walk) or inside or not stretch.said.plain or number in self._crossings:
            return False
        last.stretches.append(stretch)
        return True

    def read(self, number: int, stretch: Stretch) -> None:
        """One more stretch with the passages before it."""
        crossing = number in self._crossings
        if crossing and number - 1 in self._crossings:
            self._waited_s += sum(passed.duration_s for passed in stretch.before)
            self._go_on(_crossed(self._graph, stretch))
            return
        for passed in stretch.before:
            self.pass_(passed, stretch)
        if crossing:
            self._go_on(_crossed(self._graph, stretch))
        elif stretch.said.plain:
            self._walk(stretch, self._indoors[number])
        else:
            self._go_on(_special(stretch, self._profile))

    def pass_(self, passed: Passed, onto: Stretch | None) -> None:
        """Something at a node; where there is nothing to do, only its time counts."""
        event = _event(self._graph, passed, onto)
        if event is None:
            self._waited_s += passed.duration_s
        else:
            self.done.append(event)

    def arrive(self) -> None:
        """Time spent at the very end belongs to what was done last."""
        waited, last = self._take_wait(), self.done[-1] if self.done else None
        if isinstance(last, Walk):
            last.waited_s += waited
        elif last is not None:
            last.duration_s += waited

    def _go_on(self, move: Move) -> None:
        """The same flight, lift or crossing goes on, or another begins."""
        move.duration_s += self._take_wait()
        last = self.done[-1] if self.done else None
        same = isinstance(last, Move) and last.kind == move.kind
        if isinstance(last, Move) and same and (move.kind == "cross_road" or last.way_id == move.way_id):
            self.done[-1] = _joined(last, move)
        else:
            self.done.append(move)

    def _walk(self, stretch: Stretch, indoor: bool) -> None:
        if self._indoor is not None and indoor != self._indoor:
            kind = "enter_building" if indoor else "exit_building"
            self.done.append(Move(kind, stretch.first, stretch.first))
        self._indoor = indoor
        last = self.done[-1] if self.done else None
        if isinstance(last, Walk):
            last.stretches.append(stretch)
            last.waited_s += self._take_wait()
        else:
            self.done.append(Walk([stretch], self._take_wait()))

    def _take_wait(self) -> float:
        waited, self._waited_s = self._waited_s, 0.0
        return waited


def _joined(one: Move, other: Move) -> Move:
    counted = one.count is not None and other.count is not None
    out = one.copy()
    out.last = other.last
    out.distance_m += other.distance_m
    out.duration_s += other.duration_s
    out.count = (one.count or 0) + (other.count or 0) if counted else None
    out.crossing = one.crossing or other.crossing
    out.label = one.label if one.label.name else other.label
    out.kerb_m = _higher(one.kerb_m, other.kerb_m)
    return out


def _higher(*heights: float | None) -> float | None:
    return max((height for height in heights if height is not None), default=None)


def _crossed(graph: StreetGraph, stretch: Stretch) -> Move:
    """A part of a crossing way; what is waited before it is counted where it is met."""
    names = [graph.road_name_at(passed.node_id) for passed in stretch.before if passed.off_road]
    kinds = [passed.facts.crossing_kind for passed in stretch.before] + [stretch.facts.crossing_kind]
    return Move(
        "cross_road",
        stretch.first,
        stretch.last,
        Label(names[0] if names else None, "road"),
        stretch.length_m,
        stretch.duration_s,
        way_id=stretch.way_id,
        crossing=next((kind for kind in kinds if kind is not None), None),
        kerb_m=_higher(*(known_kerb_m(passed.facts) for passed in stretch.before)),
    )


def _special(stretch: Stretch, profile: Profile) -> Move:
    """What one does on this stretch when it is not walking."""
    facts = stretch.facts
    rising = None if not facts.incline_sign else -facts.incline_sign if stretch.reverse else facts.incline_sign
    if facts.role is WayRole.STEPS:
        ramp = facts.ramp_wheelchair in (Ramp.YES, Ramp.LIMITED) and profile.heeds.wheels
        kind = "ramp" if ramp else "steps_down" if rising == -1 else "steps_up"
    else:
        kind = str(facts.role)
    return Move(
        kind,
        stretch.first,
        stretch.last,
        stretch.label,
        stretch.length_m,
        stretch.duration_s,
        way_id=stretch.way_id,
        count=steps_climbed(stretch) if facts.step_count is not None else None,
        handrail=facts.handrail,
        rising=rising,
    )


def _event(graph: StreetGraph, passed: Passed, onto: Stretch | None) -> Move | None:
    """What one does at a node, if anything."""
    facts = passed.facts
    move = Move("", passed.vertex, passed.vertex, duration_s=passed.duration_s)
    if facts.lift_applies:
        move.kind, move.level = "lift", onto.facts.level if onto else None
        return move
    if facts.barrier_applies and facts.barrier is not None:
        move.kind, move.barrier = "gate", facts.barrier
        return move
    across = facts.kerb_events >= BOTH_KERBS and facts.mapped_crossing is not None
    if not (passed.onto_road or passed.off_road or across):
        return None
    move.kind = "cross_road" if across else "kerb_down" if passed.onto_road else "kerb_up"
    move.label = Label(graph.road_name_at(passed.node_id), "road")
    move.kerb_m, move.mapped = known_kerb_m(facts), bool(facts.mapped_crossing)
    move.crossing = facts.crossing_kind
    return move


def _crossed_on_foot(blocks: list[Block]) -> Iterator[Block]:
    """Down a kerb, at most a few metres of road, and up again: a crossing."""
    at = 0
    while at < len(blocks):
        down = blocks[at]
        road = blocks[at + 1] if at + 1 < len(blocks) and isinstance(blocks[at + 1], Walk) else None
        behind = at + (1 if road is None else 2)
        up = blocks[behind] if behind < len(blocks) else None
        crosses = isinstance(down, Move) and isinstance(up, Move) and (down.kind, up.kind) == ("kerb_down", "kerb_up")
        metres = sum(stretch.length_m for stretch in road.stretches) if isinstance(road, Walk) else 0.0
        if crosses and metres <= CROSSED_M and isinstance(down, Move) and isinstance(up, Move):
            name = road.stretches[0].label.name if isinstance(road, Walk) else down.label.name
            crossed = _joined(down, up)
            crossed.kind, crossed.label, crossed.distance_m = "cross_road", Label(name, "road"), metres
            crossed.duration_s = down.duration_s + up.duration_s + (road.duration_s if isinstance(road, Walk) else 0.0)
            crossed.mapped = down.mapped or up.mapped
            yield crossed
            at = behind + 1
        else:
            yield down
            at += 1
