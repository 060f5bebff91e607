"""Where a waypoint in a building asks for it, the way leads to the entrance that a person can use."""

from __future__ import annotations

import pytest
from msgspec import UNSET

from accessibility.profiles import built_in
from routing.answers import RouteAnswer, RouteRequest, Waypoint
from tests.support.drawn import Town, drawn


def house(*, door: str, other: str) -> Town:
    """A house efhg, its middle m nearer to the street a-b in the south; entrances p (south) and q (north)."""
    return drawn(
        """
        c------d-----r
        |      |
        |      |
        |   e--q--f
        |   |     |
        |   |     |
        |   |  m  |
        |   g--p--h
        |      |
        a------n-----b
        """,
        ways={
            "ac": "highway=footway",
            "anb": "highway=footway",
            "cdr": "highway=footway",
            "pn": "highway=footway",
            "dq": "highway=footway",
            "eqfhpge": "building=yes",
        },
        nodes={"p": door, "q": other, "m": "amenity=cafe"},
        cell_m=10.0,
    )


def to_door(town: Town, start: str, end: str) -> RouteAnswer:
    """From one place to another, both asking for the door."""
    places = tuple(Waypoint(*town.at[letter], entrance=True) for letter in (start, end))
    answer = town.router.route(RouteRequest(places, built_in["manual_wheelchair"]))
    assert isinstance(answer, RouteAnswer)
    return answer


STEP, LEVEL = "entrance=main wheelchair=no", "entrance=yes wheelchair=yes"


@pytest.mark.parametrize(
    ("south", "north", "ends_at"),
    [
        (STEP, LEVEL, "q"),
        (LEVEL, STEP, "p"),
        ("entrance=yes", "entrance=main wheelchair=limited", "q"),
        ("entrance=main", "entrance=yes", "p"),
    ],
)
def test_the_way_ends_at_the_easiest_entrance(south: str, north: str, ends_at: str) -> None:
    town = house(door=south, other=north)
    answer = to_door(town, "a", "m")
    assert answer.status == "ok"
    assert answer.snapped[1].entrance == pytest.approx(town.at[ends_at])
    assert answer.routes[0].geometry.coordinates[-1] == pytest.approx(town.at[ends_at], abs=1e-6)


def test_it_begins_there_as_well() -> None:
    town = house(door=STEP, other=LEVEL)
    assert to_door(town, "m", "a").routes[0].geometry.coordinates[0] == pytest.approx(town.at["q"], abs=1e-6)


def test_without_a_mapped_entrance_the_nearest_street_counts() -> None:
    town = house(door="amenity=bench", other="amenity=bench")
    answer = to_door(town, "a", "m")
    assert answer.snapped[1].entrance is UNSET
    assert answer.snapped[1].distance_m < 12


def test_an_entrance_nobody_can_get_to_does_not_spoil_the_way() -> None:
    """The easiest door is reached only by steps: the way within the limits goes to the nearest street instead."""
    town = drawn(
        """
            c--d
               |
           e---q--f
           |      |
           |  m   |
           g------h
        a---------b
        """,
        ways={
            "ab": "highway=footway",
            "cd": "highway=footway",
            "dq": "highway=footway",
            "bd": "highway=steps step_count=9",
            "eqfhge": "building=yes",
        },
        nodes={"q": LEVEL},
        cell_m=5.0,
    )
    answer = to_door(town, "a", "m")
    assert answer.status == "ok"
    assert answer.routes[0].geometry.coordinates[-1][1] == pytest.approx(town.at["a"][1], abs=1e-6)


def test_nobody_is_led_to_a_door_unasked() -> None:
    """CONTRACT §3: the nearest usable street."""
    answer = house(door=STEP, other=LEVEL).route("a", "m")
    assert answer.snapped[1].entrance is UNSET
    assert answer.snapped[1].distance_m < 12
