"""Which limits a path breaks, where and by how much, and what a person should know besides."""

from __future__ import annotations

from functools import lru_cache

import msgspec
import numpy as np
from msgspec import UNSET

from accessibility.facts import PassageFacts, WayFacts
from accessibility.profiles import Profile
from accessibility.verdict import Finding, explain
from routing.answers import Note, Violation
from routing.costs import Weighing
from routing.stretches import Passed, Stretch, Trace

BROKEN_KEPT = 20_000


class Broken:
    """One leg seen with one person's limits."""

    def __init__(self, weighing: Weighing, trace: Trace) -> None:
        self._weighing, self._trace = weighing, trace
        self._encoded: bytes | None = None

    def violations(self) -> list[Violation]:
        """Every broken limit in the order of the way."""
        if not self._weighing.violated[self._trace.pieces.arc].any():
            return []
        found: list[Violation] = []
        for stretch in self._trace.stretches:
            for passed in stretch.before:
                found += self._at_node(passed)
            found += self._on_way(stretch)
        for passed in self._trace.after:
            found += self._at_node(passed)
        return found

    def notes(self) -> list[Note]:
        """`private_end` for every private way and gate on the path."""
        private, trace = self._weighing.private, self._trace
        if not private[self._trace.pieces.arc].any():
            return []
        ways = [
            Note("private_end", trace.at(stretch.first), way_id=stretch.way_id or UNSET)
            for stretch in self._trace.stretches
            if private[stretch.pieces.arc].any()
        ]
        gates = [
            Note("private_end", trace.at(passed.vertex), node_id=passed.node_id)
            for passed in self._trace.passages()
            if private[passed.piece.arc]
        ]
        return ways + gates

    def _at_node(self, passed: Passed) -> list[Violation]:
        if not self._weighing.violated[passed.piece.arc]:
            return []
        at = self._trace.at(passed.vertex)
        found = _broken(self._person, passed.facts, passed.piece.reverse)
        return [Violation(f.code, f.value, f.limit, f.assumed, at, node_id=passed.node_id) for f in found]

    def _on_way(self, stretch: Stretch) -> list[Violation]:
        arcs = stretch.pieces.arc
        if not self._weighing.violated[arcs].any():
            return []
        at = self._trace.at((stretch.first + stretch.last) // 2)
        run = float(np.nanmax(self._weighing.run_length_m[arcs], initial=0.0))
        grade = float(np.nanmax(self._weighing.run_grade[arcs], initial=-1.0))
        found = _broken(self._person, stretch.facts, stretch.reverse, run, grade if grade >= 0 else None)
        length = round(stretch.length_m, 1)
        return [
            Violation(f.code, f.value, f.limit, f.assumed, at, length_m=length, way_id=stretch.way_id or UNSET)
            for f in found
        ]

    @property
    def _person(self) -> bytes:
        if self._encoded is None:
            self._encoded = msgspec.msgpack.encode(self._weighing.profile)
        return self._encoded


@lru_cache(BROKEN_KEPT)
def _broken(
    person: bytes, facts: WayFacts | PassageFacts, reverse: bool, run_m: float = 0.0, grade: float | None = None
) -> list[Finding]:
    """The limits that a place breaks; `person` is a profile in msgpack. The same places come again and again."""
    profile = msgspec.msgpack.decode(person, type=Profile)
    found = explain(facts, profile, length_m=1.0, reverse=reverse, run_length_m=run_m, run_grade=grade, part="harm")
    return [finding for finding in found if finding.kind == "violation"]
