"""However the map cuts a way into pieces, it means the same to walk along it."""

from __future__ import annotations

import pytest

from tests.support.drawn import Town, drawn

FOOT = "highway=footway surface=asphalt width=2 incline=0%"
PICTURE = """
           x  y  z
           |  |  |
    a----b-m--n--o-c----d
"""


def whole(tags: str) -> Town:
    return drawn(PICTURE, ways={"ab": FOOT, "bmnoc": tags, "cd": FOOT})


def cut(tags: str) -> Town:
    return drawn(PICTURE, ways={"ab": FOOT, "bmnoc": tags, "cd": FOOT, "mx": FOOT, "ny": FOOT, "oz": FOOT})


WAYS = [
    "highway=footway",
    "highway=footway surface=sand",
    "highway=footway width=0.7",
    "highway=footway wheelchair=no",
    "highway=footway wheelchair=limited",
    "highway=footway incline=4%",
    "highway=footway ford=yes",
    "highway=footway conveying=yes",
    "highway=path sac_scale=hiking",
    "highway=residential sidewalk=separate",
    "highway=steps",
    "highway=steps step_count=8 handrail=no",
    "highway=steps step_count=8 ramp:wheelchair=limited",
    "highway=steps conveying=forward",
    "highway=elevator",
]


@pytest.mark.parametrize("profile", ["manual_wheelchair", "cane_elderly", "low_vision", "walk"])
@pytest.mark.parametrize("tags", WAYS)
def test_cut_or_whole_it_costs_the_same(tags: str, profile: str):
    one, many = (town.leg("a", "d", profile=profile, harm=True) for town in (whole(tags), cut(tags)))
    assert one is not None
    assert many is not None
    assert (one.cost >> 15) / 8 == pytest.approx((many.cost >> 15) / 8, abs=0.6), "harm"
    assert one.cost & 0x7FFF == pytest.approx(many.cost & 0x7FFF, abs=4), "effort"


@pytest.mark.parametrize("tags", WAYS)
def test_cut_or_whole_it_takes_the_same_time(tags: str):
    one, many = (town.route("a", "d", profile="walk").routes[0] for town in (whole(tags), cut(tags)))
    assert one.duration_s == pytest.approx(many.duration_s, abs=0.3)
    assert one.distance_m == many.distance_m
    assert one.summary == many.summary
    assert [step.text for step in one.legs[0].steps] == [step.text for step in many.legs[0].steps]


@pytest.mark.parametrize(
    ("incline", "there", "back"), [("8%", "least_bad", "ok"), ("-8%", "ok", "least_bad"), ("5%", "ok", "ok")]
)
def test_a_narrow_slope_cut_by_others_is_one_slope(incline: str, there: str, back: str):
    """Entering from the top is no climb, and a run goes on past the side ways."""
    town = cut(f"highway=footway surface=asphalt width=1.2 incline={incline}")
    assert town.route("a", "d").status == there
    assert town.route("d", "a").status == back


def test_an_escalator_cut_by_others_runs_one_way():
    town = cut("highway=steps conveying=forward")
    assert town.leg("a", "d", profile="walk") is not None
    assert town.leg("d", "a", profile="walk") is None
    assert town.leg("b", "y", profile="walk") is not None
    assert town.leg("y", "a", profile="walk") is None
