"""Which limits a path breaks, where and by how much, and what a person should know besides."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from msgspec import UNSET

from accessibility.verdict import Finding, explain
from routing.answers import Note, Violation
from routing.costs import Weighing
from routing.stretches import Passed, Stretch, Trace


@dataclass(frozen=True)
class Broken:
    """One leg seen with one person's limits."""

    weighing: Weighing
    trace: Trace

    def violations(self) -> list[Violation]:
        """Every broken limit in the order of the way."""
        if not self.weighing.violated[self.trace.pieces.arc].any():
            return []
        found: list[Violation] = []
        for stretch in self.trace.stretches:
            for passed in stretch.before:
                found += self._at_node(passed)
            found += self._on_way(stretch)
        for passed in self.trace.after:
            found += self._at_node(passed)
        return found

    def notes(self) -> list[Note]:
        """`private_end` for every private way and gate on the path."""
        private, line = self.weighing.private, self.trace.coordinates
        if not private[self.trace.pieces.arc].any():
            return []
        ways = [
            Note("private_end", line[stretch.first], way_id=stretch.way_id or UNSET)
            for stretch in self.trace.stretches
            if private[stretch.pieces.arc].any()
        ]
        gates = [
            Note("private_end", line[passed.vertex], node_id=passed.node_id)
            for passed in self.trace.passages()
            if private[passed.piece.arc]
        ]
        return ways + gates

    def _at_node(self, passed: Passed) -> list[Violation]:
        if not self.weighing.violated[passed.piece.arc]:
            return []
        at = self.trace.coordinates[passed.vertex]
        found = explain(passed.facts, self.weighing.profile, reverse=passed.piece.reverse)
        return [Violation(f.code, f.value, f.limit, f.assumed, at, node_id=passed.node_id) for f in _broken(found)]

    def _on_way(self, stretch: Stretch) -> list[Violation]:
        arcs = stretch.pieces.arc
        if not self.weighing.violated[arcs].any():
            return []
        at = self.trace.coordinates[(stretch.first + stretch.last) // 2]
        run = np.nanmax(self.weighing.run_length_m[arcs], initial=0.0)
        grade = np.nanmax(self.weighing.run_grade[arcs], initial=-1.0)
        found = explain(
            stretch.facts,
            self.weighing.profile,
            length_m=stretch.length_m,
            reverse=stretch.reverse,
            run_length_m=float(run),
            run_grade=float(grade) if grade >= 0 else None,
        )
        length = round(stretch.length_m, 1)
        return [
            Violation(f.code, f.value, f.limit, f.assumed, at, length_m=length, way_id=stretch.way_id or UNSET)
            for f in _broken(found)
        ]


def _broken(found: list[Finding]) -> list[Finding]:
    return [finding for finding in found if finding.kind == "violation"]
