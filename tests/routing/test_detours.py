"""There and straight back: what is taken out leaves a way that still joins, from the same place to the same place."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.detours import joined, straightened
from routing.path import Piece

WAY, SIDE, ON = 0, 10, 20
"""Arcs; an odd one leads back along the edge of the even one below it."""


@pytest.mark.parametrize(
    ("pieces", "left"),
    [
        ([], []),
        ([Piece(WAY), Piece(ON)], [Piece(WAY), Piece(ON)]),
        ([Piece(WAY, 0.2, 0.5), Piece(WAY, 0.5, 1.0)], [Piece(WAY, 0.2, 1.0)]),
        ([Piece(WAY), Piece(SIDE), Piece(SIDE + 1), Piece(ON)], [Piece(WAY), Piece(ON)]),
        ([Piece(WAY), Piece(SIDE, 0.0, 0.3), Piece(SIDE + 1, 0.7, 1.0), Piece(ON)], [Piece(WAY), Piece(ON)]),
        ([Piece(WAY, 0.0, 0.6), Piece(WAY + 1, 0.4, 0.7)], [Piece(WAY, 0.0, 0.3)]),
        ([Piece(WAY, 0.5, 0.8), Piece(WAY + 1, 0.2, 0.9)], [Piece(WAY + 1, 0.5, 0.9)]),
        ([Piece(WAY), Piece(SIDE), Piece(ON), Piece(ON + 1), Piece(SIDE + 1), Piece(WAY + 1)], []),
        # Back from another spot than the one come to: no detour.
        ([Piece(SIDE, 0.0, 0.3), Piece(SIDE + 1, 0.5, 1.0)], [Piece(SIDE, 0.0, 0.3), Piece(SIDE + 1, 0.5, 1.0)]),
    ],
)
def test_what_is_left_of_a_way(pieces: list[Piece], left: list[Piece]) -> None:
    found = straightened(pieces)
    assert [piece.arc for piece in found] == [piece.arc for piece in left]
    for one, other in zip(found, left, strict=True):
        assert (one.start, one.end) == pytest.approx((other.start, other.end))


@given(st.lists(st.tuples(st.sampled_from([WAY, SIDE, ON]), st.floats(0.05, 1.0)), max_size=12))
def test_walking_all_of_it_back_leaves_nothing(walk: list[tuple[int, float]]) -> None:
    there = [Piece(arc, 0.0, end) for arc, end in walk]
    back = [Piece(piece.arc ^ 1, 1 - piece.end, 1.0) for piece in reversed(there)]
    assert straightened([*there, *back]) == []


@given(st.lists(st.floats(0.01, 0.99), max_size=6, unique=True))
def test_joining_changes_no_length(cuts: list[float]) -> None:
    at = [0.0, *sorted(cuts), 1.0]
    pieces = [Piece(WAY, a, b) for a, b in pairwise(at)]
    assert joined(pieces) == [Piece(WAY, 0.0, 1.0)]
