"""A lift is a node where levels meet; who stays on a level goes past it."""

from __future__ import annotations

import pytest

from routing.answers import NoRoute
from tests.support.drawn import Town, drawn

STATION = """
    a----l----b
        / \\
       c   d
"""
"""A corridor a-l-b past a lift l; c and d lie on other levels."""

DEAD = "highway=elevator construction=yes"


def station(
    lift: str = "highway=elevator", ground: str = "level=0", c: str = "level=1", d: str = "level=2", **ways: str
) -> Town:
    foot = "highway=footway surface=asphalt width=2 incline=0%"
    return drawn(
        STATION,
        ways={"al": f"{foot} {ground}", "lb": f"{foot} {ground}", "lc": f"{foot} {c}", "ld": f"{foot} {d}", **ways},
        nodes={"l": lift},
        cell_m=40,
    )


def rides(town: Town, start: str, end: str) -> int:
    return sum(facts.lift_applies for facts in town.passed(start, end))


def test_it_is_ridden_only_where_the_level_changes():
    town = station()
    assert rides(town, "a", "b") == 0
    assert rides(town, "a", "c") == rides(town, "c", "d") == rides(town, "d", "b") == 1


def test_the_corridor_past_a_dead_lift_stays_open():
    town = station(DEAD)
    assert town.route("a", "b").status == "ok"
    for start, end in ("ac", "cd", "db"):
        assert isinstance(town.ask(start, end), NoRoute)


def test_a_ride_takes_a_minute_and_a_half_and_says_where_to():
    town = station()
    past, up = (town.route("a", end, profile="walk").routes[0] for end in "bc")
    wait = up.duration_s - up.distance_m / 1.3
    assert past.duration_s == pytest.approx(past.distance_m / 1.3, abs=0.2)
    assert wait == pytest.approx(90.0, abs=0.2)
    assert [step.text for step in up.legs[0].steps if step.kind == "lift"] == ["Take the lift to level 1."]


def test_not_knowing_whether_it_works_costs():
    town = station()
    past, up = (town.seconds("a", end) - town.route("a", end).routes[0].duration_s for end in "bc")
    assert up - past == pytest.approx(60.0, abs=0.5)


@pytest.mark.parametrize(
    ("lift", "tags", "together"),
    [
        # outside nobody says level 0
        ("level=0;1;2", {"ground": ""}, "ab"),
        ("level=0;1;2", {"ground": "", "c": "level=0"}, "ac"),
        ("", {"ground": "", "c": "level=0", "d": "level=-1"}, "ac"),
        # a way that touches two levels meets the lift at one of its stops
        ("level=1;2", {"ground": "level=0;1", "c": "level=1"}, "ac"),
        # nobody says anything: a way that runs on stays on its level
        ("", {"ground": "", "c": "", "d": ""}, ""),
    ],
)
def test_levels_that_are_not_said(lift: str, tags: dict[str, str], together: str):
    town = station(f"highway=elevator {lift}".strip(), **tags)
    if together:
        assert rides(town, *together) == 0
    assert rides(town, "a", "d") == 1


def test_where_nobody_says_a_level_the_way_that_runs_on_goes_past():
    foot = "highway=footway surface=asphalt"
    town = drawn(STATION, ways={"alb": foot, "lc": foot, "ld": foot}, nodes={"l": DEAD}, cell_m=40)
    assert town.route("a", "b").status == "ok"
    assert isinstance(town.ask("a", "c"), NoRoute)


def test_a_lift_too_narrow_is_a_limit_for_those_who_ride():
    town = station({"highway": "elevator", "door:width": "0.8"})
    assert town.route("a", "b").status == "ok"
    answer = town.route("a", "c")
    assert [violation.code for violation in answer.routes[0].violations] == ["width"]
    assert town.route("a", "c", profile="walk").status == "ok"


def test_a_private_lift_is_no_way_through():
    town = station("highway=elevator access=private")
    assert town.route("a", "b").status == "ok"
    assert isinstance(town.ask("a", "c"), NoRoute)


def test_a_lift_drawn_as_a_way():
    foot = "highway=footway surface=asphalt"
    town = drawn("a----b-c----d", ways={"ab": foot, "bc": "highway=elevator", "cd": foot})
    route = town.route("a", "d").routes[0]
    assert [step.kind for step in route.legs[0].steps] == ["depart", "lift", "continue", "arrive"]
    assert route.duration_s > 90
    assert route.summary.step_free
