"""What can be found on one map: its streets, addresses, places and entrances, each with a point one can walk to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

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

REACHABLE_M = 150.0
"""Farther than this from every walkable way nothing is offered: the middle of a lake, a ferry line."""
SAME_PLACE_M = 100.0
"""Equal names nearer to each other are one place: a shop as node and as building."""
SAME_STREET_M = 500.0
"""Streets of one name with a greater gap are two: those of two villages."""
SETTLEMENT_M = 3_000.0
NAME_MAX = 120


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


def rows_of(graph: StreetGraph, plane: Plane) -> list[Row]:
    """Streets first, the longest before; then places, entrances, addresses."""
    raw = graph.elements
    streets = sorted(_streets(graph, plane), key=lambda row: -row.metres)
    things = [row for osm_id, found, at in _things(raw) for row in _of_thing(osm_id, found, at)]
    order: tuple[Kind, ...] = ("place", "entrance", "address")
    found = [*streets, *sorted(things, key=lambda row: order.index(row.kind))]
    if not found:
        return []
    x, y = plane.xy(*np.array([row.at for row in found]).T)
    walkable = shapely.STRtree(_lines(graph, plane))
    near, _ = walkable.query_nearest(shapely.points(x, y), max_distance=REACHABLE_M, all_matches=False)
    kept = _localised(raw, plane, [found[row] for row in near.tolist()], x[near], y[near])
    return _without_repeats(kept, np.column_stack([x, y])[near])


def _localised(raw: RawMap, plane: Plane, rows: list[Row], x: np.ndarray, y: np.ndarray) -> list[Row]:
    """The rows with the settlement they are nearest to, within a few kilometres."""
    called = {node: name for node, found in raw.node_tags.items() if (name := settlement(found)) is not None}
    if not called or not rows:
        return rows
    at = raw.positions(list(called))
    centres = shapely.STRtree(shapely.points(*plane.xy(raw.lon[at], raw.lat[at])))
    mine, nearest = centres.query_nearest(shapely.points(x, y), max_distance=SETTLEMENT_M, all_matches=False)
    settlements = list(called.values())
    out = list(rows)
    for row, centre in zip(mine.tolist(), nearest.tolist(), strict=True):
        if settlements[centre] != out[row].name:
            out[row] = out[row]._replace(locality=settlements[centre])
    return out


def _things(raw: RawMap) -> Iterator[tuple[str, Tags, Coordinate]]:
    """Everything with tags that is no street."""
    for node, found in raw.node_tags.items():
        row = int(raw.positions(node))
        yield f"n{node}", found, (float(raw.lon[row]), float(raw.lat[row]))
    for way in raw.ways:
        if not tags.walkable(way.tags):
            yield f"w{way.id}", way.tags, middle(raw, [way])
    for relation, ways in outlines(raw, raw.relations):
        if ways and not tags.walkable(relation.tags):
            yield f"r{relation.id}", relation.tags, middle(raw, ways)


def _of_thing(osm_id: str, found: Tags, at: Coordinate) -> Iterator[Row]:
    written = address(found)
    called = names(found)
    where = None if written is None else written.text
    number = None if written is None else written.number
    facts = tags.place_facts(found)
    entrance = facts is not None and PlaceKind.ENTRANCE in facts.kinds
    if called or (entrance and entrance_sign(found)):
        usual = called or (entrance_sign(found) or "",)
        kind: Kind = "entrance" if entrance else "place"
        yield _row(kind, usual, at, osm_id, category=category(found), address=where, number=number)
    if written is not None:
        texts = (written.line, f"{written.line} {written.city or ''}", f"{written.number} {written.street}")
        row = _row("address", texts, at, osm_id, address=where, number=number)
        yield row._replace(name=written.line[:NAME_MAX])


def _row(kind: Kind, called: Sequence[str], at: Coordinate, osm_id: str, **more: str | None) -> Row:
    texts = tuple(dict.fromkeys(text for text in map(fold, called) if text))
    return Row(kind, called[0][:NAME_MAX], texts, at, osm_id, **more)  # type: ignore[arg-type]


def _streets(graph: StreetGraph, plane: Plane) -> Iterator[Row]:
    """Each named street once per stretch of town, at the middle of its longest piece."""
    named = np.flatnonzero(graph.edge_name >= 0)
    if not len(named):
        return
    others = {way.id: names(way.tags) for way in graph.elements.ways if tags.name(way.tags)}
    middles = shapely.line_interpolate_point(_lines(graph, plane)[named], 0.5, normalized=True)
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
            row = _row("street", (name, *others.get(way, ())), at, f"w{way}")
            yield row._replace(metres=float(lengths.sum()))


def _lines(graph: StreetGraph, plane: Plane) -> np.ndarray:
    """Every street in the metres of the plane."""
    counts = np.diff(graph.geom_start)
    x, y = plane.xy(graph.geom_lon, graph.geom_lat)
    return np.asarray(shapely.linestrings(x, y, indices=np.repeat(np.arange(len(counts)), counts)))


def _apart(x: np.ndarray, y: np.ndarray) -> list[np.ndarray]:
    """Rows of points in groups between which there is a gap."""
    if np.ptp(x) <= SAME_STREET_M and np.ptp(y) <= SAME_STREET_M:
        return [np.arange(len(x))]
    from scipy.sparse import coo_matrix  # a fifth of a server's start
    from scipy.sparse.csgraph import connected_components

    points = shapely.points(x, y)
    one, other = shapely.STRtree(points).query(points, predicate="dwithin", distance=SAME_STREET_M)
    links = coo_matrix((np.ones(len(one), bool), (one, other)), shape=(len(x), len(x)))
    count, part = connected_components(links, directed=False)
    return [np.flatnonzero(part == number) for number in range(count)]


def _without_repeats(rows: list[Row], at: np.ndarray) -> list[Row]:
    """Of equal names at one place the first."""
    kept: dict[tuple[str, str], list[int]] = {}
    out = []
    for number, row in enumerate(rows):
        if not row.texts:
            continue
        others = kept.setdefault(("address" if row.kind == "address" else "", row.texts[0]), [])
        if all(np.hypot(*(at[number] - at[other])) > SAME_PLACE_M for other in others):
            others.append(number)
            out.append(row)
    return out
