"""Other ways: what each is good for, and when there is none. Three ways lead from a to d, one character is 10 m."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from accessibility.barriers import Barrier
from routing.answers import RouteAnswer
from tests.support.drawn import Town, drawn
from tests.support.questions import answered

GOOD = "highway=footway incline=0% surface=asphalt smoothness=good width=2"
WAYS = {"above": "be ef fc", "straight": "bc", "below": "bg gh hc"}


def three_ways(
    *, above: str = "", straight: str = "", below: str = "", nodes: Mapping[str, str | Mapping[str, str]] | None = None
) -> Town:
    """Between b and c: 300 m straight, 340 m above, 360 m below; each with tags of its own."""
    tags = {"above": above, "straight": straight, "below": below}
    ways = {"ab": GOOD, "cd": GOOD} | {
        line: f"{GOOD} {tags[name]}" for name, lines in WAYS.items() for line in lines.split()
    }
    return drawn(
        """
             e-----------------------------f
             |                             |
        a----b-----------------------------c----d
             |                             |
             |                             |
             g-----------------------------h
        """,
        ways=ways,
        nodes=nodes,
        cell_m=10,
    )


def told(town: Town, answer: RouteAnswer) -> list[tuple[str, str]]:
    """Why each route is given, and by which street it goes."""
    found = []
    for route in answer.routes:
        letters = {town.letters.get(node) for segment in route.segments for node in segment.node_ids}
        found.append((route.why, "above" if "e" in letters else "below" if "g" in letters else "straight"))
    return found


def ask(town: Town, most: int, profile: str = "manual_wheelchair", **more: object) -> list[tuple[str, str]]:
    found = told(town, answered(town, "a", "d", alternatives=most, profile=profile, **more))
    town.close()
    return found


@pytest.mark.parametrize(
    ("most", "ways"),
    [
        (0, [("shortest", "straight")]),
        (1, [("shortest", "straight"), ("different", "above")]),
        (2, [("shortest", "straight"), ("different", "above"), ("different", "below")]),
        (5, [("shortest", "straight"), ("different", "above"), ("different", "below")]),
    ],
)
def test_other_streets_come_by_cost(most: int, ways: list[tuple[str, str]]) -> None:
    assert ask(three_ways(), most) == ways


def test_the_gentlest_way() -> None:
    """Straight is a slope of 0.5 %: within every limit, comfortable enough; the ways around are level."""
    found = ask(three_ways(straight="incline=0.5%", below="incline=0.25%"), 1)
    assert found == [("shortest", "straight"), ("gentlest", "above")]


def test_the_best_known_way() -> None:
    """Of the straight way nobody has said the surface; it is taken for paved and costs a little."""
    town = three_ways(below="surface=sett")
    ways = {**dict.fromkeys(("ab", "cd", "be", "ef", "fc"), GOOD), "bc": "highway=footway width=2 incline=0%"}
    town.close()
    town = drawn(
        """
             e-----------------------------f
             |                             |
        a----b-----------------------------c----d
        """,
        ways=ways,
        cell_m=10,
    )
    assert ask(town, 1) == [("shortest", "straight"), ("best_known", "above")]


def test_the_way_with_most_seats_for_those_who_need_them() -> None:
    benches = {"g": "amenity=bench", "h": "amenity=bench"}
    assert ask(three_ways(nodes=benches), 2, "rollator") == [
        ("shortest", "straight"),
        ("most_seats", "below"),
        ("different", "above"),
    ]
    assert ("most_seats", "below") not in ask(three_ways(nodes=benches), 2, "manual_wheelchair")


def test_the_way_with_the_fewest_crossings() -> None:
    """Straight, two roads have to be crossed, with flush kerbs at zebras; above, none."""
    zebra = "highway=crossing crossing=zebra kerb=flush tactile_paving=yes"
    town = drawn(
        """
             e-----------------------------f
             |                             |
             |         i         k         |
             |         |         |         |
        a----b---------p---------q---------c----d
                       |         |
                       j         l
        """,
        ways={
            **dict.fromkeys(("ab", "bpqc", "cd", "be", "ef", "fc"), GOOD),
            "ipj": "highway=residential sidewalk=no",
            "kql": "highway=residential sidewalk=no",
        },
        nodes={"p": zebra, "q": zebra},
        cell_m=10,
    )
    assert ask(town, 1, "low_vision") == [("shortest", "straight"), ("fewest_crossings", "above")]


# --- limits -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("broken", ["width=0.5", "surface=sand", "incline=15%", "access=private"])
def test_no_other_way_breaks_a_limit_beside_one_that_keeps_them(broken: str) -> None:
    assert ask(three_ways(above=broken), 5) == [("shortest", "straight"), ("different", "below")]


def narrow(above: str, straight: str, below: str) -> Town:
    """One street of each way is as narrow as that; a wheelchair wants 90 cm."""
    ways = dict.fromkeys(("ab", "cd", "be", "fc", "bg", "hc"), GOOD)
    narrows = {"ef": above, "bc": straight, "gh": below}
    return drawn(
        """
             e-----------------------------f
             |                             |
        a----b-----------------------------c----d
             |                             |
             |                             |
             g-----------------------------h
        """,
        ways=ways | {line: f"{GOOD} width={width}" for line, width in narrows.items()},
        cell_m=10,
    )


@pytest.mark.parametrize(
    ("town", "ways", "missing"),
    [
        (narrow("0.8", "0.8", "0.8"), ["straight", "above", "below"], ["no_other_way"]),
        (narrow("0.6", "0.8", "0.8"), ["straight", "below"], ["no_other_way"]),
        (narrow("0.6", "0.8", "0.7"), ["straight"], ["no_other_way"]),
    ],
)
def test_beside_the_least_harm_only_what_does_no_more(town: Town, ways: list[str], missing: list[str]) -> None:
    answer = answered(town, "a", "d", alternatives=5)
    found = told(town, answer)
    town.close()
    assert answer.status == "least_bad"
    assert [street for _, street in found] == ways
    assert all([one.code for one in route.violations] == ["width"] for route in answer.routes)
    assert answer.fewer_because is not None
    assert set(answer.fewer_because) <= {*missing, "more_harm", "too_similar"}


def test_where_there_is_no_other_way_the_answer_says_so() -> None:
    town = drawn("a----b----c", ways={"ab": GOOD, "bc": GOOD}, cell_m=20)
    answer = answered(town, "a", "c", alternatives=2)
    town.close()
    assert len(answer.routes) == 1
    assert answer.fewer_because == ["no_other_way"]


def test_too_long_a_way_is_none() -> None:
    town = drawn(
        """
             e----f
             |    |
             |    |
             |    |
             |    |
             |    |
             |    |
        a----b----c----d
        """,
        ways=dict.fromkeys(("ab", "bc", "cd", "be", "ef", "fc"), GOOD),
        cell_m=10,
    )
    answer = answered(town, "a", "d", alternatives=2)
    town.close()
    assert len(answer.routes) == 1, "190 m instead of 50 m"


def test_the_other_side_of_the_street_is_no_other_way() -> None:
    """Two pavements 10 m apart."""
    town = drawn(
        """
        e-----------------------------f
        a-----------------------------d
        """,
        ways=dict.fromkeys(("ad", "ae", "ef", "fd"), GOOD),
        cell_m=10,
    )
    answer = answered(town, "a", "d", alternatives=2)
    town.close()
    assert len(answer.routes) == 1


# --- what else the question carries -----------------------------------------------------------------------------------


def test_a_closure_takes_a_way_away_from_the_others_too() -> None:
    town = three_ways()
    place = town.at["e"]
    report = {"type": "Point", "coordinates": place}
    town.router.apply([Barrier(uuid4(), "closure", 4, place, report, "confirmed", active=True, revision=1)], 1)
    first = told(town, answered(town, "a", "d", alternatives=5))
    cleared = Barrier(uuid4(), "closure", 4, place, report, "cleared", active=False, revision=2)
    town.router.apply([*(_gone(one, 2) for one in town.router.state.overlay.barriers.values()), cleared], 2)
    second = ask(town, 5)
    assert first == [("shortest", "straight"), ("different", "below")]
    assert ("different", "above") in second


def test_every_way_says_what_was_reported_on_it_or_avoided() -> None:
    """Something stands in the straight way, perhaps: it costs, and who goes above avoids it."""
    town = three_ways(below="width=0.5")
    (ax, ay), (bx, by) = town.at["b"], town.at["c"]
    place = ((ax + bx) / 2, (ay + by) / 2)
    report = {"type": "Point", "coordinates": place}
    town.router.apply([Barrier(uuid4(), "obstacle", 1, place, report, "suspected", active=True, revision=1)], 1)
    answer = answered(town, "a", "d", alternatives=1, way_back=True)
    found = told(town, answer)
    town.close()
    assert sorted(street for _, street in found) == ["above", "straight"]
    told_of = zip(found, answer.routes, strict=True)
    effects = {street: [one.effect for one in route.barriers] for (_, street), route in told_of}
    assert effects == {"straight": ["penalised"], "above": ["avoided"]}


def _gone(barrier: Barrier, revision: int) -> Barrier:
    return Barrier(
        barrier.id, barrier.kind, 4, barrier.place, barrier.geometry, "cleared", active=False, revision=revision
    )


def test_what_was_wished_for_before_knows_the_next_closure() -> None:
    """The metric of a wish is kept, and brought up to what is reported afterwards."""
    town = three_ways(straight="incline=0.5%")
    before = told(town, answered(town, "a", "d", alternatives=1))
    place = town.at["f"]
    report = {"type": "Point", "coordinates": place}
    town.router.apply([Barrier(uuid4(), "closure", 4, place, report, "confirmed", active=True, revision=1)], 1)
    after = ask(town, 1)
    assert before == [("shortest", "straight"), ("gentlest", "above")]
    assert after == [("shortest", "straight"), ("gentlest", "below")]


def test_what_is_avoided_is_avoided_by_all() -> None:
    town = three_ways()
    lon, lat = town.at["e"]
    ring = [[lon - 1e-4, lat - 1e-5], [lon + 1e-4, lat - 1e-5], [lon + 1e-4, lat + 1e-5], [lon - 1e-4, lat - 1e-5]]
    found = ask(town, 5, avoid={"type": "Polygon", "coordinates": [ring]})
    assert found == [("shortest", "straight"), ("different", "below")]


@pytest.mark.parametrize(("hour", "open_"), [(12, True), (22, False)])
def test_another_way_is_open_when_one_gets_there(hour: int, open_: bool) -> None:
    town = three_ways(nodes={"e": {"barrier": "gate", "opening_hours": "08:00-18:00"}})
    found = ask(town, 5, depart_at=datetime(2026, 11, 24, hour, tzinfo=UTC))
    assert (("different", "above") in found) == open_


def test_a_way_that_closes_before_one_gets_there_is_not_offered_and_that_is_said() -> None:
    """The gate at f, 370 m and eight minutes away, closes at 18:00 in Heidelberg; it is 17:57."""
    town = three_ways(below="width=0.5", nodes={"f": {"barrier": "gate", "opening_hours": "08:00-18:00"}})
    early, late = (
        answered(town, "a", "d", alternatives=2, depart_at=datetime(2026, 11, 24, 16, minute, tzinfo=UTC))
        for minute in (30, 57)
    )
    found = told(town, early), told(town, late)
    town.close()
    assert found == ([("shortest", "straight"), ("different", "above")], [("shortest", "straight")])
    assert late.fewer_because == ["closed_on_arrival"]


def test_every_leg_is_still_there() -> None:
    town = three_ways()
    answer = answered(town, "a", "d", "a", alternatives=1)
    town.close()
    assert len(answer.routes) == 2
    assert [len(route.legs) for route in answer.routes] == [2, 2]


def test_each_way_says_whether_one_could_come_back() -> None:
    """Above it goes down 8 %, which is too steep to come up again that far; but straight one can."""
    town = three_ways(above="conveying=forward")
    answer = answered(town, "a", "d", alternatives=1, profile="walk")
    town.close()
    assert [route.summary.return_ for route in answer.routes] == ["ok"] * len(answer.routes)


def test_asking_for_others_never_changes_the_first() -> None:
    town = three_ways(straight="incline=0.5%", nodes={"g": "amenity=bench"})
    plain = answered(town, "a", "d")
    more = answered(town, "a", "d", alternatives=5)
    town.close()
    assert plain.routes == more.routes[:1]
    assert plain.fewer_because is None
