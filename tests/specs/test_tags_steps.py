"""Steps, ramps on steps, escalators and moving walks (CONTRACT §3; PROFILES, head and §1)."""

from __future__ import annotations

import pytest

from tests.support.table import Row, node, spec, way, way_seconds


@spec("""
way                                                 | who                            | means
highway=steps step_count=7                          | manual_wheelchair              | steps 85
highway=steps step_count=1                          | manual_wheelchair              | steps 55
# nobody has counted: ten
highway=steps                                       | manual_wheelchair              | steps 100
highway=steps step_count=7                          | power_wheelchair               | steps 85
highway=steps step_count=7                          | mobility_scooter               | steps 85
highway=steps step_count=7                          | rollator                       | steps 85
highway=steps step_count=7                          | stroller                       | steps 85
highway=steps step_count=70                         | low_vision                     | ok
highway=steps step_count=70                         | walk                           | ok
highway=steps step_count=7 wheelchair=yes           | manual_wheelchair              | steps 85
highway=steps step_count=7 wheelchair=no            | manual_wheelchair              | steps 85, wheelchair 30
# climbing a few
highway=steps step_count=2                          | manual_wheelchair steps_max=2  | ok
highway=steps step_count=3                          | manual_wheelchair steps_max=2  | steps 65
highway=steps step_count=2 handrail=no              | manual_wheelchair steps_max=2  | ok
highway=steps                                       | manual_wheelchair steps_max=10 | ok
highway=steps                                       | manual_wheelchair steps_max=9  | steps 100
highway=steps step_count=3                          | stroller +carry                | ok
highway=steps step_count=4                          | stroller +carry                | steps 70
# with a cane: thirteen in one flight with a handrail, two without one
highway=steps step_count=13 handrail=yes            | cane_elderly                   | ok
highway=steps step_count=14 handrail=yes            | cane_elderly                   | steps 120
highway=steps step_count=13                         | cane_elderly                   | ok
highway=steps step_count=3 handrail=no              | cane_elderly                   | steps 65
highway=steps step_count=2 handrail=no              | cane_elderly                   | ok
highway=steps step_count=5 handrail:left=yes handrail=no | cane_elderly              | ok
highway=steps step_count=5 handrail=no              | cane_elderly steps_max_without_handrail=5 | ok
highway=steps step_count=5 handrail=yes             | cane_elderly steps_max=4       | steps 75
highway=steps                                       | cane_elderly                   | ok
# ramps: for whom matters
highway=steps step_count=7 ramp:wheelchair=yes      | manual_wheelchair              | ok
highway=steps step_count=7 ramp:wheelchair=limited  | manual_wheelchair              | ok
highway=steps step_count=7 ramp:wheelchair=no       | manual_wheelchair              | steps 85
highway=steps step_count=7 ramp:wheelchair=separate | manual_wheelchair              | steps 85
highway=steps step_count=7 ramp=yes                 | manual_wheelchair              | steps 85
highway=steps step_count=7 ramp=wheelchair          | manual_wheelchair              | ok
highway=steps step_count=7 ramp:stroller=yes        | manual_wheelchair              | steps 85
highway=steps step_count=7 ramp:wheelchair=yes      | rollator                       | ok
highway=steps step_count=7 ramp:wheelchair=yes      | stroller                       | ok
highway=steps step_count=26 ramp:wheelchair=yes     | cane_elderly                   | ok
highway=steps step_count=26 ramp:stroller=yes       | cane_elderly                   | steps 180
# what is under the wheels counts on steps too
highway=steps step_count=2 surface=gravel           | manual_wheelchair steps_max=2  | surface 5
highway=steps step_count=7 ramp:stroller=yes        | stroller                       | steps 85
highway=steps step_count=7 ramp:stroller=yes        | stroller +carry                | ok
highway=steps step_count=7 ramp=stroller            | stroller +carry                | ok
highway=steps step_count=7 ramp:bicycle=yes         | stroller +carry                | steps 85
# a footway on which somebody counted steps has steps
highway=footway step_count=2                        | manual_wheelchair              | steps 60
highway=footway step_count=2                        | walk                           | ok
# the slope of a stairway is not the slope of a ramp
highway=steps step_count=3 incline=60%              | manual_wheelchair              | steps 65
""")
def test_steps(row: Row) -> None:
    assert way(row.way, row.who) == row.means


@spec("""
way                                             | who               | direction | means
highway=steps conveying=forward                 | walk              | along     | ok
highway=steps conveying=forward                 | walk              | against   | forbidden conveying
highway=steps conveying=backward                | walk              | along     | forbidden conveying
highway=steps conveying=backward                | walk              | against   | ok
highway=steps conveying=reversible              | walk              | against   | ok
highway=steps conveying=up incline=up           | walk              | against   | forbidden conveying
highway=steps conveying=no step_count=4         | walk              | against   | ok
# an escalator carries people who walk, and stops everybody on wheels like a flight of ten
highway=steps conveying=forward                 | cane_elderly      | along     | ok
highway=steps conveying=forward step_count=40   | cane_elderly      | along     | ok
highway=steps conveying=forward                 | low_vision        | along     | ok
highway=steps conveying=forward                 | manual_wheelchair | along     | steps 100
highway=steps conveying=forward                 | stroller          | along     | steps 100
highway=steps conveying=no step_count=4         | manual_wheelchair | along     | steps 70
highway=footway conveying=forward               | manual_wheelchair | along     | ok
highway=footway conveying=forward               | manual_wheelchair | against   | forbidden conveying
""")
def test_escalators_and_moving_walks(row: Row) -> None:
    assert way(row.way, row.who, against=row.direction == "against") == row.means


@spec("""
node                                    | who               | means
highway=steps step_count=2              | manual_wheelchair | steps 60
highway=steps                           | manual_wheelchair | steps 55
barrier=step                            | manual_wheelchair | steps 55
highway=steps step_count=2              | manual_wheelchair steps_max=2 | ok
highway=steps step_count=2              | cane_elderly      | ok
highway=steps step_count=3 handrail=no  | cane_elderly      | steps 65
highway=steps ramp:wheelchair=yes       | manual_wheelchair | ok
highway=steps step_count=2              | walk              | ok
""")
def test_a_step_drawn_as_a_point(row: Row) -> None:
    assert node(row.node, row.who, "through") == row.means


@spec("""
way                                                          | who               | seconds more
# the effort of each step: three seconds with a cane, one for who cannot see it, none for who walks easily
highway=steps step_count=7 handrail=yes                      | cane_elderly      | 21
highway=steps handrail=yes                                   | cane_elderly      | 30
highway=steps step_count=7 handrail=yes                      | low_vision        | 7
highway=steps step_count=7                                   | walk              | 0
highway=steps step_count=2                                   | stroller +carry   | 20
# handrails and treads
highway=steps step_count=7                                   | cane_elderly      | 31
highway=steps step_count=2 handrail=no                       | cane_elderly      | 26
highway=steps step_count=7 handrail=yes step:condition=rough | cane_elderly      | 41
highway=steps step_count=7 handrail=yes tactile_paving=no    | low_vision        | 27
highway=steps step_count=7 handrail=no                       | low_vision        | 27
highway=steps step_count=7 handrail=no                       | walk              | 0
# a ramp
highway=steps step_count=7 ramp:wheelchair=yes               | manual_wheelchair | 0
highway=steps step_count=7 ramp:wheelchair=limited           | manual_wheelchair | 60
highway=steps step_count=7 ramp:wheelchair=yes               | cane_elderly      | 0
# an escalator
highway=steps conveying=forward                              | cane_elderly      | 20
highway=steps conveying=forward                              | walk              | 0
""")
def test_what_steps_cost_beyond_the_time_on_them(row: Row) -> None:
    watch, cost = way_seconds(row.way, row.who)
    assert watch == pytest.approx(20), "0.5 m/s along the flight"
    assert cost - watch == pytest.approx(float(row.cells["seconds more"]))
