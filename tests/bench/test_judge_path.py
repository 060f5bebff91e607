"""An answer must be a path of the raw map: neighbours on their way, joined runs, ends where it snapped."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.judge import violations
from tests.bench.judge_drawn import Drawn, Tags, draw

FOOT: Tags = {"highway": "footway"}
PRIVATE: Tags = {"highway": "service", "access": "private"}
MW, WA = "manual_wheelchair", "walk"


@pytest.fixture
def town(tmp_path: Path) -> Drawn:
    """a–b–c–d east along way 1; b–e north (way 2, steps); c–f north (way 3, private) and on to g (way 4)."""
    at = {"a": (0.0, 0.0), "b": (50.0, 0.0), "c": (100.0, 0.0), "d": (150.0, 0.0)}
    at |= {"e": (50.0, 50.0), "f": (100.0, 50.0), "g": (100.0, 100.0)}
    ways = [(1, "a b c d", FOOT), (2, "b e", {"highway": "steps", "step_count": "6"}), (3, "c f", PRIVATE)]
    return draw(tmp_path, at, [*ways, (4, "f g", FOOT)])


def test_a_true_path_has_nothing_wrong(town: Drawn) -> None:
    assert town.codes(WA, town.route((1, "a b"), (2, "b e"))) == []


def test_nodes_that_are_no_neighbours(town: Drawn) -> None:
    assert town.codes(WA, town.route((1, "a c"))) == ["not_neighbours"]


def test_a_node_of_another_way(town: Drawn) -> None:
    assert "not_neighbours" in town.codes(WA, town.route((1, "a b e")))


def test_runs_that_do_not_join(town: Drawn) -> None:
    assert town.codes(WA, town.route((1, "a b"), (3, "c f"))) == ["disconnected"]


def test_a_way_that_does_not_exist(town: Drawn) -> None:
    assert "unknown_way" in town.codes(WA, town.route((99, "a b")))


def test_a_node_that_does_not_exist(town: Drawn) -> None:
    route = town.route((1, "a b"))
    route["segments"][0]["node_ids"].append(999)
    assert town.codes(WA, route) == ["unknown_node"]


def test_a_mid_edge_start_off_its_way(town: Drawn) -> None:
    assert town.codes(WA, town.route((1, "c d"), start=(75.0, 0.0))) == []
    assert town.codes(WA, town.route((1, "c d"), start=(75.0, 20.0))) == ["off_way"]


def test_the_line_begins_where_the_answer_snapped(town: Drawn) -> None:
    request, route = town.request(WA, "a", "c"), town.route((1, "a b c"))
    assert violations(town.world, request, route, town.snapped("a", "c")) == []
    wrong = violations(town.world, request, route, town.snapped("a", "d"))
    assert [f.code for f in wrong] == ["disconnected"]


def test_a_split_in_the_middle_of_an_edge_is_one_path(town: Drawn) -> None:
    """A closure in the middle of an edge splits the segment where there is no node."""
    route = town.route((1, "a b"), end=(75.0, 0.0))
    rest = town.route((1, "c d"), start=(75.0, 0.0))
    low = len(route["geometry"]["coordinates"]) - 1
    route["geometry"]["coordinates"] += rest["geometry"]["coordinates"][1:]
    rest["segments"][0]["geometry_index"] = [low, len(route["geometry"]["coordinates"]) - 1]
    route["segments"] += rest["segments"]
    assert town.codes(WA, route) == []


def test_both_ends_on_one_edge(town: Drawn) -> None:
    inside = town.route((2, ""), start=(50.0, 10.0), end=(50.0, 20.0))
    assert town.codes(WA, inside) == []
    assert town.codes(MW, inside) == ["steps"]
    assert town.ok(WA, (50.0, 10.0), (50.0, 20.0))
    assert not town.ok(MW, (50.0, 10.0), (50.0, 20.0))
    assert town.least(MW, (50.0, 10.0), (50.0, 20.0)) == pytest.approx(80.0)


def test_private_ways_only_at_an_end_of_the_route(town: Drawn) -> None:
    through = town.route((1, "b c"), (3, "c f"), (4, "f g"))
    assert town.codes(WA, through) == ["access"]
    assert town.points(WA, through) == float("inf")
    assert not town.ok(WA, "b", "g")
    assert town.least(WA, "b", "g") is None
    into = town.route((1, "b c"), (3, "c"), end=(100.0, 25.0))
    assert town.codes(WA, into) == []
    assert town.ok(WA, "b", (100.0, 25.0))
    out = town.route((3, "f"), (4, "f g"), start=(100.0, 25.0))
    assert town.codes(WA, out) == []
    assert town.ok(WA, (100.0, 25.0), "g")


def test_a_private_gate_may_close_a_private_end_only(tmp_path: Path) -> None:
    at = {"a": (0.0, 0.0), "b": (50.0, 0.0), "c": (100.0, 0.0), "d": (150.0, 0.0)}
    ways = [(1, "a b", FOOT), (2, "b c", PRIVATE), (3, "c d", FOOT)]
    drawn = draw(tmp_path, at, ways, {"b": {"barrier": "gate", "access": "private"}})
    assert drawn.codes(WA, drawn.route((1, "a b"), (2, "b c"))) == []
    assert drawn.ok(WA, "a", (75.0, 0.0))
    assert not drawn.ok(WA, "a", "d")


def test_a_plaza_is_crossed_inside_its_rim(tmp_path: Path) -> None:
    at = {"a": (0.0, 0.0), "b": (50.0, 0.0), "c": (50.0, 50.0), "d": (0.0, 50.0), "o": (-50.0, 0.0), "p": (100.0, 50.0)}
    plaza = {"highway": "pedestrian", "area": "yes", "surface": "sand"}
    drawn = draw(tmp_path, at, [(1, "o a", FOOT), (2, "a b c d a", plaza), (3, "c p", FOOT)])
    area = {"area_id": 2, "way_id": None}
    across = drawn.route((1, "o a"), (0, "a c", area), (3, "c p"))
    assert drawn.codes(WA, across) == []
    assert drawn.codes(MW, across) == ["surface"]
    assert drawn.points(MW, across) == pytest.approx(35.4, abs=0.1)
    assert drawn.ok(WA, "o", "p")
    assert not drawn.ok(MW, "o", "p")
    stranger = drawn.route((1, "o a"), (0, "a p", area))
    assert "off_area" in drawn.codes(WA, stranger)


def test_a_plaza_relation_is_an_area_and_its_rim_is_walked(tmp_path: Path) -> None:
    at = {"a": (0.0, 0.0), "b": (50.0, 0.0), "c": (50.0, 50.0), "d": (0.0, 50.0), "o": (-50.0, 0.0), "p": (100.0, 50.0)}
    relation = (7, [(2, "outer")], {"type": "multipolygon", "highway": "pedestrian"})
    drawn = draw(tmp_path, at, [(1, "o a", FOOT), (2, "a b c d a", {}), (3, "c p", FOOT)], relations=[relation])
    across = drawn.route((1, "o a"), (0, "a c", {"area_id": 7, "way_id": None}), (3, "c p"))
    assert drawn.codes(MW, across) == []
    assert drawn.ok(MW, "o", "p")


def test_a_corner_of_a_private_way_is_not_on_it_unless_the_answer_says_so(town: Drawn) -> None:
    assert not town.ok(WA, "c", "g")
    assert town.ok(WA, "c", "g", ways=[3, None])
    assert not town.ok(WA, "c", "g", ways=[1, None])
    assert not town.ok(WA, "g", "c")
    assert town.ok(WA, "g", "c", ways=[None, 3])


def test_a_corner_whose_public_ways_are_refused_is_still_public(tmp_path: Path) -> None:
    at = {"a": (0.0, 0.0), "b": (50.0, 0.0), "c": (50.0, 50.0), "d": (100.0, 50.0)}
    ways = [(1, "a b", {"highway": "steps"}), (2, "b c", PRIVATE), (3, "c d", FOOT)]
    drawn = draw(tmp_path, at, ways)
    assert not drawn.ok(MW, "b", "d")
    assert drawn.ok(MW, "b", "d", ways=[2, None])
    assert drawn.ok(MW, (50.0, 5.0), "d")


def test_an_access_nobody_can_read_may_belong_to_a_private_end(tmp_path: Path) -> None:
    at = {"a": (0.0, 0.0), "b": (50.0, 0.0), "c": (100.0, 0.0), "d": (150.0, 0.0)}
    ways = [(1, "a b", FOOT), (2, "b c", FOOT | {"foot": "permit"}), (3, "c d", PRIVATE)]
    drawn = draw(tmp_path, at, ways, {"b": {"entrance": "yes", "access": "private"}})
    assert drawn.codes(WA, drawn.route((1, "a b"), (2, "b c"), (3, "c d"))) == []
    public = draw(tmp_path, at, [*ways[:1], (2, "b c", FOOT), ways[2]], {"b": {"entrance": "yes", "access": "private"}})
    assert public.codes(WA, public.route((1, "a b"), (2, "b c"), (3, "c d"))) == ["access"]
