"""Why the straight way was not taken, and which rule spoke where: each line is one obstacle on the straight way."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from accessibility.barriers import Barrier
from accessibility.norms import NORMS
from routing.answers import NotTaken, Reason, Route
from tests.support.drawn import Town, drawn
from tests.support.questions import answered
from tests.support.table import Row, spec, tags_of

GOOD = "highway=footway incline=0% surface=asphalt smoothness=good width=2"


def town_with(way: str = "", node: str = "") -> Town:
    """Straight on a-b-n-c-d, round about by e and f; `way` are other tags of b-n-c, `node` those of n."""
    return drawn(
        """
             e---------f
             |         |
             |         |
             |         |
        a----b----n----c----d
        """,
        ways={"ab": GOOD, "bnc": tags_of(GOOD) | tags_of(way), "cd": GOOD, "befc": GOOD},
        nodes={"n": tags_of(node)} if node else None,
    )


def explained(town: Town, **asking: object) -> Route:
    answer = answered(town, "a", "d", explain=True, **asking)
    return answer.routes[0]


def reasons(route: Route) -> list[Reason]:
    assert isinstance(route.not_taken, NotTaken)
    return route.not_taken.findings


@spec("""
on the straight way         | node on it                            | code         | kind      | value         | limit
highway=steps step_count=4  |                                       | steps        | violation | 4.0           | 0.0
incline=12%                 |                                       | incline      | violation | 0.12          | 0.06
incline=7%                  |                                       | incline      | violation | 0.07          | 0.06
incline=-9%                 |                                       | incline      | violation | 0.09          | 0.0833
surface=sand                |                                       | surface      | violation | sand          | -
width=0.6                   |                                       | width        | violation | 0.6           | 0.9
incline:across=8%           |                                       | cross_slope  | violation | 0.08          | 0.06
wheelchair=no               |                                       | wheelchair   | violation | no            | -
highway=construction        |                                       | construction | forbidden | None          | -
access=private              |                                       | -            | -         | -             | -
                            | barrier=stile                         | barrier      | forbidden | stile         | -
                            | barrier=gate locked=yes               | locked       | forbidden | gate          | -
                            | barrier=cycle_barrier                 | barrier      | violation | cycle_barrier | -
                            | barrier=bollard maxwidth:physical=0.7 | width        | violation | 0.7           | 0.9
""")
def test_what_stands_on_the_straight_way_is_named(row: Row) -> None:
    town = town_with(row.cells["on the straight way"], row.cells["node on it"])
    route = explained(town)
    town.close()
    assert route.violations == []
    if row.code == "-":
        assert route.not_taken is None, "nobody may walk there: it is no way"
        return
    grave = [reason for reason in reasons(route) if reason.kind == row.kind]
    assert [reason.code for reason in grave] == [row.code] * len(grave) != []
    reason = grave[0]
    assert str(reason.value) == row.value
    assert reason.limit == (None if row.limit == "-" else pytest.approx(float(row.limit), abs=1e-4))
    if row.cells["node on it"]:
        assert town.letters[reason.node_id] == "n"  # type: ignore[index]
    else:
        assert reason.way_id == 1001
    assert route.not_taken is not None
    assert route.not_taken.distance_m == pytest.approx(100, abs=0.5)
    assert route.not_taken.because == [row.code]


def test_the_straight_way_taken_needs_no_excuse() -> None:
    town = town_with()
    route = explained(town)
    town.close()
    assert route.distance_m == pytest.approx(100, abs=0.5)
    assert route.not_taken is None


def test_where_no_limit_is_broken_the_costs_are_told() -> None:
    town = town_with("surface=paving_stones incline=5.5% width=0.95 smoothness=intermediate")
    route = explained(town)
    town.close()
    assert route.distance_m > 110
    told = reasons(route)
    assert {reason.kind for reason in told} <= {"cost", "unknown"}
    assert {"incline", "width"} <= {reason.code for reason in told}
    assert [reason.seconds for reason in told] == sorted((reason.seconds for reason in told), reverse=True)


@pytest.mark.parametrize("profile", ["manual_wheelchair", "walk"])
def test_reasons_are_those_of_the_person_who_asks(profile: str) -> None:
    town = town_with("width=0.6")
    route = explained(town, profile=profile)
    town.close()
    assert (route.not_taken is None) == (profile == "walk")


def test_a_reported_barrier_is_a_reason_with_its_number() -> None:
    town = town_with()
    place = town.at["n"]
    closed = Barrier(
        uuid4(), "closure", 4, place, {"type": "Point", "coordinates": place}, "confirmed", True, 1,
        starts_at=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    town.router.apply([closed], 1)
    route = explained(town)
    town.close()
    assert [(r.code, r.rule, r.kind, r.barrier_id) for r in reasons(route) if r.kind == "forbidden"] == [
        ("barrier", "closure", "forbidden", str(closed.id))
    ]


def test_what_is_kept_out_of_is_a_reason() -> None:
    town = town_with()
    lon, lat = town.at["n"]
    ring = [(lon + x, lat + y) for x, y in ((-1e-5, -1e-5), (1e-5, -1e-5), (1e-5, 1e-5), (-1e-5, 1e-5), (-1e-5, -1e-5))]
    route = explained(town, avoid={"type": "Polygon", "coordinates": [ring]})
    town.close()
    assert route.not_taken is not None
    assert route.not_taken.because == ["avoid"]  # type: ignore[union-attr]


@spec("""
way                                                      | node                                  | because
highway=footway incline=0% surface=asphalt width=2       |                                       |
highway=footway incline=4% surface=asphalt width=2       |                                       | incline
highway=footway incline=0% surface=asphalt               |                                       | unknown_width
highway=footway surface=asphalt width=2                  |                                       | unknown_incline
highway=footway incline=0% width=2                       |                                       | unknown_surface
highway=footway incline=0% surface=asphalt width=1.0     |                                       | width
highway=footway incline=0% surface=asphalt width=2       | barrier=gate                          | gap gate
highway=footway incline=0% surface=asphalt width=2       | barrier=bollard                       | gap
highway=footway incline=0% surface=asphalt width=2       | barrier=bollard maxwidth:physical=1.5 |
""")
def test_each_segment_says_which_rules_spoke(row: Row) -> None:
    line = drawn("a----n----c", ways={"anc": tags_of(row.way)}, nodes={"n": tags_of(row.node)} if row.node else None)
    route = explained_on(line)
    line.close()
    spoken = [code for segment in route.segments for code in dict.fromkeys(segment.because)]
    assert sorted(set(spoken)) == sorted(row.because.split())
    for segment in route.segments:
        assert isinstance(segment.findings, list)
        assert [finding.code for finding in segment.findings] == segment.because


def explained_on(town: Town) -> Route:
    return answered(town, "a", "c", explain=True).routes[0]


def test_a_broken_limit_is_a_finding_of_its_segment_with_the_same_numbers() -> None:
    line = drawn("a----b----d--------c", ways={"ab": GOOD, "bd": "highway=steps step_count=5 handrail=yes", "dc": GOOD})
    route = explained_on(line)
    line.close()
    assert [bool(segment.because) for segment in route.segments] == [False, True, False]
    broken = route.violations[0]
    finding = route.segments[1].findings[0]  # type: ignore[index, union-attr]
    assert (finding.code, finding.value, finding.limit, finding.way_id) == (
        broken.code,
        broken.value,
        broken.limit,
        broken.way_id,
    )
    assert finding.points == 75


def test_norms_are_shown_and_change_nothing() -> None:
    line = drawn("a----b----c", ways={"ab": GOOD, "bc": "highway=footway incline=4% surface=asphalt"})
    route = explained_on(line)
    plain = answered(line, "a", "c").routes[0]
    line.close()
    stood = [{(s.norm, s.item.value): s.state for s in segment.norms} for segment in route.segments]  # type: ignore[union-attr]
    assert stood[0]["ada_prowag", "running_slope"] == "meets"
    assert stood[1]["din_18040_3", "running_slope"] == "misses"
    assert stood[1]["gb_50763", "clear_width"] == "unknown"
    assert {norm for segment in stood for norm, _ in segment} <= {norm.id for norm in NORMS}
    assert (plain.geometry, plain.violations) == (route.geometry, route.violations)


def test_without_explain_nothing_is_explained() -> None:
    town = town_with("highway=steps step_count=4")
    route = answered(town, "a", "d").routes[0]
    town.close()
    assert not isinstance(route.not_taken, NotTaken)
    assert all(segment.because == [] and not segment.findings for segment in route.segments)


def test_findings_keep_to_their_leg() -> None:
    town = town_with("highway=steps step_count=4")
    route = answered(town, "a", "e", "d", explain=True).routes[0]
    town.close()
    assert len(route.legs) == 2
    assert all(isinstance(segment.findings, list) for segment in route.segments)
