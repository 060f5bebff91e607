"""OpenSidewalks features → map elements: edges become ways that share their end nodes, nothing else connects."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from accessibility.tags.keys import kept
from accessibility.tags.opensidewalks import as_area, is_obstacle, is_road_or_path, tags_of_opensidewalks
from accessibility.tags.relations import AREA_TYPE, TYPE_KEY
from routing.elements_ids import stable_id
from routing.elements_raw import UNITS_PER_DEGREE, RawRelation, RawWay, Tags
from routing.elements_select import Elements
from routing.geodesy import distance_m

Place = tuple[int, int]
"""Longitude and latitude in steps of 1e-7 degree, as OSM stores them."""
GREATEST_ID = 2**62
FAR_END_M = 5.0
"""An edge whose line ends further than this from the node it names is worth a word."""
_LONGEST_ID = 255


@dataclass(frozen=True)
class Feature:
    """One GeoJSON feature as decoded; nothing in it has been looked at."""

    geometry: str
    coordinates: Any
    properties: Mapping[str, Any]


@dataclass(frozen=True)
class _Shape:
    """Something drawn: an edge, a line beside the network, or an area with its holes."""

    kind: str
    ref: str | None
    rings: list[list[Place]]
    tags: Tags
    ends: tuple[str | None, str | None] = (None, None)


@dataclass
class Network:
    """Collects features in any order; `elements` ties them together."""

    edges: list[_Shape] = field(default_factory=list)
    _shapes: list[_Shape] = field(default_factory=list)
    _nodes: dict[str, tuple[Place, Tags]] = field(default_factory=dict)
    _points: list[tuple[str | None, Place, Tags]] = field(default_factory=list)
    _odd: Counter[str] = field(default_factory=Counter)

    def take(self, feature: Feature, layer: str | None) -> None:
        """Sort one feature by its geometry; `layer` tells nodes and points apart, which look the same."""
        found, unread = tags_of_opensidewalks(feature.properties)
        self._odd.update(
            f"values of {name} that are absurd, codes or measured over too little, taken for unknown"
            for name in sorted(unread)
        )
        tags, ref = kept(found), _reference(feature.properties.get("_id"))
        rings = _rings(feature)
        if not rings:
            self._odd["features without a usable geometry"] += 1
        elif feature.geometry == "Point":
            self._take_point(ref, rings[0][0], tags, layer)
        elif feature.geometry == "Polygon":
            in_network = is_road_or_path(found)
            self._shapes.append(_Shape("zone" if in_network else "polygon", ref, rings, as_area(tags)))
        elif is_road_or_path(found):
            ends = _reference(feature.properties.get("_u_id")), _reference(feature.properties.get("_v_id"))
            self.edges.append(_Shape("edge", ref, rings, tags, ends))
        else:
            self._shapes.append(_Shape("line", ref, rings, tags))

    def _take_point(self, ref: str | None, place: Place, tags: Tags, layer: str | None) -> None:
        if layer == "points" or ref is None:
            self._points.append((ref, place, tags))
        elif self._nodes.setdefault(ref, (place, tags)) != (place, tags):
            self._odd["nodes with the id of another node, left out"] += 1

    def notes(self) -> list[str]:
        """What was odd in the data, the most frequent first; complete once `elements` was called."""
        return [f"{count} {what}" for what, count in self._odd.most_common()]

    def elements(self) -> Elements:
        """Nodes, ways and relations; ids that are whole numbers stay, others become stable negative ones."""
        nodes = _Nodes(self._odd, {place: tags for _, place, tags in self._points if is_obstacle(tags)})
        for name, (place, tags) in self._nodes.items():
            nodes.add_named(name, place, tags)
        woven = _Woven()
        for shape in [*self.edges, *self._shapes]:
            if shape.kind == "edge" or shape.tags:
                woven.add(shape, nodes)
        for ref, place, tags in self._points:
            if tags and place not in nodes.stood_at:
                nodes.add_point(ref, place, tags)
        return nodes.elements(woven)


class _Nodes:
    """Every node by its id, and how edges find theirs."""

    def __init__(self, odd: Counter[str], obstacles: dict[Place, Tags]) -> None:
        self._odd, self._obstacles = odd, obstacles
        self._place: dict[int, Place] = {}
        self._tags: dict[int, Tags] = {}
        self._by_ref: dict[str, int] = {}
        self._by_place: dict[Place, int] = {}
        self.stood_at: set[Place] = set()
        """Where an obstacle stands on an edge, and was laid onto it."""

    def add_named(self, ref: str, place: Place, tags: Tags) -> int:
        return self._by_ref.setdefault(ref, self._add(_id("node", ref), place, tags, shared=True))

    def add_point(self, ref: str | None, place: Place, tags: Tags) -> int:
        number = _id("point", ref or f"{place}")
        return self._add(number if number not in self._place else stable_id("point", ref or f"{place}"), place, tags)

    def at_end(self, ref: str | None, place: Place) -> int:
        """The node an edge names as its end; without a name the one at that place."""
        if ref is None:
            found = self._by_place.get(place)
            return self._add(stable_id("place", f"{place}"), place, {}, shared=True) if found is None else found
        number = self._by_ref.get(ref)
        if number is None:
            self._odd["ends of edges at nodes that are not given"] += 1
            return self.add_named(ref, place, {})
        if self._place[number] != place and _apart_m(self._place[number], place) > FAR_END_M:
            self._odd[f"ends of edges drawn over {FAR_END_M:g} m from their node"] += 1
        return number

    def on_ring(self, owner: str, index: int, place: Place) -> int:
        """A corner of a zone: the node of the network that lies there, else its own."""
        found = self._by_place.get(place)
        return self.between(owner, index, place) if found is None else found

    def between(self, owner: str, index: int, place: Place) -> int:
        """A vertex of one line alone: lines that cross there do not meet."""
        return self._add(stable_id("vertex", f"{owner}/{index}"), place, {})

    def _add(self, number: int, place: Place, tags: Tags, *, shared: bool = False) -> int:
        obstacle = self._obstacles.get(place)
        if obstacle is not None and number not in self._place and (shared or not tags):
            tags = {**obstacle, **tags}
            self.stood_at.add(place)
        self._place.setdefault(number, place)
        self._tags.setdefault(number, tags)
        if shared:
            self._by_place.setdefault(place, number)
        return number

    def elements(self, woven: _Woven) -> Elements:
        ids = sorted(self._place)
        degrees = np.array([self._place[ref] for ref in ids], np.float64).reshape(-1, 2) / UNITS_PER_DEGREE
        return Elements(
            node_ids=np.array(ids, np.int64),
            lon=degrees[:, 0],
            lat=degrees[:, 1],
            node_tags={ref: self._tags[ref] for ref in ids if self._tags[ref]},
            ways=[RawWay(ref, refs, tags) for ref, (refs, tags) in sorted(woven.ways.items())],
            relations=woven.relations,
        )


class _Woven:
    """Ways and relations with their ids."""

    def __init__(self) -> None:
        self.ways: dict[int, tuple[tuple[int, ...], Tags]] = {}
        self.relations: list[RawRelation] = []

    def add(self, shape: _Shape, nodes: _Nodes) -> None:
        name = shape.ref or f"{shape.rings[0]}"
        number = _id(shape.kind, name)
        if number in self.ways:
            number = stable_id(shape.kind, f"{name} {shape.rings[0]} {shape.tags}")
        owner = f"{shape.kind} {number}"
        if shape.kind == "edge":
            self.ways[number] = (_edge_refs(shape, owner, nodes), shape.tags)
        elif len(shape.rings) == 1:
            self.ways[number] = (_ring_refs(shape.kind, shape.rings[0], owner, nodes), shape.tags)
        else:
            self._add_area(number, shape, owner, nodes)

    def _add_area(self, number: int, shape: _Shape, owner: str, nodes: _Nodes) -> None:
        """An area with holes, as a relation of its rings."""
        members = []
        for index, ring in enumerate(shape.rings):
            way = stable_id("ring", f"{owner}/{index}")
            self.ways[way] = (_ring_refs(shape.kind, ring, f"{owner}/{index}", nodes), {})
            members.append(("w", way, "inner" if index else "outer"))
        self.relations.append(RawRelation(number, tuple(members), {TYPE_KEY: AREA_TYPE, **shape.tags}))


def _edge_refs(shape: _Shape, owner: str, nodes: _Nodes) -> tuple[int, ...]:
    line = shape.rings[0]
    first, last = nodes.at_end(shape.ends[0], line[0]), nodes.at_end(shape.ends[1], line[-1])
    inner = (nodes.between(owner, index, place) for index, place in enumerate(line[1:-1], 1))
    return (first, *inner, last)


def _ring_refs(kind: str, ring: Sequence[Place], owner: str, nodes: _Nodes) -> tuple[int, ...]:
    find = nodes.on_ring if kind == "zone" else nodes.between
    closed = len(ring) > 3 and ring[0] == ring[-1]
    refs = [find(owner, index, place) for index, place in enumerate(ring[:-1] if closed else ring)]
    return tuple([*refs, refs[0]] if closed else refs)


def _reference(value: object) -> str | None:
    """An id as text: 17 and "17" are one."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) and 0 < len(value) <= _LONGEST_ID else None


def _id(kind: str, ref: str) -> int:
    """The number of an id that is a plain whole number, else a stable negative one."""
    if ref.isascii() and ref.isdigit() and ref[0] != "0" and len(ref) < 19 and int(ref) < GREATEST_ID:
        return int(ref)
    return stable_id(kind, ref)


def _rings(feature: Feature) -> list[list[Place]]:
    """All lines of a feature (a point is a line of one place); empty when any of it cannot be used."""
    try:
        given = feature.coordinates
        if feature.geometry == "Point":
            return [[_place(given)]]
        if feature.geometry == "LineString":
            return [line] if len(line := [_place(one) for one in given]) > 1 else []
        if feature.geometry == "Polygon":
            rings = [[_place(one) for one in ring] for ring in given]
            return rings if all(len(ring) > 3 and ring[0] == ring[-1] for ring in rings) else []
    except (TypeError, ValueError, KeyError, IndexError, OverflowError):
        return []
    return []


def _place(given: Any) -> Place:
    """Raises `ValueError` for what is no place on Earth."""
    lon, lat = given[0], given[1]
    if isinstance(lon, bool) or isinstance(lat, bool) or not isinstance(given, list):
        raise ValueError("no position")
    if not (math.fabs(lon) <= 180 and math.fabs(lat) <= 90):
        raise ValueError("not on Earth")
    return round(lon * UNITS_PER_DEGREE), round(lat * UNITS_PER_DEGREE)


def _apart_m(a: Place, b: Place) -> float:
    return float(distance_m(*(degrees / UNITS_PER_DEGREE for degrees in (*a, *b))))
