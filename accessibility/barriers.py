"""A barrier as routing sees it, and what it does to a person: blocks, costs seconds, sets a fact, or nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from accessibility.kinds import KINDS, SEVERITY_SCALE, SUSPECTED_S_PER_SEVERITY


class Measured(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What somebody measured on the spot; None = not measured."""

    kerb_m: float | None = None
    width_m: float | None = None
    incline: float | None = None  # fraction


class Barrier(Struct, frozen=True):
    """One barrier at one revision: a place, never an edge.

    `geometry` is GeoJSON in WGS 84, `place` a point on it as (lon, lat). `active` says whether it is in force at
    `revision` (its standing counts and its time has come); for another time use `in_force`. `blocks` marks the
    severity-4 danger that blocks before it is confirmed.
    """

    id: UUID
    kind: str
    severity: int
    place: tuple[float, float]
    geometry: dict[str, Any]
    standing: str
    active: bool
    revision: int
    level: float | None = None
    street: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    measured: Measured = Measured()
    blocks: bool = False
    hidden: bool = False


class Block(Struct, frozen=True):
    """The person cannot pass. `never_passed`: not even when limits are broken; `provisional`: not confirmed yet."""

    never_passed: bool
    provisional: bool = False


class Penalty(Struct, frozen=True):
    """The person passes at a cost of so many seconds; `at_night`: only then."""

    seconds: float
    at_night: bool = False


class Fact(Struct, frozen=True):
    """The named fact of the place is this; the verdict decides."""

    name: str
    value: float | bool


Effect = Block | Penalty | Fact


def effect(barrier: Barrier, profile: str) -> Effect | None:
    """What the barrier does to somebody who travels with `profile`; None when it does not concern them.

    Standing and severity decide, time does not: ask `barrier.active` or `in_force` as well.
    """
    kind = KINDS[barrier.kind]
    cell = kind.cell(profile)
    if not cell.concerns or barrier.hidden:
        return None
    if barrier.standing == "suspected":
        if barrier.blocks:
            return Block(never_passed=False, provisional=True)
        return Penalty(float(SUSPECTED_S_PER_SEVERITY * barrier.severity))
    if barrier.standing != "confirmed":
        return None
    danger = kind.is_danger(barrier.severity)
    if danger and barrier.severity == 4:
        return Block(never_passed=True)
    measured = getattr(barrier.measured, kind.measured) if kind.measured else None
    if measured is not None:
        return Fact(kind.measured or "", measured)
    if cell.fact is not None:
        return Fact(cell.fact, True)
    if cell.blocks_from is not None and barrier.severity >= cell.blocks_from:
        return Block(never_passed=danger or kind.never_passed)
    return Penalty((cell.penalty_s or 0) * SEVERITY_SCALE[barrier.severity], cell.at_night)


def in_force(barrier: Barrier, at: datetime) -> bool:
    """Whether the barrier counts at a moment: its standing counts, and the moment lies in its time span."""
    return (
        barrier.standing in ("suspected", "confirmed")
        and not barrier.hidden
        and (barrier.starts_at is None or barrier.starts_at <= at)
        and (barrier.ends_at is None or at < barrier.ends_at)
    )
