"""Reported barriers as they mattered to one answer: avoided, paid for, or passed for want of another way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from routing.answers import BarrierOnRoute, Violation
from routing.overlay import Toll, Tolls
from routing.path import Piece, Pieces

Effect = Literal["blocked", "avoided", "penalised", "passed"]


def barriers_met(
    tolls: Tolls, legs: Sequence[Sequence[Piece]], freely: Sequence[Sequence[Piece]]
) -> tuple[list[Violation], list[BarrierOnRoute]]:
    """The limits that barriers on the route break, and every barrier that mattered.

    `freely`: the best route as if there were no barriers; what lies on it and not on `legs` was avoided.
    """
    met = _on(tolls, legs)
    violations = [violation for toll in met.values() for violation in _broken(toll)]
    listed = [_listed(toll, "passed" if toll.violated else "penalised") for toll in met.values()]
    avoided = [_listed(toll, "avoided") for key, toll in _on(tolls, freely).items() if key not in met]
    return violations, listed + avoided


def _on(tolls: Tolls, legs: Sequence[Sequence[Piece]]) -> dict[UUID, Toll]:
    found: dict[UUID, Toll] = {}
    if not tolls.by_edge:
        return found
    for pieces in map(Pieces.of, legs):
        tolled = [row for row, edge in enumerate(pieces.edge.tolist()) if edge in tolls.by_edge]
        for piece in map(pieces.__getitem__, tolled):
            for toll in tolls.on(piece):
                if toll.barrier is not None:
                    found.setdefault(toll.barrier.id, toll)
    return found


def _listed(toll: Toll, effect: Effect) -> BarrierOnRoute:
    assert toll.barrier is not None
    return BarrierOnRoute(str(toll.barrier.id), toll.barrier.kind, toll.barrier.standing, effect)


def _broken(toll: Toll) -> list[Violation]:
    """A measured barrier breaks the limit it was measured against, any other is a violation by itself."""
    barrier = toll.barrier
    if barrier is None or not toll.violated:
        return []
    place, key = barrier.place, str(barrier.id)
    if toll.findings:
        return [
            Violation(found.code, found.value, found.limit, False, place, barrier_id=key) for found in toll.findings
        ]
    return [Violation("barrier", barrier.kind, None, False, place, barrier_id=key)]
