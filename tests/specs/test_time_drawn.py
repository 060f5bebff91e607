"""The clock and the way: gates, lifts, conditions and closures, each as it is when the person gets there.

All of it lies in Heidelberg. 24 November 2026 is a Tuesday. A manual wheelchair goes 0.75 m/s: 125 m to a gate take
2 min 47 s, and another 10 s to open it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from accessibility.barriers import Barrier
from accessibility.profiles import built_in
from routing.answers import NoRoute, NotTaken, RouteAnswer
from tests.support.drawn import Town, drawn
from tests.support.questions import answered, asked
from tests.support.table import Row, spec, tags_of

HERE = ZoneInfo("Europe/Berlin")
GOOD = "highway=footway incline=0% surface=asphalt smoothness=good width=2"


def local(clock: str, day: str = "2026-11-24") -> datetime:
    """A moment by the clock on the wall."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=HERE)


def park(gate: str = "", way: str = "", *, around: str = GOOD) -> Town:
    """Straight through the park by the gate g, 125 m from a; or around by e and f. `gate`, `way`: other tags."""
    return drawn(
        """
                            e---------f
                            |         |
                            |         |
        a-------------------b----g----c-------------------d
        """,
        ways={"ab": GOOD, "bgc": tags_of(GOOD) | tags_of(way), "cd": GOOD, "be": around, "ef": around, "fc": around},
        nodes={"g": tags_of(gate)} if gate else None,
    )


def way_at(town: Town, clock: str, *, day: str = "2026-11-24", **asking: Any) -> str:
    """`straight`, `around`, or why there is no way."""
    answer = asked(town, "a", "d", depart_at=local(clock, day), **asking)
    return outcome(town, answer)


def outcome(town: Town, answer: RouteAnswer | NoRoute) -> str:
    if isinstance(answer, NoRoute):
        return "no: " + " ".join(answer.because)
    return "around" if "e" in town.path(answer) else "straight"


@pytest.fixture
def towns() -> Iterator[list[Town]]:
    """Towns to close behind the test."""
    found: list[Town] = []
    yield found
    for town in found:
        town.close()


@spec("""
the gate                                                           | depart   | way      | because
barrier=gate opening_hours="08:00-20:00"                           | 12:00:00 | straight | open
barrier=gate opening_hours="08:00-20:00"                           | 19:57:00 | straight | arrival 19:59:47
barrier=gate opening_hours="08:00-20:00"                           | 19:58:30 | around   | open at first, arrival 20:01
barrier=gate opening_hours="08:00-20:00"                           | 20:08:00 | around   | arrival 20:10:47
barrier=gate opening_hours="08:00-20:00"                           | 07:50:00 | around   | arrival 07:52:47
barrier=gate opening_hours="08:00-20:00"                           | 07:58:30 | straight | closed first, arrival 08:01
barrier=gate opening_hours="Mo,We-Su 08:00-20:00"                  | 12:00:00 | around   | not on a Tuesday
barrier=gate opening_hours="sunrise-sunset"                        | 12:00:00 | straight | by day
barrier=gate opening_hours="sunrise-sunset"                        | 18:00:00 | around   | dark since half past four
barrier=gate opening_hours="22:00-06:00"                           | 23:30:00 | straight | a way of the night
barrier=gate opening_hours="22:00-06:00"                           | 05:30:00 | straight | past midnight
barrier=gate opening_hours="22:00-06:00"                           | 12:00:00 | around   | by day
barrier=gate opening_hours="as they like"                          | 03:00:00 | straight | nobody can tell
barrier=gate access:conditional="no @ (Mo-Fr 07:00-09:00)"         | 08:00:00 | around   | school time
barrier=gate access:conditional="no @ (Mo-Fr 07:00-09:00)"         | 09:00:00 | straight | over
barrier=gate access:conditional="no @ (Sa 07:00-09:00)"            | 08:00:00 | straight | not on a Tuesday
barrier=gate access=no access:conditional="yes @ (07:00-09:00)"    | 08:00:00 | straight | opened by its condition
barrier=gate access=no access:conditional="yes @ (07:00-09:00)"    | 10:00:00 | around   | closed by its word
barrier=gate access=private foot:conditional="yes @ (07:00-09:00)" | 10:00:00 | around   | private by its word
barrier=gate foot:conditional="yes @ (05:30-22:00)"                | 23:00:00 | around   | what else could be meant
barrier=gate foot=yes access:conditional="no @ (00:00-24:00)"      | 12:00:00 | straight | walkers are spoken of apart
entrance=yes opening_hours="08:00-20:00"                           | 21:00:00 | around   | a door
access:conditional="no @ (Mo-Fr 07:00-09:00)"                      | 08:00:00 | around   | no gate, but a word
""")  # fmt: skip
def test_gates(row: Row, towns: list[Town]) -> None:
    towns.append(park(row.cells["the gate"]))
    assert way_at(towns[0], row.depart) == row.way, row.because


@spec("""
the way b-c                                                          | depart   | way      | because
opening_hours="08:00-20:00"                                          | 12:00:00 | straight | open
opening_hours="08:00-20:00"                                          | 20:30:00 | around   | closed
opening_hours="08:00-20:00"                                          | 19:57:00 | around   | at b in time, at c too late
access:conditional="no @ (Mo-Fr 07:00-09:00)"                        | 08:00:00 | around   | market
access:conditional="no @ (Mo-Fr 07:00-09:00)"                        | 09:10:00 | straight | over
access=no foot:conditional="yes @ (07:00 - 24:00)"                   | 08:00:00 | straight | a corridor of the day
access=no foot:conditional="yes @ (07:00 - 24:00)"                   | 03:00:00 | around   | at night
access=private access:conditional="permissive @ (Mo-Fr 07:00-19:00)" | 08:00:00 | straight | let through
access=private access:conditional="permissive @ (Mo-Fr 07:00-19:00)" | 20:00:00 | around   | not let through
access:conditional="no @ (7:30-19:00 AND weight>7.5)"                | 12:00:00 | straight | lorries only
access:conditional="delivery @ (00:00-24:00)"                        | 12:00:00 | straight | walkers are not forbidden
access=no access:conditional="yes @ (permit)"                        | 12:00:00 | around   | no clock gives permits
""")  # fmt: skip
def test_ways(row: Row, towns: list[Town]) -> None:
    towns.append(park(way=row.cells["the way b-c"]))
    assert way_at(towns[0], row.depart) == row.way, row.because


@pytest.mark.parametrize(("clock", "path"), [("12:00", "alb"), ("03:00", "arb"), ("06:58:30", "alb")])
def test_a_lift_sleeps_at_night(clock: str, path: str, towns: list[Town]) -> None:
    town = drawn(
        """
        a--------l--------b
         |               |
         r---------------s
        """,
        ways={
            "al": GOOD + " level=0",
            "lb": GOOD + " level=1",
            "ar": GOOD + " level=0",
            "rs": "highway=footway incline=4% surface=asphalt width=2",
            "sb": GOOD + " level=1",
        },
        nodes={"l": {"highway": "elevator", "level": "0;1", "opening_hours": "07:00-24:00"}},
        cell_m=8,
    )
    towns.append(town)
    answer = answered(town, "a", "b", depart_at=local(clock))
    assert answer.status == "ok"
    assert "".join(letter for letter in town.path(answer) if letter in path) == path


@spec("""
moment (UTC)         | way      | because
2026-03-28T07:05:00Z | straight | 08:05 winter time
2026-03-28T06:05:00Z | around   | 07:05
2026-03-29T06:05:00Z | straight | 08:05 summer time
2026-10-25T06:05:00Z | around   | 07:05 winter time again
2026-10-25T07:05:00Z | straight | 08:05
""")
def test_the_clock_on_the_wall_changes_twice_a_year(row: Row, towns: list[Town]) -> None:
    towns.append(park('barrier=gate opening_hours="08:00-20:00"'))
    at = datetime.fromisoformat(row.cells["moment (UTC)"])
    assert outcome(towns[0], asked(towns[0], "a", "d", depart_at=at)) == row.way, row.because
    assert outcome(towns[0], asked(towns[0], "a", "d", asked_at=at)) == row.way, "the same for who sets out now"


def test_public_holidays_of_the_country(towns: list[Town]) -> None:
    towns.append(park('barrier=gate opening_hours="08:00-20:00; PH off"'))
    assert way_at(towns[0], "12:00", day="2026-10-03") == "around"
    assert way_at(towns[0], "12:00", day="2026-10-04") == "straight"


def test_time_goes_on_from_leg_to_leg(towns: list[Town]) -> None:
    """The gate is near a, but first the person goes to d and back."""
    towns.append(park('barrier=gate opening_hours="08:00-20:00"'))
    answer = answered(towns[0], "a", "b", "a", "d", depart_at=local("19:57:10"))
    assert outcome(towns[0], answer) == "around"


def test_closed_ways_are_never_passed_not_even_to_do_least_harm(towns: list[Town]) -> None:
    steps = "highway=steps step_count=30"
    towns.append(park('barrier=gate opening_hours="08:00-20:00"', around=steps))
    by_day = answered(towns[0], "a", "d", depart_at=local("12:00"))
    by_night = answered(towns[0], "a", "d", depart_at=local("22:00"))
    in_between = answered(towns[0], "a", "d", depart_at=local("19:59"))
    assert (by_day.status, outcome(towns[0], by_day)) == ("ok", "straight")
    assert (by_night.status, outcome(towns[0], by_night)) == ("least_bad", "around")
    assert (in_between.status, outcome(towns[0], in_between)) == ("least_bad", "around")
    assert {found.code for found in by_night.routes[0].violations} == {"steps"}


@pytest.mark.parametrize(("clock", "found"), [("12:00", "straight"), ("22:00", "no: hours"), ("19:59", "no: hours")])
def test_where_the_only_way_is_closed_the_clock_is_named(clock: str, found: str, towns: list[Town]) -> None:
    towns.append(park('barrier=gate opening_hours="08:00-20:00"', around=GOOD + " access=private"))
    assert way_at(towns[0], clock) == found


def test_no_route_for_another_reason_does_not_blame_the_clock(towns: list[Town]) -> None:
    towns.append(park('barrier=gate locked=yes opening_hours="08:00-20:00"', around=GOOD + " access=private"))
    assert way_at(towns[0], "22:00").startswith("no: not_connected")


@pytest.mark.parametrize(("clock", "near"), [("12:00", "p"), ("22:00", "q"), ("19:59:00", "q")])
def test_nobody_is_led_to_an_end_that_is_closed_on_arrival(clock: str, near: str, towns: list[Town]) -> None:
    """p lies in the park that closes at eight, q on the street beside it, 10 m from there."""
    town = drawn(
        """
        a-----------------b----q----c
                               p----r
        """,
        ways={"abqc": GOOD, "cr": GOOD, "rp": GOOD + " opening_hours=08:00-20:00"},
        cell_m=8,
    )
    towns.append(town)
    answer = answered(town, "a", "p", depart_at=local(clock))
    assert answer.snapped[1].location == pytest.approx(town.at[near], abs=1e-6)


@pytest.mark.parametrize(("clock", "near"), [("12:00", "p"), ("03:00", "r")])
def test_one_may_begin_on_a_way_that_its_condition_opens(clock: str, near: str, towns: list[Town]) -> None:
    """p lies at the end of a corridor that is closed by its word and opened by day, 40 m from the street."""
    town = drawn(
        "a-------r----p", ways={"ar": GOOD, "rp": GOOD + " access=no foot:conditional=yes@(07:00-24:00)"}, cell_m=8
    )
    towns.append(town)
    answer = answered(town, "p", "a", depart_at=local(clock))
    assert answer.snapped[0].location == pytest.approx(town.at[near], abs=1e-6)


def test_many_gates_close_one_after_the_other(towns: list[Town]) -> None:
    """Twelve ways of growing length, each shut before one gets there: the thirteenth is open."""
    gates = "ghijklmnopqr"
    rows = ["a----b" + "-" * 12 + "c----d"]
    ways: dict[str, Any] = {"ab": GOOD, "cd": GOOD}
    for number, gate in enumerate(gates):
        rows += [" " * 5 + "|" + " " * 12 + "|", " " * 11 + gate]
        ways[f"b{gate}c"] = tags_of(GOOD) | {"step": str(number)}
    rows += [" " * 11, " " * 11 + "z"]
    ways["bzc"] = GOOD
    shut = {gate: {"barrier": "gate", "opening_hours": "08:00-20:00"} for gate in gates}
    town = drawn("\n".join(rows), ways=ways, nodes=shut)
    towns.append(town)
    by_day, late = (answered(town, "a", "d", depart_at=local(clock)) for clock in ("12:00", "19:59:50"))
    assert "g" in town.path(by_day)
    assert (late.status, "z" in town.path(late)) == ("ok", True)
    assert not set(gates) & set(town.path(late))


@pytest.mark.parametrize("hours", ["as they like", '08:00-20:00 "by key"', "Mo-Su 08:00-20:00 unknown"])
def test_what_cannot_be_told_is_a_note(hours: str, towns: list[Town]) -> None:
    gate = {"barrier": "gate", "opening_hours": hours}
    towns += [park("barrier=gate"), drawn("a----g----d", ways={"agd": GOOD}, nodes={"g": gate})]
    route = answered(towns[1], "a", "d", depart_at=local("12:00")).routes[0]
    assert [(note.code, towns[1].letters[note.node_id]) for note in route.notes] == [("hours_unknown", "g")]  # type: ignore[index]
    assert answered(towns[0], "a", "d", depart_at=local("12:00")).routes[0].notes == []


def test_without_any_time_only_the_plain_word_counts(towns: list[Town]) -> None:
    towns += [
        park('barrier=gate opening_hours="08:00-20:00"'),
        park('barrier=gate access=no foot:conditional="yes @ (Mo)"'),
    ]
    answers = [answered(town, "a", "d") for town in towns]
    assert [outcome(*pair) for pair in zip(towns, answers, strict=True)] == ["straight", "around"]
    assert [note.code for note in answers[0].routes[0].notes] == ["hours_unknown"]


# --- barriers ---------------------------------------------------------------------------------------------------------


def closure(town: Town, begin: str | None, end: str | None, *, active: bool, letter: str = "g") -> Barrier:
    """An operator's closure at a letter, from and until moments by the clock of that Tuesday."""
    place = town.at[letter]
    return Barrier(
        uuid4(),
        "closure",
        4,
        place,
        {"type": "Point", "coordinates": place},
        standing="confirmed",
        active=active,
        revision=1,
        starts_at=None if begin is None else local(begin),
        ends_at=None if end is None else local(end),
    )


@spec("""
from  | until | active | depart   | way      | because
09:00 | 17:00 | no     | 12:00:00 | around   | it will be in force then
09:00 | 17:00 | no     | 08:00:00 | straight | not yet
09:00 | 17:00 | no     | 08:59:00 | around   | in force on arrival
09:00 | 17:00 | no     | 18:00:00 | straight | over
09:00 | 17:00 | no     | 16:59:00 | straight | over on arrival
09:00 | 17:00 | yes    | 12:00:00 | around   | in force now and then
09:00 | 17:00 | yes    | 18:00:00 | straight | in force now, over then
-     | 17:00 | yes    | 16:59:00 | straight | over on arrival
-     | -     | yes    | 23:00:00 | around   | until further notice
09:00 | -     | no     | 08:59:00 | around   | in force on arrival
""")
def test_closures_at_another_time(row: Row, towns: list[Town]) -> None:
    town = park("barrier=gate")
    towns.append(town)
    begin, end = (None if cell == "-" else cell for cell in (row.cells["from"], row.until))
    town.router.apply([closure(town, begin, end, active=row.active == "yes")], 1)
    assert way_at(town, row.depart) == row.way, row.because


@spec("""
from  | until | active | now      | way      | because
09:00 | 17:00 | no     | 08:59:00 | around   | begins before one gets there
09:00 | 17:00 | no     | 08:50:00 | straight | begins after one has passed
09:00 | 17:00 | yes    | 16:59:00 | straight | ends before one gets there
09:00 | 17:00 | yes    | 12:00:00 | around   | in force
09:00 | 17:00 | no     | 12:00:00 | straight | its revision has not come: no worker judges by its own clock
09:00 | 17:00 | yes    | 17:30:00 | around   | the same at the end
""")
def test_closures_on_the_way_of_who_sets_out_now(row: Row, towns: list[Town]) -> None:
    town = park("barrier=gate")
    towns.append(town)
    town.router.apply([closure(town, row.cells["from"], row.until, active=row.active == "yes")], 1)
    assert outcome(town, asked(town, "a", "d", asked_at=local(row.now))) == row.way, row.because


def test_another_day_does_not_disturb_those_who_set_out_now(towns: list[Town]) -> None:
    town = park('barrier=gate opening_hours="08:00-20:00"')
    towns.append(town)
    town.router.apply([closure(town, "13:00", "17:00", active=False)], 1)
    overlay = town.router.state.overlay
    for _ in range(2):
        assert outcome(town, asked(town, "a", "d", asked_at=local("12:00"))) == "straight"
        assert way_at(town, "14:00") == "around"
        assert way_at(town, "23:00") == "around"
        assert way_at(town, "18:00") == "straight"
    assert town.router.state.overlay is overlay


def test_a_report_that_has_begun_is_listed_and_one_that_has_not_is_not(towns: list[Town]) -> None:
    town = park("barrier=gate", around=GOOD + " access=private")
    towns.append(town)
    found = closure(town, "13:00", "17:00", active=False)
    slow = Barrier(
        UUID(int=7), "obstacle", 2, town.at["b"], found.geometry, "suspected", False, 1,
        starts_at=local("13:00"), ends_at=local("17:00"),
    )  # fmt: skip
    town.router.apply([slow], 1)
    before, during = (answered(town, "a", "d", depart_at=local(clock)) for clock in ("12:00", "14:00"))
    assert before.routes[0].barriers == []
    assert [(one.barrier_id, one.effect) for one in during.routes[0].barriers] == [(str(slow.id), "penalised")]


def test_a_cleared_closure_is_forgotten(towns: list[Town]) -> None:
    town = park("barrier=gate")
    towns.append(town)
    later = closure(town, "13:00", "17:00", active=False)
    town.router.apply([later], 1)
    assert way_at(town, "14:00") == "around"
    cleared = Barrier(later.id, later.kind, 4, later.place, later.geometry, "cleared", False, 2)
    town.router.apply([cleared], 2)
    assert way_at(town, "14:00") == "straight"
    assert not town.router.state.overlay.waiting


# --- the way back, reasons, checks ------------------------------------------------------------------------------------


@spec("""
around           | depart   | there    | back
-                | 12:00:00 | straight | ok
-                | 19:57:00 | straight | ok
access=private   | 12:00:00 | straight | ok
access=private   | 19:57:00 | straight | no
highway=steps    | 19:57:00 | straight | least_bad
""")
def test_could_this_person_come_back_the_same_evening(row: Row, towns: list[Town]) -> None:
    around = tags_of(GOOD) | (tags_of(row.around) if row.around != "-" else {})
    town = park('barrier=gate opening_hours="08:00-20:00"', around=around)  # type: ignore[arg-type]
    towns.append(town)
    answer = answered(town, "a", "d", depart_at=local(row.depart))
    assert (outcome(town, answer), answer.routes[0].summary.return_) == (row.there, row.back)


@pytest.mark.parametrize("clock", ["22:00", "19:58:30"])
def test_the_clock_is_the_reason_against_the_straight_way(clock: str, towns: list[Town]) -> None:
    town = park('barrier=gate opening_hours="08:00-20:00"')
    towns.append(town)
    route = answered(town, "a", "d", depart_at=local(clock), explain=True).routes[0]
    assert isinstance(route.not_taken, NotTaken)
    told = [reason for reason in route.not_taken.findings if reason.kind == "forbidden"]
    assert [(one.code, one.value, town.letters[one.node_id]) for one in told] == [("hours", "08:00-20:00", "g")]  # type: ignore[index]


def test_the_clock_is_a_reason_also_where_nobody_looked(towns: list[Town]) -> None:
    """The straight way is refused for its sand, so nothing was asked about its gate: that closes before one comes."""
    town = park('barrier=gate opening_hours="08:00-20:00"', way="surface=sand")
    towns.append(town)
    told = [
        answered(town, "a", "d", depart_at=local(clock), explain=True).routes[0].not_taken
        for clock in ("12:00", "19:58:30")
    ]
    assert [found.because for found in told if isinstance(found, NotTaken)] == [["surface"], ["hours", "surface"]]


def test_an_open_gate_with_hours_is_no_reason(towns: list[Town]) -> None:
    town = park('barrier=gate access=no access:conditional="yes @ (08:00-20:00)"')
    towns.append(town)
    route = answered(town, "a", "d", depart_at=local("12:00"), explain=True).routes[0]
    assert route.not_taken is None
    assert not any(finding.kind == "forbidden" for segment in route.segments for finding in segment.findings or ())


@spec("""
at       | status       | forbidden
12:00:00 | ok           |
22:00:00 | not_passable | hours
19:58:30 | not_passable | hours
07:58:30 | ok           |
""")
def test_a_line_is_checked_on_the_clock(row: Row, towns: list[Town]) -> None:
    town = park('barrier=gate opening_hours="08:00-20:00"')
    towns.append(town)
    line = [town.at[letter] for letter in "abgcd"]
    found = town.router.check(line, built_in["manual_wheelchair"], local(row.at))
    assert (found.status, [one.code for one in found.forbidden]) == (row.status, row.forbidden.split())


def test_moments_far_away_are_answered(towns: list[Town]) -> None:
    towns.append(park('barrier=gate opening_hours="08:00-20:00; PH off"'))
    for year in (1999, 2019, 2035, 2060):
        at = datetime(year, 7, 1, 12, tzinfo=UTC)
        assert outcome(towns[0], asked(towns[0], "a", "d", depart_at=at)) == "straight"
        assert outcome(towns[0], asked(towns[0], "a", "d", depart_at=at + timedelta(hours=11))) == "around"
