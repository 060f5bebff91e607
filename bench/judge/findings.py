"""What breaks a limit: a Hit in a rule, a Finding on a route."""

from __future__ import annotations

from dataclasses import dataclass

from bench.judge.tables import INFINITE

Said = float | str | None


@dataclass(frozen=True)
class Hit:
    """One broken rule of a way or a node: harm per metre and once per obstacle (points).

    `never` = not even in least_bad.
    """

    code: str
    value: Said
    limit: Said
    per_m: float = 0.0
    fixed: float = 0.0
    never: bool = False
    shared: float = 0.0
    """Harm of the whole way of which a part weighs its share (the single steps of a flight)."""


@dataclass(frozen=True)
class Finding:
    """One broken rule on a route, with its place, length (m) and harm (points; infinite = never to be passed)."""

    code: str
    value: Said
    limit: Said
    way_id: int | None
    node_id: int | None
    length_m: float
    points: float

    @property
    def never(self) -> bool:
        return self.points == INFINITE

    def __str__(self) -> str:
        place = f"node {self.node_id}" if self.node_id is not None else f"way {self.way_id}"
        limit = "" if self.limit is None else f", limit {self.limit}"
        length = f" for {self.length_m:.1f} m" if self.length_m else ""
        weight = "never" if self.never else f"{self.points:.1f} points"
        return f"{self.code} {self.value}{limit} at {place}{length} ({weight})"


def total(hits: list[Hit] | tuple[Hit, ...], length_m: float = 1.0) -> float:
    """Harm points of hits over a length."""
    return INFINITE if any(h.never for h in hits) else sum(h.per_m * length_m + h.fixed + h.shared for h in hits)
