"""Shortest paths found another way: scipy on the same weights, and costs reckoned again from facts along the path."""

from __future__ import annotations

import math
import random
from functools import cache

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from accessibility.profiles import Profile
from accessibility.verdict import columns, judge_passages, judge_ways
from routing.attach import Attachments, Leg, Prices, Searched, leg
from routing.costs import Strict, Weigher
from routing.engine import BLOCKED, Engine
from routing.graph import StreetGraph
from routing.path import Piece
from routing.snap import Snap

MARK = 1e-3
"""Added to every arc so that none weighs nothing; a thousand arcs weigh less than one unit together."""


class Oracle:
    """One person on one map."""

    def __init__(self, graph: StreetGraph, person: Profile) -> None:
        self.graph, self.person = graph, person
        self.weighing = Weigher(graph).weigh(person)
        self.weights = Strict().weights(self.weighing)
        tail, head = graph.arcs()
        self._tail, self._head = tail.tolist(), head.tolist()
        open_ = np.flatnonzero(self.weights < BLOCKED)
        order = open_[np.lexsort((self.weights[open_], head[open_], tail[open_]))]
        ends = np.column_stack([tail[order], head[order]])
        first = np.ones(len(order), bool)
        first[1:] = (ends[1:] != ends[:-1]).any(axis=1)  # of parallel arcs the lightest: scipy would add them up
        lightest = order[first]
        weights = self.weights[lightest] + MARK
        self._matrix = csr_matrix((weights, (tail[lightest], head[lightest])), shape=(graph.node_count,) * 2)

    def compare(self, chance: random.Random, *, sources: int, targets: int) -> int:
        """Compare random pairs of spots on streets; the number of those that connect."""
        engine = Engine(self.graph.order, *self.graph.arcs())
        metric = engine.customise(self.weights)
        around = Attachments(
            self.graph.edge_tail, self.graph.edge_head, self.graph.edge_component, self.graph.first_passage
        )
        found = 0
        for _ in range(sources):
            a = self._spot(chance)
            far = dijkstra(self._matrix, indices=[self._head[arc] for arc in (2 * a.edge, 2 * a.edge + 1)])
            for _ in range(targets):
                b = self._spot(chance)
                way = engine.call(leg, Searched(engine, metric), around, a, b, Prices(self.weights))
                expected = self._expected(a, b, far)
                assert (math.inf if way is None else way.cost) == expected
                if way is not None:
                    self.joins(a, b, way)
                    assert self.reckoned(way.pieces) == way.cost
                    found += 1
        engine.close()
        return found

    def _spot(self, chance: random.Random) -> Snap:
        streets = np.flatnonzero(self.graph.edge_component[: self.graph.first_passage] == 0)
        edge = int(streets[chance.randrange(len(streets))])
        return Snap(edge, chance.choice((0.0, 1.0, chance.random())), 0, 0.0, 0.0, 0.0)

    def _part(self, arc: int, start: float, end: float) -> float:
        """Weight of a part of an arc, rounded at both cuts."""
        if end - start <= 1e-9:
            return 0.0
        weight = int(self.weights[arc])
        return math.inf if weight >= BLOCKED else math.floor(weight * end + 0.5) - math.floor(weight * start + 0.5)

    def _expected(self, a: Snap, b: Snap, far: np.ndarray) -> float:
        found = [math.inf]
        if a.edge == b.edge:
            there, back = (2 * a.edge, a.fraction, b.fraction), (2 * a.edge + 1, 1 - a.fraction, 1 - b.fraction)
            found += [self._part(*piece) for piece in (there, back) if piece[2] >= piece[1]]
        for row, (leaving, at) in enumerate(((2 * a.edge, a.fraction), (2 * a.edge + 1, 1 - a.fraction))):
            for arriving, until in ((2 * b.edge, b.fraction), (2 * b.edge + 1, 1 - b.fraction)):
                between = far[row, self._tail[arriving]]
                if math.isfinite(between):
                    found.append(self._part(leaving, at, 1.0) + math.floor(between) + self._part(arriving, 0.0, until))
        return min(found)

    def between(self, a: Snap, b: Snap) -> float:
        """Cost of the cheapest way between two spots."""
        return self._expected(
            a, b, dijkstra(self._matrix, indices=[self._head[2 * a.edge], self._head[2 * a.edge + 1]])
        )

    def is_cheapest(self, arcs: list[int], *, slack: int = 0) -> bool:
        """Is there no way between the ends of these arcs, one behind the other, that is cheaper by more than this?"""
        best = dijkstra(self._matrix, indices=self._tail[arcs[0]])[self._head[arcs[-1]]]
        return sum(int(self.weights[arc]) for arc in arcs) <= best + slack

    def joins(self, a: Snap, b: Snap, way: Leg) -> None:
        """The pieces lead from a to b without a jump."""
        first, last = way.pieces[0], way.pieces[-1]
        assert first.edge == a.edge
        assert math.isclose(first.start, 1 - a.fraction if first.reverse else a.fraction, abs_tol=1e-12)
        assert last.edge == b.edge
        assert math.isclose(last.end, 1 - b.fraction if last.reverse else b.fraction, abs_tol=1e-12)
        for one, other in zip(way.pieces, way.pieces[1:], strict=False):
            assert self._head[one.arc] == self._tail[other.arc]
            assert (one.end, other.start) == (1.0, 0.0)

    def reckoned(self, pieces: tuple[Piece, ...]) -> int:
        """The cost of a path from the facts of what it passes, each judged by itself."""
        return sum(self._reckoned(piece) for piece in pieces)

    def _reckoned(self, piece: Piece) -> int:
        graph, edge = self.graph, piece.edge
        row, metres = int(graph.edge_facts[edge]), float(graph.edge_length_m[edge])
        if piece.share <= 1e-9:
            return 0
        per_m, fixed, broken = self._judged(row, graph.is_passage(edge), piece.reverse)
        assert not broken
        units = math.ceil((per_m * metres + fixed) * 100 - 1e-6)
        return math.floor(units * piece.end + 0.5) - math.floor(units * piece.start + 0.5)

    @cache  # noqa: B019 - lives as long as the test
    def _judged(self, row: int, passage: bool, reverse: bool) -> tuple[float, float, bool]:
        """(seconds per metre, seconds once, whether a limit is broken) of one row alone."""
        facts = self.graph.passage_facts[row] if passage else self.graph.way_facts[row]
        found = (judge_passages if passage else judge_ways)(columns([facts]), self.person, reverse=reverse)
        assert not found.forbidden[0]
        return float(found.cost_per_m_s[0]), float(found.cost_fixed_s[0]), bool(found.violated[0])
