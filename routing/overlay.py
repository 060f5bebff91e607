"""Barriers laid over the map: what is in force at one revision, and what it adds to arcs for one person.

weight = f(base, the set of barriers on the arc): nothing is ever undone, every state is reckoned from the base.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from accessibility.barriers import Barrier, Block, Fact, Penalty, effect, in_force
from accessibility.facts import Barrier as Obstacle
from accessibility.facts import PassageFacts, WayFacts
from accessibility.profiles import Profile, built_in
from accessibility.time_rules import TimeRule
from accessibility.verdict import Finding, explain
from routing.path import Piece
from routing.placing import Part, Placer

BARRIER_POINTS = 200.0
"""Harm of passing a confirmed barrier (CONTRACT §3)."""
MEASURED_OVER_M = 10.0
"""How much of the way a measured incline is taken to cover."""


class Toll(NamedTuple):
    """What one barrier adds where it is passed; without a barrier it is what the person wants to avoid."""

    barrier: Barrier | None
    forbidden: bool
    violated: bool
    points: float
    cost_s: float
    findings: tuple[Finding, ...]
    why: str = "avoid"
    """Without a barrier: `avoid`, or `hours` where the clock closes it …"""
    said: str | None = None
    """… and what the map says about that."""


def toll(barrier: Barrier, profile: Profile) -> Toll | None:
    """What passing this barrier means to a person; `None` where it does not concern them."""
    found = effect(barrier, profile.id)
    if isinstance(found, Block):
        return Toll(barrier, found.never_passed, True, BARRIER_POINTS, 0.0, ())
    if isinstance(found, Penalty):
        return None if found.at_night else Toll(barrier, False, False, 0.0, found.seconds, ())
    if isinstance(found, Fact):
        return _measured(barrier, found, profile)
    return None


def _measured(barrier: Barrier, fact: Fact, profile: Profile) -> Toll | None:
    """The verdict on a place with this fact."""
    facts: WayFacts | PassageFacts
    value = float(fact.value)
    if fact.name == "kerb_m":
        facts = PassageFacts(kerb_events=1, kerb_height_m=value)
    elif fact.name == "width_m":
        facts = PassageFacts(barrier_applies=True, barrier=Obstacle.GAP, opening_m=value)
    elif fact.name == "incline":
        facts = WayFacts(incline=value)
    else:
        return None
    findings = explain(facts, profile, length_m=MEASURED_OVER_M)
    broken = tuple(finding for finding in findings if finding.kind == "violation")
    seconds = sum(finding.seconds for finding in findings)
    if not broken and seconds <= 0:
        return None
    return Toll(barrier, False, bool(broken), sum(finding.points for finding in broken), seconds, broken)


@dataclass(frozen=True, eq=False)
class Closings:
    """Edges that the clock closes at some moment; equal ones are one object."""

    edges: frozenset[int]
    laid: tuple[tuple[Part, Toll], ...]
    by_rule: tuple[tuple[TimeRule, tuple[int, ...]], ...] = ()
    """What closes them."""

    @cached_property
    def tolls(self) -> Tolls:
        """These alone."""
        return Tolls({}).plus(self.laid)


OPEN = Closings(frozenset(), ())


@dataclass(frozen=True)
class Overlay:
    """Barriers in force, by id, with the parts of edges they lie on; and those that are in force at other times."""

    barriers: Mapping[UUID, Barrier]
    parts: Mapping[UUID, tuple[Part, ...]]
    waiting: Mapping[UUID, Barrier] = field(default_factory=dict)
    """Their standing counts, their time has not come yet (or is over)."""
    waiting_parts: Mapping[UUID, tuple[Part, ...]] = field(default_factory=dict)
    known: dict[tuple[UUID, str], tuple[Barrier, Toll | None, bool]] = field(default_factory=dict, compare=False)
    """What barriers mean to each profile, as far as somebody asked; handed on from overlay to overlay."""
    shared: dict[tuple[str, int], tuple[Closings, Tolls, list[Barrier]]] = field(default_factory=dict, compare=False)
    """The tolls of each profile."""

    @cached_property
    def by_edge(self) -> dict[int, list[tuple[Part, Barrier]]]:
        found: dict[int, list[tuple[Part, Barrier]]] = {}
        for key, parts in self.parts.items():
            for part in parts:
                found.setdefault(part.edge, []).append((part, self.barriers[key]))
        return found

    def changed(self, placer: Placer, barriers: Iterable[Barrier]) -> Overlay:
        """With these barriers as they are now: those that count no more are gone."""
        known, parts = self._all()
        for barrier in barriers:
            before = known.pop(barrier.id, None)
            placed = parts.pop(barrier.id, None)
            for profile in built_in:
                self.known.pop((barrier.id, profile), None)
            if barrier.standing in STANDING and not barrier.hidden:
                same_place = before is not None and (before.geometry, before.level, before.kind) == (
                    barrier.geometry,
                    barrier.level,
                    barrier.kind,
                )
                known[barrier.id] = barrier
                parts[barrier.id] = placed if same_place and placed is not None else placer.place(barrier)
        return self._parted(known, parts, {key for key, barrier in known.items() if barrier.active})

    def at(self, moment: datetime, since: datetime | None = None) -> Overlay:
        """As it is at another moment; with `since`, when this one is in force then and only what turns until `moment`
        differs. The same object where nothing does."""
        known, parts = self._all()
        if since is None:
            chosen = {key for key, barrier in known.items() if in_force(barrier, moment)}
        else:
            turned = self.turning(since, moment).keys()
            chosen = (self.barriers.keys() - turned) | {key for key in turned if in_force(known[key], moment)}
        return self if chosen == self.barriers.keys() else self._parted(known, parts, chosen)

    def turning(self, begin: datetime, end: datetime) -> dict[UUID, tuple[Barrier, tuple[Part, ...]]]:
        """Barriers that come into force or go out of it after `begin`, up to `end`, and where they lie."""
        moments = [moment for moment, _ in self._turns]
        keys = {key for _, key in self._turns[bisect_right(moments, begin) : bisect_right(moments, end)]}
        known, parts = self._all()
        return {key: (known[key], parts[key]) for key in keys}

    @cached_property
    def _turns(self) -> list[tuple[datetime, UUID]]:
        """Every begin and end, in order."""
        known = {**self.barriers, **self.waiting}
        found = [(at, key) for key, barrier in known.items() for at in (barrier.starts_at, barrier.ends_at) if at]
        return sorted(found)

    def _all(self) -> tuple[dict[UUID, Barrier], dict[UUID, tuple[Part, ...]]]:
        return {**self.barriers, **self.waiting}, {**self.parts, **self.waiting_parts}

    def _parted(
        self, known: Mapping[UUID, Barrier], parts: Mapping[UUID, tuple[Part, ...]], chosen: Set[UUID]
    ) -> Overlay:
        """An overlay in which the chosen ones are in force and the others wait."""
        return Overlay(
            {key: barrier for key, barrier in known.items() if key in chosen},
            {key: placed for key, placed in parts.items() if key in chosen},
            {key: barrier for key, barrier in known.items() if key not in chosen},
            {key: placed for key, placed in parts.items() if key not in chosen},
            self.known,
        )


STANDING = ("suspected", "confirmed")


NOTHING = Overlay({}, {})


def _common(overlay: Overlay, barrier: Barrier, profile: Profile) -> tuple[Toll | None, bool]:
    """What a barrier means to everybody of this profile; and whether it is a fact, held against each one's limits."""
    key = barrier.id, profile.id
    kept = overlay.known.get(key)
    if kept is None or kept[0] is not barrier:
        is_fact = isinstance(effect(barrier, profile.id), Fact)
        kept = overlay.known[key] = barrier, None if is_fact else toll(barrier, profile), is_fact
    return kept[1:]


def _laid(placed: Iterable[tuple[Part, Barrier]], known: Mapping[UUID, Toll | None]) -> tuple[tuple[Part, Toll], ...]:
    return tuple((part, found) for part, barrier in placed if (found := known[barrier.id]) is not None)


@dataclass(frozen=True, eq=False)
class Tolls:
    """One person's view of an overlay."""

    by_edge: Mapping[int, tuple[tuple[Part, Toll], ...]]

    @cached_property
    def barrier_edges(self) -> list[int]:
        """Edges with a reported barrier."""
        return [edge for edge, tolls in self.by_edge.items() if any(toll.barrier is not None for _, toll in tolls)]

    @classmethod
    def of(cls, overlay: Overlay, profile: Profile, closings: Closings = OPEN) -> Tolls:
        """Of everything in force; one object for all of this profile whom no measured place concerns."""
        key = profile.id, id(closings)
        if key not in overlay.shared:
            overlay.shared[key] = closings, *cls._shared(overlay, profile, closings)
        _, shared, measured = overlay.shared[key]
        if not measured:
            return shared
        own = {barrier.id: toll(barrier, profile) for barrier in measured}
        by_edge = dict(shared.by_edge)
        for edge in {part.edge for key in own for part in overlay.parts[key]}:
            known = {barrier.id: _common(overlay, barrier, profile)[0] for _, barrier in overlay.by_edge[edge]} | own
            laid = _laid(overlay.by_edge[edge], known)
            shut = tuple(each for each in shared.by_edge.get(edge, ()) if each[1].barrier is None)
            if laid or shut:
                by_edge[edge] = laid + shut
        return cls(by_edge)

    @classmethod
    def _shared(cls, overlay: Overlay, profile: Profile, closings: Closings) -> tuple[Tolls, list[Barrier]]:
        """What means the same to everybody of a profile, and the barriers that each holds against their own limits."""
        found = {key: _common(overlay, barrier, profile) for key, barrier in overlay.barriers.items()}
        known = {key: common for key, (common, _) in found.items()}
        by_edge = {edge: laid for edge, placed in overlay.by_edge.items() if (laid := _laid(placed, known))}
        measured = [overlay.barriers[key] for key, (_, is_fact) in found.items() if is_fact]
        return cls(by_edge).plus(closings.laid), measured

    def with_closed(self, parts: Iterable[Part]) -> Tolls:
        """And these parts never passed."""
        closed = Toll(None, True, True, BARRIER_POINTS, 0.0, ())
        return self.plus((part, closed) for part in parts)

    def plus(self, laid: Iterable[tuple[Part, Toll]]) -> Tolls:
        """And these."""
        by_edge = dict(self.by_edge)
        for part, toll in laid:
            by_edge[part.edge] = (*by_edge.get(part.edge, ()), (part, toll))
        return Tolls(by_edge)

    def lifted(self, barriers: Set[UUID], edges: Set[int]) -> Tolls:
        """Without these barriers, and without what the clock closes on these edges."""
        by_edge = {}
        for edge, placed in self.by_edge.items():
            kept = tuple(
                (part, toll)
                for part, toll in placed
                if not (toll.why == "hours" and edge in edges)
                and not (toll.barrier is not None and toll.barrier.id in barriers)
            )
            if kept:
                by_edge[edge] = placed if len(kept) == len(placed) else kept
        return Tolls(by_edge)

    def on(self, piece: Piece) -> list[Toll]:
        """What is met on a piece of an arc, each barrier once."""
        placed = self.by_edge.get(piece.edge)
        if placed is None:
            return []
        a, b = (1 - piece.end, 1 - piece.start) if piece.reverse else (piece.start, piece.end)
        return self.met([laid for laid in placed if laid[0].start <= b and laid[0].end >= a])

    @staticmethod
    def met(placed: Iterable[tuple[Part, Toll]]) -> list[Toll]:
        """These tolls, each barrier once."""
        return list({toll.why if toll.barrier is None else toll.barrier.id: toll for _, toll in placed}.values())

    def differing(self, other: Tolls) -> NDArray[np.int64]:
        """Edges on which not the same lies as in another."""
        edges = self.by_edge.keys() | other.by_edge.keys()
        mine, theirs = self.by_edge, other.by_edge
        found = [edge for edge in edges if (a := mine.get(edge)) is not (b := theirs.get(edge)) and a != b]
        return np.array(sorted(found), np.int64)
