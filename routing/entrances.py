"""Into a building by the door a person can use: its entrances on the map, the most accessible first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from accessibility import tags
from accessibility.facts import PlaceFacts, PlaceKind, Wheelchair
from accessibility.tags.addresses import address, is_building, main_entrance
from routing.answers import Coordinate
from routing.elements_packed import ways_by_id
from routing.elements_raw import RawMap, RawRelation, RawWay
from routing.plane import Plane

DOOR_MIN_M = 0.9
"""A door narrower than this comes after one whose width nobody has said (DIN 18040-1)."""

WALL_M = 0.5
"""A place this near to a wall is in it."""

_SAID = {Wheelchair.YES: 0, Wheelchair.LIMITED: 1, None: 2, Wheelchair.NO: 3}


@dataclass(frozen=True)
class Door:
    """An entrance node of a building."""

    node: int
    at: Coordinate
    facts: PlaceFacts
    main: bool
    number: str | None
    """The house number it carries itself."""

    @property
    def rank(self) -> tuple[int, bool, bool, bool]:
        """Lower is easier: what was said about wheelchairs, steps, the width of the door, and the main one first."""
        narrow = self.facts.door_width_m is not None and self.facts.door_width_m < DOOR_MIN_M
        return _SAID[self.facts.wheelchair], bool(self.facts.steps), narrow, not self.main


class Entrances:
    """The entrances of all buildings of a map. Built once, shared by all threads."""

    def __init__(self, raw: RawMap, plane: Plane) -> None:
        self._plane = plane
        self._doors = {door.node: door for door in _doors(raw)}
        self._by_building: dict[str, list[Door]] = {}
        self._outlines: list[shapely.Polygon] = []
        self._owner: list[str] = []
        for key, ways in _buildings(raw):
            mine = [self._doors[node] for way in ways for node in way.refs if node in self._doors]
            if not mine:
                continue
            self._by_building[key] = list({door.node: door for door in mine}.values())
            for way in ways:
                if way.closed:
                    rows = raw.positions(way.refs)
                    self._outlines.append(shapely.Polygon(np.column_stack(plane.xy(raw.lon[rows], raw.lat[rows]))))
                    self._owner.append(key)
        self._tree = shapely.STRtree(self._outlines)

    def into(self, osm_id: str, at: Coordinate, number: str | None = None) -> Coordinate | None:
        """Where one goes into this building, or into the one that stands at this place.

        `osm_id` as in `n1`, `w2`, `r3`; `number`: the house number looked for. `None` where no entrance is mapped.
        """
        own = self._doors.get(int(osm_id[1:])) if osm_id.startswith("n") else None
        if own is not None:
            return own.at
        return self._easiest(self._by_building.get(osm_id) or self._around(at), at, number)

    def around(self, at: Coordinate) -> Coordinate | None:
        """The easiest entrance of the building that stands at this place; `None` where none is mapped."""
        return self._easiest(self._around(at), at, None)

    def _easiest(self, doors: Sequence[Door], at: Coordinate, number: str | None) -> Coordinate | None:
        if not doors:
            return None
        here = self._plane.point(*at)

        def key(door: Door) -> tuple[object, ...]:
            other = number is not None and door.number is not None and door.number != number
            x, y = self._plane.point(*door.at)
            return other, door.rank, (x - here[0]) ** 2 + (y - here[1]) ** 2, door.node

        return min(doors, key=key).at

    def together(self, one: Coordinate, other: Coordinate) -> bool:
        """Whether one building with doors covers both places: a way between them needs no door."""
        here, there = (shapely.Point(self._plane.point(*at)).buffer(WALL_M) for at in (one, other))
        rows = self._tree.query(here, predicate="intersects").tolist()
        return any(shapely.intersects(self._outlines[row], there) for row in rows)

    def _around(self, at: Coordinate) -> list[Door]:
        """The doors of the smallest building with doors that covers this place."""
        found = self._tree.query(shapely.Point(self._plane.point(*at)), predicate="intersects")
        if not len(found):
            return []
        return self._by_building[self._owner[min(found.tolist(), key=lambda row: (self._outlines[row].area, row))]]


def _doors(raw: RawMap) -> Iterator[Door]:
    for node, found in raw.node_tags.items():
        facts = tags.place_facts(found)
        if facts is not None and PlaceKind.ENTRANCE in facts.kinds:
            row = int(raw.positions(node))
            written = address(found)
            number = None if written is None else written.number
            yield Door(node, (float(raw.lon[row]), float(raw.lat[row])), facts, main_entrance(found), number)


def _buildings(raw: RawMap) -> Iterator[tuple[str, list[RawWay]]]:
    """Each building with the ways of its outline."""
    for way in raw.ways:
        if is_building(way.tags):
            yield f"w{way.id}", [way]
    wanted = [relation for relation in raw.relations if is_building(relation.tags)]
    for relation, ways in outlines(raw, wanted):
        yield f"r{relation.id}", ways


def outlines(raw: RawMap, relations: Iterable[RawRelation]) -> Iterator[tuple[RawRelation, list[RawWay]]]:
    """Relations with those of their member ways that the map holds."""
    relations = list(relations)
    by_id = ways_by_id(raw, {ref for relation in relations for kind, ref, _ in relation.members if kind == "w"})
    for relation in relations:
        yield relation, [way for kind, ref, _ in relation.members if kind == "w" for way in by_id.get(ref, ())]


def middle(raw: RawMap, ways: Iterable[RawWay]) -> Coordinate:
    """The middle of what these ways enclose or run along."""
    rows = np.concatenate([raw.positions(way.refs[:-1] if way.closed else way.refs) for way in ways])
    return float(raw.lon[rows].mean()), float(raw.lat[rows].mean())
