"""How spots hang on the streets: exact costs from a spot to the nodes around it, and what needs no search.

Weights are per arc (edge `a >> 1`, along it when `a` is even). A part of an arc costs the difference of its weight
rounded at both cuts, so parts add up to the whole exactly, whatever the cuts.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from routing.engine import BLOCKED, Ends, Engine, Metric, Path
from routing.patched import Later, Patched, Wanted
from routing.path import Piece, Pieces
from routing.snap import Snap

Weights = Wanted | Later

AT_NODE = 1e-9
"""A spot within this share of a street's length from its end is at the node."""

PRIVATE_ARCS_MAX = 2_000
"""So many private arcs are looked at around an end; who lives deeper in private land is taken to its nearest part."""


class End(NamedTuple):
    """A node where the search may begin (or end), what it costs from (to) the spot, and the pieces walked for it."""

    node: int
    cost: int
    pieces: tuple[Piece, ...]
    private: bool = False


class Leg(NamedTuple):
    """A way from one spot to another, whole; `private`: it uses private ways at an end."""

    cost: int
    pieces: Sequence[Piece]
    private: bool = False


@dataclass(frozen=True)
class Private:
    """Arcs closed to the public [2E], and what they would cost this person (`BLOCKED` where even so impassable)."""

    arcs: NDArray[np.bool_] | Patched
    weights: Weights


@dataclass(frozen=True)
class Prices:
    """What parts of streets cost one person at the ends of a route.

    `weights`: what the search uses [2E]. On an edge of `tolled` not the whole street costs the same, since a reported
    barrier lies on a part of it: there `toll` prices a piece (`BLOCKED` = it cannot be passed).
    """

    weights: Weights
    private: Private | None = None
    tolled: frozenset[int] = frozenset()
    toll: Callable[[Piece], int] | None = None

    def is_private(self, edge: int) -> bool:
        return self.private is not None and bool(self.private.arcs[2 * edge] or self.private.arcs[2 * edge + 1])

    def of(self, piece: Piece) -> int:
        """Cost of a piece, private ones as if they were open; standing still is free, even where closed."""
        if piece.share <= AT_NODE:
            return 0
        if self.toll is not None and piece.edge in self.tolled:
            return self.toll(piece)
        private = self.private
        opened = private is not None and private.arcs[piece.arc]
        weight = int(private.weights[piece.arc] if private is not None and opened else self.weights[piece.arc])
        return BLOCKED if weight >= BLOCKED else part(weight, piece.start, piece.end)


def part(weight: int, start: float, end: float) -> int:
    """Cost of the part of an arc between two fractions of its length; standing still is free, even where closed."""
    return 0 if end - start <= AT_NODE else round_half_up(weight * end) - round_half_up(weight * start)


def round_half_up(x: float) -> int:
    return int(np.floor(x + 0.5))


class Attachments:
    """Leaving and reaching the streets of one graph. Built once per map, shared by all threads."""

    def __init__(
        self,
        edge_tail: NDArray[np.integer],
        edge_head: NDArray[np.integer],
        component: NDArray[np.integer],
        first_passage: int | None = None,
    ) -> None:
        """Ends of each edge and its component, −1 = not of the public walk graph [E].

        Edges from `first_passage` on are passages: a gate on private land is nobody's street.
        """
        self._edge_tail, self._edge_head, self._component = edge_tail, edge_head, component
        self._first_passage = len(edge_tail) if first_passage is None else first_passage

    @cached_property
    def _around(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Arcs sorted by the node they begin at, and where each node's arcs begin (needed for private ways only)."""
        tail = np.column_stack([self._edge_tail, self._edge_head]).ravel()
        arcs = np.argsort(tail, kind="stable")
        return arcs, np.searchsorted(tail[arcs], np.arange(int(tail.max(initial=-1)) + 2))

    def leave(self, spot: Snap, prices: Prices) -> list[End]:
        """The nodes a person at this spot comes to first, in any open direction.

        From a private street: the nodes where private ways meet the public network, the ways to them in `pieces`.
        """
        return self._ends(spot, prices, outward=True)

    def reach(self, spot: Snap, prices: Prices) -> list[End]:
        """The nodes from which a person comes to this spot; the mirror image of `leave`."""
        return self._ends(spot, prices, outward=False)

    def between(self, a: Snap, b: Snap, prices: Prices) -> Leg | None:
        """The cheapest way from a to b that a search between nodes does not find: on one street, or all private."""
        best = on_edge(a, b, prices)
        if prices.private is not None and prices.is_private(a.edge) and prices.is_private(b.edge):
            walk = _Walk(self, prices.private, prices.weights, outward=True)
            walk.run(self._steps(a, prices, outward=True))
            for last in self._steps(b, prices, outward=False):
                if last.node in walk.cost:
                    cost = walk.cost[last.node] + last.cost
                    if best is None or cost < best.cost:
                        best = Leg(cost, (*walk.pieces(last.node), *last.pieces), private=True)
        return best

    def components(self, edge: int, private: Private) -> frozenset[int]:
        """The components of the public walk graph to which private ways lead from this private street."""
        if not (private.arcs[2 * edge] or private.arcs[2 * edge + 1]):
            return frozenset()
        walk = _Walk(self, private, None, outward=True)
        open_ = [arc for arc in (2 * edge, 2 * edge + 1) if private.weights[arc] < BLOCKED]
        walk.run([End(self.head(arc), 0, ()) for arc in open_])
        near = (self._component[arc >> 1] for node in walk.public for arc in self.streets_of(node))
        return frozenset(int(component) for component in near if component >= 0)

    def arcs_of(self, node: int) -> list[int]:
        """Arcs that begin at this node."""
        arcs, first = self._around
        found: list[int] = arcs[first[node] : first[node + 1]].tolist()
        return found

    def streets_of(self, node: int) -> list[int]:
        """Arcs along streets that begin at this node."""
        return [arc for arc in self.arcs_of(node) if not self.is_passage(arc)]

    def is_passage(self, arc: int) -> bool:
        return arc >> 1 >= self._first_passage

    def head(self, arc: int) -> int:
        """The node this arc leads to."""
        return int((self._edge_tail if arc & 1 else self._edge_head)[arc >> 1])

    def is_public(self, node: int, weights: Weights | None, outward: bool) -> bool:
        """Does the open network begin here: an open street from (to) this node? Without weights: a public street."""
        arcs = self.streets_of(node)
        if weights is None:
            return any(self._component[arc >> 1] >= 0 for arc in arcs)
        return any(weights[arc if outward else arc ^ 1] < BLOCKED for arc in arcs)

    def _steps(self, spot: Snap, prices: Prices, *, outward: bool) -> list[End]:
        """From the spot to the ends of its own street (or from them to the spot)."""
        ends = []
        for way, at in enumerate((spot.fraction, 1 - spot.fraction)):
            arc = 2 * spot.edge + way
            piece = Piece(arc, at, 1.0) if outward else Piece(arc, 0.0, at)
            cost = prices.of(piece)
            if cost < BLOCKED:
                ends.append(End(self.head(arc if outward else arc ^ 1), cost, (piece,)))
        return ends

    def _ends(self, spot: Snap, prices: Prices, *, outward: bool) -> list[End]:
        steps = self._steps(spot, prices, outward=outward)
        if prices.private is None or not prices.is_private(spot.edge):
            return steps
        walk = _Walk(self, prices.private, prices.weights, outward=outward)
        walk.run(steps)
        found = [End(node, walk.cost[node], walk.pieces(node), private=True) for node in walk.public]
        standing = [step for step in steps if step.pieces[0].share <= AT_NODE and step.node not in walk.public]
        return found + standing


class _Walk:
    """A small search over private arcs and what is passed between them, outward from a spot or back from it, and
    where the public network begins.
    """

    def __init__(self, ends: Attachments, private: Private, weights: Weights | None, *, outward: bool) -> None:
        self._ends, self._private, self._weights, self._outward = ends, private, weights, outward
        self._came: dict[int, tuple[int, int]] = {}
        self._begin: dict[int, tuple[Piece, ...]] = {}
        self.cost: dict[int, int] = {}
        self.public: list[int] = []

    def run(self, steps: list[End]) -> None:
        """Settle nodes by cost until `PRIVATE_ARCS_MAX` arcs were looked at."""
        queue: list[tuple[int, int, int, int]] = []
        for step in sorted(steps, key=lambda s: -s.cost):
            self._begin[step.node] = step.pieces
            heapq.heappush(queue, (step.cost, step.node, -1, -1))
        looked = 0
        while queue and looked < PRIVATE_ARCS_MAX:
            cost, node, before, arc = heapq.heappop(queue)
            if node in self.cost:
                continue
            self.cost[node] = cost
            if before >= 0:
                self._came[node] = (before, arc)
            if self._ends.is_public(node, self._weights, self._outward):
                # Open streets begin here, but perhaps only to a dead end: the private land goes on as well.
                self.public.append(node)
            for arc, onward in self._onward(node):
                looked += 1
                heapq.heappush(queue, (cost + int(self._private.weights[arc]), onward, node, arc))

    def _onward(self, node: int) -> Iterator[tuple[int, int]]:
        for leaving in self._ends.arcs_of(node):
            arc = leaving if self._outward else leaving ^ 1
            own = self._private.arcs[arc] or self._ends.is_passage(arc)
            if own and self._private.weights[arc] < BLOCKED:
                yield arc, self._ends.head(leaving)

    def pieces(self, node: int) -> tuple[Piece, ...]:
        """What is walked between the spot and this node, in the direction of travel."""
        arcs = []
        while node in self._came:
            node, arc = self._came[node]
            arcs.append(Piece(arc))
        return (*self._begin[node], *reversed(arcs)) if self._outward else (*arcs, *self._begin[node])


def on_edge(a: Snap, b: Snap, prices: Prices) -> Leg | None:
    """Straight from a to b when both lie on one street and it is open that way."""
    if a.edge != b.edge:
        return None
    along, against = Piece(2 * a.edge, a.fraction, b.fraction), Piece(2 * a.edge + 1, 1 - a.fraction, 1 - b.fraction)
    found = [
        Leg(cost, (piece,)) for piece in (along, against) if piece.share >= 0 and (cost := prices.of(piece)) < BLOCKED
    ]
    return min(found, key=lambda through: through.cost, default=None)


class Search(Protocol):
    """What finds the cheapest path between nodes under somebody's weights."""

    def query(self, sources: Ends, targets: Ends) -> Path | None: ...


class Searched(NamedTuple):
    """A metric as it is."""

    engine: Engine
    metric: Metric

    def query(self, sources: Ends, targets: Ends) -> Path | None:
        return self.engine.query(self.metric, sources, targets)


def leg(search: Search, around: Attachments, a: Snap, b: Snap, prices: Prices) -> Leg | None:
    """The cheapest way from spot a to spot b: on one street, over private ways at the ends, or through the network."""
    best = around.between(a, b, prices)
    leave, reach = around.leave(a, prices), around.reach(b, prices)
    path = search.query([(e.node, e.cost) for e in leave], [(e.node, e.cost) for e in reach])
    if path is None or (best is not None and best.cost <= path.cost):
        return best
    first, last = leave[path.source], reach[path.target]
    pieces = Pieces.joined(first.pieces, path.arcs, last.pieces)
    return Leg(path.cost, pieces, first.private or last.private)
