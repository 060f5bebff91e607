"""Seats on the way: where along each street somebody can sit down, and how far it is from one to the next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from functools import cached_property
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from accessibility import tags
from routing.elements_raw import RawMap, Tags
from routing.graph import StreetGraph
from routing.overlay import Overlay
from routing.path import Piece, Pieces
from routing.plane import Plane

WITHIN_M = 10.0
"""A seat this near to the way is on it (CONTRACT §4)."""
VISIT_M = 3 * WITHIN_M
"""Coming by one seat twice within this much of the way is coming by once."""
GONE_WITHIN_M = 20.0
"""A confirmed report of a missing seat means the nearest one, if it is this near."""
GONE = "seat_missing"

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Rest(NamedTuple):
    """What a way offers to somebody who has to sit down now and then."""

    seats: int
    longest_gap_m: float


NOT_TOLD = Rest(0, 0.0)
"""Of a line that nobody is led along."""


Visit = tuple[int, float, float]
"""Coming by a seat: which one, after how many metres of the way, and how far beside it."""


class Beside(NamedTuple):
    """Seats beside streets, street by street [H]: the nearest point and the part from which the seat is near enough."""

    seat: Ints
    edge: Ints
    at: Floats
    """Shares of the street's length from its tail."""
    first: Floats
    last: Floats
    away_m: Floats


class Seats:
    """The seats of one map. Built once, shared by all threads."""

    def __init__(self, graph: StreetGraph, plane: Plane, lines: np.ndarray, tree: shapely.STRtree) -> None:
        """`lines` and `tree`: the streets in the metres of `plane`, by edge number."""
        self._plane, self._metres = plane, np.asarray(graph.edge_length_m)
        found = list(_seats(graph.elements, plane))
        self._shapes = np.array([shape for shape, _ in found], object)
        self._tree = shapely.STRtree(self._shapes)
        self.beside = _beside(graph, lines, tree, self._shapes, [levels for _, levels in found])
        self.on: Ints = np.bincount(self.beside.edge, minlength=graph.edge_count)
        """How many seats there are beside each edge [E]."""
        self._by_edge: dict[int, list[tuple[int, float, float, float, float, float]]] = {}
        seat, edge, at, first, last, away = (column.tolist() for column in self.beside)
        lengths = self._metres[self.beside.edge].tolist()
        for number, *one in zip(edge, seat, at, first, last, away, lengths, strict=True):
            self._by_edge.setdefault(number, []).append(tuple(one))
        self._gone: tuple[Overlay | None, frozenset[int]] = None, frozenset()

    def __len__(self) -> int:
        return len(self._shapes)

    @cached_property
    def xy(self) -> Floats:
        """Where they are, in metres of the plane [n, 2]."""
        return np.asarray(shapely.get_coordinates(shapely.centroid(self._shapes))).reshape(-1, 2)

    @cached_property
    def _by_seat(self) -> tuple[Ints, Ints]:
        """Rows of `beside` by seat, the nearest street first, and where each seat's rows begin."""
        order = np.lexsort((self.beside.away_m, self.beside.seat))
        return order, np.searchsorted(self.beside.seat[order], np.arange(len(self) + 1))

    def spots(self, seat: int) -> Iterator[tuple[int, float]]:
        """The spots on streets from which one comes to a seat, the nearest first: edges and shares of their length."""
        rows, start = self._by_seat
        for row in rows[start[seat] : start[seat + 1]].tolist():
            yield int(self.beside.edge[row]), float(self.beside.at[row])

    def rest(self, legs: Sequence[Sequence[Piece]], gone: Set[int] = frozenset()) -> Rest:
        """The figures of a way; the seats in `gone` do not count."""
        visits, length = self.visits(legs, gone)
        return Rest(len({visit[0] for visit in visits}), max(gaps([visit[1] for visit in visits], length)))

    def visits(self, legs: Sequence[Sequence[Piece]], gone: Set[int] = frozenset()) -> tuple[list[Visit], float]:
        """Every coming by a seat, in order, and the metres of the way."""
        found = [Pieces.of(pieces) for pieces in legs]
        pieces = found[0] if len(found) == 1 else _one_behind_the_other(found)
        metres = self._metres[pieces.edge] * pieces.share
        walked = metres.cumsum()
        rows = self.on[pieces.edge].nonzero()[0]
        near: list[Visit] = []
        if len(rows):
            on_seats = pieces.only(rows)
            for piece, before_m in zip(on_seats, (walked[rows] - metres[rows]).tolist(), strict=True):
                near += self._met(*piece, before_m, gone)
        return _once(near), float(walked[-1]) if len(walked) else 0.0

    def _met(self, arc: int, start: float, end: float, before_m: float, gone: Set[int]) -> list[Visit]:
        """The seats beside one piece of the way, where one comes nearest to each."""
        against = arc & 1
        a, b = (1 - end, 1 - start) if against else (start, end)
        found = []
        for seat, at, first, last, away_m, length_m in self._by_edge[arc >> 1]:
            if first <= b and last >= a and seat not in gone:
                there = a if at < a else b if at > b else at
                if there != at:
                    away_m = min(WITHIN_M, away_m + abs(there - at) * length_m)
                found.append((seat, before_m + ((b - there) if against else (there - a)) * length_m, away_m))
        return found

    def gone(self, overlay: Overlay) -> frozenset[int]:
        """The seats that confirmed reports say are missing."""
        if overlay is not self._gone[0]:
            reports = [one for one in overlay.barriers.values() if one.kind == GONE and one.standing == "confirmed"]
            self._gone = overlay, frozenset(seat for one in reports for seat in self._nearest(one.place))
        return self._gone[1]

    def _nearest(self, place: tuple[float, float]) -> list[int]:
        if not len(self._shapes):
            return []
        here = shapely.Point(*self._plane.point(*place))
        found: list[int] = self._tree.query_nearest(here, max_distance=GONE_WITHIN_M, all_matches=False).tolist()
        return found


def gaps(at_m: Sequence[float], length_m: float) -> list[float]:
    """Metres from the beginning to the first seat, from each to the next, and from the last to the end."""
    places = [0.0, *at_m, length_m]
    return [b - a for a, b in pairwise(places)]


def _once(near: list[Visit]) -> list[Visit]:
    """Each coming by a seat once, where it is nearest; in the order of the way."""
    near.sort()
    kept: list[Visit] = []
    last, until = -1, 0.0
    for visit in near:
        seat, at_m, away_m = visit
        if seat != last or at_m > until:
            kept.append(visit)
            last, until = seat, at_m + VISIT_M
        elif away_m < kept[-1][2]:
            kept[-1] = visit
    kept.sort(key=itemgetter(1))
    return kept


def _one_behind_the_other(legs: Sequence[Pieces]) -> Pieces:
    """All legs as one way."""
    columns = ([getattr(pieces, name) for pieces in legs] for name in ("arc", "start", "end"))
    return Pieces(*map(np.concatenate, columns))


def _seats(raw: RawMap, plane: Plane) -> Iterator[tuple[shapely.Geometry, tuple[float, ...]]]:
    """Every seat of the map: its shape in the plane, and its storeys."""

    def shape(refs: Sequence[int]) -> shapely.Geometry:
        rows = raw.positions(refs)
        corners = np.column_stack(plane.xy(raw.lon[rows], raw.lat[rows]))
        return shapely.Point(corners[0]) if len(corners) == 1 else shapely.LineString(corners)

    things: list[tuple[Tags, Sequence[int]]] = [(found, (node,)) for node, found in raw.node_tags.items()]
    things += [(way.tags, way.refs) for way in raw.ways]
    for found, refs in things:
        levels = tags.seat_levels(found)
        if levels is not None:
            yield shape(refs), levels


def _beside(
    graph: StreetGraph,
    lines: np.ndarray,
    tree: shapely.STRtree,
    shapes: np.ndarray,
    levels: Sequence[tuple[float, ...]],
) -> Beside:
    """All pairs of a street and a seat near enough, on one storey as far as anybody knows."""
    seat, edge = np.asarray(tree.query(shapes, predicate="dwithin", distance=WITHIN_M)).reshape(2, -1)
    kept = ~graph.entrance[edge] & (graph.edge_length_m[edge] > 0)
    kept &= np.array(
        [_same_storey(graph, e, levels[s]) for s, e in zip(seat.tolist(), edge.tolist(), strict=True)], bool
    )
    seat, edge = seat[kept], edge[kept]
    line, shape = lines[edge], shapes[seat]
    foot = shapely.get_point(shapely.shortest_line(line, shape), 0)
    at = shapely.line_locate_point(line, foot, normalized=True)
    parts = shapely.intersection(line, shapely.buffer(shape, WITHIN_M, quad_segs=32))
    corners, owner = shapely.get_coordinates(parts, return_index=True)
    shares = shapely.line_locate_point(line[owner], shapely.points(corners), normalized=True)
    first, last = at.copy(), at.copy()
    np.minimum.at(first, owner, shares)
    np.maximum.at(last, owner, shares)
    order = np.lexsort((at, edge))
    columns = (seat, edge, at, first, last, shapely.distance(line, shape))
    return Beside(*(np.asarray(column)[order] for column in columns))


def _same_storey(graph: StreetGraph, edge: int, levels: tuple[float, ...]) -> bool:
    """Not known to be on different storeys."""
    facts = graph.way_facts[int(graph.edge_facts[edge])]
    own = {*facts.levels} if facts.level is None else {facts.level, *facts.levels}
    return not own or not levels or bool(own & {*levels})
