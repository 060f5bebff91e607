"""Numbers of a picture: the same words, the same number; limits first, then barriers, then notes."""

from __future__ import annotations

from msgspec.structs import replace

from api.picture_marks import marks_of
from api.plain_words import plain_words
from routing.answers import BarrierOnRoute, Note, Route, Violation
from tests.support.drawn import drawn

HERE, THERE = (8.69, 49.41), (8.70, 49.42)


def route() -> Route:
    town = drawn("a----b", ways={"ab": "highway=footway"})
    return town.route("a", "b").routes[0]


def test_the_same_limit_at_many_places_is_one_number() -> None:
    kerb = Violation("kerb", 0.1, 0.03, False, HERE, node_id=1)
    slope = Violation("incline", 0.1, 0.06, False, HERE, length_m=20.0, way_id=1)
    found = marks_of(
        replace(route(), violations=[kerb, slope, replace(kerb, at=THERE, value=0.2)]), lambda _: None, plain_words()
    )
    assert [(mark.number, mark.shape, mark.places) for mark in found] == [
        (1, "triangle", [HERE, THERE]),
        (2, "triangle", [HERE]),
    ]
    assert found[0].words == "A kerb: limit 3 cm, at 2 places"
    assert found[1].words == "A slope: 10.0 %, limit 6.0 %, for 20 m"


def test_a_barrier_that_breaks_a_limit_is_marked_once() -> None:
    broken = Violation("barrier", None, None, False, HERE, barrier_id="one")
    barriers = [BarrierOnRoute(name, "construction", "confirmed", "avoided") for name in ("one", "two")]
    notes = [Note("private_end", HERE), Note("private_end", THERE)]
    found = marks_of(
        replace(route(), violations=[broken], barriers=barriers, notes=notes), lambda _: THERE, plain_words()
    )
    assert [(mark.shape, mark.places) for mark in found] == [
        ("triangle", [HERE]),
        ("diamond", [THERE]),
        ("square", [HERE, THERE]),
    ]
    assert found[1].words == "Building works (confirmed): the way goes around it"


def test_a_barrier_nobody_knows_any_more_is_said_but_not_marked() -> None:
    barrier = BarrierOnRoute("one", "construction", "confirmed", "passed")
    (found,) = marks_of(replace(route(), barriers=[barrier]), lambda _: None, plain_words())
    assert found.places == []
