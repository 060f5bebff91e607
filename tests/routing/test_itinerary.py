"""A path as the person reads it: segments, figures, what is unknown and what is broken."""

from __future__ import annotations

import re
from typing import Any

import pytest

from accessibility.facts import Barrier, Crossing
from accessibility.profiles import built_in
from routing.answers import NoRoute, Route, RouteRequest, Waypoint
from routing.itinerary import route_of
from routing.labels import Label
from routing.moves import Move
from routing.path import Piece
from routing.stretches import END_M, trace
from routing.weigher import Weigher
from tests.conftest import ROOT
from tests.support.drawn import Town, drawn
from tests.support.walked import pieces_along

FOOT = "highway=footway surface=asphalt width=2 incline=0%"

STREET = drawn(
    "a----b----c----d----e",
    ways={
        "ab": "highway=footway surface=asphalt width=1.5 incline=2%",
        "bc": "highway=footway surface=sett",
        "cd": "highway=steps step_count=7 incline=up",
        "de": "highway=footway surface=asphalt width=1.1 incline=-3% smoothness=good",
    },
)


def route(*ends: str, profile: str = "walk") -> Route:
    return STREET.route(*ends, profile=profile).routes[0]


def test_a_segment_for_every_way_with_its_facts() -> None:
    found = route("a", "e").segments
    assert [segment.way_id for segment in found] == [1000, 1001, 1002, 1003]
    assert [segment.surface for segment in found] == ["asphalt", "sett", None, "asphalt"]
    assert [segment.width_m for segment in found] == [1.5, None, None, 1.1]
    assert [segment.smoothness for segment in found] == [None, None, None, "good"]
    assert [segment.incline for segment in found] == [0.02, None, None, -0.03]
    assert [segment.incline_source for segment in found] == ["tag", None, None, "tag"]
    assert [segment.steps for segment in found] == [0, 0, 7, 0]
    assert [segment.unknown for segment in found] == [[], ["incline", "width"], ["surface", "width"], []]


def test_backwards_inclines_turn_over_and_nothing_else() -> None:
    there, back = route("a", "e"), route("e", "a")
    assert [segment.incline for segment in back.segments] == [0.03, None, None, -0.02]
    assert [segment.node_ids[::-1] for segment in back.segments[::-1]] == [s.node_ids for s in there.segments]
    assert back.distance_m == there.distance_m
    assert (there.ascent_m, there.descent_m) == (back.descent_m, back.ascent_m) == (0.5, 0.8)


def test_the_summary_is_what_the_segments_say() -> None:
    summary = route("a", "e").summary
    assert summary.steps == 7
    assert not summary.step_free
    assert (summary.incline_up_max, summary.incline_down_max) == (0.02, 0.03)
    assert summary.width_min_m == 1.1
    assert summary.surface_m == {"asphalt": pytest.approx(50, abs=0.2), "sett": pytest.approx(25, abs=0.2)}
    assert summary.unknown_share.incline == pytest.approx(0.25, abs=0.01)
    assert summary.unknown_share.surface == pytest.approx(0.25, abs=0.01)
    assert summary.confidence == "partly_unknown"


def test_where_nothing_is_known_nothing_is_claimed() -> None:
    bare = drawn("a----b", ways={"ab": "highway=footway"}).route("a", "b").routes[0]
    assert bare.summary.confidence == "mostly_unknown"
    assert (bare.summary.incline_up_max, bare.summary.width_min_m, bare.summary.kerb_max_m) == (None, None, None)
    assert (bare.ascent_m, bare.descent_m) == (None, None)
    assert bare.summary.unknown_share.width == bare.summary.unknown_share.surface == 1.0


def test_where_all_is_known_it_is_said() -> None:
    known = drawn("a----b", ways={"ab": FOOT}).route("a", "b").routes[0].summary
    assert known.confidence == "known"
    assert known.step_free


@pytest.mark.parametrize(
    ("middle", "step_free"),
    [
        ("highway=steps", False),
        ("highway=steps ramp:wheelchair=yes", True),
        ("highway=steps ramp:wheelchair=limited", True),
        ("highway=steps ramp:wheelchair=no", False),
        ("highway=steps conveying=forward", False),
        ("highway=footway", True),
        ("highway=elevator", True),
    ],
)
def test_step_free(middle: str, step_free: bool) -> None:
    town = drawn("a----b----c----d", ways={"ab": FOOT, "bc": middle, "cd": FOOT})
    assert town.route("a", "d", profile="walk").routes[0].summary.step_free == step_free


@pytest.mark.parametrize(
    ("kerb", "step_free"), [("lowered", True), ("rolled", False), ("raised", False), ("yes", True)]
)
def test_a_known_kerb_above_the_limit_is_a_step(kerb: str, step_free: bool) -> None:
    town = drawn("a----b----c", ways={"ab": FOOT, "bc": "highway=residential"}, nodes={"b": f"kerb={kerb}"})
    assert town.route("a", "c").routes[0].summary.step_free == step_free


def test_violations_say_what_where_and_how_much() -> None:
    answer = STREET.route("a", "e", profile="manual_wheelchair", limits={"width_min_m": 1.2})
    found = {violation.code: violation for violation in answer.routes[0].violations}
    assert found.keys() == {"steps", "width", "last_metres"}
    steps, width = found["steps"], found["width"]
    assert (steps.value, steps.limit, steps.way_id, steps.assumed) == (7, 0, 1002, False)
    assert steps.length_m == pytest.approx(25.0, abs=0.1)
    assert (width.value, width.limit, width.way_id) == (1.1, 1.2, 1003)
    line = answer.routes[0].geometry.coordinates
    assert all(violation.at in line for violation in (steps, width))


def test_violations_at_nodes_name_the_node() -> None:
    town = drawn("a----b----c", ways={"ab": FOOT, "bc": FOOT}, nodes={"b": "barrier=gate width=0.5"})
    [broken] = town.route("a", "c").routes[0].violations
    assert (broken.code, broken.node_id) == ("width", 101)
    assert broken.at == pytest.approx(town.at["b"])


def pieces(town: Town, *streets: tuple[int, str]) -> list[Piece]:
    ids = {letter: node for node, letter in town.letters.items()}
    return pieces_along(town.graph, [(way, ids[ends[0]], ids[ends[1]]) for way, ends in streets])


def read(town: Town, legs: list[list[Piece]]) -> Route:
    return route_of(town.graph, Weigher(town.graph).weigh(built_in["walk"]), legs, why="shortest")


def test_a_sliver_at_an_end_is_the_node_behind_it() -> None:
    """A spot two centimetres before a junction begins at the junction."""
    whole = pieces(STREET, (1000, "ab"), (1001, "bc"))
    length = float(STREET.graph.edge_length_m[whole[0].edge])
    sliver = [Piece(whole[0].arc, 1 - 0.02 / length, 1.0), whole[1]]
    found = read(STREET, [sliver])
    assert [segment.way_id for segment in found.segments] == [1001]
    assert found.geometry.coordinates[0] == pytest.approx(STREET.at["b"])
    more = read(STREET, [[Piece(whole[0].arc, 1 - 2 * END_M / length, 1.0), whole[1]]])
    assert [segment.way_id for segment in more.segments] == [1000, 1001]


def test_a_way_of_no_length_has_a_line_and_no_segment() -> None:
    [first] = pieces(STREET, (1000, "ab"))
    found = read(STREET, [[Piece(first.arc, 0.5, 0.5)]])
    assert found.segments == []
    assert len(found.geometry.coordinates) == 2
    assert found.geometry.coordinates[0] == found.geometry.coordinates[1]
    assert found.distance_m == found.duration_s == 0.0
    assert found.summary.confidence == "mostly_unknown"
    assert [step.kind for step in found.legs[0].steps] == ["depart", "arrive"]


def test_two_legs_are_one_line() -> None:
    legs = [pieces(STREET, (1000, "ab"), (1001, "bc")), pieces(STREET, (1001, "cb"), (1000, "ba"))]
    found = read(STREET, legs)
    assert len(found.legs) == 2
    assert [segment.geometry_index for segment in found.segments] == [(0, 1), (1, 2), (2, 3), (3, 4)]
    assert found.legs[1].steps[0].geometry_index[0] == 2
    assert found.distance_m == pytest.approx(2 * found.legs[0].distance_m, abs=0.11)


def test_a_leg_of_no_length_between_two_others() -> None:
    there = pieces(STREET, (1000, "ab"))
    stay = [Piece(there[0].arc, 1.0, 1.0)]
    back = pieces(STREET, (1000, "ba"))
    found = read(STREET, [there, stay, back])
    assert [segment.geometry_index for segment in found.segments] == [(0, 1), (1, 2)]
    assert [leg.distance_m for leg in found.legs] == [pytest.approx(25.0, abs=0.1), 0.0, pytest.approx(25.0, abs=0.1)]


def test_stretches_go_on_through_junctions_of_one_way() -> None:
    town = drawn("a----b----c\n     |\n     d", ways={"abc": FOOT, "bd": FOOT})
    found = trace(town.graph, Weigher(town.graph).weigh(built_in["walk"]), pieces(town, (1000, "ab"), (1000, "bc")))
    [stretch] = found.stretches
    assert stretch.joints == [1]
    assert [town.letters[node] for node in stretch.node_ids] == ["a", "b", "c"]


def test_private_ways_and_gates_at_an_end_are_noted() -> None:
    town = drawn(
        "a----b----c",
        ways={"ab": FOOT, "bc": f"{FOOT} access=private"},
        nodes={"b": "barrier=gate access=private"},
    )
    found = town.route("a", "c").routes[0]
    assert {note.code for note in found.notes} == {"private_end"}
    assert {note.way_id for note in found.notes} >= {1001}
    assert {note.node_id for note in found.notes} >= {101}
    assert found.violations == []


@pytest.mark.parametrize("waypoints", ["ac", "abc", "abbc", "abbbc"])
def test_vertices_are_counted_through_waypoints_at_one_place(waypoints: str) -> None:
    """Whoever stays where they are adds nothing to the line, and what follows still counts by it."""
    town = drawn("a----b----c", ways={"ab": "highway=footway", "bc": "highway=footway surface=asphalt"})
    places = tuple(Waypoint(*town.at[letter]) for letter in waypoints)
    answer = town.router.route(RouteRequest(places, built_in["walk"]))
    assert not isinstance(answer, NoRoute)
    route = answer.routes[0]
    assert len(route.geometry.coordinates) == 3
    assert [leg.steps[-1].geometry_index for leg in route.legs][-1] == (2, 2)
    assert [segment.geometry_index[1] for segment in route.segments] == [1, 2]


def test_a_copied_move_keeps_everything() -> None:
    """Each value is another one: none can stand in the place of its neighbour."""
    given: dict[str, Any] = {
        "kind": "gate", "first": 1, "last": 2, "distance_m": 3.5, "duration_s": 4.5, "turn_deg": 5.5,
        "heading_deg": 6.5, "way_id": 7, "count": 8, "handrail": True, "rising": -1, "level": 9.5,
        "barrier": next(iter(Barrier)), "crossing": next(iter(Crossing)), "mapped": False, "kerb_m": 10.5,
        "label": Label("one"), "onto": Label("other"),
    }  # fmt: skip
    # Read from the source: what is compiled does not tell its parameters.
    source = (ROOT / "routing" / "moves.py").read_text()
    made = re.search(r"class Move:.*?def __init__\((.*?)\) -> None", source, re.DOTALL)
    assert made is not None
    assert set(re.findall(r"(\w+):", made[1])) == set(given)
    copy = Move(**given).copy()
    assert {name: getattr(copy, name) for name in given} == given
