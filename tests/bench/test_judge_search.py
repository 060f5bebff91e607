"""The judge's own search on maps whose best path is known by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.judge_drawn import Drawn, Tags, draw

FOOT: Tags = {"highway": "footway"}
STEPS: Tags = {"highway": "steps", "step_count": "4"}
MW, RO, WA = "manual_wheelchair", "rollator", "walk"


def block(folder: Path, short: Tags, around: Tags) -> Drawn:
    """From a to b directly (way 1, 50 m, over m) or around the block (way 2, 250 m)."""
    at = {"a": (0.0, 0.0), "m": (25.0, 0.0), "b": (50.0, 0.0), "x": (0.0, 100.0), "y": (50.0, 100.0)}
    at |= {"o": (-30.0, 0.0), "p": (80.0, 0.0)}
    ways = [(1, "a m b", short), (2, "a x y b", around), (3, "o a", FOOT), (4, "b p", FOOT)]
    return draw(folder, at, ways)


def test_the_detour_that_keeps_the_limits_is_found(tmp_path: Path) -> None:
    drawn = block(tmp_path, STEPS, FOOT)
    assert drawn.ok(MW, "o", "p")
    assert drawn.least(MW, "o", "p") == pytest.approx(0.0, abs=0.01)


def test_the_lesser_harm_wins_whatever_its_length(tmp_path: Path) -> None:
    sandy = block(tmp_path, STEPS, FOOT | {"surface": "sand"})
    assert not sandy.ok(MW, "o", "p")
    assert sandy.least(MW, "o", "p") == pytest.approx(70.0, abs=0.01), "4 steps before 250 m of sand"
    narrow = block(tmp_path, STEPS, FOOT | {"width": "0.8"})
    assert narrow.least(MW, "o", "p") == pytest.approx(10.0, abs=0.01), "one narrow way weighs once"


def test_a_flight_weighs_once_however_many_nodes_it_has(tmp_path: Path) -> None:
    drawn = block(tmp_path, STEPS, FOOT | {"access": "no"})
    assert drawn.least(MW, "o", "p") == pytest.approx(70.0, abs=0.01)
    assert drawn.least(MW, "a", "b") == pytest.approx(70.0, abs=0.01)
    assert drawn.least(MW, (30.0, 0.0), "p") == pytest.approx(70.0, abs=0.01), "from the middle of the flight"
    assert drawn.least(MW, "o", (20.0, 0.0)) == pytest.approx(70.0, abs=0.01)


def test_going_up_is_not_going_down(tmp_path: Path) -> None:
    drawn = block(tmp_path, FOOT | {"incline": "8%"}, FOOT | {"access": "no"})
    assert not drawn.ok(MW, "o", "p")
    assert drawn.ok(MW, "p", "o")
    assert drawn.least(MW, "o", "p") == pytest.approx(2.0 * 50 / 2, abs=0.01)
    assert drawn.least(MW, "p", "o") == pytest.approx(0.0, abs=0.01)
    assert drawn.least(MW, (25.0, 0.0), "p") == pytest.approx(2.0 * 25 / 2, abs=0.01)


def test_nothing_connects_is_not_a_harm(tmp_path: Path) -> None:
    drawn = block(tmp_path, FOOT | {"access": "no"}, {"highway": "construction"})
    assert drawn.least(WA, "o", "p") is None
    assert not drawn.ok(WA, "o", "p")


def test_two_points_on_one_edge_need_no_node(tmp_path: Path) -> None:
    drawn = block(tmp_path, STEPS, FOOT)
    assert drawn.ok(MW, (-25.0, 0.0), (-5.0, 0.0))
    assert drawn.ok(MW, "a", "a")
    assert drawn.least(MW, (5.0, 0.0), (10.0, 0.0)) == pytest.approx(70.0, abs=0.01)


def test_a_start_on_steps_is_no_start_for_wheels(tmp_path: Path) -> None:
    drawn = block(tmp_path, STEPS, FOOT)
    assert not drawn.ok(MW, (10.0, 0.0), "p")
    assert drawn.ok(WA, (10.0, 0.0), "p")


def test_every_leg_must_hold(tmp_path: Path) -> None:
    drawn = block(tmp_path, STEPS, FOOT | {"access": "no"})
    assert drawn.ok(WA, "o", "a", "p")
    assert not drawn.ok(MW, "o", "a", "p")
    assert drawn.ok(MW, "o", "a")
    assert drawn.least(MW, "o", "p", "o") == pytest.approx(140.0, abs=0.01)


def test_a_bridge_is_no_junction_and_a_hint_names_the_way(tmp_path: Path) -> None:
    """Way 1 runs over way 2 without a shared node; way 1 is steps beyond the bridge."""
    at = {"a": (-50.0, 0.0), "b": (50.0, 0.0), "s": (0.0, -50.0), "n": (0.0, 50.0), "e": (90.0, 0.0)}
    drawn = draw(tmp_path, at, [(1, "a b", FOOT), (2, "s n", FOOT), (3, "b e", FOOT)])
    crossing = (0.0, 0.0)
    assert not drawn.ok(WA, crossing, "e"), "it may be the lower way, which leads nowhere"
    assert drawn.ok(WA, crossing, "e", ways=[1, None])
    assert not drawn.ok(WA, crossing, "e", ways=[2, None])
    assert not drawn.ok(WA, "s", "e")


def test_unknown_is_passable_under_warn_and_not_under_avoid(tmp_path: Path) -> None:
    told = {"surface": "asphalt", "width": "2", "incline": "0%"}
    drawn = block(tmp_path, FOOT, FOOT | told)
    assert drawn.ok(MW, "a", "b")
    assert drawn.ok(MW, "a", "b", unknown="avoid"), "around the block everything is told"
    assert not drawn.ok(MW, "o", "b", unknown="avoid")
    assert drawn.least(MW, "o", "a", unknown="avoid") == pytest.approx(3 * 30 / 20, abs=0.01)


def test_a_way_cut_by_the_extract_keeps_what_it_has(tmp_path: Path) -> None:
    drawn = block(tmp_path, FOOT, FOOT)
    drawn.ids["gone"] = 4711
    path = tmp_path / "drawn.osm"
    refs = "".join(f'<nd ref="{drawn.ids[n]}"/>' for n in ("p", "gone", "o"))
    text = path.read_text().replace("</osm>", f'<way id="9" version="1">{refs}<tag k="highway" v="path"/></way></osm>')
    path.write_text(text)
    from bench.judge import compliant_exists, load

    world = load(path)
    assert compliant_exists(world, drawn.request(WA), drawn.snapped("o", "p"))
    assert len(world.by_way[1]) == 1
    assert 9 not in world.by_way


def test_a_far_location_is_on_no_way(tmp_path: Path) -> None:
    drawn = block(tmp_path, FOOT, FOOT)
    assert not drawn.ok(WA, (25.0, 40.0), "p")
    assert drawn.least(WA, (25.0, 40.0), "p") is None
