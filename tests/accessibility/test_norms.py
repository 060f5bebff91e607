"""Norms: information about known facts, never a verdict, never about what nobody has said."""

from __future__ import annotations

import pytest

from accessibility import tags
from accessibility.norms import NORMS, Item, badges, stands
from tests.support.table import Row, passage_facts, spec, tags_of


@spec("""
way                                      | item          | ada_prowag | din_18040_3 | gb_50763
highway=footway incline=3%               | running_slope | yes        | yes         | yes
highway=footway incline=-4%              | running_slope | yes        | no          | yes
highway=footway incline=6%               | running_slope | no         | no          | no
highway=footway incline:across=2%        | cross_slope   | yes        | yes         | yes
highway=footway incline:across=3%        | cross_slope   | no         | no          | no
highway=footway width=0.90               | clear_width   | no         | yes         | no
highway=footway width=1.20               | clear_width   | yes        | yes         | yes
""")
def test_ways(row: Row) -> None:
    found = {badge.norm: badge.meets for badge in badges(tags.way_facts(tags_of(row.way))) if badge.item == row.item}
    assert found == {norm: row.cells[norm] == "yes" for norm in ("ada_prowag", "din_18040_3", "gb_50763")}


@spec("""
node                | ada_prowag | din_18040_3 | gb_50763
kerb=flush          | yes        | yes         | yes
kerb:height="1 cm"  | no         | yes         | yes
kerb=lowered        | no         | yes         | no
kerb=raised         | no         | no          | no
""")
def test_kerbs(row: Row) -> None:
    found = {badge.norm: badge.meets for badge in badges(passage_facts(row.node, "crossing"))}
    assert found == {norm: row.cells[norm] == "yes" for norm in ("ada_prowag", "din_18040_3", "gb_50763")}


@pytest.mark.parametrize("text", ["highway=footway", "highway=steps incline=40% width=2", "highway=footway incline=up"])
def test_silence_gets_no_badge(text: str) -> None:
    assert badges(tags.way_facts(tags_of(text))) == []


def test_unknown_kerbs_get_no_badge() -> None:
    assert badges(passage_facts("kerb=yes", "crossing")) == []
    assert badges(passage_facts("kerb=raised", "through")) == []


def test_every_norm_has_one_number_with_unit_and_source() -> None:
    assert {norm.item for norm in NORMS} == set(Item)
    assert len({(norm.id, norm.item) for norm in NORMS}) == len(NORMS)
    for norm in NORMS:
        assert (norm.at_most is None) != (norm.at_least is None)
        assert norm.source
        assert norm.unit in ("fraction", "m")


@pytest.mark.parametrize(
    ("way", "nodes", "item", "state", "value"),
    [
        ("highway=footway incline=3%", [], "running_slope", "meets", 0.03),
        ("highway=footway incline=-8%", [], "running_slope", "misses", 0.08),
        ("highway=footway", [], "running_slope", "unknown", None),
        ("highway=footway incline=up", [], "running_slope", "unknown", None),
        ("highway=footway width=2", [], "clear_width", "meets", 2.0),
        ("highway=footway width=2", ["barrier=bollard"], "clear_width", "unknown", 2.0),
        ("highway=footway width=2", ["barrier=bollard maxwidth:physical=0.8"], "clear_width", "misses", 0.8),
        ("highway=footway width=2", ["barrier=bollard maxwidth:physical=1.0"], "clear_width", "meets", 1.0),
        ("highway=footway", ["kerb=flush", "kerb=raised"], "level_change", "misses", 0.16),
        ("highway=footway", ["kerb=flush", "kerb=yes"], "level_change", "unknown", 0.0),
        ("highway=footway", ["kerb=flush", "kerb=flush"], "level_change", "meets", 0.0),
    ],
)
def test_a_stretch_meets_a_norm_only_with_all_it_passes(
    way: str, nodes: list[str], item: str, state: str, value: float | None
) -> None:
    passed = [passage_facts(node, "crossing" if "kerb" in node else "through") for node in nodes]
    found = [stand for stand in stands(tags.way_facts(tags_of(way)), passed) if stand.item == item]
    assert [(stand.norm, stand.state, stand.value) for stand in found if stand.norm == "ada_prowag"] == [
        ("ada_prowag", state, value)
    ]


@pytest.mark.parametrize("way", ["highway=steps incline=40% width=2", "highway=elevator"])
def test_norms_of_paths_do_not_speak_about_steps_and_lifts(way: str) -> None:
    assert stands(tags.way_facts(tags_of(way)), []) == []


def test_what_was_never_seen_in_a_copy_says_so() -> None:
    unchecked = {(norm.id, norm.item.value) for norm in NORMS if not norm.checked}
    assert ("gb_50763", "cross_slope") in unchecked
    assert ("gb_55019", "kerb_lip") in unchecked
    assert all(norm.id.startswith("gb_") for norm in NORMS if not norm.checked)
