"""Plazas are crossed, not walked round: straight between their entries, round what stands on them."""

from __future__ import annotations

import pytest

from routing.elements import RawRelation
from tests.support.drawn import Town, drawn

SQUARE = """
    e---a-----------b
        |           |
        |   g---h   |
        |   |   |   |
        |   j---i   |
        |           |
        d-----------c---f
"""
WAYS = {"ea": "highway=footway", "cf": "highway=footway"}
PLAZA = "highway=pedestrian area=yes surface=paving_stones"
SIDE_M = 12 * 5.0, 6 * 5.0
DIAGONAL_M = (SIDE_M[0] ** 2 + SIDE_M[1] ** 2) ** 0.5
"""The square is 60 m wide and 30 m high."""


def plaza_m(town: Town) -> float:
    """Length of the route without the two footways that lead to the square."""
    answer = town.route("e", "f", profile="walk")
    town.close()
    return answer.routes[0].distance_m - 2 * 4 * 5.0


def test_an_empty_square_is_crossed_from_corner_to_corner() -> None:
    town = drawn(SQUARE, ways={**WAYS, "abcda": PLAZA})
    assert plaza_m(town) == pytest.approx(DIAGONAL_M, rel=0.01)


def test_without_the_area_there_is_only_its_rim() -> None:
    town = drawn(SQUARE, ways={**WAYS, "abcda": "highway=pedestrian"})
    assert plaza_m(town) == pytest.approx(sum(SIDE_M), rel=0.01)


def test_a_building_on_the_square_is_walked_round() -> None:
    town = drawn(SQUARE, ways={**WAYS, "abcda": PLAZA, "ghijg": "building=yes"})
    found = plaza_m(town)
    assert DIAGONAL_M + 0.5 < found < sum(SIDE_M) - 1


def test_a_square_drawn_as_a_relation_with_a_hole_is_crossed_round_the_hole() -> None:
    relation = RawRelation(
        7,
        (("w", 1002, "outer"), ("w", 1003, "inner")),
        {"type": "multipolygon", "highway": "pedestrian", "surface": "paving_stones"},
    )
    town = drawn(SQUARE, ways={**WAYS, "abcda": {}, "ghijg": {}}, relations=(relation,))
    answer = town.route("e", "f", profile="walk")
    town.close()
    assert DIAGONAL_M + 0.5 < answer.routes[0].distance_m - 40 < sum(SIDE_M) - 1
    assert {part.area_id for part in answer.routes[0].segments} == {None, 7}


def test_a_plaza_of_sand_bars_wheels() -> None:
    town = drawn(SQUARE, ways={**WAYS, "abcda": "highway=pedestrian area=yes surface=sand"})
    assert town.route("e", "f").status == "least_bad"
    town.close()
