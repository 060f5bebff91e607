"""Seats on the way: which count, how far it is between them, and the way that leads by them when it is wished for.

One character is 10 m; a way from a to b that is 200 m long and has a bench in the middle has gaps of 100 m.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import uuid4

import pytest

from accessibility.barriers import Barrier
from tests.support.drawn import Town, drawn
from tests.support.questions import answered

GOOD = "highway=footway incline=0% surface=asphalt smoothness=good width=2"
BENCH = "amenity=bench"


def street(nodes: Mapping[str, str], beside: str = "") -> Town:
    """a, 200 m to b; seats may stand at p (50 m), q (100 m), r (150 m), all on the way."""
    return drawn("a----p----q----r----b" + beside, ways={"apqrb": GOOD}, nodes=nodes, cell_m=10)


@pytest.mark.parametrize(
    ("nodes", "seats", "gap_m"),
    [
        ({}, 0, 200),
        ({"q": BENCH}, 1, 100),
        ({"p": BENCH}, 1, 150),
        ({"p": BENCH, "q": BENCH, "r": BENCH}, 3, 50),
        ({"q": "highway=bus_stop"}, 0, 200),
        ({"q": "highway=bus_stop bench=yes"}, 1, 100),
        ({"q": "highway=bus_stop bench=no shelter=yes"}, 0, 200),
        ({"q": "amenity=shelter"}, 0, 200),
        ({"q": "amenity=shelter bench=yes"}, 1, 100),
        ({"q": "amenity=bench access=private"}, 0, 200),
        ({"q": "amenity=bench level=3"}, 1, 100),  # nobody has said on which storey the way is
        ({"a": BENCH}, 1, 200),  # one sits before setting out, and then 200 m lie ahead
    ],
)
def test_every_answer_says_where_one_can_sit(nodes: Mapping[str, str], seats: int, gap_m: float) -> None:
    town = street(nodes)
    found = answered(town, "a", "b").routes[0].summary
    town.close()
    assert found.seats == seats
    assert found.longest_gap_without_seat_m == pytest.approx(gap_m, abs=0.5)


@pytest.mark.parametrize(("rows", "seats"), [(1, 1), (2, 0)])
def test_a_seat_counts_within_10_m(rows: int, seats: int) -> None:
    """9 m beside the way it is on it, 18 m beside it is not."""
    below = "\n" * rows + "          s"
    town = drawn("a---------q---------b" + below, ways={"aqb": GOOD}, nodes={"s": BENCH}, cell_m=9)
    found = answered(town, "a", "b").routes[0].summary
    town.close()
    assert found.seats == seats


def test_a_seat_on_another_storey_is_none() -> None:
    town = drawn("a----q----b", ways={"aqb": f"{GOOD} level=0"}, nodes={"q": "amenity=bench level=1"}, cell_m=10)
    found = answered(town, "a", "b").routes[0].summary
    town.close()
    assert found.seats == 0


def test_one_seat_beside_two_streets_is_one_seat() -> None:
    """The way turns the corner at q; the bench is near both streets and counts once."""
    town = drawn(
        """
        a---------q
                  |
                  |
                  b
        """,
        ways={"aq": GOOD, "qb": GOOD},
        nodes={"q": BENCH},
        cell_m=10,
    )
    found = answered(town, "a", "b").routes[0].summary
    town.close()
    assert found.seats == 1
    assert found.longest_gap_without_seat_m == pytest.approx(100, abs=0.5)


@pytest.mark.parametrize(("standing", "seats"), [("confirmed", 0), ("suspected", 1)])
def test_a_seat_that_is_gone_does_not_count_once_that_is_confirmed(standing: str, seats: int) -> None:
    town = street({"q": BENCH})
    place = town.at["q"]
    report = {"type": "Point", "coordinates": place}
    town.router.apply([Barrier(uuid4(), "seat_missing", 1, place, report, standing, active=True, revision=1)], 1)
    found = answered(town, "a", "b").routes[0]
    town.close()
    assert found.summary.seats == seats
    assert found.violations == []


# --- wishing for a seat -----------------------------------------------------------------------------------------------


BENCHES = {"p": BENCH, "q": BENCH, "r": BENCH}


def two_ways(benches: Mapping[str, str]) -> Town:
    """From a to d: straight, 400 m without a seat; or round by e and f, 440 m, with the benches given."""
    return drawn(
        """
             e----p---------q---------r----f
             |                             |
        a----b-----------------------------c----d
        """,
        ways={"ab": GOOD, "bc": GOOD, "cd": GOOD, "be": GOOD, "epqrf": GOOD, "fc": GOOD},
        nodes=benches,
        cell_m=10,
    )


@pytest.mark.parametrize(
    ("every_m", "benches", "way"),
    [
        (None, BENCHES, "straight"),
        (500.0, BENCHES, "straight"),  # 400 m are not too long
        (100.0, BENCHES, "round"),
        (100.0, {}, "straight"),  # no seat there either
    ],
)
def test_the_way_leads_by_seats_where_that_is_wished_for(
    every_m: float | None, benches: Mapping[str, str], way: str
) -> None:
    town = two_ways(benches)
    answer = answered(town, "a", "d", profile="rollator", seat_every_m=every_m)
    path, found = town.path(answer), answer.routes[0].summary
    town.close()
    assert ("e" in path) == (way == "round")
    assert answer.status == "ok"
    if way == "round":
        assert (found.seats, found.longest_gap_without_seat_m) == (3, pytest.approx(120, abs=1))


def test_where_there_is_no_seat_the_answer_says_how_long_there_is_none() -> None:
    town = two_ways({})
    found = answered(town, "a", "d", profile="rollator", seat_every_m=50.0).routes[0].summary
    town.close()
    assert (found.seats, found.longest_gap_without_seat_m) == (0, pytest.approx(400, abs=0.5))


def test_a_seat_is_never_worth_a_limit() -> None:
    """The way round by the benches is 50 cm wide: a rollator stays on the straight one."""
    town = drawn(
        """
             e----p----q----f
             |              |
        a----b--------------c---------d
        """,
        ways={"ab": GOOD, "bc": GOOD, "cd": GOOD, "be": f"{GOOD} width=0.5", "epqf": GOOD, "fc": GOOD},
        nodes={"p": BENCH, "q": BENCH},
        cell_m=10,
    )
    answer = answered(town, "a", "d", profile="rollator", seat_every_m=50.0)
    path = town.path(answer)
    town.close()
    assert (answer.status, "e" in path) == ("ok", False)


def test_a_bench_down_a_side_path_is_worth_going_there_and_back() -> None:
    """720 m without a seat but for the bench at s, 12 m beside the way: one who needs one every 100 m goes there."""
    picture = """
        a-----------------------------b-----------------------------c
                                      s
    """
    town = drawn(picture, ways={"ab": GOOD, "bc": GOOD, "bs": GOOD}, nodes={"s": BENCH}, cell_m=12)
    plain = answered(town, "a", "c", profile="cane_elderly").routes[0]
    rested = answered(town, "a", "c", profile="cane_elderly", seat_every_m=100.0).routes[0]
    town.close()
    assert (plain.summary.seats, rested.summary.seats) == (0, 1)
    assert rested.distance_m == pytest.approx(plain.distance_m + 24, abs=1)
    assert rested.summary.longest_gap_without_seat_m == pytest.approx(372, abs=1)
    assert plain.violations == rested.violations == []


def test_a_bench_within_sight_of_the_way_needs_no_detour() -> None:
    """9 m into the side path: one sees it from the way, and does not turn in."""
    picture = """
        a-----------------------------b-----------------------------c
                                      s
                                      |
                                      t
    """
    town = drawn(picture, ways={"ab": GOOD, "bc": GOOD, "bst": GOOD}, nodes={"s": BENCH}, cell_m=9)
    plain = answered(town, "a", "c", profile="rollator").routes[0]
    rested = answered(town, "a", "c", profile="rollator", seat_every_m=100.0).routes[0]
    town.close()
    assert plain.summary.seats == rested.summary.seats == 1
    assert plain.distance_m == rested.distance_m


def test_seats_are_looked_for_on_every_leg_and_on_the_way_back() -> None:
    town = two_ways(BENCHES)
    answer = answered(town, "a", "d", "a", profile="rollator", seat_every_m=100.0, way_back=True)
    town.close()
    assert answer.routes[0].summary.seats == 3
    assert [leg.distance_m for leg in answer.routes[0].legs] == pytest.approx([440, 440], abs=1)
    assert answer.back is not None
    assert answer.back.route is not None
    assert answer.back.route.distance_m == pytest.approx(880, abs=1)
