"""Crossing a carriageway: waiting, markings, islands, sound and touch (CONTRACT §3 and §4, PROFILES §3 and §4)."""

from __future__ import annotations

import pytest

from accessibility import tags
from accessibility.profiles import built_in
from accessibility.verdict import columns, judge_passages
from tests.support.table import Row, node_seconds, passage_facts, person, spec, tags_of


@spec("""
node                                                       | kind     | markings | signals | island
highway=crossing                                           |          |          |         |
highway=crossing crossing=traffic_signals                  | signals  |          | yes     |
highway=crossing crossing=marked                           | marked   | yes      | no      |
highway=crossing crossing=uncontrolled                     | marked   | yes      | no      |
highway=crossing crossing=zebra                            | marked   | yes      | no      |
highway=crossing crossing=unmarked                         | unmarked | no       | no      |
highway=crossing crossing=informal                         | unmarked | no       | no      |
highway=crossing crossing_ref=zebra                        | marked   | yes      |         |
highway=crossing crossing_ref=pelican                      | signals  |          | yes     |
highway=crossing crossing:markings=no                      | unmarked | no       |         |
highway=crossing crossing:markings=dashes                  | marked   | yes      |         |
highway=crossing crossing:signals=yes crossing:markings=no | signals  | no       | yes     |
highway=crossing crossing:signals=no                       |          |          | no      |
highway=crossing crossing=island                           |          |          |         | yes
highway=crossing crossing:island=no                        |          |          |         | no
highway=crossing crossing=traffic_signals;island           | signals  |          | yes     | yes
highway=crossing crossing=unknown                          |          |          |         |
""")
def test_how_a_crossing_is_laid_out(row: Row) -> None:
    facts = tags.node_facts(tags_of(row.node))
    truth = {"": None, "yes": True, "no": False}
    assert facts.crossing
    assert (facts.crossing_kind or "") == row.kind
    assert [facts.markings, facts.signals, facts.island] == [
        truth[row.cells[name]] for name in ("markings", "signals", "island")
    ]


def test_a_node_where_crossing_is_denied_is_no_crossing() -> None:
    assert not tags.node_facts({"highway": "crossing", "crossing": "no"}).crossing
    assert not tags.node_facts({"highway": "traffic_signals"}).crossing
    assert tags.node_facts({"highway": "traffic_signals", "crossing": "traffic_signals"}).crossing


@spec("""
node                                                              | who               | watch | on top
# half a crossing; everything is paid twice on the way across
kerb=flush crossing=zebra                                         | manual_wheelchair | 0     | 15
kerb=flush crossing=traffic_signals                               | manual_wheelchair | 15    | 15
kerb=flush crossing=unmarked                                      | manual_wheelchair | 0     | 15
kerb=flush crossing=zebra                                         | walk              | 0     | 15
kerb=flush crossing=unmarked                                      | walk              | 0     | 20
kerb=flush crossing=unmarked                                      | cane_elderly      | 0     | 25
kerb=flush crossing=unmarked                                      | rollator          | 0     | 25
# two lanes or more without signals
kerb=flush crossing=zebra lanes=2 crossing:island=yes             | cane_elderly      | 0     | 45
kerb=flush crossing=zebra lanes=2                                 | cane_elderly      | 0     | 55
kerb=flush crossing=zebra lanes=1                                 | cane_elderly      | 0     | 15
kerb=flush crossing=traffic_signals lanes=4                       | cane_elderly      | 15    | 15
kerb=raised crossing=zebra lanes=3 crossing:island=yes            | low_vision        | 0     | 75
kerb=flush crossing=zebra lanes=2                                 | manual_wheelchair | 0     | 25
# sound and touch
kerb=raised crossing=traffic_signals traffic_signals:sound=yes    | low_vision        | 15    | 15
kerb=raised crossing=traffic_signals traffic_signals:sound=locate | low_vision        | 15    | 15
kerb=raised crossing=traffic_signals traffic_signals:sound=no     | low_vision        | 15    | 35
kerb=raised crossing=traffic_signals                              | low_vision        | 15    | 25
kerb=raised crossing=traffic_signals traffic_signals:sound=no traffic_signals:vibration=yes | low_vision | 15 | 15
kerb=flush crossing=traffic_signals traffic_signals:sound=no      | manual_wheelchair | 15    | 15
""")
def test_what_half_a_crossing_costs(row: Row) -> None:
    watch, cost = node_seconds(row.node, row.who, "crossing")
    assert watch == float(row.watch)
    assert cost - watch == pytest.approx(float(row.cells["on top"]))


@pytest.mark.parametrize("who", built_in)
def test_signals_make_thirty_seconds_of_a_whole_crossing(who: str) -> None:
    half = node_seconds("kerb=flush crossing=traffic_signals", who, "crossing")[0]
    assert 2 * half == 30


def test_the_crossing_way_fills_what_the_node_leaves_unsaid() -> None:
    way = tags.way_facts(tags_of("highway=footway footway=crossing crossing=traffic_signals crossing:island=yes"))
    halves = {"kerb_events": 1, "mapped_crossing": True, "barrier_applies": False, "lift_applies": False}
    silent = tags.passage(tags.node_facts({"highway": "crossing"}), **halves, way=way)
    assert (silent.signals, silent.island) == (True, True)
    said = tags.passage(tags.node_facts({"highway": "crossing", "crossing": "zebra"}), **halves, way=way)
    assert (said.crossing_kind, said.signals) == ("marked", False)
    fit = tags.way_facts(tags_of("highway=footway footway=crossing wheelchair=yes"))
    avoided = judge_passages(
        columns(
            [
                tags.passage(tags.node_facts({}), **halves, way=fit),
                tags.passage(tags.node_facts({}), **halves),
            ]
        ),
        person("manual_wheelchair unknown=avoid"),
    )
    assert avoided.violated.tolist() == [False, True]


def test_walking_past_a_crossing_on_the_same_side_costs_nothing() -> None:
    facts = passage_facts("highway=crossing crossing=traffic_signals kerb=raised", "through")
    verdict = judge_passages(columns([facts]), built_in["manual_wheelchair"])
    assert verdict.cost_fixed_s[0] == 0
    assert not verdict.violated[0]
