"""The clock: what is open and in force at a moment, on every place of one map and along a way (CONTRACT §3).

Opening hours, conditional access and the spans of reported barriers hold at a moment; a way takes time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from accessibility.barriers import Barrier
from accessibility.time_rules import Calendar, State, TimeRule, rule_of
from routing.answers import Note
from routing.graph import StreetGraph
from routing.overlay import BARRIER_POINTS, Closings, Overlay, Toll, Tolls, toll
from routing.path import Piece, Pieces, line_of
from routing.people import Person
from routing.placing import Part

MOMENTS_KEPT = 256
OPENINGS_KEPT = 4096
AHEAD = timedelta(days=1)
"""So far ahead is looked once for when a place opens; whoever is longer on the way takes it to open."""

Legs = list[Sequence[Piece]]


@dataclass(frozen=True)
class Departure:
    """When somebody sets out, and what is in force at that moment; without a time only the plain words of the map."""

    at: datetime | None
    now: bool
    overlay: Overlay
    closings: Closings


class Timetable:
    """The places of one map that the clock opens and closes. Belongs to the engine thread, but for `zone`."""

    def __init__(self, graph: StreetGraph, zone: str | None = None) -> None:
        """`zone`: IANA name; without one it is that of the middle of the map."""
        west, south, east, north = graph.meta.bbox
        self.graph = graph
        self._calendar = Calendar((south + north) / 2, (west + east) / 2, zone)
        s = graph.first_passage
        self.rules: dict[int, TimeRule] = {
            **_ruled(graph.edge_facts[:s], [rule_of(facts) for facts in graph.way_facts], 0),
            **_ruled(graph.edge_facts[s:], [rule_of(facts) for facts in graph.passage_facts], s),
        }
        self._ruled = np.zeros(graph.edge_count, np.bool_)
        self._ruled[list(self.rules)] = True
        self._by_rule: dict[TimeRule, list[int]] = {}
        for edge, rule in self.rules.items():
            self._by_rule.setdefault(rule, []).append(edge)
        self._known: dict[frozenset[int], Closings] = {}
        self._at: dict[datetime | None, Closings] = {}
        self._opens: dict[tuple[TimeRule, datetime], datetime | None] = {}

    @property
    def zone(self) -> str:
        """The time zone of the map."""
        return self._calendar.zone.key

    def departure(self, at: datetime | None, overlay: Overlay, *, now: bool) -> Departure:
        """Setting out at this moment: `now` while `overlay` is in force, else with the barriers in force then."""
        there = overlay if now or at is None else overlay.at(at)
        return Departure(at, now or at is None, there, self.closings(at))

    def later(self, departure: Departure, at: datetime) -> Departure:
        """Setting out again from where one got to, some time after."""
        overlay = departure.overlay.at(at, since=departure.at) if departure.now else departure.overlay.at(at)
        return Departure(at, False, overlay, self.closings(at))

    def closings(self, at: datetime | None) -> Closings:
        """What is closed at this moment; without one, what is closed unless the clock opens it."""
        minute = None if at is None else at.replace(second=0, microsecond=0)
        found = self._at.get(minute)
        if found is None:
            edges = frozenset(
                edge for rule, edges in self._by_rule.items() if self._is_closed(rule, minute) for edge in edges
            )
            found = self._known.get(edges)
            if found is None:
                found = self._closings(sorted(edges))
                while len(self._known) >= MOMENTS_KEPT:
                    self._known.pop(next(iter(self._known)))
                self._known[edges] = found
            while len(self._at) >= MOMENTS_KEPT:
                self._at.pop(next(iter(self._at)))
            self._at[minute] = found
        return found

    def _closings(self, edges: list[int]) -> Closings:
        by_rule: dict[TimeRule, list[int]] = {}
        for edge in edges:
            by_rule.setdefault(self.rules[edge], []).append(edge)
        laid = tuple(self.closing(edge) for edge in edges)
        return Closings(frozenset(edges), laid, tuple((rule, tuple(found)) for rule, found in by_rule.items()))

    def _is_closed(self, rule: TimeRule, at: datetime | None) -> bool:
        return rule.closed and rule.said if at is None else self._calendar.state(rule, at) is State.CLOSED

    def closing(self, edge: int) -> tuple[Part, Toll]:
        """This edge, closed by the clock."""
        toll = Toll(None, True, True, BARRIER_POINTS, 0.0, (), "hours", self.rules[edge].text)
        return Part(edge, 0.0, 1.0), toll

    def opening(self, closings: Closings, begin: datetime, end: datetime) -> list[int]:
        """Edges among these that are open at some moment after `begin`, up to `end`."""
        found: list[int] = []
        for rule, edges in closings.by_rule:
            at = self._opens_at(rule, begin) if end - begin <= AHEAD else begin
            if at is not None and at <= end:
                found += edges
        return found

    def _opens_at(self, rule: TimeRule, begin: datetime) -> datetime | None:
        """When something under this rule is open for the first time after `begin`, if within a day."""
        key = rule, begin.replace(second=0, microsecond=0)
        if key not in self._opens:
            while len(self._opens) >= OPENINGS_KEPT:
                self._opens.pop(next(iter(self._opens)))
            changes = self._calendar.changes(rule, key[1], key[1] + AHEAD)
            self._opens[key] = next((at for at in changes if self._calendar.state(rule, at) is not State.CLOSED), None)
        return self._opens[key]

    def shutting(self, begin: datetime, end: datetime) -> list[int]:
        """Edges that are closed at some moment between the two."""
        return [
            edge
            for rule, edges in self._by_rule.items()
            if self._calendar.worst(rule, begin, end) is State.CLOSED
            for edge in edges
        ]

    def walked(self, person: Person, legs: Legs, begin: datetime) -> Iterator[tuple[Piece, datetime, datetime]]:
        """Every piece of the way with when one comes to it and when one has left it."""
        at = begin
        for pieces in legs:
            for piece in pieces:
                enter = at
                at = enter + timedelta(seconds=float(person.weighing.duration_s[piece.arc]) * piece.share)
                yield piece, enter, at

    def _ruled_on(self, legs: Legs) -> bool:
        """Whether the clock opens or closes anything on these legs."""
        return any(bool(self._ruled[Pieces.of(pieces).edge].any()) for pieces in legs)

    def state_on(self, piece: Piece, enter: datetime, leave: datetime) -> State:
        """Whether a piece is open all the while."""
        rule = self.rules.get(piece.edge)
        return State.OPEN if rule is None else self._calendar.worst(rule, enter, leave)

    def closed_on(self, person: Person, legs: Legs, begin: datetime, turning: Turning) -> list[tuple[Part, Toll]]:
        """What is in the way on arrival, but was not known to the search."""
        found: dict[object, list[tuple[Part, Toll]]] = {}
        if not turning.barriers and not self._ruled_on(legs):
            return []
        for piece, enter, leave in self.walked(person, legs, begin):
            laid = person.tolls.by_edge.get(piece.edge, ())
            if self.state_on(piece, enter, leave) is State.CLOSED and not any(toll.why == "hours" for _, toll in laid):
                found[piece.edge] = [self.closing(piece.edge)]
            for barrier in turning.met(piece, enter, leave):
                if not any(toll.barrier is not None and toll.barrier.id == barrier.id for _, toll in laid):
                    found[barrier.id] = turning.laid(barrier, person)
        return [closing for closings in found.values() for closing in closings]

    def tolls_on(self, person: Person, legs: Legs, departure: Departure) -> Tolls:
        """What lies on a way that was not searched for, as it is when the person gets there."""
        if departure.at is None:
            return person.tolls
        seconds = sum(float(person.weighing.duration_s[piece.arc]) * piece.share for pieces in legs for piece in pieces)
        end = departure.at + timedelta(seconds=seconds)
        turning = Turning(departure.overlay.turning(departure.at, end))
        bare = person.variant(person.tolls.lifted(turning.barriers.keys(), self.rules.keys()))
        return bare.tolls.plus(self.closed_on(bare, legs, departure.at, turning))

    def notes(self, person: Person, legs: Legs, at: datetime | None) -> list[Note]:
        """Places on the way of which nobody can tell whether they are open on arrival."""
        if not self._ruled_on(legs):
            return []
        if at is None:
            unsure = [piece for pieces in legs for piece in pieces if piece.edge in self.rules]
        else:
            walk = self.walked(person, legs, at)
            unsure = [piece for piece, enter, leave in walk if self.state_on(piece, enter, leave) is State.UNKNOWN]
        return list({note.at: note for note in map(self._note, unsure)}.values())

    def _note(self, piece: Piece) -> Note:
        graph = self.graph
        if graph.is_passage(piece.edge):
            node = int(graph.edge_tail[piece.edge])
            at = (float(graph.node_lon[node]), float(graph.node_lat[node]))
            return Note("hours_unknown", at, node_id=int(graph.node_id[node]))
        return Note("hours_unknown", line_of(graph, piece).coordinates[0], way_id=int(graph.edge_way[piece.edge]))


def _ruled(rows: NDArray[np.int32], rules: Sequence[TimeRule | None], first: int) -> dict[int, TimeRule]:
    """Edge → rule, for the rows of facts that have one."""
    ruled = {row: rule for row, rule in enumerate(rules) if rule is not None}
    edges = np.flatnonzero(np.isin(rows, list(ruled))) if ruled else np.zeros(0, np.int64)
    return {first + edge: ruled[int(rows[edge])] for edge in edges.tolist()}


class Turning:
    """Reported barriers that begin or end while somebody is on the way."""

    def __init__(self, barriers: Mapping[UUID, tuple[Barrier, tuple[Part, ...]]]) -> None:
        self.barriers = barriers
        self._by_edge: dict[int, list[tuple[Part, Barrier]]] = {}
        for barrier, parts in self.barriers.values():
            for part in parts:
                self._by_edge.setdefault(part.edge, []).append((part, barrier))

    def met(self, piece: Piece, enter: datetime, leave: datetime) -> Iterator[Barrier]:
        """Those on this piece that are in force while one is there."""
        a, b = (1 - piece.end, 1 - piece.start) if piece.reverse else (piece.start, piece.end)
        for part, barrier in self._by_edge.get(piece.edge, ()):
            begun = barrier.starts_at is None or barrier.starts_at <= leave
            if part.start <= b and part.end >= a and begun and (barrier.ends_at is None or enter < barrier.ends_at):
                yield barrier

    def laid(self, barrier: Barrier, person: Person) -> list[tuple[Part, Toll]]:
        """What it means to this person, on all its parts."""
        found = toll(barrier, person.base.profile)
        return [] if found is None else [(part, found) for part in self.barriers[barrier.id][1]]
