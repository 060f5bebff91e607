"""Kerbs: the words of the map, the measured height, and who can take them (CONTRACT §3, TAGS)."""

from __future__ import annotations

import pytest

from accessibility import tags
from accessibility.facts import Kerb
from accessibility.profiles import built_in
from accessibility.verdict import explain, unknowns
from tests.support.table import Row, node, node_seconds, passage_facts, spec, way


@spec("""
node                              | who                                | means
kerb=flush                        | manual_wheelchair                  | ok
kerb=no                           | manual_wheelchair                  | ok
kerb=lowered                      | manual_wheelchair                  | ok
kerb=rolled                       | manual_wheelchair                  | kerb 5
kerb=raised                       | manual_wheelchair                  | kerb 45
# nobody has said how high: a cost, never a violation, unless this person asked for certainty
kerb=yes                          | manual_wheelchair                  | ok
barrier=kerb                      | manual_wheelchair                  | ok
highway=crossing                  | manual_wheelchair                  | ok
kerb=yes                          | manual_wheelchair unknown=avoid    | unknown_kerb 1
barrier=kerb                      | manual_wheelchair unknown=avoid    | unknown_kerb 1
highway=crossing                  | manual_wheelchair unknown=avoid    | unknown_kerb 1
highway=crossing                  | walk unknown=avoid                 | unknown_kerb 1
highway=crossing                  | manual_wheelchair unknown=allow    | ok
kerb=lowered                      | manual_wheelchair unknown=avoid    | ok
# the measured height wins over the word; limits are inclusive to a thousandth of a millimetre
kerb=raised kerb:height=0.03      | manual_wheelchair                  | ok
kerb=raised kerb:height="3 cm"    | manual_wheelchair                  | ok
kerb=lowered kerb:height="6 cm"   | manual_wheelchair                  | kerb 15
kerb:height=3cm                   | manual_wheelchair                  | ok
kerb:height=15                    | manual_wheelchair                  | kerb 45
kerb:height=0.0300009             | manual_wheelchair                  | ok
kerb:height=0.032                 | manual_wheelchair                  | kerb 1
kerb:height=777                   | manual_wheelchair unknown=avoid    | unknown_kerb 1
# who can take what
kerb=rolled                       | power_wheelchair                   | ok
kerb:height=0.05                  | power_wheelchair                   | ok
kerb:height=0.06                  | power_wheelchair                   | kerb 5
kerb:height=0.05                  | mobility_scooter                   | ok
kerb=raised                       | mobility_scooter                   | kerb 45
kerb=rolled                       | rollator                           | kerb 5
kerb=raised                       | cane_elderly                       | ok
kerb:height=0.20                  | cane_elderly                       | kerb 20
kerb=raised                       | stroller                           | kerb 20
kerb=raised                       | stroller +carry                    | ok
kerb:height=0.12                  | stroller                           | ok
kerb=raised                       | low_vision                         | ok
kerb=raised                       | walk                               | ok
# "can climb 6 cm"
kerb:height=0.06                  | manual_wheelchair kerb_max_m=0.06  | ok
kerb:height=0.06                  | manual_wheelchair +assisted        | ok
kerb=raised                       | manual_wheelchair kerb_max_m=null  | ok
kerb=lowered                      | manual_wheelchair kerb_max_m=0.01  | kerb 10
# older spellings, and two words: the higher one
curb=regular                      | manual_wheelchair                  | kerb 45
curb=lowered                      | manual_wheelchair                  | ok
sloped_curb=both                  | manual_wheelchair                  | ok
sloped_curb=no                    | manual_wheelchair                  | kerb 45
sloped_curb=one                   | manual_wheelchair unknown=avoid    | unknown_kerb 1
sloped_curb=0.09                  | manual_wheelchair                  | kerb 30
kerb=flush;lowered                | manual_wheelchair kerb_max_m=0.02  | kerb 5
kerb=lowered;raised               | manual_wheelchair                  | kerb 45
# wheelchair=yes lifts what is unknown, never a kerb that is known
kerb=yes wheelchair=yes           | manual_wheelchair unknown=avoid    | ok
kerb=raised wheelchair=yes        | manual_wheelchair                  | kerb 45
""")
def test_kerb_of_a_crossing(row: Row) -> None:
    assert node(row.node, row.who, "crossing") == row.means


@spec("""
way                                               | who               | means
highway=footway footway=crossing kerb=raised      | manual_wheelchair | kerb 45
highway=path path=crossing kerb=raised            | manual_wheelchair | kerb 45
highway=footway crossing=zebra kerb=raised        | manual_wheelchair | kerb 45
highway=footway footway=crossing kerb=lowered     | manual_wheelchair | ok
highway=footway footway=crossing kerb:height=0.05 | manual_wheelchair | kerb 10
highway=footway footway=crossing kerb=raised      | walk              | ok
# beside a platform or along a sidewalk the kerb runs alongside: nobody crosses it
highway=platform kerb=raised                      | manual_wheelchair | ok
highway=footway footway=sidewalk kerb=raised      | manual_wheelchair | ok
""")
def test_kerb_named_by_the_crossing_way(row: Row) -> None:
    assert way(row.way, row.who) == row.means


@spec("""
node         | who               | passing
kerb=raised  | manual_wheelchair | no kerb
kerb=raised  | manual_wheelchair | through
""")
def test_a_kerb_counts_only_where_one_crosses_it(row: Row) -> None:
    assert node(row.node, row.who, row.passing) == "ok"


@spec("""
node                            | who               | dearer by
# soft: within the limit, but felt
kerb=flush                      | manual_wheelchair | 0
kerb=lowered                    | manual_wheelchair | 8
kerb:height=0.013               | manual_wheelchair | 0
kerb:height=0.014               | manual_wheelchair | 8
kerb=rolled                     | power_wheelchair  | 8
kerb=lowered                    | power_wheelchair  | 0
kerb=lowered                    | rollator          | 8
kerb=raised                     | cane_elderly      | 8
# unknown: what not knowing costs each of them
kerb=yes                        | manual_wheelchair | 120
kerb=yes                        | power_wheelchair  | 120
kerb=yes                        | mobility_scooter  | 120
kerb=yes                        | rollator          | 90
kerb=yes                        | cane_elderly      | 10
kerb=yes                        | stroller          | 20
kerb=yes                        | low_vision        | 15
kerb=yes                        | walk              | 0
kerb=yes                        | manual_wheelchair unknown=allow | 0
# the opposite need: an edge that a cane cannot feel
kerb=flush tactile_paving=no    | low_vision        | 60
kerb=lowered tactile_paving=no  | low_vision        | 60
kerb=lowered                    | low_vision        | 15
kerb=lowered tactile_paving=yes | low_vision        | 0
kerb=raised                     | low_vision        | 0
kerb:height=0.06                | low_vision        | 0
kerb=lowered tactile_paving=no  | manual_wheelchair | 8
""")
def test_what_a_kerb_costs(row: Row) -> None:
    level = "kerb:height=0 tactile_paving=yes"
    dearer = node_seconds(row.node, row.who, "crossing")[1] - node_seconds(level, row.who, "crossing")[1]
    assert dearer == pytest.approx(float(row.cells["dearer by"]))


@pytest.mark.parametrize("who", built_in)
@pytest.mark.parametrize("kerb", ["", "kerb=lowered", "kerb=raised", "kerb=yes", "kerb:height=0.1"])
def test_an_unmapped_crossing_costs_at_least_30_s_more_with_the_same_knowledge(who: str, kerb: str) -> None:
    mapped, unmapped = (node_seconds(kerb, who, passing) for passing in ("crossing", "unmapped"))
    assert unmapped[1] - mapped[1] >= 30
    assert unmapped[0] == mapped[0], "a penalty, not time on the watch"


def test_a_violation_names_value_limit_and_whether_it_was_assumed() -> None:
    wheelchair = built_in["manual_wheelchair"]
    word, measured = (
        next(f for f in explain(passage_facts(kerb, "crossing"), wheelchair) if f.kind == "violation")
        for kerb in ("kerb=raised", "kerb:height=0.1")
    )
    assert (word.code, word.value, word.limit, word.assumed) == ("kerb", 0.16, 0.03, True)
    assert (measured.value, measured.assumed) == (0.1, False)


@spec("""
node                       | unknown
kerb=yes                   | kerb
highway=crossing           | kerb
kerb=yes kerb:height=0.02  |
kerb=raised                |
""")
def test_unknown_kerbs_are_listed_whatever_the_policy(row: Row) -> None:
    assert " ".join(unknowns(passage_facts(row.node, "crossing"))) == row.unknown


def test_sided_kerbs_are_read_without_start_and_end() -> None:
    sidewalk = tags.way_facts(
        {
            "highway": "residential",
            "sidewalk": "both",
            "sidewalk:left:sloped_curb:start": "0.02",
            "footway:left.sloped_curb.end": "0.15",
        },
        "left",
    )
    assert (sidewalk.kerb_start_m, sidewalk.kerb_end_m) == (0.02, 0.15)


def test_a_kerb_known_from_a_side_fills_only_what_the_node_leaves_unsaid() -> None:
    silent, said = tags.node_facts({"highway": "crossing"}), tags.node_facts({"kerb": "lowered"})
    given = {"kerb_events": 1, "mapped_crossing": True, "barrier_applies": False, "lift_applies": False}
    assert tags.passage(silent, **given, kerb=Kerb.RAISED).kerb is Kerb.RAISED
    assert tags.passage(said, **given, kerb=Kerb.RAISED).kerb is Kerb.LOWERED
