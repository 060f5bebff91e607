"""What of a source belongs into the raw map: one selection for files and downloads.

1. *Near* are the nodes inside the area, and the ways that have a node inside it or cross it (no area: all).
2. Kept are near nodes and near ways with a tag that later work needs.
3. Kept is a relation of a kept type with a near way or a near tagged node as a member.
4. Its near member ways are kept even without tags, as are all member ways of small area relations: the rings of plazas
   and buildings carry none, and reach over the edge.
5. Kept ways are kept whole, as far as the source holds their nodes; where nodes are missing, as the runs that exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from accessibility.refusals import Refused
from accessibility.tags.relations import AREA_TYPE, relation_type
from routing.elements_raw import UNITS_PER_DEGREE, Losses, Progress, RawMap, RawRelation, RawWay, Tags, silent

Item = TypeVar("Item", RawWay, RawRelation)

SMALL_AREA_MEMBERS = 40
"""Members of an area whose rings are wanted whole: plazas and buildings, not forests and lakes."""


@dataclass
class Elements:
    """A source's objects in its own order; a kept type is all that was asked of relations, nothing of the rest.

    Nodes are columns (`lon`, `lat` in degrees, not finite = no position); tags are already filtered by `keep`.
    """

    node_ids: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    node_tags: dict[int, Tags]
    ways: list[RawWay]
    relations: list[RawRelation]
    timestamp: str | None = None
    deleted: int = 0


@dataclass
class _Nodes:
    ids: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    inside: NDArray[np.bool_]
    bad: int
    repeated: int


@dataclass
class _Cut:
    ways: list[RawWay] = field(default_factory=list)
    cut: int = 0
    dropped: int = 0
    missing: int = 0


def select(elements: Elements, *, area: BaseGeometry | None, source: str, progress: Progress = silent) -> RawMap:
    """The raw map of a source's objects, clipped to `area` (WGS 84 degrees, lon first) when one is given.

    Raises `Refused`: "map_unreadable" when one id means two different things, "map_empty" when no way is left.
    """
    progress("select", 0.0)
    nodes = _nodes(elements, area)
    ways = _unique("way", elements.ways)
    near = _near_ways(ways, nodes, area)
    tagged = _near_tagged(elements.node_tags, nodes)
    relations = _relations(elements, near, tagged)
    wanted = _wanted(ways, near, relations)
    progress("select", 0.5)
    result = _cut([way for way in ways if way.id in wanted], nodes.ids)
    if not result.ways:
        raise Refused("map_empty", f"{source} holds no streets, buildings or places" + (" there." if area else "."))
    used = _used(result.ways, tagged, nodes.ids)
    columns = (nodes.ids[used], nodes.lon[used], nodes.lat[used])
    for column in columns:
        column.setflags(write=False)
    present = set(columns[0].tolist())
    losses = Losses(
        cut_ways=result.cut,
        dropped_ways=result.dropped,
        missing_nodes=result.missing,
        bad_nodes=nodes.bad,
        deleted=elements.deleted,
        repeated=nodes.repeated + len(elements.ways) - len(ways),
    )
    progress("select", 1.0)
    return RawMap(
        *columns,
        node_tags={ref: tags for ref, tags in sorted(elements.node_tags.items()) if ref in present},
        ways=result.ways,
        relations=relations,
        source=source,
        timestamp=elements.timestamp,
        losses=losses,
    )


def _nodes(elements: Elements, area: BaseGeometry | None) -> _Nodes:
    """Nodes with a usable position, ascending by id, coordinates on the 1e-7 grid."""
    with np.errstate(invalid="ignore"):
        usable = (np.abs(elements.lon) <= 180) & (np.abs(elements.lat) <= 90)
    given = elements.node_ids[usable]
    ids, first, which = np.unique(given, return_index=True, return_inverse=True)
    columns = [np.rint(column[usable] * UNITS_PER_DEGREE) for column in (elements.lon, elements.lat)]
    for column in columns:
        moved = np.flatnonzero(column[first][which] != column)
        if len(moved):
            raise _two_meanings("node", int(given[moved[0]]))
    lon, lat = (column[first] / UNITS_PER_DEGREE for column in columns)
    inside = np.ones(len(ids), dtype=np.bool_)
    if area is not None:
        shapely.prepare(area)
        inside = shapely.intersects_xy(area, lon, lat)
    return _Nodes(ids, lon, lat, inside, bad=int(np.count_nonzero(~usable)), repeated=len(given) - len(ids))


def _unique(kind: str, items: list[Item]) -> list[Item]:
    """Ways or relations ascending by id, each once."""
    first: dict[int, Item] = {}
    for item in items:
        if first.setdefault(item.id, item) != item:
            raise _two_meanings(kind, item.id)
    return [first[ref] for ref in sorted(first)]


def _two_meanings(kind: str, ref: int) -> Refused:
    return Refused(
        "map_unreadable",
        f"The map holds {kind} {ref} twice and not the same, as when files of different days are joined.",
    )


def _near_ways(ways: list[RawWay], nodes: _Nodes, area: BaseGeometry | None) -> set[int]:
    """Ids of the ways with a node inside the area, or with a stretch that crosses it."""
    flat, starts, rows, known = _references(ways, nodes.ids)
    if not len(flat):
        return set()
    hit = known & nodes.inside[rows]
    lengths = np.diff(starts)
    owner = np.repeat(np.arange(len(ways)), lengths)
    near = np.zeros(len(ways), dtype=np.bool_)
    near[owner[hit]] = True
    if area is not None:
        pair = np.flatnonzero((owner[1:] == owner[:-1]) & known[1:] & known[:-1] & ~near[owner[1:]])
        ends = np.stack([rows[pair], rows[pair + 1]], axis=1)
        lines = shapely.linestrings(np.stack([nodes.lon[ends], nodes.lat[ends]], axis=2))
        near[owner[pair[shapely.intersects(area, lines)]]] = True
    return {ways[i].id for i in np.flatnonzero(near)}


def _references(
    ways: list[RawWay], ids: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.intp], NDArray[np.bool_]]:
    """All references in one column, where each way starts in it, their rows in `ids`, and whether they exist there."""
    starts = np.zeros(len(ways) + 1, dtype=np.int64)
    np.cumsum([len(way.refs) for way in ways], out=starts[1:])
    flat = np.fromiter(chain.from_iterable(way.refs for way in ways), dtype=np.int64, count=int(starts[-1]))
    rows = np.searchsorted(ids, flat)
    rows[rows == len(ids)] = 0
    known = ids[rows] == flat if len(ids) else np.zeros(len(flat), dtype=np.bool_)
    return flat, starts, rows, known


def _near_tagged(node_tags: Mapping[int, Tags], nodes: _Nodes) -> set[int]:
    """Ids of the nodes inside the area that have kept tags."""
    ids = np.fromiter(node_tags, dtype=np.int64, count=len(node_tags))
    return set(ids[np.isin(ids, nodes.ids[nodes.inside])].tolist())


def _relations(elements: Elements, near: set[int], tagged: set[int]) -> list[RawRelation]:
    """Relations of a kept type, ascending by id, with a near way or a near tagged node among their members."""
    return [
        relation
        for relation in _unique("relation", elements.relations)
        if relation_type(relation.tags) is not None
        and any(ref in near if kind == "w" else kind == "n" and ref in tagged for kind, ref, _ in relation.members)
    ]


def _wanted(ways: list[RawWay], near: set[int], relations: list[RawRelation]) -> set[int]:
    """Ids of the ways that are kept."""
    wanted = {way.id for way in ways if way.tags and way.id in near}
    for relation in relations:
        small = relation_type(relation.tags) == AREA_TYPE and len(relation.members) <= SMALL_AREA_MEMBERS
        wanted.update(ref for kind, ref, _ in relation.members if kind == "w" and (small or ref in near))
    return wanted


def _cut(ways: list[RawWay], ids: NDArray[np.int64]) -> _Cut:
    """The ways as the runs of nodes that exist, without a node that repeats its neighbour."""
    result = _Cut()
    flat, starts, _, known = _references(ways, ids)
    repeats = np.zeros(len(flat), dtype=np.bool_)
    repeats[1:] = flat[1:] == flat[:-1]
    repeats[starts[:-1][starts[:-1] < len(flat)]] = False
    complete = known & ~repeats
    for way, start, end in zip(ways, starts[:-1].tolist(), starts[1:].tolist(), strict=True):
        if end - start > 1 and complete[start:end].all():
            result.ways.append(way)
            continue
        runs = _runs(way.refs, known[start:end].tolist())
        missing = int(np.count_nonzero(~known[start:end]))
        result.missing += missing
        result.cut += bool(missing and runs)
        result.dropped += not runs
        result.ways.extend(RawWay(way.id, run, way.tags) for run in runs)
    return result


def _runs(refs: Iterable[int], known: list[bool]) -> list[tuple[int, ...]]:
    """Stretches of at least two neighbouring nodes that exist."""
    runs: list[list[int]] = [[]]
    for ref, exists in zip(refs, known, strict=True):
        if not exists:
            runs.append([])
        elif not runs[-1] or runs[-1][-1] != ref:
            runs[-1].append(ref)
    return [tuple(run) for run in runs if len(run) > 1]


def _used(ways: list[RawWay], tagged: Iterable[int], ids: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which nodes a kept way uses, or have kept tags of their own; all of them are among `ids`."""
    used = np.zeros(len(ids), dtype=np.bool_)
    for refs in (chain.from_iterable(way.refs for way in ways), tagged):
        used[np.searchsorted(ids, np.fromiter(refs, dtype=np.int64))] = True
    return used
