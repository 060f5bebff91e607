"""Lifts as points and as ways, levels, and what is known about their service (CONTRACT §3, PROFILES §3 and §5)."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from accessibility import tags
from accessibility.profiles import built_in
from accessibility.verdict import columns, judge_passages, judge_ways
from tests.support.table import Row, node, node_seconds, passage_facts, spec, tags_of, way, way_seconds


@spec("""
who               | watch | on top
manual_wheelchair | 90    | 60
rollator          | 90    | 60
low_vision        | 90    | 60
walk              | 90    | 0
manual_wheelchair unknown=allow | 90 | 0
""")
def test_a_ride_of_unknown_service(row: Row) -> None:
    for watch, cost in (
        node_seconds("highway=elevator", row.who, "lift"),
        way_seconds("highway=elevator", row.who, length_m=3),
    ):
        assert watch == float(row.watch)
        assert cost - watch == pytest.approx(float(row.cells["on top"]))


@pytest.mark.parametrize("working", [None, True, False])
def test_a_dead_lift_is_never_passed_and_a_known_one_needs_no_warning(working: bool | None) -> None:
    person = built_in["manual_wheelchair"]
    ride = replace(passage_facts("highway=elevator", "lift"), working=working)
    cabin = replace(tags.way_facts({"highway": "elevator"}), working=working)
    past = replace(passage_facts("highway=elevator", "through"), working=working)
    verdicts = [
        judge_passages(columns([ride]), person),
        judge_ways(columns([cabin]), person, reverse=False),
    ]
    for verdict in verdicts:
        assert bool(verdict.forbidden[0]) is (working is False)
        assert verdict.cost_fixed_s[0] == (150 if working is None else 90)
    assert not judge_passages(columns([past]), person).forbidden[0], "the corridor past a dead lift stays open"


@spec("""
node                                        | who               | means
highway=elevator                            | manual_wheelchair | ok
highway=elevator wheelchair=no              | manual_wheelchair | wheelchair 30
highway=elevator door:width=0.8             | manual_wheelchair | width 10
highway=elevator maxwidth:physical="85 cm"  | manual_wheelchair | width 5
highway=elevator width=0.8                  | manual_wheelchair | ok
highway=elevator access=no                  | manual_wheelchair | forbidden access
highway=elevator construction=yes           | manual_wheelchair | forbidden construction
""")
def test_a_lift_that_does_not_fit(row: Row) -> None:
    assert node(row.node, row.who, "lift") == row.means


@spec("""
way                                    | who               | means
highway=elevator                       | manual_wheelchair | ok
highway=elevator width=1.1 surface=metal | manual_wheelchair unknown=avoid | ok
highway=elevator wheelchair=no         | manual_wheelchair | wheelchair 30
highway=elevator access=private        | manual_wheelchair | private
highway=elevator incline=30% surface=metal smoothness=good width=1.1 | manual_wheelchair | ok
highway=elevator width=0.8             | manual_wheelchair | width 10
highway=corridor indoor=yes level=-1   | manual_wheelchair | ok
""")
def test_a_lift_drawn_as_a_way(row: Row) -> None:
    assert way(row.way, row.who) == row.means


@spec("""
text     | levels      | level
0        | 0           | 0
-1;0     | -1 0        |
0;-1     | -1 0        |
-0,5     | -0.5        | -0.5
0-3      | 0 1 2 3     |
-1;-2    | -2 -1       |
E        |             |
o        |             |
-0.3;0   | -0.3 0      |
""")
def test_levels(row: Row) -> None:
    for facts in (
        tags.way_facts(tags_of(f"highway=corridor level={row.text}")),
        tags.node_facts(tags_of(f"highway=elevator level={row.text}")),
    ):
        assert " ".join(f"{level:g}" for level in facts.levels) == row.levels
        assert ("" if facts.level is None else f"{facts.level:g}") == row.level
