"""Somewhere to sit every so many metres (ENGINE 8): a way from seat to seat where that is worth the detour.

A stretch without a seat that is longer than wished costs a minute for each such length more (PROFILES §4). Seats around
the way and its ends make a small graph; the cheapest chain through it is found, its links looked at one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from routing.attach import Attachments, Leg, leg, on_edge
from routing.costs import UNITS_PER_S, Strict
from routing.detours import joined, straightened
from routing.engine import BLOCKED, Engine
from routing.found import Found
from routing.path import Piece, Pieces
from routing.plane import Plane
from routing.preferences import limits_of
from routing.priced import price
from routing.punctual import is_late
from routing.seats import Seats, gaps
from routing.snap import Snap
from routing.timing import Timetable

MISSED_S = 60.0
"""Each length more than wished without a seat costs so much [E]."""
SEATS_MAX, SEATS_LEAST = 150, 12
"""So many seats are thought of on all legs together, and on each at least."""
COST_MAX = 2.0
"""Nobody is led a way of more than so many times the cost of the plain one, however much they like to sit [E]."""
APART_M, APART_SHARE = 15.0, 0.25
"""Of seats as near to each other as this, or as this share of the wished length, one is enough."""
ROUNDS_MAX = 60
"""So often the chain is looked for while links of it turn out longer than they looked."""

Floats = NDArray[np.float64]


class Ground(Protocol):
    """What the search for seats needs of the router."""

    engine: Engine
    around: Attachments
    timetable: Timetable
    seats: Seats

    @property
    def plane(self) -> Plane: ...


def missed_s(at_m: Sequence[float], length_m: float, every_m: float) -> float:
    """What the stretches without a seat cost on a way with seats after so many metres."""
    return MISSED_S * sum(max(0.0, gap - every_m) / every_m for gap in gaps(at_m, length_m))


def rested(ground: Ground, found: Found, every_m: float) -> Found:
    """The way with the least cost and longing for a seat; the one given where none is better."""
    search = _Search(ground, found, every_m)
    longing = search.longing(found.legs)
    if longing <= 0 or not len(ground.seats):
        return found
    legs = [search.leg(number) for number in range(len(found.legs))]
    before, after = (price(found.person, limits_of(found.status), each) for each in (found.legs, legs))
    dearer = after.points > before.points or after.seconds > COST_MAX * before.seconds
    if dearer or after.seconds + search.longing(legs) >= before.seconds + longing:
        return found
    late = is_late(ground.timetable, found.person, found.departure, legs)
    return found if late else replace(found, legs=legs)


@dataclass
class _Link:
    """The way from one seat to the next."""

    cost: float
    pieces: Sequence[Piece]


class _Search:
    """The chain of seats for each leg of one way."""

    def __init__(self, ground: Ground, found: Found, every_m: float) -> None:
        self._ground, self._found, self._every_m = ground, found, every_m
        self._gone = ground.seats.gone(found.departure.overlay)
        scale = limits_of(found.status)
        self._view = found.person.view(scale)
        self._prices = self._view.prices
        self._units_per_s = UNITS_PER_S if isinstance(scale, Strict) else 1

    def longing(self, legs: Sequence[Sequence[Piece]]) -> float:
        """What going without a seat costs on a way, in seconds."""
        visits, length = self._ground.seats.visits(legs, self._gone)
        return missed_s([at_m for _, at_m, _ in visits], length, self._every_m)

    def leg(self, number: int) -> Sequence[Piece]:
        """This leg by way of seats; as it is where they do not help."""
        plain = self._found.legs[number]
        a, b = self._found.spots[number], self._found.spots[number + 1]
        places = self._near(a, b, plain)
        if not places:
            return plain
        spots = [a, *places, b]
        links = self._links(spots, self._costs(spots), self._least_missed(spots))
        return plain if links is None else self._tied([link.pieces for link in links])

    def _near(self, a: Snap, b: Snap, plain: Sequence[Piece]) -> list[Snap]:
        """Spots beside the seats within reach, the nearest to the straight line first, seldom two together."""
        seats, plane = self._ground.seats, self._ground.plane
        where = seats.xy
        (ax, ay), (bx, by) = plane.point(a.lon, a.lat), plane.point(b.lon, b.lat)
        detour = np.hypot(where[:, 0] - ax, where[:, 1] - ay) + np.hypot(where[:, 0] - bx, where[:, 1] - by)
        visits, length = seats.visits([plain], self._gone)
        detour[[seat for seat, _, _ in visits]] = 0.0
        near = np.argsort(detour, kind="stable")
        near = near[detour[near] <= COST_MAX * length]
        most = max(SEATS_LEAST, SEATS_MAX // len(self._found.legs))
        cell_m = max(APART_M, APART_SHARE * self._every_m)
        spots: list[Snap] = []
        taken: set[tuple[int, int]] = set()
        usable = self._found.person.usable if self._found.status == "ok" else self._found.person.passable
        for seat in near.tolist():
            cell = int(where[seat, 0] // cell_m), int(where[seat, 1] // cell_m)
            spot = None if seat in self._gone or cell in taken else self._beside(seat, usable)
            if spot is not None:
                taken.add(cell)
                spots.append(spot)
            if len(spots) == most:
                break
        return spots

    def _beside(self, seat: int, usable: NDArray[np.bool_]) -> Snap | None:
        """The nearest spot on a street from which this person comes to the seat."""
        for edge, at in self._ground.seats.spots(seat):
            if usable[edge] and not self._prices.is_private(edge):
                x, y = self._ground.seats.xy[seat]
                lon, lat = self._ground.plane.lonlat(x, y)
                return Snap(edge, at, 0, float(lon), float(lat), 0.0)
        return None

    def _costs(self, spots: Sequence[Snap]) -> Floats:
        """From each spot to each, in the units of the search [n, n]; infinite where there is no way."""
        ground = self._ground
        leave = [ground.around.leave(spot, self._prices) for spot in spots]
        reach = [ground.around.reach(spot, self._prices) for spot in spots]
        nodes = sorted({end.node for ends in reach for end in ends})
        column = {node: row for row, node in enumerate(nodes)}
        starts = [[(end.node, end.cost) for end in ends] for ends in leave]
        to_nodes = ground.engine.sweep(self._view.metric, starts, nodes)
        costs = np.full((len(spots), len(spots)), np.inf)
        for at, ends in enumerate(reach):
            for end in ends:
                costs[:, at] = np.minimum(costs[:, at], to_nodes[:, column[end.node]] + end.cost)
        by_edge: dict[int, list[int]] = {}
        for row, spot in enumerate(spots):
            by_edge.setdefault(spot.edge, []).append(row)
        for rows in by_edge.values():
            for i in rows:
                for j in rows:
                    straight = on_edge(spots[i], spots[j], self._prices)
                    if straight is not None:
                        costs[i, j] = min(costs[i, j], straight.cost)
        np.fill_diagonal(costs, np.inf)
        return costs

    def _least_missed(self, spots: Sequence[Snap]) -> Floats:
        """What going without a seat costs at least between two spots: as the crow flies, in units [n, n]."""
        at = np.array([self._ground.plane.point(spot.lon, spot.lat) for spot in spots])
        metres = np.hypot(*(at[:, None, :] - at[None, :, :]).transpose(2, 0, 1))
        over = np.maximum(metres - self._every_m, 0.0) / self._every_m
        return np.asarray(over * MISSED_S * self._units_per_s)

    def _links(self, spots: Sequence[Snap], costs: Floats, missed: Floats) -> list[_Link] | None:
        """The cheapest chain from the first spot to the last; of no link too little is thought in the end."""
        weights, known = costs + missed, dict[tuple[int, int], _Link]()
        for _ in range(ROUNDS_MAX):
            chain = _chain(weights, costs[:, -1])
            if chain is None:
                return None
            unknown = [pair for pair in chain if pair not in known]
            if not unknown:
                return [known[pair] for pair in chain]
            for i, j in unknown:
                link = self._link(spots[i], spots[j])
                weights[i, j] = link.cost
                known[i, j] = link
        return None

    def _link(self, a: Snap, b: Snap) -> _Link:
        found: Leg | None = leg(self._view, self._ground.around, a, b, self._prices)
        if found is None or found.cost >= BLOCKED:
            return _Link(np.inf, ())
        return _Link(found.cost + self.longing([found.pieces]) * self._units_per_s, found.pieces)

    def _tied(self, links: Sequence[Sequence[Piece]]) -> Pieces:
        """One way of all links; there and straight back to a seat only where it is worth it."""
        way: list[Piece] = []
        for number, pieces in enumerate(links):
            rest = [piece for later in links[number + 1 :] for piece in later]
            options = (straightened([*way, *pieces]), joined([*way, *pieces]))
            way = min(options, key=lambda option: self._sum([*option, *rest]))
        return Pieces.of(way)

    def _sum(self, pieces: Sequence[Piece]) -> float:
        scale = limits_of(self._found.status)
        return price(self._found.person, scale, [pieces]).seconds + self.longing([pieces])


def _chain(weights: Floats, left: Floats) -> list[tuple[int, int]] | None:
    """The cheapest way from the first place to the last, as pairs of places; `left`: no less is left from each."""
    n = len(weights)
    cost, came, open_ = np.full(n, np.inf), np.full(n, -1), np.full(n, np.inf)
    left = np.append(left[:-1], 0.0)
    cost[0] = open_[0] = 0.0
    done = np.zeros(n, bool)
    while True:
        here = int(open_.argmin())
        if not np.isfinite(open_[here]):
            return None
        if here == n - 1:
            break
        done[here], open_[here] = True, np.inf
        through = cost[here] + weights[here]
        better = ((through < cost) & ~done).nonzero()[0]
        cost[better], came[better] = through[better], here
        open_[better] = through[better] + left[better]
    found = []
    while here:
        found.append((int(came[here]), here))
        here = int(came[here])
    return found[::-1]
