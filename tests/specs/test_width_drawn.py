"""Narrow places and bad ground on the way: limits inclusive, once per place, per metre of ground."""

from __future__ import annotations

import pytest

from tests.support.drawn import Town, drawn

FOOT = "highway=footway surface=asphalt width=2 incline=0%"


def strip(middle: str, metres: int = 10) -> Town:
    """Ten metres of good path, `metres` of this, ten of good path."""
    return drawn(
        "a" + "-" * 9 + "b" + "-" * (metres - 1) + "c" + "-" * 9 + "d",
        ways={"ab": FOOT, "bc": f"highway=footway {middle}", "cd": FOOT},
        cell_m=1.0,
    )


@pytest.mark.parametrize(
    ("width", "profile", "limits", "status"),
    [
        ("0.9", "manual_wheelchair", {}, "ok"),
        ("0.89", "manual_wheelchair", {}, "least_bad"),
        ("0.9999991", "mobility_scooter", {}, "ok"),  # tolerance of a thousandth of a millimetre
        ("0.99", "mobility_scooter", {}, "least_bad"),
        ("0.8", "stroller", {}, "ok"),
        ("0.7", "stroller", {}, "least_bad"),
        ("0.6", "walk", {}, "ok"),
        ("0.5", "walk", {}, "least_bad"),
        ("90 cm", "manual_wheelchair", {}, "ok"),
        ("2'", "manual_wheelchair", {}, "least_bad"),
        ("0.7", "manual_wheelchair", {"width_min_m": 0.65}, "ok"),
        ("1.1", "manual_wheelchair", {"width_min_m": 1.2}, "least_bad"),
    ],
)
def test_who_fits(width: str, profile: str, limits: dict[str, float], status: str):
    town = (
        strip("")
        if not width
        else drawn(
            "a----b----c----d",
            ways={"ab": FOOT, "bc": {"highway": "footway", "surface": "asphalt", "width": width}, "cd": FOOT},
        )
    )
    assert town.route("a", "d", profile=profile, limits=limits).status == status


def harm(town: Town, start: str = "a", end: str = "d") -> float:
    found = town.leg(start, end, harm=True)
    assert found is not None
    return (found.cost >> 15) / 8


@pytest.mark.parametrize("metres", [1, 10, 100])
def test_a_narrow_place_counts_once_however_long(metres: int):
    assert harm(strip("surface=asphalt width=0.8", metres)) == pytest.approx(10.0, abs=0.2)


def test_a_narrow_way_cut_by_others_counts_once():
    town = drawn(
        """
              x  y
              |  |
        a--b--m--n--c--d
        """,
        ways={"ab": FOOT, "bmnc": "highway=footway width=0.8", "cd": FOOT, "mx": FOOT, "ny": FOOT},
    )
    assert harm(town) == pytest.approx(10.0, abs=0.2)
    assert harm(town, "x", "y") == pytest.approx(10.0, abs=0.2)
    assert harm(town, "a", "x") == pytest.approx(10.0, abs=0.2)


def test_a_way_not_for_wheelchairs_counts_once():
    assert harm(strip("surface=asphalt wheelchair=no", 40)) == pytest.approx(30.0, abs=0.2)


@pytest.mark.parametrize("metres", [4, 20, 60])
def test_bad_ground_counts_by_the_metre(metres: int):
    assert harm(strip("surface=sand width=2 incline=0%", metres)) == pytest.approx(metres / 2, abs=0.3)
    assert harm(strip("surface=asphalt smoothness=horrible width=2", metres)) == pytest.approx(metres / 2, abs=0.3)


@pytest.mark.parametrize(
    ("middle", "profile", "limits", "status"),
    [
        ("surface=gravel", "manual_wheelchair", {}, "least_bad"),
        ("surface=gravel", "power_wheelchair", {}, "ok"),
        ("surface=gravel wheelchair=yes", "manual_wheelchair", {}, "ok"),  # somebody on site vouches
        ("surface=asphalt smoothness=bad", "manual_wheelchair", {}, "least_bad"),
        ("surface=asphalt smoothness=bad wheelchair=yes", "manual_wheelchair", {}, "ok"),
        ("surface=asphalt smoothness=intermediate", "manual_wheelchair", {}, "ok"),
        ("surface=asphalt smoothness=bad", "cane_elderly", {}, "ok"),
        ("surface=asphalt smoothness=very_bad", "cane_elderly", {}, "least_bad"),
        ("surface=mud", "walk", {}, "ok"),
        ("width=0.5 surface=asphalt wheelchair=yes", "manual_wheelchair", {}, "least_bad"),  # never a measured width
        ("surface=sett", "manual_wheelchair", {}, "ok"),
        ("surface=sett", "manual_wheelchair", {"surfaces_refused": ["sett"]}, "least_bad"),
        ("surface=gravel", "manual_wheelchair", {"surfaces_refused": []}, "ok"),
        ("surface=asphalt smoothness=bad", "manual_wheelchair", {"smoothness_worst": "bad"}, "ok"),
    ],
)
def test_who_can_go_on_this_ground(middle: str, profile: str, limits: dict[str, object], status: str):
    assert strip(middle).route("a", "d", profile=profile, limits=limits).status == status


def test_the_least_bad_of_several_bad_ways():
    """30 m of sand are 15 points, a flight of two steps 60, 20 cm too narrow 20."""
    town = drawn(
        """
        p------q
        |      |
        |      |
        a------d
        |      |
        |      |
        x------y
        """,
        ways={
            "ad": "highway=steps step_count=2",
            "ap": FOOT,
            "pq": "highway=footway surface=sand",
            "qd": FOOT,
            "ax": FOOT,
            "xy": "highway=footway surface=asphalt width=0.7",
            "yd": FOOT,
        },
    )
    answer = town.route("a", "d")
    assert town.path(answer) == "apqd"
    assert [violation.code for violation in answer.routes[0].violations] == ["surface"]
    assert town.path(town.route("a", "d", limits={"surfaces_refused": []})) == "apqd"
    assert town.path(town.route("a", "d", limits={"width_min_m": 0.6})) == "axyd"
