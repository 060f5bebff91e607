"""Sidewalks: beside the street, as ways of their own, unlike on both sides (CONTRACT §3, TAGS, ENGINE 12)."""

from __future__ import annotations

import pytest

from tests.support.drawn import Town, drawn

FOOT = "highway=footway surface=asphalt width=2 incline=0%"
STREET = "highway=residential surface=asphalt incline=0%"
UNLIKE = f"{STREET} sidewalk=both sidewalk:left:surface=asphalt sidewalk:right:surface=gravel"
"""Drawn from a to c: left is fit for wheels, right is not."""


def side(town: Town, *ends: str | tuple[float, float], **asking: object) -> list[str | None]:
    return [segment.side for segment in town.route(*ends, **asking).routes[0].segments]


def test_like_sidewalks_are_one_line():
    town = drawn("a----b----c", ways={"abc": f"{STREET} sidewalk=both sidewalk:both:surface=paving_stones"})
    route = town.route("a", "c").routes[0]
    assert [(segment.side, segment.surface) for segment in route.segments] == [(None, "paving_stones")]


def test_unlike_sidewalks_are_walked_one_by_one():
    town = drawn("a----b----c", ways={"abc": UNLIKE})
    wheels = town.route("a", "c").routes[0]
    assert [(segment.side, segment.surface) for segment in wheels.segments] == [("left", "asphalt")]
    assert side(town, "c", "a") == ["left"], "left of the way, whichever way one goes"
    assert town.route("a", "c").status == "ok"


def test_the_fit_side_may_be_the_right_one():
    turned = UNLIKE.replace("left:surface=asphalt", "left:surface=sand").replace("gravel", "asphalt")
    assert side(drawn("a----b----c", ways={"abc": turned}), "a", "c") == ["right"]


TEE = """
         d
         |
    a----b----c
         |
         e
"""


def test_a_footway_on_one_side_meets_that_sidewalk_without_a_kerb():
    town = drawn(TEE, ways={"abc": UNLIKE, "bd": FOOT, "be": FOOT})
    assert town.kerbs("d", "c") == 0
    assert side(town, "d", "c") == [None, "left"]


def test_one_changes_sides_only_where_one_may_cross():
    bare = drawn(TEE, ways={"abc": UNLIKE, "bd": FOOT, "be": FOOT}, cell_m=20)
    crossed = drawn(TEE, ways={"abc": UNLIKE, "bd": FOOT, "be": FOOT}, nodes={"b": "highway=crossing"}, cell_m=20)
    assert crossed.kerbs("d", "e") == 2
    assert [facts.mapped_crossing for facts in crossed.passed("d", "e")] == [True]
    assert bare.kerbs("d", "e", profile="walk") == 0, "round the dead end"
    assert bare.seconds("d", "e", profile="walk") > crossed.seconds("d", "e", profile="walk") + 100


def test_at_a_junction_one_goes_from_corner_to_corner():
    """The fit sidewalk of one street leads over the other street to its fit sidewalk."""
    town = drawn(TEE, ways={"abc": UNLIKE, "dbe": UNLIKE}, cell_m=20)
    assert town.kerbs("a", "c") == 2, "across the side street"
    assert town.route("a", "c").status == "ok"


def test_a_street_beside_its_own_sidewalk_is_a_carriageway():
    town = drawn(
        """
        d---------e
        a---------c
        """,
        ways={"ac": f"{STREET} sidewalk=separate", "ad": FOOT, "de": FOOT, "ec": FOOT},
    )
    assert town.path(town.route("a", "c")) == "adec"
    alone = drawn("a---------c", ways={"ac": f"{STREET} sidewalk=separate"})
    answer = alone.route("a", "c")
    assert answer.status == "least_bad"
    assert "carriageway" in {violation.code for violation in answer.routes[0].violations}


@pytest.mark.parametrize("tag", ["sidewalk=no", "sidewalk=none", "sidewalk=left", "sidewalk=right", ""])
def test_without_a_separate_sidewalk_the_street_is_walked(tag: str):
    town = drawn("a---------c", ways={"ac": f"{STREET} {tag}".strip()})
    assert town.route("a", "c").status == "ok"


def test_the_carriageway_s_own_surface_says_nothing_about_its_sidewalk():
    """Cobbles in the middle, asphalt at the edge."""
    town = drawn(
        "a----b----c",
        ways={
            "abc": "highway=residential surface=cobblestone incline=0% sidewalk=both "
            "sidewalk:left:surface=asphalt sidewalk:right:surface=sand"
        },
    )
    assert [segment.surface for segment in town.route("a", "c").routes[0].segments] == ["asphalt"]


def test_kerbs_at_the_ends_of_a_sidewalk_are_met_there():
    """An older spelling, still common: `sloped_curb:start` and `:end` of a sided sidewalk."""
    raised = {
        **dict(part.split("=", 1) for part in UNLIKE.split()),
        "sidewalk:left:sloped_curb:start": "0.0",
        "sidewalk:left:sloped_curb:end": "0.16",
    }
    town = drawn(TEE, ways={"ab": raised, "bc": UNLIKE, "dbe": STREET}, cell_m=20)
    found = town.passed("a", "c", harm=True)
    assert max((facts.kerb_height_m or 0.0) for facts in found) == 0.16
