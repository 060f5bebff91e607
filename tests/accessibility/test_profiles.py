"""Profiles as data: the built-in numbers, personal changes, refusals of what contradicts itself."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility.facts import Smoothness, Surface
from accessibility.profiles import SOURCES, Limits, Profile, built_in, describe, with_overrides
from accessibility.refusals import Refused

WHEELCHAIR = built_in["manual_wheelchair"]


def test_eight_profiles_in_the_order_of_the_contract() -> None:
    assert list(built_in) == (
        [
            "manual_wheelchair",
            "power_wheelchair",
            "mobility_scooter",
            "rollator",
            "cane_elderly",
            "stroller",
            "low_vision",
            "walk",
        ]
    )
    assert all(key == profile.id for key, profile in built_in.items())
    assert {profile.unknown for profile in built_in.values()} == {"warn"}
    assert not any(profile.tested_with_users for profile in built_in.values())


@pytest.mark.parametrize("profile", built_in.values(), ids=str)
def test_every_built_in_number_is_inside_its_own_bounds(profile: Profile) -> None:
    assert msgspec.convert(msgspec.to_builtins(profile), Profile) == profile


@pytest.mark.parametrize("profile", built_in.values(), ids=lambda profile: profile.id)
def test_every_limit_says_where_it_comes_from(profile: Profile) -> None:
    limits = msgspec.structs.asdict(profile.limits)
    implied = {"incline_up_short_max"} if limits["incline_up_short_max"] == limits["incline_up_max"] else set()
    implied |= {"steps_max"} if limits["steps_max"] == 0 else set()
    stated = {name for name, value in limits.items() if value not in (None, ())} - implied
    assert stated | {"speed_mps"} <= set(profile.sources)
    assert all(code in SOURCES for codes in profile.sources.values() for code in codes.split())


def test_manual_wheelchair_as_the_contract_says() -> None:
    limits = WHEELCHAIR.limits
    assert (limits.incline_up_max, limits.incline_up_short_max) == (0.06, 1 / 12)
    assert (limits.kerb_max_m, limits.width_min_m, limits.steps_max) == (0.03, 0.9, 0)
    assert limits.smoothness_worst is Smoothness.INTERMEDIATE


@pytest.mark.parametrize("who", ["power_wheelchair", "mobility_scooter", "stroller", "cane_elderly", "rollator"])
def test_no_run_rule_for(who: str) -> None:
    limits = built_in[who].limits
    assert limits.incline_up_short_max == limits.incline_up_max


def test_what_get_profiles_shows() -> None:
    shown = describe(WHEELCHAIR)
    assert list(shown) == [
        "id",
        "name",
        "limits",
        "options",
        "prefer",
        "speed_mps",
        "step_m",
        "unknown",
        "tested_with_users",
        "sources",
    ]
    assert set(shown["limits"]) == set(Limits.__struct_fields__)
    assert shown["limits"]["surfaces_refused"][:2] == ["sand", "mud"]
    assert shown["limits"]["smoothness_worst"] == "intermediate"
    assert shown["options"] == {"assisted": False}
    assert shown["prefer"] == {"seat_every_m": None, "lit": False, "shade": False}
    assert (shown["speed_mps"], shown["unknown"], shown["tested_with_users"]) == (0.75, "warn", False)
    assert shown["sources"]["kerb_max_m"] == "OSM wiki Key:kerb; DIN 32984 and DIN 18040-3, kerbs"
    msgspec.json.encode([describe(profile) for profile in built_in.values()])


@pytest.mark.parametrize(
    ("who", "option", "changes"),
    [
        (
            "manual_wheelchair",
            "assisted",
            {"incline_up_max": 1 / 12, "kerb_max_m": 0.06},
        ),
        ("low_vision", "guided", {"width_min_m": 1.2}),
        ("stroller", "carry", {"steps_max": 3, "kerb_max_m": 0.16}),
        ("stroller", "double", {"width_min_m": 0.9}),
    ],
)
def test_options(who: str, option: str, changes: dict[str, Any]) -> None:
    chosen = with_overrides(built_in[who], options={option: True})
    before, after = (msgspec.structs.asdict(profile.limits) for profile in (built_in[who], chosen))
    assert {name: value for name, value in after.items() if value != before[name]} == changes
    assert getattr(chosen.options, option) is True
    assert option in built_in[who].offers
    assert with_overrides(built_in[who], options={option: False}) == built_in[who]


def test_options_together_and_a_given_limit_wins() -> None:
    twins = with_overrides(built_in["stroller"], options={"carry": True, "double": True}, limits={"steps_max": 1})
    assert (twins.limits.steps_max, twins.limits.kerb_max_m, twins.limits.width_min_m) == (1, 0.16, 0.9)
    assert (twins.options.carry, twins.options.double) == (True, True)


def test_overriding_up_sets_short_unless_given_and_leaves_down() -> None:
    flat = with_overrides(WHEELCHAIR, limits={"incline_up_max": 0.04})
    assert (flat.limits.incline_up_short_max, flat.limits.incline_down_max) == (0.04, 1 / 12)
    both = with_overrides(WHEELCHAIR, limits={"incline_up_max": 0.04, "incline_up_short_max": 0.05})
    assert both.limits.incline_up_short_max == 0.05
    short = with_overrides(WHEELCHAIR, limits={"incline_up_short_max": 0.1})
    assert (short.limits.incline_up_max, short.limits.incline_up_short_max) == (0.06, 0.1)
    lifted = with_overrides(WHEELCHAIR, limits={"incline_up_max": None})
    assert (lifted.limits.incline_up_max, lifted.limits.incline_up_short_max) == (None, None)


def test_fewer_steps_bound_those_without_handrail_too() -> None:
    careful = with_overrides(built_in["cane_elderly"], limits={"steps_max": 1})
    assert (careful.limits.steps_max, careful.limits.steps_max_without_handrail) == (1, 1)
    bold = with_overrides(built_in["cane_elderly"], limits={"steps_max": 30})
    assert bold.limits.steps_max_without_handrail == 2


def test_lists_and_words() -> None:
    own = with_overrides(WHEELCHAIR, limits={"surfaces_refused": ["sett"], "smoothness_worst": "bad"})
    assert own.limits.surfaces_refused == (Surface.SETT,)
    assert own.limits.smoothness_worst is Smoothness.BAD
    assert with_overrides(WHEELCHAIR, speed_mps=0.5, unknown="avoid").speed_mps == 0.5


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"limits": {"incline_up_max": 0.08, "incline_up_short_max": 0.06}}, "limits.incline_up_short_max"),
        ({"limits": {"incline_up_short_max": 0.05}}, "limits.incline_up_short_max"),
        ({"limits": {"incline_up_max": None, "incline_up_short_max": 0.05}}, "limits.incline_up_short_max"),
        ({"limits": {"steps_max": 2, "steps_max_without_handrail": 3}}, "limits.steps_max_without_handrail"),
        ({"limits": {"kerb_max_m": -0.01}}, "limits.kerb_max_m"),
        ({"limits": {"kerb_max_m": 11}}, "limits.kerb_max_m"),
        ({"limits": {"kerb_max_m": "high"}}, "limits.kerb_max_m"),
        ({"limits": {"incline_down_max": 1.5}}, "limits.incline_down_max"),
        ({"limits": {"steps_max": 1.5}}, "limits.steps_max"),
        ({"limits": {"surfaces_refused": ["lava"]}}, "limits.surfaces_refused"),
        ({"limits": {"smoothness_worst": "lovely"}}, "limits.smoothness_worst"),
        ({"limits": {"kerbs": 1}}, "limits.kerbs"),
        ({"options": {"fly": True}}, "options.fly"),
        ({"options": {"guided": True}}, "options.guided"),
        ({"options": {"assisted": "yes"}}, "options.assisted"),
        ({"prefer": {"seat_every_m": 1}}, "prefer.seat_every_m"),
        ({"prefer": {"sun": True}}, "prefer.sun"),
        ({"speed_mps": 0.0}, "speed_mps"),
        ({"speed_mps": 9.0}, "speed_mps"),
        ({"unknown": "panic"}, "unknown"),
    ],
)
def test_what_is_refused_and_where(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        with_overrides(WHEELCHAIR, **changes)
    assert (refused.value.code, refused.value.field) == ("bad_request", field)


_numbers = st.none() | st.floats(0, 1)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(sorted(built_in)),
    st.dictionaries(st.sampled_from(["incline_up_max", "incline_down_max", "kerb_max_m", "cross_slope_max"]), _numbers),
)
def test_given_limits_are_used_as_given_and_nothing_else_changes(who: str, limits: dict[str, float | None]) -> None:
    own = with_overrides(built_in[who], limits=limits)
    for name in Limits.__struct_fields__:
        follows = limits["incline_up_max"] if name == "incline_up_short_max" and "incline_up_max" in limits else ...
        expected = limits.get(name, getattr(built_in[who].limits, name) if follows is ... else follows)
        assert getattr(own.limits, name) == expected
    assert with_overrides(own) == own
