"""The tile that larger cities are made of: the box that holds nearly all walkable streets of a real city.

Streets are cut at its rim, so that tiles laid side by side do not overlap; the rim is where neighbours are joined.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import osmium
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

JOIN_EVERY_M = 200.0
REACH_M = 600.0
"""A street that ends farther from the rim is joined to nothing."""
OUTSIDE_SHARE = 0.01
"""On each side so many of the walkable nodes lie outside the tile: long paths that the extract took along whole."""
MARGIN_M = 30.0
METRES_PER_DEGREE = 111_195.0
NOT_JOINED = {"motorway", "motorway_link", "trunk", "trunk_link", "construction", "proposed", "steps", "corridor"}

Tags = Mapping[str, str]


class Way(NamedTuple):
    """`nodes` are rows of the arrays of `Tile`."""

    nodes: tuple[int, ...]
    tags: Tags


class Relation(NamedTuple):
    """`members` as (type, row or index, role)."""

    members: tuple[tuple[str, int, str], ...]
    tags: Tags


@dataclass(frozen=True)
class Tile:
    """One city, numbered from nought: what is repeated."""

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    node_tags: Mapping[int, Tags]
    ways: Sequence[Way]
    relations: Sequence[Relation]
    width_deg: float
    height_deg: float
    eastwards: Sequence[tuple[int, int]]
    """Pairs: a node at the eastern rim, and one at the western rim of the tile east of it."""
    northwards: Sequence[tuple[int, int]]


class _Source:
    """A file, read once as it is."""

    def __init__(self, source: Path) -> None:
        ids, lon, lat = [], [], []
        self.node_tags: dict[int, Tags] = {}
        self.ways: dict[int, tuple[list[int], Tags]] = {}
        self.relations: dict[int, tuple[list[tuple[str, int, str]], Tags]] = {}
        for entity in osmium.FileProcessor(str(source)):
            if entity.is_node():
                ids.append(entity.id)
                lon.append(entity.lon)
                lat.append(entity.lat)
                if len(entity.tags):
                    self.node_tags[entity.id] = dict(entity.tags)
            elif entity.is_way():
                self.ways[entity.id] = [ref.ref for ref in entity.nodes], dict(entity.tags)
            else:
                members = [(member.type, member.ref, member.role) for member in entity.members]
                self.relations[entity.id] = members, dict(entity.tags)
        self.ids = np.array(ids)
        self.lon, self.lat = np.array(lon), np.array(lat)
        self.row = {int(number): row for row, number in enumerate(ids)}

    def walkable(self) -> NDArray[np.int64]:
        """Rows of the nodes of the largest connected net of streets one may walk on."""
        ends: list[tuple[int, int]] = []
        for refs, tags in self.ways.values():
            if _walkable(tags):
                rows = [self.row[ref] for ref in refs if ref in self.row]
                ends.extend(itertools.pairwise(rows))
        if not ends:
            raise SystemExit("nothing to walk on in this file")
        one, other = np.array(ends).T
        size = len(self.ids)
        _, part = connected_components(coo_matrix((np.ones(len(one)), (one, other)), (size, size)), directed=False)
        used = np.unique(np.concatenate([one, other]))
        return used[part[used] == np.bincount(part[used]).argmax()]


def _walkable(tags: Tags) -> bool:
    closed = {tags.get("access"), tags.get("foot")} & {"no", "private", "customers"}
    return "highway" in tags and tags["highway"] not in NOT_JOINED and not closed and tags.get("area") != "yes"


def read_tile(source: Path) -> Tile:
    """The city in a file, cut to its tile, with the places where its neighbours are joined to it."""
    found = _Source(source)
    walkable = found.walkable()
    west, east = _range(found.lon[walkable], MARGIN_M / METRES_PER_DEGREE / _narrow(found.lat))
    south, north = _range(found.lat[walkable], MARGIN_M / METRES_PER_DEGREE)
    inside = (found.lon >= west) & (found.lon <= east) & (found.lat >= south) & (found.lat <= north)
    kept = np.flatnonzero(inside)
    new = np.full(len(inside), -1)
    new[kept] = np.arange(len(kept))
    ways, way_index = _ways_inside(found, new)
    rims = _Rims(found.lon[kept], found.lat[kept], new[walkable][new[walkable] >= 0], (west, south, east, north))
    return Tile(
        found.lon[kept],
        found.lat[kept],
        {int(new[found.row[number]]): tags for number, tags in found.node_tags.items() if inside[found.row[number]]},
        ways,
        _relations_inside(found, new, way_index),
        east - west,
        north - south,
        rims.eastwards(),
        rims.northwards(),
    )


def _narrow(lat: NDArray[np.float64]) -> float:
    return math.cos(math.radians(float(np.median(lat))))


def _range(values: NDArray[np.float64], margin: float) -> tuple[float, float]:
    low = np.quantile(values, OUTSIDE_SHARE, method="higher")
    high = np.quantile(values, 1 - OUTSIDE_SHARE, method="lower")
    return float(low) - margin, float(high) + margin


def _ways_inside(found: _Source, new: NDArray[np.int64]) -> tuple[list[Way], dict[int, int]]:
    """Streets keep the part inside the tile; anything else that leaves it is left out."""
    ways: list[Way] = []
    index: dict[int, int] = {}
    for number, (refs, tags) in found.ways.items():
        rows = [int(new[found.row[ref]]) for ref in refs if ref in found.row]
        within = _longest_inside(rows) if "highway" in tags else rows if min(rows, default=-1) >= 0 else []
        if len(within) >= 2:
            index[number] = len(ways)
            ways.append(Way(tuple(within), tags))
    return ways, index


def _longest_inside(rows: Sequence[int]) -> list[int]:
    best: list[int] = []
    run: list[int] = []
    for row in rows:
        run = [*run, row] if row >= 0 else []
        best = max(best, run, key=len)
    return best


def _relations_inside(found: _Source, new: NDArray[np.int64], way_index: Mapping[int, int]) -> list[Relation]:
    """Relations of nodes and ways, where any of them is inside; relations of relations are left out."""
    relations = []
    for members, tags in found.relations.values():
        within = []
        for kind, ref, role in members:
            place = (int(new[found.row[ref]]) if ref in found.row else -1) if kind == "n" else way_index.get(ref, -1)
            if kind in "nw" and place >= 0:
                within.append((kind, place, role))
        if within:
            relations.append(Relation(tuple(within), tags))
    return relations


class _Rims:
    """Which walkable nodes lie nearest to the rims, every `JOIN_EVERY_M` along them."""

    def __init__(
        self,
        lon: NDArray[np.float64],
        lat: NDArray[np.float64],
        walkable: NDArray[np.int64],
        box: tuple[float, float, float, float],
    ) -> None:
        west, south, east, north = box
        self._rows = walkable
        self._x = (lon[walkable] - west) * METRES_PER_DEGREE * _narrow(lat)
        self._y = (lat[walkable] - south) * METRES_PER_DEGREE
        self._width = (east - west) * METRES_PER_DEGREE * _narrow(lat)
        self._height = (north - south) * METRES_PER_DEGREE

    def eastwards(self) -> list[tuple[int, int]]:
        return self._joined(self._y, self._width - self._x, self._x)

    def northwards(self) -> list[tuple[int, int]]:
        return self._joined(self._x, self._height - self._y, self._y)

    def _joined(
        self, along: NDArray[np.float64], to_far: NDArray[np.float64], to_near: NDArray[np.float64]
    ) -> list[tuple[int, int]]:
        """For each band: the node nearest the far rim, and the one nearest the near rim."""
        band = np.floor(along / JOIN_EVERY_M).astype(np.int64)
        far, near = self._nearest(band, to_far), self._nearest(band, to_near)
        return [(far[number], near[number]) for number in sorted(far.keys() & near.keys())]

    def _nearest(self, band: NDArray[np.int64], away: NDArray[np.float64]) -> dict[int, int]:
        found: dict[int, int] = {}
        for number in np.argsort(-away, kind="stable"):
            if away[number] <= REACH_M:
                found[int(band[number])] = int(self._rows[number])
        return found
