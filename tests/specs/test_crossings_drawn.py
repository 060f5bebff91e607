"""Getting over a street: one kerb event a side, wherever the map draws it (CONTRACT §3)."""

from __future__ import annotations

import pytest

from tests.support.drawn import Town, drawn

FOOT, STREET, CROSSING = "highway=footway", "highway=residential", "highway=footway footway=crossing"

ACROSS = """
         c
         |
    a----b----e
         |
         d
"""
"""A footway a-b-e over a street c-b-d."""


def across(node: str = "", street: str = STREET, foot: str = FOOT) -> Town:
    return drawn(ACROSS, ways={"abe": foot, "cbd": street}, nodes={"b": node} if node else {}, cell_m=2)


def test_a_street_costs_a_kerb_on_each_side():
    town = across()
    assert town.kerbs("a", "e") == 2
    assert [facts.mapped_crossing for facts in town.passed("a", "e")] == [False, False]


def test_stepping_onto_the_street_costs_one():
    town = across()
    assert town.kerbs("a", "c") == town.kerbs("d", "e") == town.kerbs("c", "a") == 1


def test_along_the_street_or_to_another_footway_on_the_same_side_costs_none():
    town = drawn(
        """
             c  f
             | /
        a----b----e
             |
             d
        """,
        ways={"ab": FOOT, "bf": FOOT, "be": FOOT, "cbd": STREET},
    )
    assert town.kerbs("c", "d") == 0
    assert town.kerbs("e", "f") == 0
    assert town.kerbs("a", "f") == 2


@pytest.mark.parametrize(
    ("street", "events"),
    [
        *[(f"highway={kind}", 2) for kind in ("primary", "secondary", "tertiary", "unclassified", "service", "road")],
        ("highway=living_street", 2),
        ("highway=service service=parking_aisle", 2),
        ("highway=service service=driveway", 0),
        *[(f"highway={kind}", 0) for kind in ("footway", "path", "pedestrian", "cycleway", "track")],
    ],
)
def test_what_counts_as_a_carriageway(street: str, events: int):
    assert across(street=street).kerbs("a", "e") == events


def test_at_a_dead_end_of_the_street_one_walks_around_it():
    town = drawn(
        """
             c
             |
        a----b----e
        """,
        ways={"abe": FOOT, "cb": STREET},
    )
    assert town.kerbs("a", "e") == 0
    assert town.kerbs("a", "c") == 1


def test_crossroads_are_crossed_arm_by_arm():
    town = drawn(
        """
        a    c    e
          \\  |  /
        f----b----g
          /  |  \\
        h    d    i
        """,
        ways={"cbd": STREET, "fbg": STREET, "ab": FOOT, "eb": FOOT, "hb": FOOT, "ib": FOOT},
    )
    assert town.kerbs("a", "e") == town.kerbs("a", "h") == town.kerbs("a", "i") == 2


def test_a_crossing_node_makes_it_mapped():
    town = across("highway=crossing crossing=marked")
    assert town.kerbs("a", "e") == 2
    assert [facts.mapped_crossing for facts in town.passed("a", "e")] == [True, True]


DRAWN_OUT = """
             c
             |
    a---s-k--b--m-t---e
             |
             d
"""
"""A footway, a crossing between s and t, kerbs at k and m, a footway."""


def drawn_out(crossing: str = CROSSING, **nodes: str) -> Town:
    return drawn(DRAWN_OUT, ways={"as": FOOT, "skbmt": crossing, "te": FOOT, "cbd": STREET}, nodes=nodes, cell_m=2)


def heights(town: Town, start: str = "a", end: str = "e") -> list[str | None]:
    return [str(f.kerb) if f.kerb else None for f in town.passed(start, end, harm=True) if f.kerb_events]


def test_a_crossing_way_without_kerbs_has_them_at_the_carriageway():
    town = drawn_out()
    assert heights(town) == [None, None]
    assert all(facts.mapped_crossing for facts in town.passed("a", "e"))


def test_kerbs_inside_the_crossing_count_once_a_side():
    assert heights(drawn_out(k="kerb=lowered", m="kerb=flush")) == ["lowered", "flush"]


def test_kerbs_where_the_crossing_begins_count_once_a_side():
    assert heights(drawn_out(s="kerb=lowered", t="barrier=kerb kerb=raised")) == ["lowered", "raised"]


def test_a_kerb_on_one_side_leaves_the_other_unknown():
    assert heights(drawn_out(k="kerb=lowered")) == ["lowered", None]


def test_kerbs_of_the_crossing_way_itself_count_once_a_side():
    town = drawn_out(f"{CROSSING} kerb=lowered")
    assert heights(town) == ["lowered", "lowered"]
    assert heights(town, "e", "a") == ["lowered", "lowered"]


def test_kerbs_of_the_crossing_way_are_one_a_side_however_it_is_cut():
    """Other ways meet the crossing between its kerbs."""
    town = drawn(
        """
             c f
             | |
        a--s-b-x-t--e
             | |
             d g
        """,
        ways={"as": FOOT, "sbxt": f"{CROSSING} kerb=lowered", "te": FOOT, "cbd": STREET, "fxg": "highway=cycleway"},
    )
    assert heights(town) == ["lowered", "lowered"]


def test_a_kerb_node_speaks_before_the_crossing_way():
    town = drawn_out(f"{CROSSING} kerb=raised", k="kerb=lowered", m="kerb=lowered")
    assert heights(town) == ["lowered", "lowered"]
    assert town.route("a", "e").status == "ok"


def test_a_raised_crossing_way_stops_wheels():
    answer = drawn_out(f"{CROSSING} kerb=raised").route("a", "e")
    assert answer.status == "least_bad"
    assert [(v.code, v.value) for v in answer.routes[0].violations] == [("kerb", 0.16)] * 2


def test_a_crossing_drawn_from_road_to_road_keeps_its_kerb():
    """No footway at either end: the kerb is met where the carriageways are left."""
    town = drawn(
        """
        c         f
        |         |
        a---------b
        |         |
        d         g
        """,
        ways={"cad": STREET, "ab": f"{CROSSING} kerb=raised", "fbg": STREET},
    )
    assert town.route("c", "g").status == "least_bad"


def test_a_traffic_island_has_kerbs_of_its_own():
    town = drawn(
        """
             c   f
             |   |
        a--s-b-i-x-t--e
             |   |
             d   g
        """,
        ways={"as": FOOT, "sbixt": CROSSING, "te": FOOT, "cbd": STREET, "fxg": STREET},
        nodes={"s": "kerb=lowered", "t": "kerb=lowered"},
    )
    assert heights(town) == ["lowered", None, None, "lowered"]


def test_a_kerb_between_two_footways_is_none():
    town = drawn("a---k---e", ways={"ak": FOOT, "ke": FOOT}, nodes={"k": "kerb=raised"})
    assert town.kerbs("a", "e") == 0
    assert town.route("a", "e").status == "ok"


def test_a_kerb_on_the_carriageway_is_none_for_those_who_stay_on_it():
    town = across("kerb=raised highway=crossing")
    assert town.kerbs("c", "d") == 0
    assert town.kerbs("a", "e", harm=True) == 2


@pytest.mark.parametrize("profile", ["manual_wheelchair", "rollator", "walk", "stroller", "cane_elderly", "low_vision"])
def test_an_unmapped_crossing_costs_half_a_minute_more_than_a_mapped_one(profile: str):
    """With the same knowledge of the kerbs: none."""
    bare, mapped = across(), across("highway=crossing")
    assert bare.seconds("a", "e", profile=profile) >= mapped.seconds("a", "e", profile=profile) + 30
    way = drawn_out()
    straight = drawn(DRAWN_OUT.replace("s-k", "---").replace("m-t", "---"), ways={"abe": FOOT, "cbd": STREET}, cell_m=2)
    assert straight.seconds("a", "e", profile=profile) >= way.seconds("a", "e", profile=profile) + 30


def test_a_mapped_crossing_is_worth_a_detour():
    """28 m more take a wheelchair 37 s, 120 m more 160 s."""
    town = drawn(
        """
        a---s------k---e
            |      |
        f---m------n---g
            |      |
        h---t------l---i
        """,
        ways={"aske": FOOT, "smt": FOOT, "knl": CROSSING, "fmng": STREET, "htli": FOOT},
        cell_m=2.0,
    )
    answer = town.route("s", "t")
    assert town.path(answer) == "sknlt"
    near = drawn(
        """
        a---s------------------------------k---e
            |                              |
        f---m------------------------------n---g
            |                              |
        h---t------------------------------l---i
        """,
        ways={"aske": FOOT, "smt": FOOT, "knl": CROSSING, "fmng": STREET, "htli": FOOT},
        cell_m=4.0,
    )
    assert near.path(near.route("s", "t")) == "smt"


def test_signals_make_one_wait_once():
    quiet, loud = (across(f"highway=crossing crossing={kind}") for kind in ("marked", "traffic_signals"))
    waits = [
        town.route("a", "e", profile="walk").routes[0].duration_s
        - town.route("a", "e", profile="walk").routes[0].distance_m / 1.3
        for town in (quiet, loud)
    ]
    assert waits == pytest.approx([0.0, 30.0], abs=0.2)


def test_signals_of_the_crossing_way_count_as_those_of_its_node():
    way = drawn_out(f"{CROSSING} crossing=traffic_signals")
    node = drawn_out(b="highway=crossing crossing=traffic_signals")
    assert way.route("a", "e").routes[0].duration_s == node.route("a", "e").routes[0].duration_s


def test_the_kerb_belongs_to_the_segment_that_follows():
    answer = drawn_out(s="kerb=lowered", t="kerb=flush").route("a", "e")
    segments = answer.routes[0].segments
    assert [segment.kerb_m for segment in segments] == [None, 0.03, None, 0.0]
    assert ["kerb" in segment.unknown for segment in segments] == [False] * 4
    assert answer.routes[0].summary.kerb_max_m == 0.03
    assert answer.routes[0].summary.unknown_share.kerb == 0.0


def test_an_unknown_kerb_is_said_and_counted():
    answer = drawn_out(s="kerb=lowered").route("a", "e")
    route = answer.routes[0]
    assert answer.status == "ok"
    assert route.summary.unknown_share.kerb == 0.5
    assert ["kerb" in segment.unknown for segment in route.segments] == [False, False, True, False]


def test_who_asks_for_certainty_does_not_cross_where_nobody_has_said():
    town = drawn_out(s="kerb=lowered")
    answer = town.route("a", "e", unknown="avoid")
    assert answer.status == "least_bad"
    assert "unknown_kerb" in {violation.code for violation in answer.routes[0].violations}
