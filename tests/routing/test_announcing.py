"""What is announced to whom: slopes and surfaces ahead, crossings and kerbs for a cane, sides, landmarks, rest."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility.profiles import built_in
from routing.announcing import announced
from routing.answers import Route, RouteAnswer, RouteRequest, Step, Waypoint
from routing.costs import Weigher
from routing.grounds import Event
from routing.moves import blocks_of
from routing.path import Piece
from routing.polyline import Polyline
from routing.stretches import trace
from routing.telling import Remark
from routing.turns import told
from tests.support.drawn import Town, drawn
from tests.support.walked import pieces_along

FOOT = "highway=footway"


def route(town: Town, *ends: str, profile: str = "walk") -> Route:
    return town.route(*ends, profile=profile).routes[0]


def steps(town: Town, *ends: str, profile: str = "walk") -> list[Step]:
    return route(town, *ends, profile=profile).legs[0].steps


def texts(town: Town, *ends: str, profile: str = "walk") -> list[str]:
    return [step.text for step in steps(town, *ends, profile=profile)]


def kinds(town: Town, *ends: str, profile: str = "walk") -> list[str]:
    return [step.kind for step in steps(town, *ends, profile=profile)]


def line(*tags: str, cells: int = 5) -> Town:
    """Pieces of a footway one behind the other, from a to b, b to c …, each of 25 m unless told otherwise."""
    letters = "abcdefgh"[: len(tags) + 1]
    drawing = ("-" * (cells - 1)).join(letters)
    ways = {one + other: f"{FOOT} {given}".strip() for (one, other), given in zip(pairwise(letters), tags, strict=True)}
    return drawn(drawing, ways=ways)


def test_a_slope_is_announced_ahead_and_has_its_own_step() -> None:
    town = line("", "incline=8%", "")
    assert texts(town, "a", "d", profile="rollator") == [
        "Start towards the east on the footpath. Go 25 m. Then it goes uphill, up to 8 %.",
        "It goes uphill here for 25 m, up to 8 %. Go 25 m.",
        "The climb ends here. Go 25 m.",
        "You have arrived.",
    ]
    assert kinds(town, "a", "d", profile="rollator") == ["depart", "slope_begin", "slope_end", "arrive"]
    assert texts(town, "d", "a", profile="rollator")[1:3] == [
        "It goes downhill here for 25 m, up to 8 %. Go 25 m.",
        "The descent ends here. Go 25 m.",
    ]


def test_a_slope_takes_its_time() -> None:
    """Of the walk that is cut in three the climb is the slow part."""
    town = line("", "incline=8%", "")
    flat, climb, behind, _ = steps(town, "a", "d", profile="manual_wheelchair")
    assert climb.duration_s > 3 * flat.duration_s
    assert flat.duration_s == pytest.approx(behind.duration_s, abs=0.2)
    assert flat.distance_m == pytest.approx(climb.distance_m, abs=0.2)


def test_a_slope_matters_to_some() -> None:
    town = line("", "incline=4%", "")
    assert "slope_begin" in kinds(town, "a", "d", profile="manual_wheelchair")
    for profile in ("walk", "stroller", "power_wheelchair", "low_vision"):
        assert kinds(town, "a", "d", profile=profile) == ["depart", "arrive"], profile


def test_a_slope_of_a_few_centimetres_is_not_told() -> None:
    town = line("", "incline=4%", "", cells=1)
    assert kinds(drawn("ab-c", ways={"ab": f"{FOOT} incline=4%", "bc": FOOT}), "a", "c", profile="rollator") == [
        "depart",
        "arrive",
    ]
    assert town.route("a", "d", profile="rollator").status == "ok"


def test_slopes_that_go_on_are_one() -> None:
    town = line("", "incline=4%", "incline=5%", "")
    assert kinds(town, "a", "e", profile="manual_wheelchair") == ["depart", "slope_begin", "slope_end", "arrive"]
    assert "for 50 m, up to 5 %" in texts(town, "a", "e", profile="manual_wheelchair")[1]


def test_up_and_down_again() -> None:
    town = line("", "incline=5%", "incline=-5%", "")
    assert kinds(town, "a", "e", profile="manual_wheelchair") == [
        "depart",
        "slope_begin",
        "slope_begin",
        "slope_end",
        "arrive",
    ]


def test_a_slope_at_the_beginning_belongs_to_the_step() -> None:
    assert texts(line("incline=5%", ""), "a", "c", profile="manual_wheelchair")[0] == (
        "Start towards the east on the footpath. It goes uphill here for 25 m, up to 5 %. Go 25 m."
    )


def test_a_surface_is_announced_to_whom_it_matters() -> None:
    town = line("surface=asphalt", "surface=sett", "surface=asphalt")
    for profile in ("manual_wheelchair", "low_vision", "cane_elderly"):
        assert texts(town, "a", "d", profile=profile) == [
            "Start towards the east on the footpath. Go 25 m. Then the surface changes to square cobbles.",
            "The surface is now square cobbles. Go 25 m. Then the surface changes to asphalt.",
            "The surface is now asphalt. Go 25 m.",
            "You have arrived.",
        ]
        assert kinds(town, "a", "d", profile=profile)[1] == "surface_change"
    assert kinds(town, "a", "d") == ["depart", "arrive"]


def test_slabs_are_told_to_a_cane_alone() -> None:
    town = line("surface=asphalt", "surface=paving_stones")
    assert "surface_change" in kinds(town, "a", "c", profile="low_vision")
    for profile in ("manual_wheelchair", "cane_elderly", "walk"):
        assert "surface_change" not in kinds(town, "a", "c", profile=profile)


def test_what_nobody_knows_is_no_change() -> None:
    """Cobbles, unknown, cobbles: said once; and nothing is claimed of the piece between."""
    town = line("surface=sett", "", "surface=sett")
    assert texts(town, "a", "d", profile="manual_wheelchair") == [
        "Start towards the east on the footpath. The surface is now square cobbles. Go 75 m.",
        "You have arrived.",
    ]


def test_a_few_metres_of_another_surface_are_not_told() -> None:
    town = drawn("a----bc----d", ways={"ab": f"{FOOT} surface=asphalt", "bc": f"{FOOT} surface=paving_stones",
                                       "cd": f"{FOOT} surface=asphalt"})  # fmt: skip
    assert kinds(town, "a", "d", profile="low_vision") == ["depart", "arrive"]


CROSSED = """
             c
             |
    a-----s--b--t-----e
             |
             d
"""


def crossing(at_b: str, kerbs: str = "kerb=raised kerb:height=0.12") -> Town:
    return drawn(
        CROSSED,
        ways={
            "as": FOOT,
            "sbt": f"{FOOT} footway=crossing",
            "te": FOOT,
            "cbd": {"highway": "residential", "name": "Elm Street"},
        },
        nodes={"s": kerbs, "t": kerbs, "b": f"highway=crossing {at_b}"},
    )


SIGNALS = "crossing=traffic_signals"


@pytest.mark.parametrize(
    ("lights", "said"),
    [
        ("traffic_signals:sound=yes", "The traffic lights make a sound."),
        ("traffic_signals:vibration=yes", "The traffic lights vibrate."),
        ("traffic_signals:sound=yes traffic_signals:vibration=yes", "The traffic lights make a sound and vibrate."),
        ("traffic_signals:sound=no", "The traffic lights make no sound."),
        ("", "Whether the traffic lights make a sound is not known."),
    ],
)
def test_the_lights_are_told_to_a_cane(lights: str, said: str) -> None:
    town = crossing(f"{SIGNALS} {lights}".strip())
    wait, over = steps(town, "a", "e", profile="low_vision")[1:3]
    assert (wait.kind, wait.text) == ("crossing_wait", f"Wait for the green light. {said}")
    assert (wait.distance_m, wait.duration_s) == (0.0, 30.0)
    assert over.kind == "cross_road"
    assert over.text.startswith("Cross Elm Street at the traffic lights.")
    assert "crossing_wait" not in kinds(town, "a", "e")


def test_a_button_is_told_to_wheels_too() -> None:
    town = crossing(f"{SIGNALS} button_operated=yes", "kerb=flush")
    wait = steps(town, "a", "e", profile="manual_wheelchair")[1]
    assert (wait.kind, wait.text) == ("crossing_wait", "Press the button. Wait for the green light.")
    assert "crossing_wait" not in kinds(crossing(SIGNALS, "kerb=flush"), "a", "e", profile="manual_wheelchair")


def test_waiting_is_part_of_the_crossing_it_is_cut_from() -> None:
    town = crossing(f"{SIGNALS} button_operated=yes")
    whole, parts = steps(town, "a", "e")[1], steps(town, "a", "e", profile="low_vision")[1:3]
    assert sum(step.distance_m for step in parts) == whole.distance_m
    assert parts[1].duration_s == pytest.approx(whole.distance_m / built_in["low_vision"].speed_mps, abs=0.2)


@pytest.mark.parametrize(
    ("kerbs", "said"),
    [
        ("kerb=lowered", "The kerb is low and hard to feel."),
        ("kerb=flush tactile_paving=no", "The kerb is low and has no tactile paving."),
        ("kerb=flush tactile_paving=yes", "Tactile paving marks the crossing."),
        ("kerb=raised kerb:height=0.12", "The kerb is 12 cm high."),
        ("kerb=yes", ""),
    ],
)
def test_the_edge_is_told_to_a_cane(kerbs: str, said: str) -> None:
    town = crossing("crossing=marked", kerbs)
    over = next(step for step in steps(town, "a", "e", profile="low_vision") if step.kind == "cross_road")
    assert over.text == f"Cross Elm Street at the marked crossing. {said}".strip()


def test_what_a_word_stands_for_is_no_measured_height() -> None:
    over = steps(crossing("crossing=marked", "kerb=raised"), "a", "e")[1]
    assert over.text == "Cross Elm Street at the marked crossing. The kerb is about 16 cm high."


def test_an_island_is_told_to_a_cane() -> None:
    assert "There is an island in the middle." in " ".join(
        texts(crossing("crossing=marked crossing:island=yes"), "a", "e", profile="low_vision")
    )


CORNER = """
    a---------b----f
              |
              |
              c
"""


def test_turns_are_told_by_the_clock_to_a_cane() -> None:
    town = drawn(CORNER, ways={"ab": FOOT, "bc": FOOT, "bf": FOOT})
    assert texts(town, "a", "c", profile="low_vision")[1] == "Turn right. That is at 3 o'clock. Go 15 m."
    assert texts(town, "c", "a", profile="low_vision")[1] == "Turn left. That is at 9 o'clock. Go 50 m."
    assert texts(town, "a", "c")[1] == "Turn right. Go 15 m."


SIDES = """
       n
       |
       |
    a--b------k------e--f
                     |
                     |
                     s
"""


def two_sided() -> Town:
    return drawn(
        SIDES,
        ways={
            "abkef": {
                "highway": "residential",
                "name": "Elm Street",
                "sidewalk": "both",
                "sidewalk:left:surface": "asphalt",
                "sidewalk:right:surface": "paving_stones",
            },
            "nb": FOOT,
            "es": FOOT,
        },
        nodes={"k": "highway=crossing crossing=marked"},
    )


def test_changing_from_one_sidewalk_to_the_other_is_told() -> None:
    assert texts(two_sided(), "n", "s")[2:4] == [
        "Cross Elm Street at the marked crossing to the other side.",
        "Go straight on along Elm Street. Go 35 m.",
    ]
    assert kinds(two_sided(), "n", "s")[2] == "change_side"


def test_the_side_of_the_road_is_told_to_a_cane() -> None:
    town = drawn(
        "a---------b----------c",
        ways={"abc": {"highway": "residential", "sidewalk": "both", "sidewalk:left:surface": "asphalt",
                      "sidewalk:right:surface": "sand"}},
    )  # fmt: skip
    there = route(town, "a", "c", profile="low_vision")
    assert [segment.side for segment in there.segments] == ["left"]
    assert "The road is on your right." in there.legs[0].steps[0].text
    back = route(town, "c", "a", profile="low_vision")
    assert [segment.side for segment in back.segments] == ["left"]
    assert "The road is on your left." in back.legs[0].steps[0].text
    assert "The road" not in texts(town, "a", "c")[0]


def test_over_the_side_street_from_sidewalk_to_sidewalk_is_a_crossing() -> None:
    unlike = {"highway": "residential", "sidewalk": "both", "sidewalk:left:surface": "asphalt",
              "sidewalk:right:surface": "gravel"}  # fmt: skip
    town = drawn(
        """
             d
             |
        a----b----c
             |
             e
        """,
        ways={"abc": unlike, "dbe": unlike},
        cell_m=20,
    )
    assert "cross_road" in kinds(town, "a", "c", profile="manual_wheelchair")


def test_a_landmark_is_told_where_one_turns_and_only_once() -> None:
    pharmacy: dict[str, Any] = {"p": {"amenity": "pharmacy", "name": "Rose"}}
    town = drawn(
        """
        a---------b-----f
               p  |
                  c--d
                  |
                  e
        """,
        ways={"ab": FOOT, "bc": FOOT, "bf": FOOT, "cd": FOOT, "ce": FOOT},
        nodes=pharmacy,
    )
    assert texts(town, "a", "d") == [
        "Start towards the east on the footpath. Go 50 m.",
        "Turn right near the pharmacy Rose. Go 10 m.",
        "Turn left. Go 15 m.",
        "You have arrived.",
    ]


def test_a_seat_becomes_a_step() -> None:
    town = line("", "", "")
    graph, person = town.graph, built_in["cane_elderly"]
    found = trace(graph, Weigher(graph).weigh(person), [Piece(arc) for arc in _arcs(town)])
    there = Polyline(found.lonlat, found.walked_m)
    moves = told(blocks_of(graph, found, person), there)
    rest = Event(1, "rest", Remark("rest"), None)
    tellings = announced(found, person, moves, there, graph.landmarks, [rest])
    assert [(one.move.kind, one.move.first, one.move.last) for one in tellings] == [("depart", 0, 1), ("rest", 1, 3)]
    assert tellings[1].itself == Remark("rest")


def _arcs(town: Town) -> list[int]:
    ids = town.route("a", "d", profile="walk").routes[0].segments
    streets = [(segment.way_id or 0, segment.node_ids[0], segment.node_ids[-1]) for segment in ids]
    return [piece.arc for piece in pieces_along(town.graph, streets)]


PIECES = st.lists(
    st.sampled_from(
        ["", "incline=5%", "incline=-5%", "incline=8%", "surface=asphalt", "surface=sett", "surface=paving_stones"]
    ),
    min_size=1,
    max_size=7,
)


@settings(max_examples=40, deadline=None)
@given(PIECES, st.sampled_from(["rollator", "low_vision", "manual_wheelchair", "walk"]), st.integers(1, 6))
def test_however_a_way_is_cut_its_steps_cover_it(tags: list[str], profile: str, cells: int) -> None:
    town = line(*tags, cells=cells)
    found = route(town, "a", "abcdefgh"[len(tags)], profile=profile)
    leg = found.legs[0]
    spans = [step.geometry_index for step in leg.steps]
    assert spans[0][0] == 0
    assert spans[-1][1] == len(found.geometry.coordinates) - 1
    assert all(one[1] == other[0] for one, other in pairwise(spans))
    assert leg.distance_m == round(sum(step.distance_m for step in leg.steps), 1)
    assert leg.distance_m == pytest.approx(25 / 5 * cells * len(tags), abs=0.2)
    assert all(step.distance_m >= 0 and step.duration_s >= 0 for step in leg.steps)


def test_words_change_with_the_question_and_codes_do_not() -> None:
    town = line("surface=asphalt", "surface=sett")
    ends = tuple(Waypoint(*town.at[letter]) for letter in "ac")
    person = built_in["manual_wheelchair"]
    said = {}
    for language, units in (("en", "metric"), ("de", "metric"), ("zh-Hans", "imperial")):
        answer = town.router.route(RouteRequest(ends, person, language=language, units=units))
        assert isinstance(answer, RouteAnswer)
        said[language] = answer.routes[0].legs[0].steps
    assert said["de"][1].text == "Der Belag ist jetzt Würfelpflaster. Gehen Sie 25 m."
    assert said["zh-Hans"][1].text == "从这里起，路面是小方石。前行80英尺。"
    for steps_ in said.values():
        assert [(s.kind, s.distance_m, s.duration_s, s.way_id) for s in steps_] == [
            (s.kind, s.distance_m, s.duration_s, s.way_id) for s in said["en"]
        ]
