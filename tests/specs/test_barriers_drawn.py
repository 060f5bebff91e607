"""What stands at a node: between all arms, for whom, and who ends there."""

from __future__ import annotations

import pytest

from routing.answers import NoRoute
from tests.support.drawn import Town, drawn

FOOT = "highway=footway surface=asphalt width=2 incline=0%"


def gate(node: str, way: str = FOOT) -> Town:
    return drawn("a----b----c", ways={"ab": way, "bc": way}, nodes={"b": node}, cell_m=20)


@pytest.mark.parametrize(
    ("node", "profile", "outcome"),
    [
        ("barrier=bollard", "manual_wheelchair", "ok"),
        ("barrier=bollard maxwidth:physical=0.9", "manual_wheelchair", "ok"),
        ("barrier=bollard maxwidth:physical=0.89", "manual_wheelchair", "width"),
        ("barrier=bollard maxwidth:physical=0.89", "walk", "ok"),
        ("barrier=bollard maxwidth:physical=0.5", "walk", "width"),
        ("barrier=gate", "manual_wheelchair", "ok"),
        ("barrier=gate width=0.7", "manual_wheelchair", "width"),
        ("barrier=gate locked=yes", "walk", "no"),
        ("barrier=gate access=private", "walk", "no"),
        ("barrier=gate access=private foot=yes", "walk", "ok"),
        ("barrier=gate access=no", "walk", "no"),
        ("barrier=bollard locked=yes", "walk", "ok"),
        ("barrier=lift_gate locked=yes", "walk", "ok"),
        ("barrier=stile", "manual_wheelchair", "no"),
        ("barrier=stile", "stroller", "no"),
        ("barrier=stile", "walk", "ok"),
        ("barrier=stile", "cane_elderly", "ok"),
        ("barrier=turnstile", "rollator", "no"),
        ("barrier=full-height_turnstile", "rollator", "no"),
        ("barrier=kissing_gate", "mobility_scooter", "no"),
        ("barrier=kissing_gate wheelchair=yes", "manual_wheelchair", "no"),
        ("barrier=cycle_barrier", "manual_wheelchair", "barrier"),
        ("barrier=cycle_barrier maxwidth:physical=1.0 spacing=1.5", "manual_wheelchair", "ok"),
        ("barrier=cycle_barrier maxwidth:physical=1.0 spacing=1.0", "manual_wheelchair", "barrier"),
        ("barrier=cycle_barrier", "walk", "ok"),
        ("barrier=bollard wheelchair=no", "manual_wheelchair", "wheelchair"),
        ("barrier=bollard wheelchair=no", "stroller", "ok"),
    ],
)
def test_who_passes(node: str, profile: str, outcome: str):
    found = gate(node).ask("a", "c", profile=profile)
    if outcome == "no":
        assert isinstance(found, NoRoute)
    elif outcome == "ok":
        assert (found.status, found.routes[0].violations) == ("ok", [])
    else:
        assert found.status == "least_bad"
        assert [violation.code for violation in found.routes[0].violations] == [outcome]
        assert found.routes[0].violations[0].node_id == next(n for n, name in gate(node).letters.items() if name == "b")


def test_at_a_junction_it_stands_between_all_arms():
    town = drawn(
        """
             d
             |
        a----b----c
             |
             e
        """,
        ways={"abc": FOOT, "dbe": FOOT},
        nodes={"b": "barrier=stile"},
        cell_m=40,
    )
    for start, end in ("ac", "ad", "ae", "de", "ce"):
        assert isinstance(town.ask(start, end), NoRoute)


def test_a_barrier_beside_the_way_is_none():
    town = drawn("a----b----c", ways={"ac": FOOT}, nodes={"b": "barrier=stile"})
    assert town.route("a", "c").status == "ok"


def test_who_only_comes_to_it_does_not_pass_it():
    town = gate("barrier=stile")
    for ends in ("ab", "ba", "cb", "bc"):
        answer = town.route(*ends)
        assert (answer.status, answer.routes[0].violations) == ("ok", [])


def test_who_leaves_a_way_at_it_does_not_pass_it_twice():
    town = gate("barrier=bollard maxwidth:physical=0.8")
    answer = town.route("a", "c")
    assert len(answer.routes[0].violations) == 1
    assert [step.kind for step in answer.routes[0].legs[0].steps] == ["depart", "gate", "arrive"]


def test_a_gate_on_the_carriageway_where_a_footway_crosses():
    """Everybody who passes the node passes the gate, and the kerbs besides."""
    town = drawn(
        """
             c
             |
        a----b----e
             |
             d
        """,
        ways={"abe": FOOT, "cbd": "highway=residential"},
        nodes={"b": "barrier=gate"},
    )
    for start, end, events in (("a", "e", 2), ("a", "c", 1), ("c", "d", 0)):
        passed = town.passed(start, end)
        assert sum(facts.kerb_events for facts in passed) == events
        assert [facts.barrier_applies for facts in passed] == [True]


def test_a_gate_takes_ten_seconds_once():
    plain = drawn("a----b----c", ways={"abc": FOOT}, cell_m=20).route("a", "c", profile="walk").routes[0]
    gated = gate("barrier=gate").route("a", "c", profile="walk").routes[0]
    assert gated.duration_s - plain.duration_s == pytest.approx(10.0, abs=0.2)


def test_round_the_barrier_where_there_is_a_way():
    town = drawn(
        """
             e---------f
             |         |
        a----b----c----d----g
        """,
        ways={"abcdg": FOOT, "befd": FOOT},
        nodes={"c": "barrier=cycle_barrier"},
    )
    assert town.path(town.route("a", "g")) == "abefdg"
    assert town.path(town.route("a", "g", profile="walk")) == "abcdg"


PRIVATE = """
         e----f
         |
    a----b----c----d
"""


def test_a_private_way_is_used_at_its_end_only():
    town = drawn(PRIVATE, ways={"ab": FOOT, "bc": f"{FOOT} access=private", "cd": FOOT, "bef": FOOT}, cell_m=40)
    assert isinstance(town.ask("a", "d"), NoRoute), "no way through"
    east = (town.at["b"][0] * 0.3 + town.at["c"][0] * 0.7, town.at["b"][1])
    answer = town.route("a", east)
    assert answer.status == "ok"
    assert [note.code for note in answer.routes[0].notes] == ["private_end"]
    assert town.route(east, "a").status == "ok"


def test_a_customers_only_way_is_an_end_too_and_a_closed_one_is_not():
    for access, usable in (("customers", True), ("private", True), ("no", False)):
        town = drawn(PRIVATE, ways={"ab": FOOT, "bc": f"{FOOT} access={access}", "cd": FOOT, "bef": FOOT}, cell_m=40)
        east = (town.at["b"][0] * 0.3 + town.at["c"][0] * 0.7, town.at["b"][1])
        answer = town.ask("a", east)
        assert (not isinstance(answer, NoRoute) and bool(answer.routes[0].notes)) == usable


def test_a_private_gate_before_a_private_way_belongs_to_the_end():
    town = drawn(
        PRIVATE,
        ways={"ab": FOOT, "bc": f"{FOOT} access=private", "cd": FOOT, "bef": FOOT},
        nodes={"b": "barrier=gate access=private"},
        cell_m=40,
    )
    east = (town.at["b"][0] * 0.3 + town.at["c"][0] * 0.7, town.at["b"][1])
    answer = town.route("a", east)
    assert answer.status == "ok"
    assert {note.code for note in answer.routes[0].notes} == {"private_end"}


@pytest.mark.parametrize("node", ["barrier=gate", "barrier=bollard", "highway=crossing kerb=lowered"])
def test_what_stands_on_private_land_does_not_end_it(node: str):
    """A gate in the middle of a long drive; the public street begins behind it."""
    town = drawn(
        "a----b----m----c",
        ways={"ab": FOOT, "bmc": "highway=service access=private incline=0%"},
        nodes={"m": node},
        cell_m=40,
    )
    for ends in (("c", "a"), ("a", "c")):
        answer = town.route(*ends)
        assert answer.status == "ok"
        assert answer.routes[0].distance_m == pytest.approx(600, abs=2)


def test_private_land_of_two_kinds_is_one():
    """From a private path one steps onto the private drive: a kerb between them is passed."""
    town = drawn(
        "a----b----m----c",
        ways={"ab": FOOT, "bm": "highway=service access=private", "mc": f"{FOOT} access=private"},
        cell_m=40,
    )
    answer = town.route("c", "a")
    assert answer.status == "ok"
    assert answer.routes[0].distance_m == pytest.approx(600, abs=2)


def test_a_public_stub_on_private_land_does_not_end_it():
    """From the private drive a public path leads to steps only; the drive itself goes on to the street."""
    town = drawn(
        """
                  s----t
                  |
        a----b----m----c
        |
        u--------------v
        """,
        ways={
            "au": FOOT,
            "uv": FOOT,
            "abmc": f"{FOOT} access=private",
            "ms": FOOT,
            "st": "highway=steps step_count=5",
        },
        cell_m=40,
    )
    answer = town.route("c", "v")
    assert answer.status == "ok"
    assert town.path(answer) == "cmbauv"
