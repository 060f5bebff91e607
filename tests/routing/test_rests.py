"""Which seats are told on the way: the last one before a stretch longer than the person wishes, where it really is."""

from __future__ import annotations

import pytest

from accessibility.profiles import built_in
from routing.answers import RouteAnswer, RouteRequest, Step, Waypoint
from routing.rests import Sitting, rests
from routing.telling import Remark
from tests.support.drawn import Town, drawn

FOOT = "highway=footway"
BENCH = "amenity=bench"


def told(seats_m: list[float], every_m: float = 100, walked_m: list[float] | None = None) -> list[tuple[int, float]]:
    """Vertex of each seat that is told, and how far behind it."""
    found = rests(Sitting(every_m, seats_m), walked_m or [0.0, 50.0, 100.0, 200.0, 300.0])
    return [(event.vertex, event.after_m) for event in found]


def test_a_seat_before_a_long_stretch_is_told() -> None:
    assert told([50.0, 100.0, 210.0]) == [(2, 0.0)], "from 210 the end is 90 m away"
    assert told([50.0, 100.0]) == [(2, 0.0)]
    assert told([50.0]) == [(1, 0.0)]
    assert told([250.0]) == []
    assert told([50.0], every_m=250) == []
    assert told([]) == []


def test_where_it_really_is() -> None:
    """At a vertex within 10 m; else so far behind the one before."""
    assert told([93.0]) == [(2, 0.0)]
    assert told([108.0]) == [(2, 0.0)]
    assert told([130.0]) == [(2, 30.0)]


def test_what_comes_next() -> None:
    found = rests(Sitting(60, [50.0, 190.0]), [0.0, 50.0, 190.0, 300.0])
    assert [event.more for event in found] == [(Remark("next_seat", metres=140),), (Remark("no_seat"),)]


def test_a_leg_that_goes_nowhere() -> None:
    assert rests(Sitting(10, [0.0]), [0.0]) == []


def steps(town: Town, profile: str, seat_every_m: float | None = None, language: str = "en") -> list[Step]:
    ends = (Waypoint(*town.at["a"]), Waypoint(*town.at["e"]))
    request = RouteRequest(ends, built_in[profile], language=language, seat_every_m=seat_every_m)
    answer = town.router.route(request)
    assert isinstance(answer, RouteAnswer)
    return answer.routes[0].legs[0].steps


def street(drawing: str) -> Town:
    return drawn(drawing, ways={"abde": FOOT}, nodes={letter: BENCH for letter in "st" if letter in drawing})


def test_a_seat_is_a_step_of_its_own() -> None:
    town = street(
        """
        a---------b-------------------d---------e
                  s                  t
        """
    )
    found = steps(town, "cane_elderly", 60)
    assert [(step.kind, step.distance_m) for step in found] == [
        ("depart", 50.0),
        ("rest", 150.0),
        ("arrive", 0.0),
    ]
    assert found[1].text == "You can sit down here. The next seat is 95 m farther. Go 150 m."
    assert steps(town, "cane_elderly", 60, "de")[1].text == (
        "Hier können Sie sich setzen. Der nächste Sitzplatz ist 95 m weiter. Gehen Sie 150 m."
    )
    assert steps(town, "cane_elderly", 60, "zh-Hans")[1].text == "这里可以坐下休息。距下一处座位还有95米。前行150米。"


def test_a_seat_far_from_any_vertex_is_told_with_its_distance() -> None:
    town = street(
        """
        a-b-----------------------------------d-e
                      s
        """
    )
    found = steps(town, "cane_elderly", 50)
    assert [step.kind for step in found] == ["depart", "arrive"]
    assert found[0].text == (
        "Start towards the east on the footpath. Go 200 m. You can sit down after 70 m. "
        "After it there is no other seat before you arrive."
    )


@pytest.mark.parametrize(("profile", "wishes"), [("walk", False), ("manual_wheelchair", False), ("rollator", True)])
def test_seats_are_told_to_whom_they_matter(profile: str, wishes: bool) -> None:
    town = street(
        """
        a---------b-------------------d---------e
                  s
        """
    )
    assert ("rest" in [step.kind for step in steps(town, profile)]) == wishes
    assert "rest" in [step.kind for step in steps(town, profile, 50)]
