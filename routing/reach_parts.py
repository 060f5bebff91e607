"""How far a person comes: every part of a street within a travel time or a length, cut exactly where the limit is.

A place counts by the cheapest strict path to it (the one `routes` gives): its travel time, or its length. Where a
street is reached from both ends, each part counts for the end it is cheaper from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.costs import Strict
from routing.engine import BLOCKED
from routing.graph import Float64, Int64
from routing.path import Piece
from routing.tree import Tree, arc_seconds

Measure = Literal["seconds", "metres"]

_CUT = 1e-9


class Parts(NamedTuple):
    """Parts of streets, by fractions of their length from the tail; arrays [k]."""

    edge: Int64
    start: Float64
    end: Float64


class _Side(NamedTuple):
    """A stretch seen from one of its ends: cost and measure there, and over the whole street; infinite = closed."""

    cost: Float64
    per_street: Float64
    used: Float64
    """Time or length spent when one stands at this end."""
    use_per_street: Float64


class _Stretches(NamedTuple):
    """Stretches of streets [k] between two fractions, seen from the end nearer the tail and from the other."""

    edge: Int64
    start: Float64
    end: Float64
    tail: _Side
    head: _Side


class Reach:
    """Everything one person reaches from one spot; `within` cuts it at a limit."""

    def __init__(self, tree: Tree, measure: Measure) -> None:
        self._tree, self._stand, self._measure = tree, tree.stand, measure
        odd = self._odd_edges()
        rows = [*(row for edge in odd for row in self._rows(edge)), *self._begun()]
        is_plain = np.ones(self._stand.graph.first_passage, np.bool_)
        is_plain[odd] = False
        plain = self._plain(np.flatnonzero(is_plain))
        self._stretches = _joined(plain, rows)

    def within(self, limit: float) -> Parts:
        """The parts reached with at most `limit` seconds or metres; in the order of the streets."""
        edge, start, end, tail, head = self._stretches
        cheaper = _meeting(start, end, tail, head)
        far_tail = np.minimum(cheaper, start + _share(limit - tail.used, tail.use_per_street))
        far_head = np.maximum(cheaper, end - _share(limit - head.used, head.use_per_street))
        from_tail = np.isfinite(tail.cost) & (tail.used <= limit) & (far_tail > start + _CUT)
        from_head = np.isfinite(head.cost) & (head.used <= limit) & (far_head < end - _CUT)
        far_tail, far_head = np.where(from_tail, far_tail, start), np.where(from_head, far_head, end)
        whole = (from_tail | from_head) & (far_head <= far_tail + _CUT)
        one, other = from_tail & ~whole, from_head & ~whole
        edges = np.concatenate([edge[whole], edge[one], edge[other]])
        starts = np.concatenate([start[whole], start[one], far_head[other]])
        ends = np.concatenate([end[whole], far_tail[one], end[other]])
        return _merged(edges, starts, ends)

    def _plain(self, edges: Int64) -> _Stretches:
        """Whole streets that cost the same wherever one is on them."""
        stand, graph = self._stand, self._stand.graph
        weights = stand.prices.weights
        sides = []
        for way, node in ((0, graph.edge_tail[edges]), (1, graph.edge_head[edges])):
            arcs = 2 * edges + way
            weight = np.where(weights[arcs] < BLOCKED, weights[arcs].astype(np.float64), np.inf)
            cost = np.where(np.isfinite(weight), self._tree.cost[node], np.inf)
            sides.append(_Side(cost, weight, self._used(node), self._use(arcs)))
        return _Stretches(edges, np.zeros(len(edges)), np.ones(len(edges)), *sides)

    def _used(self, nodes: NDArray[np.integer]) -> Float64:
        return np.asarray((self._tree.seconds if self._measure == "seconds" else self._tree.metres)[nodes])

    def _use(self, arcs: Int64) -> Float64:
        if self._measure == "seconds":
            return arc_seconds(self._stand, arcs)
        return np.asarray(self._stand.graph.edge_length_m[arcs >> 1])

    def _odd_edges(self) -> list[int]:
        """Streets with a reported barrier on a part of them, and the one the person sets out from."""
        stand = self._stand
        tolled = [edge for edge in stand.prices.tolled if edge < stand.graph.first_passage]
        return sorted({self._tree.origin.edge, *(edge for edge in tolled if not stand.prices.is_private(edge))})

    def _rows(self, edge: int) -> Iterator[tuple[float, ...]]:
        """An odd street in stretches on which no barrier begins or ends, each seen from both sides."""
        stand, origin = self._stand, self._tree.origin
        own = origin.fraction if origin.edge == edge else None
        cuts = {0.0, 1.0} if own is None else {0.0, own, 1.0}
        cuts |= {at for part, _ in stand.tolls.by_edge.get(edge, ()) for at in (part.start, part.end)}
        ordered = sorted(cuts)
        for start, end in pairwise(ordered):
            if end - start > _CUT:
                tail = self._side(2 * edge, start, end, own if own is not None and own <= start else None)
                back = 1 - own if own is not None and own >= end else None
                yield (edge, start, end, *tail, *self._side(2 * edge + 1, 1 - end, 1 - start, back))

    def _side(self, arc: int, start: float, end: float, spot: float | None) -> tuple[float, ...]:
        """The stretch of an arc between two fractions, reached from its first node or from the origin on it."""
        stand, graph = self._stand, self._stand.graph
        middle = (start + end) / 2
        begin = spot or 0.0
        price = stand.prices.of(Piece(arc, begin, middle))
        use = float(self._use(np.array([arc]))[0])
        if price >= BLOCKED:
            return np.inf, np.inf, np.inf, use
        weight = float(Strict().weights(stand.base, np.array([arc]), private=True)[0])
        cost, used = 0.0, 0.0
        if spot is None:
            node = int((graph.edge_head if arc & 1 else graph.edge_tail)[arc >> 1])
            cost, used = float(self._tree.cost[node]), float(self._used(np.array([node]))[0])
        return cost + price - weight * (middle - start), weight, used + use * (start - begin), use

    def _begun(self) -> Iterator[tuple[float, ...]]:
        """Private ways the person comes out by: walked one after the other, before the public network begins."""
        for pieces in self._tree.begun():
            used = 0.0
            for piece in pieces:
                use = float(self._use(np.array([piece.arc]))[0])
                if piece.edge < self._stand.graph.first_passage and piece.edge != self._tree.origin.edge:
                    mine, closed = (0.0, 0.0, used, use), (np.inf, np.inf, np.inf, use)
                    yield (piece.edge, 0.0, 1.0, *(closed + mine if piece.reverse else mine + closed))
                used += use * piece.share


def _joined(plain: _Stretches, rows: Sequence[tuple[float, ...]]) -> _Stretches:
    if not rows:
        return plain
    table = np.array(rows, np.float64)
    sides = [_Side(*table[:, 3:7].T), _Side(*table[:, 7:11].T)]
    joined = [_Side(*map(np.concatenate, zip(a, b, strict=True))) for a, b in zip(plain[3:], sides, strict=True)]
    return _Stretches(
        np.concatenate([plain.edge, table[:, 0].astype(np.int64)]),
        np.concatenate([plain.start, table[:, 1]]),
        np.concatenate([plain.end, table[:, 2]]),
        *joined,
    )


def _meeting(start: Float64, end: Float64, tail: _Side, head: _Side) -> Float64:
    """Where coming from either end costs the same; the far end of a stretch that is open from one end only."""
    with np.errstate(invalid="ignore", divide="ignore"):
        at = (head.cost - tail.cost + tail.per_street * start + head.per_street * end) / (
            tail.per_street + head.per_street
        )
    at = np.where(np.isnan(at), start, at)
    at = np.where(~np.isfinite(head.cost), end, np.where(~np.isfinite(tail.cost), start, at))
    return np.clip(at, start, end)


def _share(left: Float64, use_per_street: Float64) -> Float64:
    """How much of a street what is left suffices for; below 0 where nothing is left."""
    with np.errstate(invalid="ignore", divide="ignore"):
        share = left / use_per_street
    return np.where(use_per_street > 0, share, np.where(left >= 0, np.inf, -np.inf))


def _merged(edge: Int64, start: Float64, end: Float64) -> Parts:
    """Parts that touch or overlap become one."""
    order = np.lexsort((start, edge))
    edge, start, end = edge[order], start[order], end[order]
    kept: list[int] = []
    ends = end.copy()
    several = np.zeros(len(edge), bool)
    several[1:] = edge[1:] == edge[:-1]
    for row in range(len(edge)) if several.any() else ():
        if several[row] and kept and start[row] <= ends[kept[-1]] + _CUT:
            ends[kept[-1]] = max(ends[kept[-1]], end[row])
        else:
            kept.append(row)
    rows = np.array(kept, np.int64) if several.any() else np.arange(len(edge))
    return Parts(edge[rows], start[rows], ends[rows])
