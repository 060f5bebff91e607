"""Odd shapes of ways: loops, ways that cross themselves, twins, dead ends, and two places on one street."""

from __future__ import annotations

import pytest

from routing.answers import RouteAnswer, Waypoint
from tests.support.contract import Contract
from tests.support.drawn import Town, drawn

FOOT = "highway=footway surface=asphalt width=2 incline=0%"


def between(town: Town, one: str, other: str, share: float) -> tuple[float, float]:
    (ax, ay), (bx, by) = town.at[one], town.at[other]
    return ax + share * (bx - ax), ay + share * (by - ay)


def metres(answer: RouteAnswer) -> float:
    return answer.routes[0].distance_m


def test_a_loop_is_walked_the_short_way():
    town = drawn(
        """
        a----b----c
             |    |
             f----d
        """,
        ways={"ab": FOOT, "bcdfb": FOOT},
    )
    assert town.path(town.route("a", "d")) in ("abcd", "abfd")
    assert town.path(town.route("c", "f")) in ("cbf", "cdf")
    near = between(town, "b", "f", 0.5)
    assert town.path(town.route("a", near)) == "ab"
    assert metres(town.route("a", near)) == pytest.approx(30.0, abs=0.2)


def test_a_ring_alone():
    town = drawn(
        """
        a--------b
        |        |
        d--------c
        """,
        ways={"abcda": FOOT},
    )
    assert metres(town.route("a", "c")) == pytest.approx(55.0, abs=0.5)
    assert metres(town.route("b", "d")) == pytest.approx(55.0, abs=0.5)
    assert metres(town.route(between(town, "a", "b", 0.1), between(town, "a", "d", 0.5))) == pytest.approx(9.5, abs=0.5)


def test_a_way_that_crosses_itself_is_left_where_it_does():
    town = drawn(
        """
             c----d
             |    |
        a----b----e
             |
             f
        """,
        ways={"abedcbf": FOOT},
    )
    assert town.path(town.route("a", "f")) == "abf"
    assert town.path(town.route("a", "c")) == "abc"


def test_a_way_there_and_back_again_is_one_street():
    town = drawn("a----b----c", ways={"abcb": FOOT})
    assert town.path(town.route("a", "c")) == "abc"
    assert metres(town.route("c", "a")) == pytest.approx(50.0, abs=0.2)


def test_of_twins_each_takes_the_one_it_can():
    """Steps and a ramp drawn between the same two nodes."""
    town = drawn(
        "a----b--c----d",
        ways={"ab": FOOT, "bc": "highway=steps step_count=4", "bc ": f"{FOOT} smoothness=bad", "cd": FOOT},
    )
    assert town.route("a", "d", profile="power_wheelchair").routes[0].summary.steps == 0
    assert [segment.way_id for segment in town.route("a", "d", profile="power_wheelchair").routes[0].segments][
        1
    ] == 1002


def test_twins_of_one_way_are_both_there():
    town = drawn("a----b----c", ways={"ab": FOOT, "bc": FOOT, "cb": "highway=path surface=sand"})
    assert [segment.way_id for segment in town.route("a", "c").routes[0].segments] == [1000, 1001]


def test_a_dead_end_is_left_as_it_was_entered():
    town = drawn("a----b----c", ways={"abc": FOOT})
    there, back = town.route("a", between(town, "b", "c", 0.5)), town.route(between(town, "b", "c", 0.5), "a")
    assert metres(there) == metres(back) == pytest.approx(37.5, abs=0.1)


def test_nodes_drawn_twice_in_a_row_are_one():
    town = drawn("a----b----c", ways={"abbc": FOOT})
    assert town.path(town.route("a", "c")) == "abc"


def test_a_way_of_one_point_is_no_street():
    town = drawn("a----b----c", ways={"abc": FOOT, "bb": "highway=footway"})
    assert town.path(town.route("a", "c")) == "abc"


def test_ways_that_only_look_as_if_they_crossed_do_not_meet():
    """A bridge over a street: no node in common."""
    town = drawn(
        """
             c
             |
        a---------b
             |
             d
        """,
        ways={"ab": f"{FOOT} bridge=yes layer=1", "cd": FOOT},
        cell_m=40,
    )
    assert not isinstance(town.ask("a", "c"), RouteAnswer)


def test_two_places_on_one_street_need_no_junction():
    town = drawn("a--------------------b", ways={"ab": FOOT})
    one, other = between(town, "a", "b", 0.2), between(town, "a", "b", 0.7)
    there, back = town.route(one, other), town.route(other, one)
    assert metres(there) == metres(back) == pytest.approx(0.5 * 105, abs=0.2)
    assert there.routes[0].segments[0].node_ids == []
    assert there.routes[0].geometry.coordinates == back.routes[0].geometry.coordinates[::-1]


def test_round_the_block_when_the_street_between_is_steps():
    """Both places lie on footways that the steps part."""
    town = drawn(
        """
        e-----------------f
        |                 |
        |                 |
        a-----b--c--------d
        """,
        ways={"ab": FOOT, "bc": "highway=steps", "cd": FOOT, "aefd": FOOT},
    )
    one, other = between(town, "a", "b", 0.5), between(town, "c", "d", 0.5)
    assert town.path(town.route(one, other)) == "aefd"
    assert town.path(town.route(one, other, profile="walk")) == "bc"


def test_round_the_block_when_one_street_is_too_steep_upwards():
    """Both places lie on the very same slope: down it goes straight, up there is a way round."""
    town = drawn(
        """
        e-----------------f
        |                 |
        a-----------------b
        """,
        ways={"ab": "highway=footway incline=8% surface=asphalt width=2", "aefb": FOOT},
    )
    low, high = between(town, "a", "b", 0.2), between(town, "a", "b", 0.8)
    assert town.path(town.route(high, low)) == ""
    up = town.route(low, high)
    assert up.status == "ok"
    assert town.path(up) == "aefb"


def test_the_rim_of_a_square_is_walked_and_crossed():
    town = drawn(
        """
        a---b---------c---f
            |         |
            |         |
            |         |
            e---------d---g
        """,
        ways={
            "ab": FOOT,
            "cf": FOOT,
            "dg": FOOT,
            "bcdeb": "highway=pedestrian area=yes surface=paving_stones width=20 incline=0%",
        },
    )
    straight = town.route("a", "g")
    assert metres(straight) == pytest.approx(20 + 53.9 + 20, abs=0.5)
    assert [segment.area_id is not None for segment in straight.routes[0].segments] == [False, True, False]
    Contract(town.raw).holds(_request(town, "a", "g"), straight)


def _request(town: Town, *letters: str):
    from accessibility import profiles
    from routing.answers import RouteRequest

    return RouteRequest(tuple(Waypoint(*town.at[x]) for x in letters), profiles.built_in["manual_wheelchair"])


@pytest.mark.parametrize(
    ("picture", "ways"),
    [
        ("a----b----c\n     |    |\n     f----d", {"ab": FOOT, "bcdfb": FOOT}),
        ("     c----d\n     |    |\na----b----e\n     |\n     f", {"abedcbf": FOOT}),
        ("a----b--c----d", {"ab": FOOT, "bc": "highway=steps step_count=4", "cd": "highway=residential"}),
    ],
)
def test_every_pair_keeps_the_contract(picture: str, ways: dict[str, str]):
    town = drawn(picture, ways=ways)
    contract = Contract(town.raw)
    for one in town.at:
        for other in town.at:
            answer = town.router.route(_request(town, one, other))
            assert isinstance(answer, RouteAnswer)
            contract.holds(_request(town, one, other), answer)
