"""Limits of one rank on a map break at the very same facts, whatever their numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from accessibility.facts import PassageFacts, WayFacts, WayRole
from accessibility.profiles import Limits, built_in
from accessibility.verdict import Ranks, columns, judge_passages, judge_ways
from accessibility.verdict.view import GRADE_TOLERANCE

GRADES = (0.03, 0.06, 0.0603, 0.08, 0.125, 0.2)
WAYS = columns(
    [
        *(WayFacts(incline=grade * sign) for grade in GRADES for sign in (1, -1)),
        *(WayFacts(width_m=width) for width in (0.7, 0.9, 1.2)),
        *(WayFacts(cross_slope=lean) for lean in (0.02, 0.05)),
        *(WayFacts(role=WayRole.STEPS, step_count=count, handrail=rail) for count in (2, 5) for rail in (True, False)),
        WayFacts(role=WayRole.STEPS),
    ]
)
PASSAGES = columns(
    [
        *(PassageFacts(kerb_events=1, kerb_height_m=height) for height in (0.0, 0.03, 0.12)),
        *(PassageFacts(barrier_applies=True, opening_m=width) for width in (0.8, 1.0)),
        *(PassageFacts(step_count=count) for count in (1, 3)),
    ]
)
LIMITS = st.builds(
    Limits,
    incline_up_max=st.none() | st.floats(0, 0.25),
    incline_up_short_max=st.none() | st.floats(0, 0.25),
    incline_down_max=st.none() | st.floats(0, 0.25),
    kerb_max_m=st.none() | st.floats(0, 0.2),
    width_min_m=st.none() | st.floats(0.5, 1.5),
    cross_slope_max=st.none() | st.floats(0, 0.1),
    steps_max=st.none() | st.integers(0, 12),
    steps_max_without_handrail=st.none() | st.integers(0, 12),
)


def broken(limits: Limits, profile: str) -> list[Any]:
    person = replace(built_in[profile], limits=limits)
    found = [
        judge(table, person, reverse=reverse, part="breaks")
        for judge, table in ((judge_ways, WAYS), (judge_passages, PASSAGES))
        for reverse in (False, True)
    ]
    return [column.tolist() for verdict in found for column in (verdict.violated, verdict.needs_run)]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["manual_wheelchair", "cane_elderly"]), LIMITS, LIMITS, st.data())
def test_equal_ranks_break_alike(profile: str, one: Limits, other: Limits, data: st.DataObject) -> None:
    """Most numbers of the other are taken from the first, so that ranks are often equal."""
    names = data.draw(st.sets(st.sampled_from(Limits.__struct_fields__)))
    other = replace(one, **{name: getattr(other, name) for name in names})
    ranks = Ranks(WAYS, PASSAGES, built_in["walk"])
    if ranks.of(one) == ranks.of(other):
        assert broken(one, profile) == broken(other, profile)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("kerb_max_m", (0.031, 0.119)),
        ("width_min_m", (0.91, 0.99)),
        ("incline_down_max", (0.09, 0.12)),
        ("cross_slope_max", (0.021, 0.049)),
        ("steps_max", (6, 9)),
    ],
)
def test_between_two_values_of_the_map_it_does_not_matter_where_a_limit_lies(
    name: str, values: tuple[float, float]
) -> None:
    ranks = Ranks(WAYS, PASSAGES, built_in["walk"])
    low, high = (Limits(**{name: value}) for value in values)
    assert ranks.of(low) == ranks.of(high)
    assert ranks.of(low) != ranks.of(Limits())


def test_two_grades_within_the_tolerance_are_two() -> None:
    """The limit that lets the first pass and not the second differs from the one that lets both."""
    ranks = Ranks(WAYS, PASSAGES, built_in["walk"])
    between, above = (Limits(incline_down_max=grade - GRADE_TOLERANCE + 1e-6) for grade in (0.06, 0.0603))
    assert ranks.of(between) != ranks.of(above)
    assert broken(between, "walk") != broken(above, "walk")


def test_a_map_without_facts_has_one_rank() -> None:
    ranks = Ranks(columns([]), columns([]), built_in["walk"])
    assert ranks.of(Limits(kerb_max_m=0.1)) == ranks.of(Limits(kerb_max_m=0.2))
    assert np.isfinite(hash(ranks.of(Limits())))
