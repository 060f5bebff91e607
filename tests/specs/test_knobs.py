"""Every field of a profile, changed alone, changes what somewhere means: a knob that moves nothing is a lie."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from msgspec.structs import asdict, fields, replace

from accessibility import tags
from accessibility.facts import Smoothness, Surface
from accessibility.profiles import Profile, built_in
from accessibility.verdict import columns, judge_passages, judge_runs, judge_ways
from tests.support.table import passage_facts, tags_of

WHEELS, CANE, VISION, WALK, STROLLER = (
    built_in[who] for who in ("manual_wheelchair", "cane_elderly", "low_vision", "walk", "stroller")
)

# field → (whose, new value, how it is met, tags)
KNOBS: dict[str, tuple[Profile, Any, str, str]] = {
    "speed_mps": (WALK, 1.0, "way", "highway=footway"),
    "unknown": (WHEELS, "avoid", "crossing", "highway=crossing"),
    "limits.incline_up_max": (WHEELS, 0.05, "way", "highway=footway incline=5.5%"),
    "limits.incline_up_short_max": (WHEELS, 0.1, "way", "highway=footway incline=9%"),
    "limits.incline_down_max": (WHEELS, 0.05, "way", "highway=footway incline=-7%"),
    "limits.kerb_max_m": (WHEELS, 0.01, "crossing", "kerb=lowered"),
    "limits.width_min_m": (WHEELS, 1.1, "way", "highway=footway width=1"),
    "limits.cross_slope_max": (WHEELS, 0.03, "way", "highway=footway incline:across=5%"),
    "limits.steps_max": (WHEELS, 3, "way", "highway=steps step_count=3"),
    "limits.steps_max_without_handrail": (CANE, 4, "way", "highway=steps step_count=3 handrail=no"),
    "limits.surfaces_refused": (WHEELS, (Surface.ASPHALT,), "way", "highway=footway surface=asphalt"),
    "limits.smoothness_worst": (WHEELS, Smoothness.BAD, "way", "highway=footway smoothness=bad"),
    "prefer.lit": (WHEELS, True, "way", "highway=footway lit=no"),
    "prefer.shade": (WHEELS, True, "way", "highway=footway"),
    "gait.k_up": (WHEELS, 9.0, "way", "highway=footway incline=5%"),
    "gait.k_down": (WHEELS, 5.0, "way", "highway=footway incline=-5%"),
    "gait.tobler": (VISION, True, "way", "highway=footway incline=-2%"),
    "gait.rolls": (WHEELS, False, "way", "highway=footway surface=sett"),
    "gait.drifts": (WHEELS, 0.0, "way", "highway=footway incline:across=5%"),
    "soft.incline": (WHEELS, 0.05, "way", "highway=footway incline=4%"),
    "soft.kerb_m": (WHEELS, 0.03, "crossing", "kerb=lowered"),
    "soft.width_m": (WHEELS, 2.0, "way", "highway=footway width=1.5"),
    "soft.cross_slope": (WHEELS, 0.05, "way", "highway=footway incline:across=4%"),
    "soft.smoothness": (WHEELS, Smoothness.INTERMEDIATE, "way", "highway=footway smoothness=intermediate"),
    "unsure.kerb_s": (WHEELS, 60.0, "crossing", "kerb=yes"),
    "unsure.gap_s": (WHEELS, 5.0, "through", "barrier=bollard"),
    "unsure.lift_s": (WHEELS, 5.0, "lift", "highway=elevator"),
    "unsure.handrail_s": (CANE, 0.0, "way", "highway=steps step_count=5"),
    "unsure.way_share": (WHEELS, 0.1, "way", "highway=footway"),
    "heeds.wheels": (WHEELS, False, "through", "barrier=stile"),
    "heeds.wheelchair_no": (WHEELS, "cost", "way", "highway=footway wheelchair=no"),
    "heeds.cycle_barriers_stop": (WHEELS, False, "through", "barrier=cycle_barrier"),
    "heeds.stroller_ramp": (STROLLER, True, "way", "highway=steps ramp:stroller=yes"),
    "heeds.cane": (VISION, False, "crossing", "kerb=flush tactile_paving=no"),
    "heeds.unsteady": (CANE, False, "way", "highway=steps conveying=yes"),
    "heeds.step_s": (CANE, 0.0, "way", "highway=steps step_count=5"),
    "heeds.uneven_s_per_m": (CANE, 0.0, "way", "highway=footway surface=sett"),
    "heeds.obstacle_share": (CANE, 1.0, "through", "barrier=chain"),
    "heeds.wide_crossing_s": (CANE, 0.0, "crossing", "highway=crossing crossing=zebra lanes=2"),
    "heeds.unmarked_s": (WALK, 0.0, "crossing", "highway=crossing crossing=unmarked"),
}

DESCRIBES = {"id", "name", "offers", "tested_with_users", "sources"}
"""Words about a profile; what it offers is tested where options are refused."""
OPTIONS = {f"options.{option}" for option in ("assisted", "guided", "carry", "double")}
"""Each moves the numbers above: `test_profiles.py` has one row for each."""
ELSEWHERE = {"prefer.seat_every_m", "gait.step_m"}
"""Reckoned along a whole path, not at one place; in the words of the directions (`test_phrases.py`), not in the way."""


def _leaves(struct: type[msgspec.Struct], prefix: str = "") -> set[str]:
    found = set()
    for field in fields(struct):
        nested = isinstance(field.type, type) and issubclass(field.type, msgspec.Struct)
        found |= _leaves(field.type, f"{field.name}.") if nested else {f"{prefix}{field.name}"}
    return found


def test_every_field_is_a_knob_or_says_why_not() -> None:
    assert set(KNOBS) | DESCRIBES | OPTIONS | ELSEWHERE == _leaves(Profile)


def _turned(profile: Profile, knob: str, value: Any) -> Profile:
    part, _, field = knob.rpartition(".")
    if not part:
        return replace(profile, **{field: value})
    return replace(profile, **{part: replace(getattr(profile, part), **{field: value})})


def _outcome(profile: Profile, met: str, text: str) -> list[Any]:
    """Everything the verdict says about this place, and whether a 100 m run there is too long."""
    if met != "way":
        verdict = judge_passages(columns([passage_facts(text, met)]), profile)
        return [column.tolist() for column in vars(verdict).values()]
    cols = columns([tags.way_facts(tags_of(text))])
    verdict = judge_ways(cols, profile, reverse=False)
    length = cols["incline"] * 0 + 100.0
    run = judge_runs(cols["incline"], length, cols["incline"], profile)
    return [column.tolist() for column in vars(verdict).values()] + [run.tolist()]


@pytest.mark.parametrize("knob", KNOBS)
def test_the_knob_alone_moves_the_outcome(knob: str) -> None:
    profile, value, met, text = KNOBS[knob]
    turned = _turned(profile, knob, value)
    assert asdict(turned) != asdict(profile)
    assert _outcome(turned, met, text) != _outcome(profile, met, text)
