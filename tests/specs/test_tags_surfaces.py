"""Ground: every surface for every profile, smoothness, and tracks (PROFILES §3 and §4, TAGS)."""

from __future__ import annotations

import pytest

from accessibility import tags
from accessibility.facts import Smoothness, Surface
from accessibility.profiles import built_in
from tests.support.table import Row, rows, spec, way, way_seconds

COLUMNS = dict(
    zip(built_in, ["manual", "power", "scooter", "rollator", "cane", "stroller", "vision", "walk"], strict=True)
)

SURFACES = """
surface            | roll | feet | manual | power  | scooter | rollator | cane   | stroller | vision | walk
asphalt            | 1.00 | 0.0  | ok     | ok     | ok      | ok       | ok     | ok       | ok     | ok
concrete           | 1.00 | 0.0  | ok     | ok     | ok      | ok       | ok     | ok       | ok     | ok
concrete:plates    | 0.95 | 0.1  | ok     | ok     | ok      | ok       | ok     | ok       | ok     | ok
concrete:lanes     | 0.80 | 0.3  | ok     | ok     | ok      | ok       | ok     | ok       | ok     | ok
paved              | 1.00 | 0.0  | ok     | ok     | ok      | ok       | ok     | ok       | ok     | ok
paving_stones      | 0.90 | 0.1  | ok     | ok     | ok      | ok       | ok     | ok       | ok     | ok
brick              | 0.85 | 0.1  | ok     | ok     | ok      | ok       | ok     | ok       | ok     | ok
tiles              | 0.95 | 0.1  | ok     | ok     | ok      | ok       | ok     | ok       | ok     | ok
sett               | 0.55 | 0.5  | ok     | ok     | ok      | ok       | ok     | ok       | ok     | ok
cobblestone        | 0.50 | 0.6  | ok     | ok     | ok      | ok       | ok     | ok       | ok     | ok
unhewn_cobblestone | 0.30 | 0.9  | refuse | ok     | ok      | refuse   | ok     | ok       | ok     | ok
stone              | 0.70 | 0.3  | ok     | ok     | ok      | ok       | ok     | ok       | ok     | ok
metal              | 0.95 | 0.1  | ok     | ok     | ok      | ok       | ok     | ok       | ok     | ok
metal_grid         | 0.70 | 0.4  | ok     | ok     | ok      | ok       | ok     | ok       | ok     | ok
wood               | 0.85 | 0.2  | ok     | ok     | ok      | ok       | ok     | ok       | ok     | ok
rubber             | 0.85 | 0.0  | ok     | ok     | ok      | ok       | ok     | ok       | ok     | ok
carpet             | 0.70 | 0.0  | ok     | ok     | ok      | ok       | ok     | ok       | ok     | ok
linoleum           | 1.00 | 0.0  | ok     | ok     | ok      | ok       | ok     | ok       | ok     | ok
artificial_turf    | 0.50 | 0.2  | ok     | ok     | ok      | ok       | ok     | ok       | ok     | ok
grass_paver        | 0.35 | 0.6  | ok     | ok     | ok      | ok       | ok     | ok       | ok     | ok
compacted          | 0.65 | 0.2  | ok     | ok     | ok      | ok       | ok     | ok       | ok     | ok
fine_gravel        | 0.65 | 0.3  | ok     | ok     | ok      | ok       | ok     | ok       | ok     | ok
gravel             | 0.40 | 0.6  | refuse | ok     | ok      | refuse   | ok     | ok       | ok     | ok
pebblestone        | 0.35 | 0.7  | refuse | ok     | ok      | refuse   | ok     | ok       | ok     | ok
unpaved            | 0.50 | 0.4  | ok     | ok     | ok      | ok       | ok     | ok       | ok     | ok
ground             | 0.40 | 0.6  | ok     | ok     | ok      | ok       | ok     | ok       | ok     | ok
dirt               | 0.40 | 0.6  | ok     | ok     | ok      | ok       | ok     | ok       | ok     | ok
earth              | 0.40 | 0.6  | ok     | ok     | ok      | ok       | ok     | ok       | ok     | ok
clay               | 0.50 | 0.4  | ok     | ok     | ok      | ok       | ok     | ok       | ok     | ok
woodchips          | 0.25 | 0.5  | ok     | ok     | ok      | ok       | ok     | ok       | ok     | ok
grass              | 0.25 | 0.6  | refuse | ok     | ok      | refuse   | ok     | ok       | ok     | ok
rock               | 0.20 | 1.0  | ok     | ok     | ok      | ok       | ok     | ok       | ok     | ok
stepping_stones    | 0.20 | 1.0  | refuse | refuse | refuse  | refuse   | ok     | ok       | ok     | ok
sand               | 0.25 | 0.8  | refuse | refuse | refuse  | refuse   | refuse | refuse   | ok     | ok
mud                | 0.25 | 1.0  | refuse | refuse | refuse  | refuse   | refuse | refuse   | ok     | ok
snow               | 0.30 | 0.8  | ok     | ok     | ok      | ok       | ok     | ok       | ok     | ok
ice                | 0.30 | 1.0  | ok     | ok     | ok      | ok       | ok     | ok       | ok     | ok
"""
"""roll: share of the speed that wheels keep; feet: how bad the footing is, 0 to 1; then each profile."""


@spec(SURFACES)
def test_every_surface_for_everybody(row: Row) -> None:
    level = f"highway=footway incline=0% width=3 surface={row.surface}"
    even = "highway=footway incline=0% width=3 surface=asphalt"
    for who, profile in built_in.items():
        refused = "surface 5" if row.cells[COLUMNS[who]] == "refuse" else "ok"
        assert way(level, who) == refused, who
        watch, cost = way_seconds(level, who)
        best = way_seconds(even, who)[0]
        if profile.gait.rolls:
            assert best / watch == pytest.approx(float(row.roll)), who
        else:
            assert watch == best, who
            assert cost - watch == pytest.approx(10 * profile.heeds.uneven_s_per_m * float(row.feet)), who


def test_the_table_is_closed() -> None:
    assert {row.surface for row in rows(SURFACES)} == {surface.value for surface in Surface}


@spec("""
way                                                     | who                | means
# older words for the same ground
highway=path surface=cobblestone:flattened              | manual_wheelchair  | ok
highway=path surface=cobblestone:rounded                | manual_wheelchair  | surface 5
highway=path surface=Gravel                             | manual_wheelchair  | surface 5
# two surfaces: the worse one has to be crossed too
highway=path surface=asphalt;sand                       | manual_wheelchair  | surface 5
highway=path surface=compacted;gravel                   | rollator           | surface 5
# a word nobody knows says nothing
highway=path incline=0 width=2 surface=AS               | manual_wheelchair unknown=avoid      | unknown_surface 0.5
# somebody on site says that a wheelchair can pass
highway=path surface=sand wheelchair=yes                | manual_wheelchair  | ok
highway=path surface=sand wheelchair=designated         | manual_wheelchair  | ok
highway=path surface=sand wheelchair=limited            | manual_wheelchair  | surface 5
highway=path smoothness=very_bad wheelchair=yes         | manual_wheelchair  | ok
# personal choice
highway=path surface=sand                               | manual_wheelchair surfaces_refused=  | ok
highway=path surface=sett                               | walk surfaces_refused=sett,sand      | surface 5
highway=path surface=gravel                             | manual_wheelchair surfaces_refused=sand | ok
""")
def test_words_and_wishes(row: Row) -> None:
    assert way(row.way, row.who) == row.means


@spec("""
smoothness    | manual | power  | scooter | rollator | cane   | stroller | vision | walk
excellent     | ok     | ok     | ok      | ok       | ok     | ok       | ok     | ok
good          | ok     | ok     | ok      | ok       | ok     | ok       | ok     | ok
intermediate  | ok     | ok     | ok      | ok       | ok     | ok       | ok     | ok
bad           | refuse | ok     | refuse  | refuse   | ok     | refuse   | ok     | ok
very_bad      | refuse | refuse | refuse  | refuse   | refuse | refuse   | refuse | ok
horrible      | refuse | refuse | refuse  | refuse   | refuse | refuse   | refuse | ok
very_horrible | refuse | refuse | refuse  | refuse   | refuse | refuse   | refuse | ok
impassable    | refuse | refuse | refuse  | refuse   | refuse | refuse   | refuse | ok
medium        | ok     | ok     | ok      | ok       | ok     | ok       | ok     | ok
r             | ok     | ok     | ok      | ok       | ok     | ok       | ok     | ok
""")
def test_smoothness(row: Row) -> None:
    for who in built_in:
        means = "smoothness 5" if row.cells[COLUMNS[who]] == "refuse" else "ok"
        assert way(f"highway=footway smoothness={row.smoothness}", who) == means, who


def test_smoothness_of_ones_own() -> None:
    assert way("highway=path smoothness=bad", "manual_wheelchair smoothness_worst=bad") == "ok"
    assert way("highway=path smoothness=good", "manual_wheelchair smoothness_worst=excellent") == "smoothness 5"
    assert next(word.value for word in Smoothness) == "excellent", "the order of the words is the scale"


@spec("""
way                                              | worse than                                      | who
highway=track tracktype=grade3                   | highway=track tracktype=grade1                  | manual_wheelchair
highway=track tracktype=grade3                   | highway=track tracktype=grade2                  | cane_elderly
# nobody has said: a footway is taken for paved, a path through the woods is not
highway=path                                     | highway=footway                                 | manual_wheelchair
highway=track                                    | highway=track tracktype=grade1                  | rollator
highway=path                                     | highway=path wheelchair=yes                     | manual_wheelchair
highway=footway smoothness=bad                   | highway=footway smoothness=intermediate         | power_wheelchair
highway=footway smoothness=intermediate          | highway=footway smoothness=good                 | manual_wheelchair
highway=path sac_scale=hiking                    | highway=path                                    | stroller
highway=path wheelchair=limited                  | highway=path                                    | power_wheelchair
highway=path ford=yes                            | highway=path                                    | rollator
highway=path bicycle=yes                         | highway=path bicycle=yes segregated=yes         | low_vision
highway=cycleway                                 | highway=cycleway foot=designated                | walk
""")
def test_rather_the_other_way(row: Row) -> None:
    assert way_seconds(row.way, row.who)[1] > way_seconds(row.cells["worse than"], row.who)[1]


def test_a_firm_word_about_the_surface_silences_the_tracktype() -> None:
    said = [f"highway=track surface=asphalt tracktype={grade}" for grade in ("grade1", "grade5")]
    assert way_seconds(said[0], "manual_wheelchair") == way_seconds(said[1], "manual_wheelchair")


def test_wheelchair_no() -> None:
    means = {who: way("highway=footway wheelchair=no", who) for who in built_in}
    refused = {"manual_wheelchair", "power_wheelchair", "mobility_scooter"}
    assert means == {who: "wheelchair 30" if who in refused else "ok" for who in built_in}
    assert tags.way_facts({"highway": "footway", "wheelchair": "unknown"}).wheelchair is None
    for who, dearer in {"rollator": True, "stroller": True, "cane_elderly": False, "walk": False}.items():
        assert (
            way_seconds("highway=footway wheelchair=no", who)[1] > way_seconds("highway=footway", who)[1]
        ) is dearer, who
