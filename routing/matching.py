"""A drawn line → the streets it follows: a hidden Markov match, by distance from the line and by length alone.

Every street of the map may be matched, also those that are closed to everybody: why a line cannot be used is the
question. What lies farther than 15 m from any street matches nothing.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from routing.attach import Attachments
from routing.graph import StreetGraph
from routing.path import Piece
from routing.plane import Plane

REACH_M = 15.0
STEP_M = 10.0
SAMPLES_MAX = 400
"""A longer line is sampled more coarsely."""
CANDIDATES = 12
OF_ONE_WAY = 3
"""Candidates of one way or plaza: the many lines across a plaza must not crowd out the street beside it."""
SIGMA_M = 4.0
"""How far from the street a drawn line usually lies."""
DETOUR_M = 4.0
"""How far the way along streets usually differs from the way along the line, between two samples."""
CLOSED_COST = 1.0
"""Of two streets equally near, the one that somebody may walk."""
PASSAGE_COST_M = 0.05
BACK_M = 15.0
"""Going back on a street by less than this is the hand that trembled."""

Floats = NDArray[np.float64]


class Spot(NamedTuple):
    """A place on a street; `cost` of taking the sample to be there."""

    edge: int
    at_m: float
    """From the street's tail."""
    cost: float


class Stray(NamedTuple):
    """A part of the line that follows no street: in metres along the line, and where, as (lon, lat)."""

    start_m: float
    end_m: float
    start: tuple[float, float] = (0.0, 0.0)
    end: tuple[float, float] = (0.0, 0.0)


class Matched(NamedTuple):
    """The ways that were found, one after the other, and what follows no street."""

    chains: list[list[Piece]]
    strays: list[Stray]
    length_m: float

    @property
    def share(self) -> float:
        """How much of the line follows streets, 0–1."""
        strayed = math.fsum(stray.end_m - stray.start_m for stray in self.strays)
        return max(0.0, 1 - strayed / self.length_m) if self.length_m > 0 else 0.0


class _Step(NamedTuple):
    """From one spot to the next: metres by the streets, and the arcs walked (none: along the same street)."""

    metres: float
    arcs: tuple[int, ...] | None


class Matcher:
    """Matches lines to one map. Shared by all threads."""

    def __init__(
        self, graph: StreetGraph, plane: Plane, lines: NDArray[np.object_], tree: shapely.STRtree, around: Attachments
    ) -> None:
        """`lines` and `tree`: the streets in the metres of `plane`, by edge number."""
        self._graph, self._plane, self._lines, self._tree, self._around = graph, plane, lines, tree, around

    def match(self, coordinates: Sequence[tuple[float, float]]) -> Matched:
        """The most likely way along streets for a line of (lon, lat)."""
        with np.errstate(all="ignore"):
            at = np.column_stack(self._plane.xy(*np.array(coordinates, np.float64).T))
        length = float(np.hypot(*np.diff(at, axis=0).T).sum())
        if length == 0 or not math.isfinite(length):
            # Nowhere near this map, or no line at all.
            return Matched([], [Stray(0.0, 1.0, coordinates[0], coordinates[-1])], 1.0)
        line = shapely.linestrings(at)
        count = max(1, min(SAMPLES_MAX, math.ceil(length / STEP_M)))
        along = np.linspace(0.0, length, count + 1)
        spots = self._spots(shapely.line_interpolate_point(line, along))
        best = self._follow(spots, along)
        chains, strays = self._read(best, along)
        walked = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(at, axis=0).T))])
        lon, lat = np.array(coordinates, np.float64).T

        def place(metres: float) -> tuple[float, float]:
            return float(np.interp(metres, walked, lon)), float(np.interp(metres, walked, lat))

        placed = [stray._replace(start=place(stray.start_m), end=place(stray.end_m)) for stray in strays]
        return Matched(chains, placed, length)

    def _spots(self, points: NDArray[np.object_]) -> list[list[Spot]]:
        """For every sample the nearest streets within reach."""
        sample, edge = self._tree.query(points, predicate="dwithin", distance=REACH_M)
        long_enough = self._graph.edge_length_m[edge] > 0
        sample, edge = sample[long_enough], edge[long_enough]
        away = shapely.distance(self._lines[edge], points[sample])
        at = shapely.line_locate_point(self._lines[edge], points[sample])
        scale = self._graph.edge_length_m[edge] / shapely.length(self._lines[edge])
        cost = 0.5 * (away / SIGMA_M) ** 2 + np.where(self._graph.edge_component[edge] < 0, CLOSED_COST, 0.0)
        area = self._graph.edge_area[edge]
        owner = np.where(area != 0, -np.abs(area), self._graph.edge_way[edge])
        found: list[list[Spot]] = [[] for _ in points]
        taken: dict[tuple[int, int], int] = {}
        for row in np.lexsort((edge, cost, sample)).tolist():
            near, whose = found[int(sample[row])], (int(sample[row]), int(owner[row]))
            if len(near) < CANDIDATES and taken.get(whose, 0) < OF_ONE_WAY:
                taken[whose] = taken.get(whose, 0) + 1
                near.append(Spot(int(edge[row]), float(at[row] * scale[row]), float(cost[row])))
        return found

    def _follow(self, spots: list[list[Spot]], along: Floats) -> list[tuple[Spot, _Step | None] | None]:
        """The likeliest spot of every sample, and the step that led there; `None` where there is none."""
        chosen: list[tuple[Spot, _Step | None] | None] = [None] * len(spots)
        layers: list[list[_State]] = []
        for number, near in enumerate(spots):
            straight = float(along[number] - along[number - 1]) if number else 0.0
            layer = self._layer(layers[-1], near, straight) if layers else []
            if not layer:
                self._settle(layers, number, chosen)
                layers = []
                layer = [_State(spot, spot.cost, -1, None) for spot in near]
            if layer:
                layers.append(layer)
        self._settle(layers, len(spots), chosen)
        return chosen

    def _layer(self, before: list[_State], near: list[Spot], straight: float) -> list[_State]:
        """The best way to every spot of the next sample."""
        best: dict[int, _State] = {}
        for number, state in enumerate(before):
            for column, step in self._steps(state.spot, near, 2 * straight + 2 * REACH_M).items():
                cost = state.cost + near[column].cost + abs(step.metres - straight) / DETOUR_M
                if column not in best or cost < best[column].cost:
                    best[column] = _State(near[column], cost, number, step)
        return list(best.values())

    @staticmethod
    def _settle(layers: list[list[_State]], end: int, chosen: list[tuple[Spot, _Step | None] | None]) -> None:
        """Read the best states backwards into `chosen`, the last one at `end` − 1."""
        row = -1
        for back, layer in enumerate(reversed(layers)):
            state = min(layer, key=lambda s: s.cost) if row < 0 else layer[row]
            chosen[end - 1 - back] = (state.spot, state.step)
            row = state.came

    def _steps(self, spot: Spot, near: list[Spot], reach: float) -> dict[int, _Step]:
        """The shortest way from a spot to each of `near` that is no longer than `reach`."""
        found = {
            column: _Step(abs(goal.at_m - spot.at_m), None)
            for column, goal in enumerate(near)
            if goal.edge == spot.edge
        }
        graph = self._graph
        wanted: dict[int, list[tuple[int, int, float]]] = {}
        for column, goal in enumerate(near):
            if goal.edge != spot.edge:
                ends = ((int(graph.edge_tail[goal.edge]), goal.at_m, 2 * goal.edge),
                        (int(graph.edge_head[goal.edge]), float(graph.edge_length_m[goal.edge]) - goal.at_m,
                         2 * goal.edge + 1))  # fmt: skip
                for node, left, arc in ends:
                    wanted.setdefault(node, []).append((column, arc, left))
        if not wanted:
            return found
        rest = float(graph.edge_length_m[spot.edge]) - spot.at_m
        queue = [(spot.at_m, int(graph.edge_tail[spot.edge]), 2 * spot.edge + 1, -1),
                 (rest, int(graph.edge_head[spot.edge]), 2 * spot.edge, -1)]  # fmt: skip
        return found | self._search(queue, wanted, reach)

    def _search(
        self, queue: list[tuple[float, int, int, int]], wanted: dict[int, list[tuple[int, int, float]]], reach: float
    ) -> dict[int, _Step]:
        """Dijkstra from the ends of a street: (metres, node, arc that led there, node before)."""
        heapq.heapify(queue)
        came: dict[int, tuple[int, int]] = {}
        found: dict[int, _Step] = {}
        metres = self._graph.edge_length_m
        missing = set(wanted)
        while queue and missing:
            spent, node, arc, before = heapq.heappop(queue)
            if spent > reach:
                break
            if node in came:
                continue
            came[node] = (arc, before)
            missing.discard(node)
            for column, last, left in wanted.get(node, ()):
                if column not in found or spent + left < found[column].metres:
                    found[column] = _Step(spent + left, (*_arcs(came, node), last))
            for onward in self._around.arcs_of(node):
                cost = max(float(metres[onward >> 1]), PASSAGE_COST_M)
                if onward ^ 1 != arc:
                    heapq.heappush(queue, (spent + cost, self._around.head(onward), onward, node))
        return found

    def _read(
        self, best: list[tuple[Spot, _Step | None] | None], along: Floats
    ) -> tuple[list[list[Piece]], list[Stray]]:
        chains: list[_Chain] = []
        strays: list[Stray] = []
        for number, (one, other) in enumerate(pairwise([None, *best])):
            joined = one is not None and other is not None and other[1] is not None
            if number and not joined:
                strays.append(Stray(float(along[number - 1]), float(along[number])))
            if other is None:
                continue
            spot, step = other
            if not joined or step is None:
                chains.append(_Chain(self._graph.edge_length_m, spot))
            else:
                chains[-1].go(spot, step.arcs)
        pieces = [chain.pieces() for chain in chains]
        return [found for found in pieces if found], _merged(strays)


class _State(NamedTuple):
    """One spot of one sample: the cost of the best way there, the row it came from in the layer before, and how."""

    spot: Spot
    cost: float
    came: int
    step: _Step | None


class _Chain:
    """A way along streets while it is being read."""

    def __init__(self, metres: Floats, spot: Spot) -> None:
        self._metres = metres
        self._done: list[Piece] = []
        self._edge, self._from, self._to = spot.edge, spot.at_m, spot.at_m

    def go(self, spot: Spot, arcs: tuple[int, ...] | None) -> None:
        """On along the same street, or by `arcs`: the one that leaves it, those between, the one it arrives on."""
        if arcs is None:
            turned = (spot.at_m - self._to) * (self._to - self._from) < 0
            if turned and abs(spot.at_m - self._to) > BACK_M:
                self._leave(self._to)
                self._from = self._to
            if not turned or abs(spot.at_m - self._to) > BACK_M:
                self._to = spot.at_m
            return
        leaving, *between, arriving = arcs
        self._leave(0.0 if leaving & 1 else float(self._metres[self._edge]))
        self._done += [Piece(arc) for arc in between]
        self._edge, self._to = spot.edge, spot.at_m
        self._from = float(self._metres[spot.edge]) if arriving & 1 else 0.0

    def pieces(self) -> list[Piece]:
        """All of it."""
        self._leave(self._to)
        return self._done

    def _leave(self, at_m: float) -> None:
        length = max(float(self._metres[self._edge]), 1e-9)
        a, b = min(1.0, self._from / length), min(1.0, at_m / length)
        if a != b:
            self._done.append(Piece(2 * self._edge, a, b) if b > a else Piece(2 * self._edge + 1, 1 - a, 1 - b))


def _arcs(came: dict[int, tuple[int, int]], node: int) -> tuple[int, ...]:
    """The arcs that led to a node, in order."""
    found = []
    while node >= 0:
        arc, node = came[node]
        found.append(arc)
    return tuple(reversed(found))


def _merged(strays: Sequence[Stray]) -> list[Stray]:
    out: list[Stray] = []
    for stray in strays:
        if out and out[-1].end_m == stray.start_m:
            out[-1] = Stray(out[-1].start_m, stray.end_m)
        else:
            out.append(stray)
    return out
