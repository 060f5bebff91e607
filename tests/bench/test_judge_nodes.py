"""Barriers, kerbs and lifts: when passing a node breaks a limit, and when it does not count at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.bench.judge_drawn import Tags, draw, line

MW, PW, SC, RO = "manual_wheelchair", "power_wheelchair", "mobility_scooter", "rollator"
CA, ST, LV, WA = "cane_elderly", "stroller", "low_vision", "walk"
WHEELS = (MW, PW, SC, RO, ST)
CHAIRS = (MW, PW, SC)
OTHERS = (CA, LV, WA)
EVERYONE = (*WHEELS, *OTHERS)
FOOT: Tags = {"highway": "footway"}
ROAD: Tags = {"highway": "residential"}
CROSS: Tags = {"highway": "footway", "footway": "crossing"}
DRIVE: Tags = {"highway": "service", "service": "driveway"}

# name, node, way before, way after, profiles, what is broken
DECIDED: list[tuple[str, Tags, Tags, Tags, tuple[str, ...], str]] = [
    ("a bollard nobody measured", {"barrier": "bollard"}, FOOT, FOOT, EVERYONE, ""),
    ("a wide bollard gap", {"barrier": "bollard", "maxwidth:physical": "1.1"}, FOOT, FOOT, EVERYONE, ""),
    ("a narrow bollard gap", {"barrier": "bollard", "maxwidth:physical": "0.5"}, FOOT, FOOT, EVERYONE, "width"),
    ("the bollard's own width", {"barrier": "bollard", "width": "0.1"}, FOOT, FOOT, EVERYONE, ""),
    ("a narrow gate", {"barrier": "gate", "width": "0.7"}, FOOT, FOOT, (MW, RO, CA, ST), "width"),
    ("a narrow door", {"entrance": "yes", "width": "0.75"}, FOOT, FOOT, (MW, RO, ST), "width"),
    ("a gate", {"barrier": "gate"}, FOOT, FOOT, EVERYONE, ""),
    ("a locked gate", {"barrier": "gate", "locked": "yes"}, FOOT, FOOT, EVERYONE, "locked"),
    ("a locked bollard is a post", {"barrier": "bollard", "locked": "yes"}, FOOT, FOOT, EVERYONE, ""),
    ("a private gate between public ways", {"barrier": "gate", "access": "private"}, FOOT, FOOT, EVERYONE, "access"),
    ("a private gate open on foot", {"barrier": "gate", "access": "private", "foot": "yes"}, FOOT, FOOT, EVERYONE, ""),
    ("a stile for wheels", {"barrier": "stile"}, FOOT, FOOT, WHEELS, "barrier"),
    ("a stile on foot", {"barrier": "stile"}, FOOT, FOOT, OTHERS, ""),
    ("a turnstile", {"barrier": "turnstile"}, FOOT, FOOT, WHEELS, "barrier"),
    ("a tall turnstile", {"barrier": "full-height_turnstile"}, FOOT, FOOT, WHEELS, "barrier"),
    ("a kissing gate", {"barrier": "kissing_gate", "wheelchair": "yes"}, FOOT, FOOT, WHEELS, "barrier"),
    ("a cycle barrier", {"barrier": "cycle_barrier"}, FOOT, FOOT, CHAIRS, "barrier"),
    ("a cycle barrier for the others", {"barrier": "cycle_barrier"}, FOOT, FOOT, (RO, ST, *OTHERS), ""),
    (
        "a cycle barrier with room",
        {"barrier": "cycle_barrier", "opening": "1.2", "spacing": "1.5"},
        *(FOOT, FOOT, CHAIRS, ""),
    ),
    ("a tight one", {"barrier": "cycle_barrier", "opening": "0.8", "spacing": "1.5"}, FOOT, FOOT, CHAIRS, "barrier"),
    ("a cycle barrier tried out", {"barrier": "cycle_barrier", "wheelchair": "yes"}, FOOT, FOOT, CHAIRS, ""),
    ("a gate that wheelchairs do not pass", {"barrier": "gate", "wheelchair": "no"}, FOOT, FOOT, CHAIRS, "wheelchair"),
    ("the same gate for others", {"barrier": "gate", "wheelchair": "no"}, FOOT, FOOT, (RO, ST, *OTHERS), ""),
    ("a raised kerb onto the street", {"kerb": "raised"}, FOOT, ROAD, WHEELS, "kerb"),
    ("a raised kerb with a cane", {"kerb": "raised"}, FOOT, ROAD, OTHERS, ""),
    ("a kerb above the cane", {"kerb:height": "0.20"}, FOOT, ROAD, (*WHEELS, CA), "kerb"),
    ("a raised kerb from a crossing", {"kerb": "raised"}, CROSS, FOOT, WHEELS, "kerb"),
    ("a raised kerb along a crossing", {"kerb": "raised"}, CROSS, CROSS, WHEELS, "kerb"),
    ("a raised kerb beside the footway", {"kerb": "raised"}, FOOT, FOOT, EVERYONE, ""),
    ("a raised kerb along the street", {"kerb": "raised"}, ROAD, ROAD, EVERYONE, ""),
    ("a driveway has no kerb", {"kerb": "raised"}, FOOT, DRIVE, EVERYONE, ""),
    ("a driveway has none to the street", {"kerb": "raised"}, DRIVE, ROAD, EVERYONE, ""),
    ("a lowered kerb", {"kerb": "lowered"}, FOOT, ROAD, EVERYONE, ""),
    ("a rolled kerb", {"kerb": "rolled"}, FOOT, ROAD, (MW, RO), "kerb"),
    ("a rolled kerb for bigger wheels", {"kerb": "rolled"}, FOOT, ROAD, (PW, SC, ST), ""),
    ("the height wins over the word", {"kerb": "raised", "kerb:height": "3 cm"}, FOOT, ROAD, EVERYONE, ""),
    ("the height wins both ways", {"kerb": "lowered", "kerb:height": "6cm"}, FOOT, ROAD, (MW, PW, RO), "kerb"),
    ("a kerb of unknown height", {"kerb": "yes"}, FOOT, ROAD, EVERYONE, ""),
    ("a barrier=kerb without a word", {"barrier": "kerb"}, FOOT, ROAD, EVERYONE, ""),
    ("a kerb tagged on the crossing way", {}, FOOT, CROSS | {"kerb": "raised"}, WHEELS, "kerb"),
    ("a lowered kerb on the crossing way", {}, FOOT, CROSS | {"kerb": "lowered"}, EVERYONE, ""),
    (
        "a dead-end lift passed on one level",
        {"highway": "elevator", "wheelchair": "no"},
        *(FOOT | {"level": "0"}, FOOT | {"level": "0;1"}, EVERYONE, ""),
    ),
    (
        "a lift ridden",
        {"highway": "elevator", "wheelchair": "no"},
        *(FOOT | {"level": "0"}, FOOT | {"level": "1"}, CHAIRS, "wheelchair"),
    ),
    (
        "a private lift ridden",
        {"highway": "elevator", "access": "private"},
        *(FOOT | {"level": "0"}, FOOT | {"level": "1"}, EVERYONE, "access"),
    ),
]


@pytest.mark.parametrize("row", DECIDED, ids=[row[0] for row in DECIDED])
def test_passing_a_node_blames_and_searches_alike(tmp_path: Path, row: tuple[Any, ...]) -> None:
    _, node, before, after, profiles, code = row
    drawn = line(tmp_path, before, node=node, then=after)
    there, back = drawn.route((1, "a b"), (2, "b c")), drawn.route((2, "c b"), (1, "b a"))
    for profile in profiles:
        assert drawn.codes(profile, there) == drawn.codes(profile, back) == ([code] if code else []), profile
        assert drawn.ok(profile, "a", "c") is drawn.ok(profile, "c", "a") is (not code), profile


UNDECIDED: list[tuple[str, Tags, Tags, Tags, str]] = [
    ("a fence over the way", {"barrier": "fence"}, FOOT, FOOT, MW),
    ("a cycle barrier of known opening, unknown spacing", {"barrier": "cycle_barrier", "opening": "1"}, FOOT, FOOT, MW),
    ("a boom that is private", {"barrier": "lift_gate", "access": "private"}, ROAD, ROAD, WA),
    ("the node knows better than the way", {"kerb": "flush"}, FOOT, CROSS | {"kerb": "raised"}, MW),
    ("a step mapped as a node", {"highway": "steps", "step_count": "2"}, FOOT, FOOT, MW),
    ("a cycle barrier in the wrong key", {"gate": "cycle_barrier"}, FOOT, FOOT, MW),
    ("an older key", {"curb": "raised"}, FOOT, ROAD, MW),
    ("a kerb word nobody defined", {"kerb": "regular"}, FOOT, ROAD, MW),
    ("two kerb words", {"kerb": "lowered;raised"}, FOOT, ROAD, MW),
    ("a gate with hours", {"barrier": "gate", "opening_hours": "Mo-Fr 08:00-18:00"}, FOOT, FOOT, WA),
    ("an entrance that says no to wheelchairs", {"entrance": "main", "wheelchair": "no"}, FOOT, FOOT, MW),
    ("a lift of unknown level", {"highway": "elevator", "wheelchair": "no"}, FOOT, FOOT, MW),
]


@pytest.mark.parametrize("row", UNDECIDED, ids=[row[0] for row in UNDECIDED])
def test_what_the_contract_leaves_open_is_neither_blamed_nor_used(tmp_path: Path, row: tuple[Any, ...]) -> None:
    _, node, before, after, profile = row
    drawn = line(tmp_path, before, node=node, then=after)
    assert drawn.codes(profile, drawn.route((1, "a b"), (2, "b c"))) == []
    assert not drawn.ok(profile, "a", "c")


def test_a_node_is_passed_only_when_entered_and_left(tmp_path: Path) -> None:
    drawn = line(tmp_path, FOOT, node={"barrier": "stile"})
    assert drawn.codes(MW, drawn.route((1, "a b"))) == []
    assert drawn.codes(MW, drawn.route((1, "b c"))) == []
    assert drawn.ok(MW, "a", (49.0, 0.0))
    assert drawn.codes(MW, drawn.route((1, "b c"), start=(45.0, 0.0))) == ["barrier"], "five metres before it"
    assert not drawn.ok(MW, (45.0, 0.0), "c")


def test_the_street_beside_a_kerb_node_stays_open(tmp_path: Path) -> None:
    """Splitting at a raised kerb closes the way up, not the two ways past it."""
    at = {"a": (0.0, 0.0), "b": (50.0, 0.0), "c": (100.0, 0.0), "d": (50.0, 50.0), "e": (50.0, -50.0)}
    ways = [(1, "a b c", ROAD), (2, "d b e", FOOT)]
    drawn = draw(tmp_path, at, ways, {"b": {"kerb": "raised"}})
    assert drawn.ok(MW, "a", "c")
    assert not drawn.ok(MW, "a", "d")
    assert drawn.ok(CA, "a", "d")
    assert drawn.codes(MW, drawn.route((2, "d b e"))) == [], "walkway to walkway"
    assert not drawn.ok(MW, "d", "e"), "over the carriageway the searcher trusts no raised kerb"


@pytest.mark.parametrize(
    ("node", "before", "after", "profile", "points"),
    [
        ({"kerb": "raised"}, FOOT, ROAD, MW, 45.0),
        ({"kerb:height": "0.05"}, FOOT, ROAD, MW, 10.0),
        ({"kerb:height": "0.05"}, FOOT, ROAD, PW, 0.0),
        ({"barrier": "cycle_barrier"}, FOOT, FOOT, MW, 200.0),
        ({"barrier": "bollard", "maxwidth:physical": "0.8"}, FOOT, FOOT, MW, 10.0),
        ({"barrier": "gate", "wheelchair": "no"}, FOOT, FOOT, MW, 30.0),
    ],
)
def test_harm_at_nodes_weighs_as_the_contract_says(
    tmp_path: Path, node: Tags, before: Tags, after: Tags, profile: str, points: float
) -> None:
    drawn = line(tmp_path, before, node=node, then=after)
    assert drawn.points(profile, drawn.route((1, "a b"), (2, "b c"))) == pytest.approx(points, abs=0.01)
    assert drawn.least(profile, "a", "c") == pytest.approx(points, abs=0.01)


def test_what_is_never_passed_has_no_weight(tmp_path: Path) -> None:
    drawn = line(tmp_path, FOOT, node={"barrier": "stile"})
    assert drawn.points(MW, drawn.route((1, "a b c"))) == float("inf")
    assert drawn.least(MW, "a", "c") is None
    assert drawn.least(WA, "a", "c") == pytest.approx(0.0, abs=0.01)


def test_an_unknown_kerb_is_refused_only_when_asked(tmp_path: Path) -> None:
    told = {"surface": "asphalt", "width": "2", "incline": "0%"}
    drawn = line(tmp_path, FOOT | told, then=ROAD | told)
    route = drawn.route((1, "a b"), (2, "b c"))
    assert drawn.codes(MW, route) == []
    assert drawn.codes(MW, route, unknown="allow") == []
    assert drawn.codes(MW, route, unknown="avoid") == ["unknown_kerb"]
    assert not drawn.ok(MW, "a", "c", unknown="avoid")
    known = line(tmp_path, FOOT | told, then=ROAD | told, node={"kerb": "flush"})
    assert known.codes(MW, known.route((1, "a b"), (2, "b c")), unknown="avoid") == []
    assert known.ok(MW, "a", "c", unknown="avoid")


def test_a_raised_kerb_is_passed_with_carry(tmp_path: Path) -> None:
    drawn = line(tmp_path, FOOT, then=ROAD, node={"kerb": "raised"})
    route = drawn.route((1, "a b"), (2, "b c"))
    assert drawn.codes(ST, route) == ["kerb"]
    assert drawn.codes(ST, route, options={"carry": True}) == []
    assert drawn.codes(MW, route, limits={"kerb_max_m": 0.16}) == []
    assert drawn.codes(MW, route, limits={"kerb_max_m": 0.159999}) == [], "a millionth of a metre is the tolerance"
    assert drawn.codes(MW, route, limits={"kerb_max_m": 0.1599}) == ["kerb"]


def test_a_kerb_said_twice_is_one_kerb(tmp_path: Path) -> None:
    """The crossing way says raised and its own node says where: one event, not one more at the end of the way."""
    at = {"a": (0.0, 0.0), "b": (50.0, 0.0), "k": (52.0, 0.0), "c": (60.0, 0.0), "d": (90.0, 0.0)}
    ways = [(1, "a b", FOOT), (2, "b k c", CROSS | {"kerb": "raised"}), (3, "c d", CROSS)]
    drawn = draw(tmp_path, at, ways, {"k": {"barrier": "kerb", "kerb": "raised"}})
    assert drawn.points(MW, drawn.route((1, "a b"), (2, "b k c"), (3, "c d"))) == pytest.approx(45.0)
    plain = draw(tmp_path, at, ways)
    assert plain.points(MW, plain.route((1, "a b"), (2, "b k c"), (3, "c d"))) == pytest.approx(45.0)
