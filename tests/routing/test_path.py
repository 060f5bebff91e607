"""Pieces of streets as lines: cut where they should be, and together the whole."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.geodesy import distance_m
from routing.path import Piece, line_of, tidy
from tests.support.drawn import drawn

TOWN = drawn(
    """
    a----b
         |
         c----d
    """,
    ways={"abcd": "highway=footway"},
)
GRAPH = TOWN.graph
LENGTH = float(GRAPH.edge_length_m[0])


def metres(coordinates: list[tuple[float, float]]) -> float:
    lon, lat = np.array(coordinates).T
    return float(distance_m(lon[:-1], lat[:-1], lon[1:], lat[1:]).sum())


def letters(nodes: list[int]) -> str:
    return "".join(TOWN.letters[node] for node in nodes)


def test_a_whole_street_both_ways() -> None:
    there, back = line_of(GRAPH, Piece(0)), line_of(GRAPH, Piece(1))
    assert there.coordinates == back.coordinates[::-1]
    assert (letters(there.node_ids), letters(back.node_ids)) == ("abcd", "dcba")
    assert metres(there.coordinates) == pytest.approx(LENGTH)


@settings(deadline=None)
@given(st.booleans(), st.floats(0, 1), st.floats(0, 1))
def test_a_piece_is_as_long_as_its_share(reverse: bool, one: float, other: float) -> None:
    piece = Piece(int(reverse), min(one, other), max(one, other))
    line = line_of(GRAPH, piece)
    if len(line.coordinates) > 1:
        assert metres(line.coordinates) == pytest.approx(LENGTH * piece.share, abs=1e-3)
    else:
        assert piece.share < 1e-6
    assert set(line.node_ids) <= set(GRAPH.geom_node.tolist())


@settings(deadline=None)
@given(st.booleans(), st.lists(st.floats(0, 1), max_size=5))
def test_pieces_one_behind_the_other_are_the_whole(reverse: bool, cuts: list[float]) -> None:
    marks = [0.0, *sorted(cuts), 1.0]
    lines = [line_of(GRAPH, Piece(int(reverse), a, b)) for a, b in itertools.pairwise(marks)]
    for one, other in itertools.pairwise(lines):
        assert metres([one.coordinates[-1], other.coordinates[0]]) < 1e-3
    nodes = [node for line in lines for node in line.node_ids]
    once = [node for at, node in enumerate(nodes) if at == 0 or nodes[at - 1] != node]
    assert letters(once) == ("dcba" if reverse else "abcd")


def test_a_cut_at_a_node_has_the_node_on_both_sides() -> None:
    along = metres(line_of(GRAPH, Piece(0)).coordinates[:2]) / LENGTH
    for piece in (Piece(0, 0.0, along), Piece(0, along, 1.0)):
        assert "b" in letters(line_of(GRAPH, piece).node_ids)


def test_a_piece_between_two_nodes_has_none() -> None:
    line = line_of(GRAPH, Piece(0, 0.1, 0.2))
    assert line.node_ids == []
    assert len(line.coordinates) == 2


def test_standing_still_is_one_place() -> None:
    assert len(line_of(GRAPH, Piece(0, 0.3, 0.3)).coordinates) <= 2
    assert tidy([Piece(0, 0.3, 0.3), Piece(0), Piece(3, 0.0, 1e-12)]) == [Piece(0)]


def test_a_piece_knows_its_edge_and_direction() -> None:
    assert (Piece(6).edge, Piece(6).reverse, Piece(7).edge, Piece(7).reverse) == (3, False, 3, True)
    assert Piece(0, 0.25, 0.75).share == 0.5
