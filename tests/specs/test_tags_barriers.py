"""Gates, bollards, cycle barriers, doors, locks, and the width one has to fit through (CONTRACT §3, TAGS)."""

from __future__ import annotations

import pytest

from accessibility import tags
from accessibility.profiles import built_in
from tests.support.table import Row, node, node_seconds, spec, way, way_seconds


@spec("""
node                                                          | who                            | means
# never passed on wheels, not even as the least bad
barrier=stile                                                 | manual_wheelchair              | forbidden barrier
barrier=turnstile                                             | power_wheelchair               | forbidden barrier
barrier=full-height_turnstile                                 | mobility_scooter               | forbidden barrier
barrier=kissing_gate                                          | rollator                       | forbidden barrier
barrier=kissing_gate                                          | stroller                       | forbidden barrier
barrier=kissing_gate wheelchair=yes                           | manual_wheelchair              | forbidden barrier
barrier=stile                                                 | cane_elderly                   | ok
barrier=stile                                                 | walk                           | ok
barrier=turnstile                                             | low_vision                     | ok
# a cycle barrier has to be known to be wide enough
barrier=cycle_barrier                                         | manual_wheelchair              | barrier 200
barrier=cycle_barrier                                         | power_wheelchair               | barrier 200
barrier=cycle_barrier                                         | mobility_scooter               | barrier 200
barrier=cycle_barrier                                         | stroller                       | ok
barrier=cycle_barrier                                         | rollator                       | ok
barrier=cycle_barrier                                         | walk                           | ok
barrier=cycle_barrier wheelchair=yes                          | manual_wheelchair              | ok
barrier=cycle_barrier cycle_barrier=single maxwidth:physical=1.0 | manual_wheelchair           | ok
barrier=cycle_barrier cycle_barrier=single maxwidth:physical=0.8 | manual_wheelchair           | barrier 200
barrier=cycle_barrier cycle_barrier=double opening=1.0        | manual_wheelchair              | barrier 200
barrier=cycle_barrier cycle_barrier=double opening=1.0 spacing=1.2 | manual_wheelchair         | ok
barrier=cycle_barrier cycle_barrier=double opening=1.0 spacing=1.1 | manual_wheelchair         | barrier 200
barrier=cycle_barrier opening=0.7                             | stroller                       | width 10
barrier=chicane                                               | manual_wheelchair              | barrier 200
# bollards and gates: only a measured gap refuses
barrier=bollard                                               | manual_wheelchair              | ok
barrier=bollard                                               | manual_wheelchair unknown=avoid | ok
barrier=bollard maxwidth:physical=0.8                         | manual_wheelchair              | width 10
barrier=bollard maxwidth:physical=0.9                         | manual_wheelchair              | ok
barrier=bollard maxwidth:physical=0.9                         | mobility_scooter               | width 10
barrier=bollard maxwidth:physical="80 cm"                     | manual_wheelchair width_min_m=0.8 | ok
barrier=bollard maxwidth:physical=0.8 wheelchair=yes          | manual_wheelchair              | width 10
# on a bollard a plain width may be the bollard's own
barrier=bollard width=0.2                                     | manual_wheelchair              | ok
barrier=gate width=0.8                                        | manual_wheelchair              | width 10
barrier=gate                                                  | manual_wheelchair              | ok
barrier=swing_gate                                            | manual_wheelchair              | ok
barrier=lift_gate                                             | manual_wheelchair              | ok
barrier=chain                                                 | manual_wheelchair              | ok
barrier=fence                                                 | manual_wheelchair              | ok
barrier=block maxwidth:physical=0.5                           | low_vision                     | width 25
barrier=block maxwidth:physical=0.5                           | walk                           | width 10
# locked
barrier=gate locked=yes                                       | walk                           | forbidden locked
barrier=gate locked=no                                        | manual_wheelchair              | ok
barrier=bollard locked=yes                                    | manual_wheelchair              | ok
barrier=lift_gate locked=yes                                  | walk                           | ok
# doors
door=hinged width=0.8                                         | manual_wheelchair              | width 10
door=yes door:width=0.95                                      | manual_wheelchair              | ok
entrance=yes width=0.8                                        | manual_wheelchair              | width 10
barrier=entrance maxwidth:physical=0.8                        | manual_wheelchair              | width 10
# said to be unfit
barrier=gate wheelchair=no                                    | manual_wheelchair              | wheelchair 30
barrier=gate wheelchair=no                                    | stroller                       | ok
entrance=yes railway=subway_entrance wheelchair=no            | power_wheelchair               | wheelchair 30
""")
def test_passing_a_barrier(row: Row) -> None:
    assert node(row.node, row.who, "through") == row.means


@spec("""
node                                     | acts
barrier=gate                             | yes
barrier=bollard                          | yes
barrier=entrance                         | no
barrier=toll_booth                       | no
barrier=bus_trap                         | no
barrier=entrance access=private          | yes
door=no                                  | no
door=hinged                              | yes
entrance=yes                             | no
entrance=yes access=private              | yes
entrance=yes wheelchair=no               | yes
entrance=yes width=0.8                   | yes
barrier=entrance width=0.8               | yes
kerb=lowered                             | yes
barrier=kerb                             | yes
highway=elevator                         | yes
highway=steps                            | yes
highway=crossing                         | no
highway=crossing wheelchair=no           | no
highway=crossing kerb=raised             | yes
highway=street_lamp                      | no
# what is said about a kerb counts where one crosses it, not for who walks past
barrier=kerb kerb=raised wheelchair=no   | yes
# what a café, a stop or a car park says about itself does not close the way it lies on
amenity=cafe access=customers wheelchair=no | no
amenity=parking access=private           | no
highway=bus_stop wheelchair=no           | no
railway=tram_stop wheelchair=limited     | no
access=no                                | yes
""")
def test_which_nodes_mean_something(row: Row) -> None:
    from tests.support.table import tags_of

    facts = tags.node_facts(tags_of(row.node))
    assert tags.acts(facts) is (row.acts == "yes")
    assert not (facts.mentions_kerb and tags.acting(facts).barrier)


@spec("""
node                                     | who               | watch | on top
barrier=entrance                         | manual_wheelchair | 0     | 0
barrier=bollard                          | manual_wheelchair | 0     | 20
barrier=bollard maxwidth:physical=1      | manual_wheelchair | 0     | 0
barrier=bollard                          | manual_wheelchair unknown=allow | 0 | 0
barrier=bollard                          | rollator          | 0     | 20
barrier=bollard                          | stroller          | 0     | 5
barrier=bollard                          | cane_elderly      | 0     | 0
barrier=bollard                          | low_vision        | 0     | 20
barrier=bollard maxwidth:physical=1      | low_vision        | 0     | 10
barrier=bollard                          | walk              | 0     | 0
barrier=gate width=1                     | manual_wheelchair | 10    | 0
barrier=gate width=1                     | walk              | 10    | 0
barrier=gate                             | manual_wheelchair | 10    | 20
door=sliding width=1 automatic_door=yes  | manual_wheelchair | 0     | 0
door=hinged width=1                      | manual_wheelchair | 10    | 0
barrier=chain opening=1                  | manual_wheelchair | 0     | 20
barrier=stile                            | cane_elderly      | 0     | 30
barrier=stile                            | walk              | 0     | 0
barrier=fence                            | manual_wheelchair | 0     | 80
barrier=gate width=1 wheelchair=limited  | manual_wheelchair | 10    | 30
barrier=gate width=1 access=destination  | walk              | 10    | 10
""")
def test_what_a_barrier_costs(row: Row) -> None:
    watch, cost = node_seconds(row.node, row.who, "through")
    assert watch == float(row.watch)
    assert cost - watch == pytest.approx(float(row.cells["on top"]))


@spec("""
way                                       | who                               | means
highway=footway width=0.9                 | manual_wheelchair                 | ok
highway=footway width=0.89                | manual_wheelchair                 | width 1
highway=footway width="80 cm"             | manual_wheelchair                 | width 10
highway=footway width="2'"                | manual_wheelchair                 | width 29.04
highway=footway width=2 maxwidth:physical=0.8 | manual_wheelchair             | width 10
highway=footway est_width=0.8             | manual_wheelchair                 | width 10
highway=footway width=1 est_width=0.5     | manual_wheelchair                 | ok
highway=footway width="0.8 - 1.5"         | manual_wheelchair                 | width 10
highway=footway width=0                   | manual_wheelchair                 | ok
highway=footway width=narrow              | manual_wheelchair                 | ok
highway=footway width=0.9                 | mobility_scooter                  | width 10
highway=footway width=0.85                | stroller                          | ok
highway=footway width=0.85                | stroller +double                  | width 5
highway=footway width=0.7                 | low_vision                        | width 5
highway=footway width=1.1                 | low_vision +guided                | width 10
highway=footway width=0.5                 | walk                              | width 10
highway=footway width=0.7                 | cane_elderly                      | width 20
highway=footway width=0.8                 | manual_wheelchair width_min_m=0.8 | ok
highway=footway width=0.8                 | manual_wheelchair width_min_m=null | ok
highway=footway width=0.8 wheelchair=yes  | manual_wheelchair                 | width 10
highway=steps step_count=1 width=0.5      | walk                              | width 10
""")
def test_width_of_a_way(row: Row) -> None:
    assert way(row.way, row.who) == row.means


@pytest.mark.parametrize("who", built_in)
def test_rather_the_wider_way(who: str) -> None:
    wide, tight = (way_seconds(f"highway=footway width={width}", who) for width in (3, 1.1))
    assert wide[0] == tight[0]
    assert (tight[1] > wide[1]) is (built_in[who].soft.width_m is not None)
