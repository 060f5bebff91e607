"""What a barrier does to whom: each row is one sentence of CONTRACT §5 or of the table of kinds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from accessibility.barriers import Barrier, Block, Fact, Measured, Penalty, effect, in_force
from accessibility.kinds import KINDS, WHEELS

PROFILES = [*sorted(WHEELS), "cane_elderly", "low_vision", "walk"]


def barrier(kind: str, severity: int = 2, **fields: Any) -> Barrier:
    given: dict[str, Any] = {"standing": "confirmed", "active": True, "revision": 1} | fields
    point = {"type": "Point", "coordinates": [24.9, 60.1]}
    return Barrier(id=UUID(int=1), kind=kind, severity=severity, place=(24.9, 60.1), geometry=point, **given)


CONFIRMED = [
    # kind, severity, profile, what happens
    ("kerb_too_high", 2, "manual_wheelchair", Block(False)),
    ("kerb_too_high", 2, "cane_elderly", Penalty(30)),
    ("kerb_too_high", 2, "walk", None),
    ("missing_kerb_ramp", 1, "stroller", Block(False)),
    ("obstacle", 1, "walk", Penalty(5)),
    ("obstacle", 2, "walk", Penalty(10)),
    ("obstacle", 3, "walk", Penalty(20)),
    ("obstacle", 4, "walk", Penalty(40)),
    ("overhead_obstacle", 2, "low_vision", Block(True)),
    ("overhead_obstacle", 2, "rollator", Penalty(15)),
    ("overhead_obstacle", 4, "rollator", Block(True)),
    ("construction", 2, "low_vision", Block(False)),
    ("surface_damaged", 2, "mobility_scooter", Penalty(60)),
    ("surface_damaged", 3, "mobility_scooter", Block(False)),
    ("surface_damaged", 4, "mobility_scooter", Block(True)),
    ("surface_damaged", 4, "walk", Block(True)),
    ("slippery", 2, "cane_elderly", Penalty(90)),
    ("slippery", 3, "cane_elderly", Block(True)),
    ("flooded", 1, "power_wheelchair", Block(True)),
    ("flooded", 1, "walk", Penalty(30)),
    ("lift_out_of_order", 2, "walk", Block(True)),
    ("gate_locked", 2, "cane_elderly", Block(True)),
    ("escalator_stopped", 2, "manual_wheelchair", None),
    ("no_sidewalk", 1, "manual_wheelchair", Penalty(60)),
    ("unsafe_crossing", 3, "low_vision", Penalty(360)),
    ("unsafe_crossing", 4, "low_vision", Block(True)),
    ("lighting_out", 2, "low_vision", Penalty(30, at_night=True)),
    ("seat_missing", 2, "cane_elderly", Fact("seat_gone", True)),
    ("toilet_closed", 2, "walk", Fact("closed", True)),
    ("closure", 4, "walk", Block(True)),
    ("other", 3, "manual_wheelchair", Penalty(120)),
]


@pytest.mark.parametrize(("kind", "severity", "profile", "expected"), CONFIRMED)
def test_confirmed(kind: str, severity: int, profile: str, expected: object) -> None:
    assert effect(barrier(kind, severity), profile) == expected


@pytest.mark.parametrize(
    ("kind", "measured", "profile", "expected"),
    [
        ("kerb_too_high", Measured(kerb_m=0.02), "manual_wheelchair", Fact("kerb_m", 0.02)),
        ("kerb_too_high", Measured(kerb_m=0.02), "cane_elderly", Fact("kerb_m", 0.02)),
        ("kerb_too_high", Measured(kerb_m=0.02), "low_vision", None),
        ("kerb_too_high", Measured(width_m=0.5), "manual_wheelchair", Block(False)),
        ("obstacle", Measured(width_m=0.85), "walk", Fact("width_m", 0.85)),
        ("parked_vehicle", Measured(width_m=0.85), "stroller", Fact("width_m", 0.85)),
        ("too_narrow", Measured(width_m=0.0), "rollator", Fact("width_m", 0.0)),
        ("too_steep", Measured(incline=0.09), "cane_elderly", Fact("incline", 0.09)),
        ("flooded", Measured(width_m=0.5), "manual_wheelchair", Block(True)),
    ],
)
def test_a_measured_value_becomes_a_fact(kind: str, measured: Measured, profile: str, expected: object) -> None:
    assert effect(barrier(kind, measured=measured), profile) == expected


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("severity", [1, 2, 3, 4])
def test_a_suspected_barrier_only_costs_time_unless_it_was_granted_a_block(
    kind: str, profile: str, severity: int
) -> None:
    concerned = KINDS[kind].cell(profile).concerns
    measured = Measured(kerb_m=0.5, width_m=0.1, incline=0.5)
    alone = effect(barrier(kind, severity, standing="suspected", measured=measured), profile)
    assert alone == (Penalty(60 * severity) if concerned else None)
    granted = effect(barrier(kind, severity, standing="suspected", blocks=True), profile)
    assert granted == (Block(never_passed=False, provisional=True) if concerned else None)


@pytest.mark.parametrize("standing", ["cleared", "expired", "refuted"])
def test_what_is_over_does_nothing(standing: str) -> None:
    assert effect(barrier("flooded", 4, standing=standing), "walk") is None


def test_a_hidden_barrier_does_nothing() -> None:
    assert effect(barrier("flooded", 4, hidden=True), "walk") is None


def test_more_severe_is_never_milder() -> None:
    """Cost as seconds, a block as infinity: severity only ever adds."""

    def weight(kind: str, severity: int, profile: str) -> float:
        found = effect(barrier(kind, severity), profile)
        if isinstance(found, Block):
            return float("inf")
        return found.seconds if isinstance(found, Penalty) else 0.0

    for kind in KINDS:
        for profile in PROFILES:
            weights = [weight(kind, severity, profile) for severity in (1, 2, 3, 4)]
            assert weights == sorted(weights), (kind, profile, weights)


@pytest.mark.parametrize(
    ("starts_in_h", "ends_in_h", "expected"),
    [(None, None, True), (-1, 1, True), (0, 1, True), (1, 2, False), (-2, -1, False), (-1, 0, False)],
)
def test_in_force_from_the_start_until_just_before_the_end(
    starts_in_h: int | None, ends_in_h: int | None, expected: bool
) -> None:
    now = datetime(2026, 11, 24, 8, tzinfo=UTC)
    starts = None if starts_in_h is None else now + timedelta(hours=starts_in_h)
    ends = None if ends_in_h is None else now + timedelta(hours=ends_in_h)
    assert in_force(barrier("construction", starts_at=starts, ends_at=ends), now) is expected
