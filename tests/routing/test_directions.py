"""Directions as a person reads them: what is told, what is not, and in which words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from routing.build import build
from routing.elements import read_osm_file
from routing.graph import StreetGraph
from routing.polyline import Polyline
from routing.turns import turn_kind
from tests.support import golden
from tests.support.drawn import Town, drawn
from tests.support.walked import pieces_along, streets_along

FOOT = "highway=footway"


@pytest.mark.parametrize("title", sorted(golden.read("helsinki")))
def test_a_real_route_reads_as_it_did(sample_graph: StreetGraph, title: str) -> None:
    """The path is fixed; the words are those a person once read and found good."""
    kept = golden.read("helsinki")[title]
    assert golden.told(sample_graph, kept) == kept["steps"]
    streets = golden.streets_of(kept)
    assert streets_along(sample_graph, pieces_along(sample_graph, streets)) == streets


@pytest.mark.real_map
@pytest.mark.parametrize("name", ["zurich", "monaco", "beijing"])
def test_real_routes_elsewhere_read_as_they_did(shared_data: Path, name: str) -> None:
    graph = build(read_osm_file(golden.MAPS[name]))
    for kept in golden.read(name).values():
        assert golden.told(graph, kept) == kept["steps"]


def told(town: Town, *ends: str, profile: str = "walk") -> list[str]:
    return [step.text for step in town.route(*ends, profile=profile).routes[0].legs[0].steps]


def kinds(town: Town, *ends: str, profile: str = "walk") -> list[str]:
    return [step.kind for step in town.route(*ends, profile=profile).routes[0].legs[0].steps]


@pytest.mark.parametrize(
    ("degrees", "kind"),
    [
        (0, "continue"),
        (29, "continue"),
        (-29, "continue"),
        (31, "turn_slight_right"),
        (-31, "turn_slight_left"),
        (51, "turn_right"),
        (-90, "turn_left"),
        (124, "turn_right"),
        (126, "turn_sharp_right"),
        (-179, "turn_sharp_left"),
        (180, "turn_sharp_right"),
    ],
)
def test_kinds_of_turns(degrees: float, kind: str) -> None:
    assert turn_kind(degrees) == kind


CORNER = """
    a---------b
              |
              |
              c
"""


def test_a_turn_onto_another_street() -> None:
    town = drawn(CORNER, ways={"ab": f"{FOOT} name=Quay", "bc": "highway=pedestrian name=Wharf"})
    assert told(town, "a", "c") == [
        "Start towards the east on Quay. Go 50 m.",
        "Turn right onto Wharf. Go 15 m.",
        "You have arrived.",
    ]
    assert told(town, "c", "a")[1] == "Turn left onto Quay. Go 50 m."


def test_a_bend_of_the_way_itself_is_not_told() -> None:
    assert kinds(drawn(CORNER, ways={"abc": FOOT}), "a", "c") == ["depart", "arrive"]


def test_a_bend_where_one_could_go_elsewhere_is_told() -> None:
    town = drawn(CORNER.replace("-b", "-b---d"), ways={"abc": FOOT, "bd": FOOT})
    assert kinds(town, "a", "c") == ["depart", "turn_right", "arrive"]


def test_straight_on_past_a_side_street_is_not_told() -> None:
    town = drawn("a----b----c----d\n     |\n     e", ways={"abcd": FOOT, "be": FOOT})
    assert kinds(town, "a", "d") == ["depart", "arrive"]


def test_a_new_name_is_told_when_it_lasts() -> None:
    town = drawn(
        "a----b----c-d----e",
        ways={"ab": f"{FOOT} name=A", "bc": f"{FOOT} name=B", "cd": f"{FOOT} name=C", "de": f"{FOOT} name=B"},
    )
    assert told(town, "a", "e") == [
        "Start towards the east on A. Go 25 m.",
        "Go straight on along B. Go 60 m.",
        "You have arrived.",
    ]


def test_a_street_that_bends_and_keeps_its_name() -> None:
    town = drawn(
        CORNER.replace("-b", "-b---d"), ways={"ab": f"{FOOT} name=Quay", "bc": f"{FOOT} name=Quay", "bd": FOOT}
    )
    assert told(town, "a", "c")[1] == "Turn right and stay on Quay. Go 15 m."


def test_a_wiggle_is_no_turn() -> None:
    """Three metres to the side and on: two right angles in the map, none for a person."""
    town = drawn(
        """
        a-------------b
                      c---------------d
        """,
        ways={"ab": FOOT, "bc": FOOT, "cd": FOOT},
        cell_m=3,
    )
    assert kinds(town, "a", "d") == ["depart", "arrive"]


def test_two_turns_close_together_are_one() -> None:
    town = drawn(
        """
        a-------------b
                      |
                      c
                     /
                    d
                   /
                  e
        """,
        ways={"ab": FOOT, "bc": FOOT, "cde": FOOT},
        cell_m=3.5,
    )
    assert kinds(town, "a", "e") == ["depart", "turn_sharp_right", "arrive"]


def test_turns_far_apart_are_two() -> None:
    town = drawn(
        """
        a-----b
              |
              |
              |
              c-----d
        """,
        ways={"ab": FOOT, "bc": FOOT, "cd": FOOT},
    )
    assert kinds(town, "a", "d") == ["depart", "turn_right", "turn_left", "arrive"]


def test_a_platform_is_called_by_its_number() -> None:
    town = drawn(
        CORNER,
        ways={"ab": FOOT, "bc": {"railway": "platform", "public_transport": "platform", "ref": "19"}},
    )
    route = town.route("a", "c").routes[0]
    assert [step.text for step in route.legs[0].steps][1] == "Turn right onto platform 19. Go 15 m."
    assert [step.street for step in route.legs[0].steps] == [None, None, None]


def test_several_platforms_and_a_bare_route_number() -> None:
    town = drawn(CORNER, ways={"ab": f"{FOOT} ref=12", "bc": {"railway": "platform", "ref": "11;12"}})
    assert told(town, "a", "c")[:2] == [
        "Start towards the east on the footpath. Go 50 m.",
        "Turn right onto platforms 11 and 12. Go 15 m.",
    ]


CROSSED = """
         c
         |
    a----b----e
         |
         d
"""


def test_a_street_is_crossed_by_its_name() -> None:
    for tags, words in (
        ("highway=crossing crossing=traffic_signals", "Cross Elm Street at the traffic lights."),
        ("highway=crossing crossing=marked", "Cross Elm Street at the marked crossing."),
        ("highway=crossing crossing=unmarked", "Cross Elm Street."),
        ("", "Cross Elm Street. There is no marked crossing here."),
    ):
        town = drawn(
            CROSSED,
            ways={"abe": FOOT, "cbd": {"highway": "residential", "name": "Elm Street"}},
            nodes={"b": tags} if tags else {},
        )
        assert told(town, "a", "e")[1] == words


def test_a_crossing_way_is_one_thing_to_do() -> None:
    town = drawn(
        """
                 c
                 |
        a-----s--b--t-----e
                 |
                 d
        """,
        ways={
            "as": FOOT,
            "sbt": f"{FOOT} footway=crossing crossing=traffic_signals",
            "te": FOOT,
            "cbd": {"highway": "residential", "name": "Elm Street"},
        },
        nodes={"s": "kerb=lowered", "t": "kerb=flush"},
    )
    assert told(town, "a", "e") == [
        "Start towards the east on the footpath. Go 30 m.",
        "Cross Elm Street at the traffic lights. The kerb is about 3 cm high.",
        "Go straight on along the footpath. Go 30 m.",
        "You have arrived.",
    ]
    spoken = [step.spoken for step in town.route("a", "e", profile="walk").routes[0].legs[0].steps]
    assert spoken[1] == "Cross Elm Street at the traffic lights. The kerb is about 3 centimetres high."


def test_onto_the_road_and_off_it() -> None:
    town = drawn(
        """
        a----b
             |
             |
             |
             |
             |
             c----d
        """,
        ways={"ab": FOOT, "bc": {"highway": "residential", "name": "Elm Street"}, "cd": FOOT},
    )
    assert told(town, "a", "d") == [
        "Start towards the east on the footpath. Go 25 m.",
        "Turn right. Go down onto Elm Street. Then go 30 m.",
        "Turn left. Go off the road onto the footpath. Then go 25 m.",
        "You have arrived.",
    ]


def test_into_a_building_and_out_of_it() -> None:
    town = drawn(
        "a----b----c----d",
        ways={"ab": FOOT, "bc": "highway=corridor indoor=yes name=Hall", "cd": FOOT},
    )
    assert told(town, "a", "d") == [
        "Start towards the east on the footpath. Go 25 m.",
        "Go into the building. Then go 25 m along Hall.",
        "Go out of the building. Then go 25 m.",
        "You have arrived.",
    ]


def test_a_ramp_beside_the_steps_for_wheels() -> None:
    town = drawn(
        "a----b--c----d",
        ways={"ab": FOOT, "bc": "highway=steps incline=up ramp:wheelchair=yes step_count=4", "cd": FOOT},
    )
    assert told(town, "a", "d", profile="stroller")[1] == "Go up the ramp beside the steps."
    assert told(town, "a", "d")[1] == "Go up 4 steps."


def test_an_escalator_and_a_lift() -> None:
    town = drawn(
        "a----b--c----d-e----f",
        ways={
            "ab": FOOT,
            "bc": "highway=steps conveying=forward incline=up",
            "cd": FOOT,
            "de": "highway=elevator",
            "ef": FOOT,
        },
    )
    assert told(town, "a", "f")[1:4:2] == ["Take the escalator up.", "Take the lift."]


def test_a_start_at_the_steps_still_says_where_to() -> None:
    town = drawn("a--b----c", ways={"ab": "highway=steps step_count=3", "bc": FOOT})
    assert kinds(town, "a", "c") == ["depart", "steps_up", "continue", "arrive"]
    assert told(town, "a", "c")[0] == "Start towards the east."


def test_headings_and_turns_of_a_line() -> None:
    line = Polyline.through([(0.0, 0.0), (0.0, 1e-4), (1e-4, 1e-4), (1e-4, 2e-4)])
    assert line.heading(0, 5.0) == pytest.approx(0.0, abs=0.1)
    assert line.heading(1, 5.0) == pytest.approx(90.0, abs=0.1)
    assert line.turn(1) == pytest.approx(90.0, abs=0.5)
    assert line.turn(2) == pytest.approx(-90.0, abs=0.5)
    assert line.turn(1, 2) == pytest.approx(0.0, abs=0.5)
    assert line.turn(0) == line.turn(3) == 0.0
    assert line.between(0, 3) == pytest.approx(3 * 11.12, abs=0.05)


def test_a_line_of_one_point() -> None:
    line = Polyline.through([(8.0, 49.0)])
    assert line.turn(0) == 0.0
    assert np.isfinite(line.heading(0, 5.0))
