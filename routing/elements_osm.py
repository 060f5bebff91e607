"""Reads OSM files with pyosmium: .osm.pbf, .osm, .osm.gz, .osm.bz2."""

from __future__ import annotations

from array import array
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import osmium
from osmium.osm.types import Node, OSMObject, Relation, Way
from shapely.geometry.base import BaseGeometry

from accessibility.tags.keys import kept
from accessibility.tags.relations import relation_type
from routing.elements_check import FileBounds, check, unreadable
from routing.elements_raw import UNITS_PER_DEGREE, Keep, Progress, RawMap, RawRelation, RawWay, Tags, silent
from routing.elements_select import Elements, select

SUFFIXES = (".osm.pbf", ".osm", ".osm.gz", ".osm.bz2")
_TICK = 10_000  # objects between two calls of progress


def read_osm_file(
    path: str | Path,
    *,
    area: BaseGeometry | None = None,
    keep: Keep = kept,
    bounds: FileBounds | None = None,
    progress: Progress = silent,
) -> RawMap:
    """The raw map in an OSM file, clipped to `area` (WGS 84 degrees, lon first) when one is given.

    `progress` is called with the stages "check", "read" and "select". Raises `Refused`: "map_unreadable" for a file
    that is missing, damaged, cut off, foreign or beyond `bounds`, "map_empty" when no way is left.
    """
    path = Path(path)
    bounds = bounds or FileBounds()
    if not path.name.endswith(SUFFIXES):
        raise unreadable(path, f"is not one of {', '.join(SUFFIXES)}")
    if not path.is_file():
        raise unreadable(path, "is not there" if not path.exists() else "is not a file")
    expected = check(path, bounds, progress)
    collector = _Collector(keep)
    try:
        _read(path, collector, expected, bounds, progress)
    except (RuntimeError, ValueError, OSError, osmium.InvalidLocationError) as error:
        raise unreadable(path, f"is damaged or no OSM file: {str(error).rstrip('.')}") from error
    return select(collector.elements(), area=area, source=path.name, progress=progress)


def _read(path: Path, collector: _Collector, expected: int, bounds: FileBounds, progress: Progress) -> None:
    processor = osmium.FileProcessor(str(path))
    header = processor.header
    if header.has_multiple_object_versions:
        raise unreadable(path, "holds the history of the map: take a snapshot of one day first")
    collector.timestamp = header.get("osmosis_replication_timestamp", "") or None
    for count, item in enumerate(processor):
        if count % _TICK == 0:
            progress("read", min(0.99, count / max(1, expected)))
            if count > bounds.objects:
                raise unreadable(path, f"holds more than {bounds.objects:,} objects, the most that is read")
        collector.take(item)
    progress("read", 1.0)


class _Collector:
    """Takes pyosmium's objects one by one: they are views that must not outlive the loop."""

    def __init__(self, keep: Keep) -> None:
        self._keep = keep
        self._ids, self._lon, self._lat = array("q"), array("d"), array("d")
        self._node_tags: dict[int, Tags] = {}
        self._ways: list[RawWay] = []
        self._relations: list[RawRelation] = []
        self._deleted = 0
        self._newest = datetime.fromtimestamp(0, UTC)
        self.timestamp: str | None = None  # as the file states it
        self._words: dict[str, str] = {}

    def take(self, item: object) -> None:
        if isinstance(item, Node):
            self._take_node(item)
        elif isinstance(item, Way):
            if self._lives(item):
                self._ways.append(RawWay(item.id, tuple([node.ref for node in item.nodes]), self._tags(item)))
        elif isinstance(item, Relation) and self._lives(item):
            tags = self._tags(item)
            if relation_type(tags) is not None:
                members = tuple([(member.type, member.ref, self._word(member.role)) for member in item.members])
                self._relations.append(RawRelation(item.id, members, tags))

    def elements(self) -> Elements:
        newest = self._newest.strftime("%Y-%m-%dT%H:%M:%SZ") if self._newest.year > 1970 else None
        return Elements(
            node_ids=np.frombuffer(self._ids, dtype=np.int64),
            lon=np.frombuffer(self._lon, dtype=np.float64),
            lat=np.frombuffer(self._lat, dtype=np.float64),
            node_tags=self._node_tags,
            ways=self._ways,
            relations=self._relations,
            timestamp=self.timestamp or newest,
            deleted=self._deleted,
        )

    def _take_node(self, node: Node) -> None:
        if node.deleted:
            self._deleted += 1
            return
        location = node.location
        valid = location.valid()
        self._ids.append(node.id)
        self._lon.append(location.x / UNITS_PER_DEGREE if valid else np.nan)
        self._lat.append(location.y / UNITS_PER_DEGREE if valid else np.nan)
        if len(node.tags) and (tags := self._tags(node)):
            self._node_tags.setdefault(node.id, tags)

    def _lives(self, item: OSMObject[Any]) -> bool:
        """Whether the object still exists; notes the newest change on the way."""
        if item.deleted:
            self._deleted += 1
            return False
        self._newest = max(self._newest, item.timestamp)
        return True

    def _tags(self, item: OSMObject[Any]) -> Tags:
        found = self._keep({tag.k: tag.v for tag in item.tags})
        return {self._word(key): self._word(value) for key, value in found.items()}

    def _word(self, word: str) -> str:
        """One object for equal words: tags repeat."""
        return self._words.setdefault(word, word)
