"""Who may walk where: access, construction, roads, and sidewalks drawn beside them (CONTRACT §3)."""

from __future__ import annotations

import pytest

from accessibility import tags
from accessibility.facts import Sidewalk, WayKind, WayRole
from accessibility.profiles import built_in
from tests.support.table import Row, node, spec, tags_of, way, way_seconds


@spec("""
way                                               | means
highway=footway                                   | ok
highway=footway access=yes                        | ok
highway=footway access=no                         | forbidden access
highway=footway foot=no                           | forbidden access
highway=footway access=private                    | private
highway=footway access=customers                  | private
highway=footway foot=private                      | private
# foot speaks before access
highway=footway access=no foot=yes                | ok
highway=footway access=private foot=designated    | ok
highway=footway access=yes foot=no                | forbidden access
highway=footway access=no foot=private            | private
highway=footway access=private foot=unknown       | private
# of two words the stricter one holds
highway=footway access=yes;private                | private
highway=footway foot=designated;no                | forbidden access
# not made for walkers, not barred to them
highway=track access=agricultural                 | ok
highway=service access=destination                | ok
highway=service access=delivery                   | ok
# others only
highway=service access=psv                        | forbidden access
highway=service access=emergency                  | forbidden access
highway=service access=employees                  | private
highway=footway foot=permit                       | private
# a word nobody knows says nothing
highway=footway access=unknown                    | ok
highway=footway access="Via Luigi Pirandello"     | ok
# being built
highway=construction construction=footway         | forbidden construction
highway=construction                              | forbidden construction
highway=footway construction=yes                  | forbidden construction
highway=footway construction=minor                | ok
highway=footway construction=no                   | ok
highway=footway access=private construction=yes   | forbidden construction
# motorways
highway=motorway                                  | forbidden access
highway=motorway_link                             | forbidden access
highway=trunk motorroad=yes                       | forbidden access
highway=trunk motorroad=yes foot=designated       | ok
highway=trunk                                     | ok
""")
def test_may_one_walk_here(row: Row) -> None:
    for who in ("manual_wheelchair", "walk"):
        assert way(row.way, who) == row.means


@spec("""
node                                   | passing  | means
barrier=gate access=private            | through  | private
barrier=gate access=no                 | through  | forbidden access
barrier=gate access=no foot=yes        | through  | ok
barrier=gate access=private locked=yes | through  | forbidden locked
barrier=bollard access=no foot=yes     | through  | ok
highway=elevator access=private        | lift     | private
# the vehicles' access to the street says nothing about crossing it
highway=crossing access=no             | crossing | ok
highway=crossing foot=no               | crossing | forbidden access
barrier=kerb access=no kerb=lowered    | crossing | ok
""")
def test_may_one_pass_here(row: Row) -> None:
    assert node(row.node, "manual_wheelchair", row.passing) == row.means


@spec("""
way                                            | kind          | role        | carriageway | crossing
highway=footway                                | footway       | walkway     | no  | no
highway=footway footway=sidewalk               | footway       | walkway     | no  | no
highway=footway footway=crossing               | footway       | crossing    | no  | yes
highway=footway crossing=zebra                 | footway       | crossing    | no  | yes
highway=footway crossing=no                    | footway       | walkway     | no  | no
highway=path path=crossing                     | path          | crossing    | no  | yes
highway=cycleway cycleway=crossing             | cycleway      | crossing    | no  | yes
highway=crossing                               | footway       | crossing    | no  | yes
highway=residential                            | residential   | carriageway | yes | no
highway=residential crossing=zebra             | residential   | carriageway | yes | no
highway=secondary_link                         | secondary     | carriageway | yes | no
highway=motorway                               | motorway      | carriageway | yes | no
highway=living_street                          | living_street | carriageway | yes | no
highway=service                                | service       | carriageway | yes | no
highway=service service=parking_aisle          | service       | carriageway | yes | no
highway=service service=driveway               | driveway      | walkway     | no  | no
highway=pedestrian                             | pedestrian    | walkway     | no  | no
highway=track                                  | track         | walkway     | no  | no
highway=steps                                  | steps         | steps       | no  | no
highway=steps conveying=yes                    | steps         | escalator   | no  | no
highway=footway conveying=forward              | footway       | moving_walk | no  | no
highway=elevator                               | elevator      | lift        | no  | no
highway=corridor                               | corridor      | walkway     | no  | no
railway=platform                               | platform      | walkway     | no  | no
public_transport=platform                      | platform      | walkway     | no  | no
highway=bus_stop public_transport=platform     | platform      | walkway     | no  | no
man_made=pier                                  | path          | walkway     | no  | no
highway=construction construction=residential  | residential   | carriageway | yes | no
highway=path;steps                             | steps         | steps       | no  | no
""")
def test_what_sort_of_way(row: Row) -> None:
    found = tags_of(row.way)
    facts = tags.way_facts(found)
    assert tags.walkable(found)
    assert facts.kind is WayKind(row.kind)
    assert facts.role is WayRole(row.role)
    assert (facts.carriageway, facts.crossing) == (row.carriageway == "yes", row.crossing == "yes")


@pytest.mark.parametrize(
    "text",
    ["highway=proposed", "highway=raceway", "building=yes", "railway=rail", "highway=street_lamp", "barrier=kerb"],
)
def test_nobody_walks_along_these(text: str) -> None:
    assert not tags.walkable(tags_of(text))


@spec("""
way                                                        | sides      | walks     | means
highway=residential                                        |            |           | ok
highway=residential sidewalk=both                          | left right | attached  | ok
highway=residential sidewalk=left                          | left       | attached  | ok
highway=residential sidewalk=no                            |            | none      | ok
highway=residential sidewalk=separate                      |            | separate  | carriageway 2
highway=residential sidewalk:both=separate                 |            | separate  | carriageway 2
highway=residential sidewalk:left=no sidewalk:right=separate |          | separate  | carriageway 2
highway=residential sidewalk:left=yes sidewalk:right=separate | left    | attached  | ok
highway=residential footway=both                           | left right | attached  | ok
highway=residential footway:right=sidewalk                 | right      | attached  | ok
highway=tertiary sidewalk=left sidewalk:left=separate      |            | separate  | carriageway 2
highway=service service=driveway sidewalk=separate         |            | separate  | carriageway 2
highway=footway sidewalk=separate                          |            |           | ok
""")
def test_sidewalks_of_a_street(row: Row) -> None:
    found = tags_of(row.way)
    assert " ".join(tags.sides(found)) == row.sides
    assert tags.way_facts(found).sidewalk == (Sidewalk(row.walks) if row.walks else None)
    for who in built_in:
        assert way(row.way, who) == row.means


STREET = (
    "highway=residential sidewalk=both surface=sett width=6 incline=4% smoothness=bad "
    "sidewalk:left:surface=asphalt sidewalk:left:width=0.8 sidewalk:right:surface=sand footway:right:smoothness=good "
    "footway:right.width=1.6 sidewalk:both:lit=yes"
)


@spec("""
side  | surface | width | smoothness | incline | means
left  | asphalt | 0.8   |            | 0.04    | width 10
right | sand    | 1.6   | good       | 0.04    | surface 5
      | sett    | 6     | bad        | 0.04    | smoothness 5
""")
def test_each_side_for_itself(row: Row) -> None:
    """What the carriageway is paved with says nothing about the sidewalk; its slope does."""
    facts = tags.way_facts(tags_of(STREET), row.side or None)
    assert facts.surface == row.surface
    assert facts.width_m == float(row.width)
    assert (facts.smoothness or "") == row.smoothness
    assert facts.incline == float(row.incline)
    assert facts.carriageway is (row.side == "")
    assert way(STREET, "manual_wheelchair", side=row.side or None) == row.means


def test_equal_sides_speak_for_the_street() -> None:
    facts = tags.way_facts(tags_of("highway=primary sidewalk=both surface=asphalt sidewalk:both:surface=sett"))
    assert facts.surface == "sett"
    one = tags.way_facts(tags_of("highway=primary sidewalk=right surface=asphalt sidewalk:right:surface=sett"))
    assert one.surface == "sett"


@spec("""
way                                | worse than                         | who
highway=primary                    | highway=residential                | walk
highway=residential                | highway=residential sidewalk=both  | manual_wheelchair
highway=residential                | highway=footway                    | manual_wheelchair
highway=tertiary maxspeed=70       | highway=tertiary maxspeed=50       | stroller
highway=tertiary maxspeed="50 mph" | highway=tertiary maxspeed=50       | stroller
highway=tertiary foot=use_sidepath | highway=tertiary                   | walk
highway=track access=forestry      | highway=track                      | walk
""")
def test_rather_not_among_cars(row: Row) -> None:
    dear, cheap = (way_seconds(text, row.who) for text in (row.way, row.cells["worse than"]))
    assert dear[0] == cheap[0]
    assert dear[1] > cheap[1]


def test_conditions_are_kept_for_the_hour_of_arrival() -> None:
    kept = {"highway": "footway", "access": "no", "foot:conditional": "yes @ (06:00-22:00)", "opening_hours": "24/7"}
    facts = tags.way_facts(kept)
    assert (facts.conditional, facts.opening_hours) == ("yes @ (06:00-22:00)", "24/7")
    gate = tags.node_facts({"barrier": "gate", "access:conditional": "no @ winter", "opening_hours": "06:00-22:00"})
    assert (gate.conditional, gate.opening_hours) == ("no @ winter", "06:00-22:00")
    cafe = tags.node_facts({"amenity": "cafe", "opening_hours": "06:00-22:00"})
    assert cafe.opening_hours is None
