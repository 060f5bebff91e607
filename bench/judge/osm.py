"""A raw OSM file → the judge's map: every stretch between two neighbouring nodes of a way, nothing simplified."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import osmium

from bench.judge.kerbs import kerb_tagged
from bench.judge.nodes import acts
from bench.judge.tables import NODE_KEYS, RAILS, WATERWAYS, WAY_KEYS
from bench.judge.ways import Tags, considered, way_class

EARTH_M = 6_371_008.8


@dataclass(frozen=True)
class Row:
    """One way (or the rim of a plaza relation).

    Its judged tags, class, nodes (indices) and its arcs `first:first+count`.
    """

    way_id: int
    tags: Tags
    kind: str
    first: int
    count: int
    relation_id: int | None = None
    told: bool = False
    """A crossing whose own nodes say where its kerbs are."""


@dataclass(frozen=True)
class Area:
    """A plaza a route may cross: tags and rings (node indices)."""

    tags: Tags
    outer: list[list[int]]
    inner: list[list[int]]


@dataclass(frozen=True)
class JudgeMap:
    """Nodes and undirected stretches as arrays.

    The directed arc 2i runs along stretch i, 2i+1 against it. Metres, degrees.
    """

    node_id: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    x: np.ndarray
    y: np.ndarray
    tail: np.ndarray
    head: np.ndarray
    length: np.ndarray
    row_of: np.ndarray
    rows: list[Row]
    by_way: dict[int, list[int]]
    areas: dict[int, Area]
    node_tags: dict[int, Tags]
    acting: frozenset[int]
    on_road: np.ndarray
    origin: tuple[float, float]
    index: dict[int, int]
    obstacles: list[list[int]]
    memo: dict[Any, Any] = field(default_factory=dict, repr=False)

    def metres(self, lon: float, lat: float) -> tuple[float, float]:
        """Degrees → local metres (one flat projection for the whole map)."""
        lon0, lat0 = self.origin
        scale = math.radians(1) * EARTH_M
        return (lon - lon0) * scale * math.cos(math.radians(lat0)), (lat - lat0) * scale


@dataclass
class _Raw:
    ways: dict[int, tuple[Tags, list[int]]] = field(default_factory=dict)
    relations: dict[int, tuple[Tags, list[tuple[int, str]]]] = field(default_factory=dict)
    members: dict[int, list[int]] = field(default_factory=dict)
    nodes: dict[int, tuple[float, float]] = field(default_factory=dict)
    node_tags: dict[int, Tags] = field(default_factory=dict)
    obstacles: list[list[int]] = field(default_factory=list)


def _stands_between(tags: Any) -> bool:
    """Building, rail or water: a waypoint is never led straight across it."""
    rail, water = tags.get("railway"), tags.get("waterway")
    built = tags.get("building", "no") != "no"
    return built or rail in RAILS or water in WATERWAYS or tags.get("natural") == "water"


def _kept(tags: Any, keys: frozenset[str]) -> Tags:
    return {t.k: t.v for t in tags if t.k in keys}


def _read(path: Path) -> _Raw:
    raw, outlines = _Raw(), set[int]()
    for thing in osmium.FileProcessor(str(path), osmium.osm.RELATION):
        tags = _kept(thing.tags, WAY_KEYS)
        if thing.tags.get("type") == "multipolygon" and considered(tags):
            raw.relations[thing.id] = (tags, [(m.ref, m.role) for m in thing.members if m.type == "w"])
        elif _stands_between(thing.tags):
            outlines.update(m.ref for m in thing.members if m.type == "w")
    wanted = {ref for _, members in raw.relations.values() for ref, _ in members}
    for thing in osmium.FileProcessor(str(path), osmium.osm.WAY):
        tags = _kept(thing.tags, WAY_KEYS)
        refs = [n.ref for n in thing.nodes]
        if considered(tags):
            raw.ways[thing.id] = (tags, refs)
        if thing.id in wanted:
            raw.members[thing.id] = refs
        if thing.id in outlines or _stands_between(thing.tags):
            raw.obstacles.append(refs)
    needed = {ref for _, refs in raw.ways.values() for ref in refs}
    needed.update(ref for refs in (*raw.members.values(), *raw.obstacles) for ref in refs)
    for thing in osmium.FileProcessor(str(path), osmium.osm.NODE):
        if thing.id in needed and thing.location.valid():
            raw.nodes[thing.id] = (thing.location.lon, thing.location.lat)
            if len(thing.tags):
                raw.node_tags[thing.id] = _kept(thing.tags, NODE_KEYS)
    return raw


def load(osm_path: str | Path) -> JudgeMap:
    """Reads `.osm`, `.osm.pbf`, `.osm.gz`, `.osm.bz2`.

    Ways cut off at the rim of an extract keep the stretches they have.
    """
    raw = _read(Path(osm_path))
    node_id = np.array(sorted(raw.nodes), dtype=np.int64)
    index = {ref: i for i, ref in enumerate(node_id.tolist())}
    lon = np.array([raw.nodes[ref][0] for ref in node_id.tolist()])
    lat = np.array([raw.nodes[ref][1] for ref in node_id.tolist()])
    origin = (float(lon.mean()), float(lat.mean())) if len(lon) else (0.0, 0.0)
    scale = math.radians(1) * EARTH_M
    x, y = (lon - origin[0]) * scale * math.cos(math.radians(origin[1])), (lat - origin[1]) * scale
    rows, tail, head, row_of = _stretches(raw, index)
    kinds = np.array([row.kind == "C" for row in rows], dtype=bool)
    on_road = np.zeros(len(node_id), dtype=bool)
    on_road[tail[kinds[row_of]]] = on_road[head[kinds[row_of]]] = True
    by_way: dict[int, list[int]] = {}
    for number, row in enumerate(rows):
        by_way.setdefault(row.way_id, []).append(number)
    node_tags = {index[ref]: tags for ref, tags in raw.node_tags.items() if acts(tags)}
    edges = [row for row in rows if row.kind == "X" and kerb_tagged(row.tags)]
    spans = [slice(row.first, row.first + row.count) for row in edges]
    kerbed = {int(n) for span in spans for n in (*tail[span], *head[span])}
    return JudgeMap(
        *(node_id, lon, lat, x, y, tail, head, np.maximum(_haversine(lon, lat, tail, head), 0.0), row_of, rows, by_way),
        areas=_areas(raw, index),
        node_tags=node_tags,
        acting=frozenset(node_tags) | frozenset(kerbed),
        on_road=on_road,
        origin=origin,
        index=index,
        obstacles=[[index[r] for r in refs if r in index] for refs in raw.obstacles],
    )


def _stretches(raw: _Raw, index: dict[int, int]) -> tuple[list[Row], np.ndarray, np.ndarray, np.ndarray]:
    rims = [
        (way_id, tags, raw.members[way_id], relation_id)
        for relation_id, (tags, members) in sorted(raw.relations.items())
        for way_id, _ in members
        if way_id in raw.members
    ]
    ways = [(way_id, tags, refs, None) for way_id, (tags, refs) in sorted(raw.ways.items())]
    rows: list[Row] = []
    tail: list[int] = []
    head: list[int] = []
    row_of: list[int] = []
    for way_id, tags, refs, relation_id in [*ways, *rims]:
        pairs = [(index[a], index[b]) for a, b in itertools.pairwise(refs) if a in index and b in index]
        pairs = [(a, b) for a, b in pairs if a != b]
        if not pairs:
            continue
        row_of += [len(rows)] * len(pairs)
        kind = way_class(tags)
        told = kind == "X" and any(kerb_tagged(raw.node_tags.get(ref, {})) for ref in refs)
        rows.append(Row(way_id, tags, kind, len(tail), len(pairs), relation_id, told))
        tail += [a for a, _ in pairs]
        head += [b for _, b in pairs]
    return rows, np.array(tail, dtype=np.int64), np.array(head, dtype=np.int64), np.array(row_of, dtype=np.int64)


def _areas(raw: _Raw, index: dict[int, int]) -> dict[int, Area]:
    areas = {
        way_id: Area(tags, [[index[r] for r in refs if r in index]], [])
        for way_id, (tags, refs) in raw.ways.items()
        if len(refs) > 3 and refs[0] == refs[-1]
    }
    for relation_id, (tags, members) in raw.relations.items():
        rings: dict[bool, list[list[int]]] = {False: [], True: []}
        for ref, role in members:
            if ref in raw.members:
                rings[role == "inner"].append([index[r] for r in raw.members[ref] if r in index])
        areas[relation_id] = Area(tags, rings[False], rings[True])
    return areas


def _haversine(lon: np.ndarray, lat: np.ndarray, tail: np.ndarray, head: np.ndarray) -> np.ndarray:
    a, b = np.radians(lat[tail]), np.radians(lat[head])
    across = np.radians(lon[head] - lon[tail])
    half = np.sin((b - a) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(across / 2) ** 2
    return 2 * EARTH_M * np.arcsin(np.sqrt(half))
