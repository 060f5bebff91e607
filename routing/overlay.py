"""Barriers laid over the map: what is in force at one revision, and what it adds to arcs for one person.

weight = f(base, the set of barriers on the arc): nothing is ever undone, every state is reckoned from the base.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from accessibility.barriers import Barrier, Block, Fact, Penalty, effect, in_force
from accessibility.facts import Barrier as Obstacle
from accessibility.facts import PassageFacts, WayFacts
from accessibility.profiles import Profile
from accessibility.time_rules import TimeRule
from accessibility.verdict import Finding, explain
from routing.costs import Weighing, units_of
from routing.patched import Patched
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


class Closings(NamedTuple):
    """Edges that the clock closes at some moment; equal ones are one object."""

    edges: frozenset[int]
    laid: tuple[tuple[Part, Toll], ...]
    by_rule: tuple[tuple[TimeRule, tuple[int, ...]], ...] = ()
    """What closes them."""


OPEN = Closings(frozenset(), ())


@dataclass(frozen=True)
class Overlay:
    """Barriers in force, by id, with the parts of edges they lie on; and those that are in force at other times."""

    barriers: Mapping[UUID, Barrier]
    parts: Mapping[UUID, tuple[Part, ...]]
    waiting: Mapping[UUID, Barrier] = field(default_factory=dict)
    """Their standing counts, their time has not come yet (or is over)."""
    waiting_parts: Mapping[UUID, tuple[Part, ...]] = field(default_factory=dict)

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
            if barrier.standing in STANDING and not barrier.hidden:
                same_place = before is not None and (before.geometry, before.level, before.kind) == (
                    barrier.geometry,
                    barrier.level,
                    barrier.kind,
                )
                known[barrier.id] = barrier
                parts[barrier.id] = placed if same_place and placed is not None else placer.place(barrier)
        return _parted(known, parts, {key for key, barrier in known.items() if barrier.active})

    def at(self, moment: datetime, since: datetime | None = None) -> Overlay:
        """As it is at another moment; with `since`, when this one is in force then and only what turns until `moment`
        differs. The same object where nothing does."""
        known, parts = self._all()
        if since is None:
            chosen = {key for key, barrier in known.items() if in_force(barrier, moment)}
        else:
            turned = self.turning(since, moment).keys()
            chosen = (self.barriers.keys() - turned) | {key for key in turned if in_force(known[key], moment)}
        return self if chosen == self.barriers.keys() else _parted(known, parts, chosen)

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


STANDING = ("suspected", "confirmed")


def _parted(known: Mapping[UUID, Barrier], parts: Mapping[UUID, tuple[Part, ...]], chosen: Set[UUID]) -> Overlay:
    """An overlay in which the chosen ones are in force and the others wait."""
    return Overlay(
        {key: barrier for key, barrier in known.items() if key in chosen},
        {key: placed for key, placed in parts.items() if key in chosen},
        {key: barrier for key, barrier in known.items() if key not in chosen},
        {key: placed for key, placed in parts.items() if key not in chosen},
    )


NOTHING = Overlay({}, {})


@dataclass(frozen=True)
class Tolls:
    """One person's view of an overlay."""

    by_edge: Mapping[int, tuple[tuple[Part, Toll], ...]]

    @cached_property
    def barrier_edges(self) -> list[int]:
        """Edges with a reported barrier."""
        return [edge for edge, tolls in self.by_edge.items() if any(toll.barrier is not None for _, toll in tolls)]

    @classmethod
    def of(cls, overlay: Overlay, profile: Profile) -> Tolls:
        known: dict[UUID, Toll | None] = {key: toll(barrier, profile) for key, barrier in overlay.barriers.items()}
        by_edge = {}
        for edge, placed in overlay.by_edge.items():
            mine = tuple((part, found) for part, barrier in placed if (found := known[barrier.id]) is not None)
            if mine:
                by_edge[edge] = mine
        return cls(by_edge)

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
        met = [toll for part, toll in placed if part.start <= b and part.end >= a]
        return list({toll.why if toll.barrier is None else toll.barrier.id: toll for toll in met}.values())

    def arcs(self) -> np.ndarray:
        """Both arcs of every edge with a toll."""
        edges = np.array(sorted(self.by_edge), np.int64)
        return np.column_stack([2 * edges, 2 * edges + 1]).ravel()

    def differing(self, other: Tolls) -> NDArray[np.int64]:
        """Edges on which not the same lies as in another."""
        edges = self.by_edge.keys() | other.by_edge.keys()
        found = [edge for edge in edges if self.by_edge.get(edge) is not other.by_edge.get(edge)]
        return np.array(sorted(found), np.int64)

    def laid_on(self, weighing: Weighing) -> Weighing:
        """The weighing with every toll added; itself where there is none."""
        edges = np.array(sorted(self.by_edge), np.int64)
        if not len(edges):
            return weighing
        arcs, laid = self._laid(weighing, edges)
        copies = {name: getattr(weighing, name).copy() for name in _LAID}
        for name, column in copies.items():
            column[arcs] = getattr(laid, name)
        return replace(weighing, **copies)

    def patched_on(self, weighing: Weighing, base: Weighing, edges: NDArray[np.int64]) -> Weighing:
        """A weighing with other tolls, which differ on these ascending edges alone, as one with these: `base` is
        without any."""
        if not len(edges):
            return weighing
        arcs, laid = self._laid(base, edges)
        columns: dict[str, Any] = {name: Patched(getattr(weighing, name), arcs, getattr(laid, name)) for name in _LAID}
        return replace(weighing, **columns)

    def _laid(self, base: Weighing, edges: NDArray[np.int64]) -> tuple[NDArray[np.int64], Weighing]:
        """Both arcs of these edges, and what they come to."""
        arcs = np.column_stack([2 * edges, 2 * edges + 1]).ravel()
        out = base.of(arcs)
        for number, edge in enumerate(edges.tolist()):
            met = self.on(Piece(2 * edge))
            both = slice(2 * number, 2 * number + 2)
            if any(toll.forbidden for toll in met):
                out.forbidden[both], out.private[both] = True, False
            out.violated[both] |= any(toll.violated for toll in met)
            out.cost_s[both] += sum(toll.cost_s for toll in met)
            out.points[both] += sum(toll.points for toll in met)
        return arcs, replace(out, units=units_of(out.cost_s))


_LAID = ("forbidden", "violated", "private", "cost_s", "points", "units")
"""What a toll changes."""
