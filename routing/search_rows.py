"""What can be found on one map: its streets, addresses, places and entrances, each with a point one can walk to."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Literal, NamedTuple

import msgspec
import numpy as np
import shapely

from accessibility import tags
from accessibility.facts import PlaceKind
from accessibility.tags.addresses import address, category, entrance_sign, names, settlement
from routing.answers import Coordinate
from routing.elements_raw import RawMap, Tags
from routing.entrances import middle, outlines
from routing.graph import StreetGraph
from routing.plane import Plane
from routing.search_text import fold

Kind = Literal["street", "place", "entrance", "address"]
KINDS: tuple[Kind, ...] = ("street", "place", "entrance", "address")
"""In the order of the rows."""

REACHABLE_M = 150.0
"""Farther than this from every walkable way nothing is offered: the middle of a lake, a ferry line."""
SAME_PLACE_M = 100.0
"""Equal names nearer to each other are one place: a shop as node and as building."""
SAME_STREET_M = 500.0
"""Streets of one name with a greater gap are two: those of two villages."""
SETTLEMENT_M = 3_000.0
NAME_MAX = 120
FEW_PIECES = 200
"""Of a street with no more, each is held against each: quicker than a tree."""
AT_ONCE = 4_096
"""So many rows are looked at together."""
NOWHERE = (0.0, 0.0)
"""Until it is known that there is anything to find, nobody asks where."""


class Row(NamedTuple):
    """One thing to find; `texts` are its names, folded, the usual one first."""

    kind: Kind
    name: str
    texts: tuple[str, ...]
    at: Coordinate
    osm_id: str
    category: str | None = None
    address: str | None = None
    number: str | None = None
    metres: float = 0.0
    """Of a street: the longer one comes first."""
    locality: str | None = None
    """The nearest town, village or quarter: streets of one name are told apart by it."""


_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(Row).decode


def rows_of(graph: StreetGraph, plane: Plane) -> Iterator[Row]:
    """Streets first, the longest before; then places, entrances, addresses; of equal names at one place the first.

    They come as they are asked for: of a large city nobody holds all at once, but packed into bytes.
    """
    lines = _lines(graph, plane)
    streets = sorted(_streets(graph, plane, lines), key=lambda row: -row.metres)
    kept = _Kept(graph.elements, plane, lines)
    waiting: dict[Kind, list[bytes]] = {kind: [] for kind in KINDS}
    for some in _together(chain(streets, _things(graph.elements))):
        for row in kept.of(some):
            waiting[row.kind].append(_pack(row))
    del lines, streets, kept
    once = _Once(plane)
    for kind in KINDS:
        for packed in waiting.pop(kind):
            row = _unpack(packed)
            if once.is_new(row):
                yield row


def _together(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while some := list(islice(rows, AT_ONCE)):
        yield some


class _Kept:
    """Which rows are near enough to a way, and the settlement each of them is nearest to, within a few kilometres."""

    def __init__(self, raw: RawMap, plane: Plane, lines: np.ndarray) -> None:
        self._plane = plane
        self._walkable = shapely.STRtree(lines)
        called = {node: name for node, found in raw.node_tags.items() if (name := settlement(found)) is not None}
        at = raw.positions(list(called))
        self._settlements = list(called.values())
        self._centres = shapely.STRtree(shapely.points(*plane.xy(raw.lon[at], raw.lat[at])))

    def of(self, rows: list[Row]) -> list[Row]:
        points = shapely.points(*self._plane.xy(*np.array([row.at for row in rows]).T))
        near, _ = self._walkable.query_nearest(points, max_distance=REACHABLE_M, all_matches=False)
        out = [rows[row] for row in near.tolist()]
        mine, nearest = self._centres.query_nearest(points[near], max_distance=SETTLEMENT_M, all_matches=False)
        for row, centre in zip(mine.tolist(), nearest.tolist(), strict=True):
            if self._settlements[centre] != out[row].name:
                out[row] = out[row]._replace(locality=self._settlements[centre])
        return out


class _Once:
    """Of equal names at one place the first: of addresses among themselves, of everything else together."""

    def __init__(self, plane: Plane) -> None:
        self._plane = plane
        self._there: dict[tuple[bool, str], list[tuple[float, float]]] = {}

    def is_new(self, row: Row) -> bool:
        if not row.texts:
            return False
        x, y = self._plane.point(*row.at)
        there = self._there.setdefault((row.kind == "address", row.texts[0]), [])
        if any(math.hypot(x - other_x, y - other_y) <= SAME_PLACE_M for other_x, other_y in there):
            return False
        there.append((x, y))
        return True


def _things(raw: RawMap) -> Iterator[Row]:
    """Everything with a name or an address that is no street."""
    for node, found in raw.node_tags.items():
        if rows := list(_of_thing(f"n{node}", found)):
            row = int(raw.positions(node))
            yield from _at(rows, (float(raw.lon[row]), float(raw.lat[row])))
    for way in raw.ways:
        if not tags.walkable(way.tags) and (rows := list(_of_thing(f"w{way.id}", way.tags))):
            yield from _at(rows, middle(raw, [way]))
    for relation, ways in outlines(raw, raw.relations):
        if ways and not tags.walkable(relation.tags):
            yield from _at(list(_of_thing(f"r{relation.id}", relation.tags)), middle(raw, ways))


def _at(rows: list[Row], at: Coordinate) -> Iterator[Row]:
    return (row._replace(at=at) for row in rows)


def _of_thing(osm_id: str, found: Tags) -> Iterator[Row]:
    """Its rows, wherever it is."""
    written = address(found)
    called = names(found)
    where = None if written is None else written.text
    number = None if written is None else written.number
    sign = entrance_sign(found)
    facts = tags.place_facts(found) if called or sign else None
    entrance = facts is not None and PlaceKind.ENTRANCE in facts.kinds
    if called or (entrance and sign):
        usual = called or (sign or "",)
        kind: Kind = "entrance" if entrance else "place"
        yield _row(kind, usual, NOWHERE, osm_id, category=category(found), address=where, number=number)
    if written is not None:
        texts = (written.line, f"{written.line} {written.city or ''}", f"{written.number} {written.street}")
        row = _row("address", texts, NOWHERE, osm_id, address=where, number=number)
        yield row._replace(name=written.line[:NAME_MAX])


def _row(kind: Kind, called: Sequence[str], at: Coordinate, osm_id: str, **more: str | None) -> Row:
    texts = tuple(dict.fromkeys(text for text in map(fold, called) if text))
    return Row(kind, called[0][:NAME_MAX], texts, at, osm_id, **more)  # type: ignore[arg-type]


def _streets(graph: StreetGraph, plane: Plane, lines: np.ndarray) -> Iterator[Row]:
    """Each named street once per stretch of town, with every name of the way its longest piece is of."""
    found = list(_stretches(graph, plane, lines))
    ways = {way for _, way, _, _ in found}
    called = {way.id: names(way.tags) for way in graph.elements.ways if way.id in ways and tags.name(way.tags)}
    for name, way, at, metres in found:
        yield _row("street", (name, *called.get(way, ())), at, f"w{way}")._replace(metres=metres)


def _stretches(graph: StreetGraph, plane: Plane, lines: np.ndarray) -> Iterator[tuple[str, int, Coordinate, float]]:
    """Name, way, the middle of the longest piece, metres."""
    named = np.flatnonzero(graph.edge_name >= 0)
    if not len(named):
        return
    middles = shapely.line_interpolate_point(lines[named], 0.5, normalized=True)
    x, y = shapely.get_coordinates(middles).T
    lon, lat = plane.lonlat(x, y)
    order = np.argsort(graph.edge_name[named], kind="stable")
    cuts = np.flatnonzero(np.diff(graph.edge_name[named][order])) + 1
    for mine in np.split(order, cuts):
        for group in _apart(x[mine], y[mine]):
            rows = mine[group]
            lengths = graph.edge_length_m[named[rows]]
            best = rows[int(np.argmax(lengths))]
            edge = int(named[best])
            name = graph.names[int(graph.edge_name[edge])]
            way = int(graph.edge_way[edge])
            at = float(lon[best]), float(lat[best])
            yield name, way, at, float(lengths.sum())


def _lines(graph: StreetGraph, plane: Plane) -> np.ndarray:
    """Every street in the metres of the plane."""
    counts = np.diff(graph.geom_start)
    x, y = plane.xy(graph.geom_lon, graph.geom_lat)
    return np.asarray(shapely.linestrings(x, y, indices=np.repeat(np.arange(len(counts)), counts)))


def _apart(x: np.ndarray, y: np.ndarray) -> list[np.ndarray]:
    """Rows of points in groups between which there is a gap."""
    if np.ptp(x) <= SAME_STREET_M and np.ptp(y) <= SAME_STREET_M:
        return [np.arange(len(x))]
    if len(x) <= FEW_PIECES:
        return _groups(np.hypot(x[:, None] - x, y[:, None] - y) <= SAME_STREET_M)
    from scipy.sparse import coo_matrix  # a fifth of a server's start
    from scipy.sparse.csgraph import connected_components

    points = shapely.points(x, y)
    one, other = shapely.STRtree(points).query(points, predicate="dwithin", distance=SAME_STREET_M)
    links = coo_matrix((np.ones(len(one), bool), (one, other)), shape=(len(x), len(x)))
    count, part = connected_components(links, directed=False)
    return [np.flatnonzero(part == number) for number in range(count)]


def _groups(near: np.ndarray) -> list[np.ndarray]:
    """Rows that hang together, given which are near to which [n, n]: of the few pieces of most streets."""
    left, out = np.ones(len(near), bool), []
    while left.any():
        group = near[int(np.argmax(left))]
        while (more := near[group].any(axis=0)).sum() > group.sum():
            group = more
        out.append(np.flatnonzero(group))
        left &= ~group
    return out
