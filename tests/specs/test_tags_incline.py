"""Slopes along and across the way, in both directions, and the ramp rule (CONTRACT §3, PROFILES §1 and §2)."""

from __future__ import annotations

import numpy as np
import pytest

from accessibility import tags
from accessibility.profiles import built_in, with_overrides
from accessibility.verdict import explain, judge_runs, longest_run_m
from tests.support.table import Row, person, spec, way, way_seconds


@spec("""
incline   | who                                          | along      | against
0%        | manual_wheelchair                            | ok         | ok
6%        | manual_wheelchair                            | ok         | ok
6 %       | manual_wheelchair                            | ok         | ok
# inclusive, with half a per mille to spare
6.05%     | manual_wheelchair                            | ok         | ok
# a long way at 6.1 % is no ramp any more; downhill 8.33 % holds at any length
6.1%      | manual_wheelchair                            | incline 1  | ok
1:12      | manual_wheelchair                            | incline 23.3333 | ok
9%        | manual_wheelchair                            | incline 30 | incline 6.66667
-9%       | manual_wheelchair                            | incline 6.66667 | incline 30
6°        | manual_wheelchair                            | incline 45.1042 | incline 21.7709
12%       | power_wheelchair                             | ok         | ok
13%       | power_wheelchair                             | incline 10 | incline 10
10%       | mobility_scooter                             | ok         | ok
11%       | mobility_scooter                             | incline 10 | incline 10
6%        | rollator                                     | ok         | ok
7%        | rollator                                     | incline 10 | incline 10
11%       | cane_elderly                                 | incline 10 | incline 10
11%       | stroller                                     | incline 10 | incline 10
30%       | low_vision                                   | ok         | ok
30%       | walk                                         | ok         | ok
# their own numbers: up alone changes up alone, at any length
8%        | manual_wheelchair incline_up_max=0.08        | ok         | ok
9%        | manual_wheelchair incline_up_max=0.08        | incline 10 | incline 6.66667
5%        | manual_wheelchair incline_up_max=0.03        | incline 20 | ok
9%        | manual_wheelchair incline_down_max=0.1       | incline 30 | ok
8%        | manual_wheelchair +assisted                  | ok         | ok
9%        | manual_wheelchair +assisted                  | incline 6.66667 | incline 6.66667
30%       | manual_wheelchair incline_up_max=null incline_down_max=null | ok | ok
# words without a number are unknown, whichever way
up        | manual_wheelchair                            | ok         | ok
steep     | manual_wheelchair                            | ok         | ok
up        | manual_wheelchair unknown=avoid              | unknown_incline 1 | unknown_incline 1
# somebody said yes: that never lifts a measured slope
9% wheelchair=yes | manual_wheelchair                    | incline 30 | incline 6.66667
""")
def test_a_slope_of_twenty_metres(row: Row) -> None:
    text, *more = row.incline.split(" wheelchair")
    said = f'highway=footway surface=asphalt width=2 incline="{text}"' + (f" wheelchair{more[0]}" if more else "")
    assert way(said, row.who, length_m=20) == row.along
    assert way(said, row.who, length_m=20, against=True) == row.against


@spec("""
steepest | longest run
0.05     | 24
0.0505   | 24
0.06     | 14.4
0.0625   | 14.4
0.07     | 9
0.0833   | 9
0.0838   | 9
0.09     | 6
0.10     | 6
0.12     | 2.4
0.125    | 2.4
0.13     | 0
""")
def test_the_ramp_table(row: Row) -> None:
    assert longest_run_m(np.array([float(row.steepest)]))[0] == float(row.cells["longest run"])


@spec("""
grade  | run length | steepest | who                                                  | holds
0.06   | 500        | 0.06     | manual_wheelchair                                    | yes
0.0625 | 14.4       | 0.0625   | manual_wheelchair                                    | yes
0.0625 | 14.5       | 0.0625   | manual_wheelchair                                    | no
0.08   | 9          | 0.08     | manual_wheelchair                                    | yes
0.08   | 9.1        | 0.08     | manual_wheelchair                                    | no
# the steepest stretch of the run decides for all of it
0.062  | 10         | 0.08     | manual_wheelchair                                    | no
0.09   | 1          | 0.09     | manual_wheelchair                                    | no
0.09   | 1          | 0.09     | manual_wheelchair incline_up_short_max=0.1           | yes
0.09   | 7          | 0.09     | manual_wheelchair incline_up_short_max=0.1           | no
0.12   | 2.4        | 0.12     | manual_wheelchair incline_up_short_max=0.5           | yes
# steeper than 1:8 never, however short
0.13   | 0.5        | 0.13     | manual_wheelchair incline_up_short_max=0.5           | no
# no run rule where both limits are the same
0.11   | 500        | 0.11     | power_wheelchair                                     | yes
0.07   | 2          | 0.07     | rollator                                             | no
0.08   | 500        | 0.08     | manual_wheelchair +assisted                          | yes
0.15   | 500        | 0.15     | manual_wheelchair incline_up_max=0.15                | yes
-0.20  | 500        | nan      | manual_wheelchair                                    | yes
nan    | nan        | nan      | manual_wheelchair                                    | yes
# a run that nobody reckoned is not taken for short
0.07   | nan        | nan      | manual_wheelchair                                    | no
0.5    | 500        | 0.5      | walk                                                 | yes
""")
def test_runs(row: Row) -> None:
    numbers = (np.array([float(row.cells[name])]) for name in ("grade", "run length", "steepest"))
    assert bool(judge_runs(*numbers, person(row.who))[0]) is (row.holds == "no")


def test_a_short_ramp_passes_and_the_same_ramp_within_a_long_run_does_not() -> None:
    ramp = tags.way_facts({"highway": "footway", "incline": "8%", "surface": "asphalt", "width": "2"})
    wheelchair = built_in["manual_wheelchair"]
    broken = [[f.code for f in explain(ramp, wheelchair, length_m=8, run_length_m=run)] for run in (None, 8, 20)]
    assert ["incline" in codes for codes in broken] == [True, True, True], "the effort is told in every case"
    kinds = [{f.rule for f in explain(ramp, wheelchair, length_m=8, run_length_m=run)} for run in (None, 8.0, 20.0)]
    assert ["run_too_long" in rules for rules in kinds] == [False, False, True]


@spec("""
across | who               | means
6%     | manual_wheelchair | ok
-7%    | manual_wheelchair | cross_slope 5
7%     | manual_wheelchair | cross_slope 5
7%     | power_wheelchair  | cross_slope 5
7%     | mobility_scooter  | cross_slope 5
6%     | rollator          | cross_slope 5
20%    | cane_elderly      | ok
20%    | stroller          | ok
7%     | manual_wheelchair cross_slope_max=0.08 | ok
7%     | walk cross_slope_max=0.05              | cross_slope 10
""")
def test_cross_slope(row: Row) -> None:
    assert way(f"highway=footway incline:across={row.across}", row.who) == row.means


@spec("""
way                                     | worse than                              | who
highway=footway incline=5%              | highway=footway incline=3%              | manual_wheelchair
highway=footway incline=up              | highway=footway                         | manual_wheelchair
highway=footway incline=up              | highway=footway                         | rollator
highway=footway incline:across=4%       | highway=footway incline:across=2%       | manual_wheelchair
highway=footway incline:across=5%       | highway=footway incline:across=4%       | stroller
highway=footway incline=20%             | highway=footway incline=15%             | walk
""")
def test_rather_the_flatter_way(row: Row) -> None:
    for against in (False, True):
        dear, cheap = (way_seconds(t, row.who, against=against) for t in (row.way, row.cells["worse than"]))
        assert dear[1] - dear[0] > cheap[1] - cheap[0]


def test_a_coarse_slope_slows_and_is_never_held_against_a_way() -> None:
    from msgspec.structs import replace

    from accessibility.verdict import columns, judge_ways, unknowns

    flat = tags.way_facts({"highway": "footway", "surface": "asphalt", "width": "2"})
    hill = replace(flat, incline_coarse=0.2)
    for profile in (
        built_in["manual_wheelchair"],
        with_overrides(built_in["manual_wheelchair"], limits={"incline_up_max": 0.01}, unknown="avoid"),
    ):
        verdict = judge_ways(columns([flat, hill]), profile, reverse=False)
        assert verdict.duration_per_m_s[1] > verdict.duration_per_m_s[0]
        assert not verdict.violated[1]
        assert not verdict.needs_run[1]
    assert unknowns(flat) == ("incline",)
    assert unknowns(hill) == ()


def test_a_lifted_down_limit_alone_changes_down_alone() -> None:
    own = person("manual_wheelchair incline_up_max=0.08")
    assert own.limits.incline_up_short_max == 0.08
    assert own.limits.incline_down_max == pytest.approx(1 / 12)
