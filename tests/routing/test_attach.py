"""Exact costs around a spot: parts add up, one street with two spots, private ways at the ends; against brute force."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.attach import Attachments, Prices, Private, Searched, leg, on_edge, part
from routing.dijkstra import dijkstra
from routing.engine import BLOCKED, Engine, order
from routing.path import Piece
from routing.snap import Snap

UNIT = 64
"""Streets are cut into so many equal bits by the referee, so that every fraction is a node."""


def spot(edge: int, fraction: float) -> Snap:
    return Snap(edge, fraction, 0, 0.0, 0.0, 0.0)


class Streets:
    """Edges (a, b, weight along, weight against)."""

    def __init__(self, edges, private=()):
        self.edges = edges
        tail, head = np.array([e[:2] for e in edges], np.int32).T
        self.weights = np.array([w for e in edges for w in e[2:]], np.int64)
        self.n = int(max(tail.max(), head.max())) + 1
        closed = np.zeros(len(self.weights), bool)
        for edge in private:
            closed[2 * edge : 2 * edge + 2] = True
        self.private = Private(closed, self.weights.astype(np.uint32))
        public = np.where(closed, BLOCKED, self.weights)
        self.component = np.where(closed[0::2], -1, 0)
        self.around = Attachments(tail, head, self.component)
        self.tails = np.column_stack([tail, head]).ravel()
        self.heads = np.column_stack([head, tail]).ravel()
        self.engine = Engine(
            order(self.n, self.tails, self.heads, np.zeros(self.n), np.arange(self.n) * 1e-3), self.tails, self.heads
        )
        self.metric = self.engine.customise(public)

    def leg(self, a, b, private=True):
        prices = Prices(self.metric.weights, self.private if private else None)
        return leg(Searched(self.engine, self.metric), self.around, a, b, prices)

    def referee(self, a, b):
        """Cheapest cost with all streets cut into bits, all open; exact when weights are multiples of UNIT."""
        tails, heads, costs = [], [], []

        def bit(edge, i):
            return self.edges[edge][0] if i == 0 else self.edges[edge][1] if i == UNIT else self.n + edge * UNIT + i

        for edge, (_, _, along, against) in enumerate(self.edges):
            for i in range(UNIT):
                tails += [bit(edge, i), bit(edge, i + 1)]
                heads += [bit(edge, i + 1), bit(edge, i)]
                costs += [w / UNIT if w < BLOCKED else np.inf for w in (along, against)]
        path = dijkstra(
            np.array(tails),
            np.array(heads),
            np.array(costs),
            [(bit(a.edge, round(a.fraction * UNIT)), 0)],
            [(bit(b.edge, round(b.fraction * UNIT)), 0)],
            n_nodes=self.n + len(self.edges) * UNIT,
        )
        return None if path is None else path.cost


def check_pieces(streets, a, b, found) -> None:
    """The pieces lead from a to b without a gap and cost what is said."""
    where, fraction, total = a.edge, a.fraction, 0
    for i, piece in enumerate(found.pieces):
        at = piece.start if not piece.reverse else 1 - piece.start
        if piece.edge == where and 0 < at < 1:
            assert at == pytest.approx(fraction)
        else:
            assert piece.start == 0 or i == 0
        total += part(int(streets.weights[piece.arc]), piece.start, piece.end)
        where, fraction = piece.edge, piece.end if not piece.reverse else 1 - piece.end
    for before, after in pairwise(found.pieces):
        assert before.end == 1.0
        assert after.start == 0.0
        assert streets.heads[before.arc] == streets.tails[after.arc]
    assert total == found.cost
    if found.pieces:
        assert (where, fraction) == (b.edge, pytest.approx(b.fraction))


@settings(max_examples=200)
@given(st.integers(0, BLOCKED - 1), st.lists(st.floats(1e-6, 1 - 1e-6), min_size=1, max_size=5))
def test_parts_of_an_arc_add_up_exactly(weight, cuts):
    marks = [0.0, *sorted(cuts), 1.0]
    parts = [part(weight, a, b) for a, b in pairwise(marks)]
    assert sum(parts) == weight
    assert min(parts) >= 0


weights = st.one_of(st.integers(0, 20).map(lambda w: w * UNIT), st.just(BLOCKED))
fractions = st.integers(0, UNIT).map(lambda i: i / UNIT)


@st.composite
def questions(draw):
    n = draw(st.integers(2, 6))
    ends = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda e: e[0] != e[1])
    edges = [(*e, draw(weights), draw(weights)) for e in draw(st.lists(ends, min_size=1, max_size=8))]
    edge = st.integers(0, len(edges) - 1)
    return edges, draw(edge), draw(fractions), draw(edge), draw(fractions)


@settings(max_examples=200, deadline=None)
@given(questions())
def test_a_leg_between_any_two_spots_equals_streets_cut_into_bits(question):
    edges, a_edge, a_at, b_edge, b_at = question
    streets = Streets(edges)
    a, b = spot(a_edge, a_at), spot(b_edge, b_at)
    try:
        found = streets.leg(a, b, private=False)
        expected = streets.referee(a, b)
        assert (found and found.cost) == expected
        if found:
            check_pieces(streets, a, b, found)
    finally:
        streets.engine.close()


@settings(max_examples=200, deadline=None)
@given(questions(), st.data())
def test_with_private_ways_at_the_ends_a_leg_never_passes_them_in_between(question, data):
    edges, a_edge, a_at, b_edge, b_at = question
    private = data.draw(st.sets(st.integers(0, len(edges) - 1)))
    streets = Streets(edges, private)
    a, b = spot(a_edge, a_at), spot(b_edge, b_at)
    try:
        found, public_only = streets.leg(a, b), streets.leg(a, b, private=False)
        everything_open = streets.referee(a, b)
        if found is None:
            assert public_only is None
            return
        check_pieces(streets, a, b, found)
        assert found.cost >= everything_open
        if public_only is not None:
            assert found.cost <= public_only.cost
        kinds = [piece.edge in private for piece in found.pieces]
        inner = "".join("p" if kind else "." for kind in kinds).strip("p")
        assert "p" not in inner
        if any(kinds):
            assert found.private or {a.edge, b.edge} & private
        if kinds and kinds[0]:
            assert a.edge in private
        if kinds and kinds[-1]:
            assert b.edge in private
    finally:
        streets.engine.close()


def test_two_spots_on_one_street_straight_or_around():
    ring = Streets([(0, 1, 640, BLOCKED), (1, 2, 64, 64), (2, 0, 64, 64)])
    onward = ring.leg(spot(0, 0.25), spot(0, 0.75))
    assert (onward.cost, onward.pieces) == (320, (Piece(0, 0.25, 0.75),))
    around = ring.leg(spot(0, 0.75), spot(0, 0.25))
    assert around.cost == 160 + 64 + 64 + 160
    assert [p.arc for p in around.pieces] == [0, 2, 4, 0]
    assert ring.leg(spot(0, 0.5), spot(0, 0.5)).cost == 0
    ring.engine.close()


def test_around_wins_where_it_is_cheaper_than_straight():
    ring = Streets([(0, 1, 6400, 6400), (1, 0, 64, 64)])
    assert ring.leg(spot(0, 0.125), spot(0, 0.875)).cost == 800 + 64 + 800
    ring.engine.close()


@pytest.mark.parametrize(
    ("weights", "a", "b", "cost"),
    [
        ((100, 300), 0.2, 0.7, 50),
        ((100, 300), 0.7, 0.2, 150),
        ((100, BLOCKED), 0.7, 0.2, None),
        ((BLOCKED, 300), 0.2, 0.7, None),
        ((100, 300), 0.5, 0.5, 0),
        ((BLOCKED, BLOCKED), 0.5, 0.5, 0),
        ((BLOCKED, BLOCKED), 0.5, 0.51, None),
    ],
)
def test_straight_along_one_street(weights, a, b, cost):
    prices = Prices(np.array([0] * 8 + [*weights], np.uint32))
    found = on_edge(spot(4, a), spot(4, b), prices)
    assert (found and found.cost) == cost
    assert on_edge(spot(4, a), spot(5, b), prices) is None


# 0 --public-- 1 --private-- 2 --private-- 3 ; 2 --private-- 4 --public-- 5 ; the public parts meet at node 6
YARD = [(0, 1, 64, 64), (1, 2, 128, 128), (2, 3, 640, 640), (2, 4, 192, 192), (4, 5, 64, 64)]
YARD += [(0, 6, 64, 64), (5, 6, 64, 64)]


def test_a_home_in_a_yard_is_left_by_either_gate():
    yard = Streets(YARD, private=[1, 2, 3])
    home = spot(2, 0.5)
    ends = yard.around.leave(home, Prices(yard.metric.weights, yard.private))
    assert {(end.node, end.cost, end.private) for end in ends} == {(1, 320 + 128, True), (4, 320 + 192, True)}
    back = yard.around.reach(home, Prices(yard.metric.weights, yard.private))
    assert {(end.node, end.cost) for end in back} == {(1, 448), (4, 512)}
    out = yard.leg(home, spot(0, 0.5))
    assert (out.cost, out.private, [p.arc for p in out.pieces]) == (448 + 32, True, [5, 3, 1])
    assert yard.leg(home, spot(0, 0.5), private=False) is None
    assert yard.leg(spot(1, 0.5), home).cost == 64 + 320
    yard.engine.close()


def test_a_yard_is_no_short_cut():
    yard = Streets(YARD, private=[1, 2, 3])
    assert yard.leg(spot(0, 0.5), spot(4, 0.5)).cost == 32 + 64 + 64 + 32
    assert yard.leg(spot(0, 1.0), spot(4, 0.0)).cost == 64 + 64 + 64 + 64
    yard.engine.close()


def test_components_a_private_street_leads_to():
    yard = Streets(YARD, private=[1, 2, 3])
    assert yard.around.components(2, yard.private) == {0}
    assert yard.around.components(0, yard.private) == frozenset()
    shut = Streets(YARD[:3], private=[1, 2])
    impassable = Private(shut.private.arcs, np.full(6, BLOCKED, np.uint32))
    assert shut.around.components(2, impassable) == frozenset()
    yard.engine.close()
    shut.engine.close()


def test_deep_private_land_is_looked_at_only_so_far():
    count = 4000
    edges = [(i, i + 1, 1, 1) for i in range(count)]
    land = Streets(edges, private=range(1, count))
    assert land.leg(spot(count - 1, 0.5), spot(0, 0.5)) is None
    assert land.leg(spot(400, 0.0), spot(0, 0.0)).cost == 400
    land.engine.close()
