"""Steps on the way: who takes them, by what ramp, and that a flight counts once however the map cuts it."""

from __future__ import annotations

import pytest

from tests.support.drawn import Town, drawn

FOOT = "highway=footway surface=asphalt width=2 incline=0%"

FLIGHT = "a----b--c----d"


def flight(steps: str, **nodes: str) -> Town:
    return drawn(FLIGHT, ways={"ab": FOOT, "bc": f"highway=steps {steps}", "cd": FOOT}, nodes=nodes)


@pytest.mark.parametrize(
    ("steps", "profile", "status"),
    [
        ("", "walk", "ok"),
        ("step_count=200", "walk", "ok"),
        ("step_count=200", "low_vision", "ok"),
        ("", "manual_wheelchair", "least_bad"),
        ("step_count=1", "manual_wheelchair", "least_bad"),
        ("step_count=1", "power_wheelchair", "least_bad"),
        ("step_count=1", "mobility_scooter", "least_bad"),
        ("step_count=1", "rollator", "least_bad"),
        ("step_count=1", "stroller", "least_bad"),
        ("step_count=13 handrail=yes", "cane_elderly", "ok"),
        ("step_count=14 handrail=yes", "cane_elderly", "least_bad"),
        ("step_count=2 handrail=no", "cane_elderly", "ok"),
        ("step_count=3 handrail=no", "cane_elderly", "least_bad"),
        ("step_count=20 ramp:wheelchair=yes", "manual_wheelchair", "ok"),
        ("step_count=20 ramp:wheelchair=limited", "manual_wheelchair", "ok"),
        ("step_count=20 ramp:wheelchair=no", "manual_wheelchair", "least_bad"),
        ("step_count=20 ramp:wheelchair=separate", "manual_wheelchair", "least_bad"),
        ("step_count=20 ramp=yes", "manual_wheelchair", "least_bad"),
        ("step_count=20 ramp:stroller=yes", "manual_wheelchair", "least_bad"),
        ("conveying=forward", "manual_wheelchair", "least_bad"),
        ("conveying=forward", "walk", "ok"),
    ],
)
def test_who_takes_the_flight(steps: str, profile: str, status: str):
    assert flight(steps).route("a", "d", profile=profile).status == status


def test_a_flight_is_named_with_its_steps():
    answer = flight("step_count=12").route("a", "d")
    [broken] = answer.routes[0].violations
    assert (broken.code, broken.value, broken.limit, broken.assumed) == ("steps", 12, 0, False)
    assert answer.routes[0].summary.steps == 12
    assert not answer.routes[0].summary.step_free


def test_an_uncounted_flight_is_taken_for_ten_steps():
    answer = flight("incline=up").route("a", "d")
    [broken] = answer.routes[0].violations
    assert (broken.value, broken.assumed) == (10, True)
    assert answer.routes[0].summary.steps == 10


def test_an_escalator_runs_one_way():
    town = flight("conveying=forward")
    assert town.ask("a", "d", profile="walk").status == "ok"
    assert town.ask("d", "a", profile="walk") == town.ask("d", "a", profile="cane_elderly")
    assert not hasattr(town.ask("d", "a", profile="walk"), "status"), "against an escalator there is no way"


CUT = """
              x
              |
    a----b--m-n-o--c----d
            |
            y
"""
"""Steps from b to c, met by other ways at m and n; the node o says nothing."""


def cut(steps: str = "step_count=20", **ways: str) -> Town:
    return drawn(
        CUT,
        ways={"ab": FOOT, "bmnoc": f"highway=steps {steps}", "cd": FOOT, "nx": FOOT, "my": FOOT, **ways},
        cell_m=1.0,
    )


def harm(town: Town, start: str, end: str, profile: str = "manual_wheelchair") -> float:
    found = town.leg(start, end, harm=True, profile=profile)
    assert found is not None
    return (found.cost >> 15) / 8


@pytest.mark.parametrize(("start", "end"), [("a", "d"), ("d", "a"), ("a", "x"), ("x", "y"), ("y", "d")])
def test_a_cut_flight_counts_once_and_whole(start: str, end: str):
    """50 points and 5 for each step, whatever part of it is walked."""
    assert harm(cut(), start, end) == pytest.approx(150.0)
    assert harm(flight("step_count=20"), "a", "d") == pytest.approx(150.0)


def test_two_flights_count_twice():
    two = drawn(
        "a--b--c--d--e--f",
        ways={
            "ab": FOOT,
            "bc": "highway=steps step_count=4",
            "cd": FOOT,
            "de": "highway=steps step_count=6",
            "ef": FOOT,
        },
    )
    assert harm(two, "a", "f") == pytest.approx(50 + 20 + 50 + 30)
    assert two.route("a", "f").routes[0].summary.steps == 10


def test_a_cut_flight_is_one_segment_with_all_its_steps():
    route = cut("step_count=20 incline=up").route("a", "d", profile="walk").routes[0]
    assert [segment.steps for segment in route.segments] == [0, 20, 0]
    assert [segment.node_ids for segment in route.segments][1] == [
        node for letter in "bmnoc" for node, name in cut().letters.items() if name == letter
    ]
    up = [step for step in route.legs[0].steps if step.kind == "steps_up"]
    assert [step.text for step in up] == ["Go up 20 steps."]


def test_half_a_flight_has_half_its_steps():
    route = cut("step_count=20 incline=up").route("a", "y", profile="walk").routes[0]
    assert route.summary.steps == round(20 * 2 / 7)


def test_the_longer_way_round_is_taken_by_wheels_only():
    town = drawn(
        """
             e-------------f
             |             |
        a----b-c-----------d
        """,
        ways={"ab": FOOT, "bc": "highway=steps step_count=3", "cd": FOOT, "befd": FOOT},
    )
    assert town.path(town.route("a", "d")) == "abefd"
    assert town.path(town.route("a", "d", profile="walk")) == "abcd"


def test_of_two_flights_the_one_with_fewer_steps():
    town = drawn(
        """
             e--f
             |  |
        a----b--c----d
        """,
        ways={
            "ab": FOOT,
            "be": FOOT,
            "ef": "highway=steps step_count=2",
            "fc": FOOT,
            "bc": "highway=steps step_count=9",
            "cd": FOOT,
        },
    )
    assert town.path(town.route("a", "d")) == "abefcd"


def test_steps_are_climbed_or_descended_as_they_run():
    up, down = (flight(f"step_count=5 incline={way}") for way in ("up", "down"))
    kinds = [
        [step.kind for step in town.route(*ends, profile="walk").routes[0].legs[0].steps if "steps" in step.kind]
        for town in (up, down)
        for ends in (("a", "d"), ("d", "a"))
    ]
    assert kinds == [["steps_up"], ["steps_down"], ["steps_down"], ["steps_up"]]
