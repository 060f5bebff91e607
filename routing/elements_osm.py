"""Reads OSM files with pyosmium: .osm.pbf, .osm, .osm.gz, .osm.bz2."""

from __future__ import annotations

from array import array
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import osmium

from accessibility.refusals import Refused
from routing.elements_raw import Keep, Progress, RawMap, RawRelation, RawWay, Tags
from routing.elements_select import Elements, relation_type, select

SUFFIXES = (".osm.pbf", ".osm", ".osm.gz", ".osm.bz2")


def read_osm_file(path: str | Path, *, keep: Keep | None = None, progress: Progress | None = None) -> RawMap:
    """The raw map in an OSM file.

    Raises `Refused("map_unreadable")` for a file that is missing, damaged, cut off, or no OSM file.
    """
    path = Path(path)
    if not path.is_file():
        raise Refused("map_unreadable", f"There is no file {path}.")
    if not path.name.endswith(SUFFIXES):
        raise Refused("map_unreadable", f"{path.name} is not one of {', '.join(SUFFIXES)}.")
    if keep is None:
        from accessibility.tags import kept as keep
    reader = _Collector(keep)
    try:
        for item in osmium.FileProcessor(str(path)):
            reader.take(item)
    except (RuntimeError, ValueError, osmium.InvalidLocationError) as error:
        raise Refused("map_unreadable", f"{path.name} cannot be read as OSM data: {error}.") from error
    if progress is not None:
        progress("read", 1.0)
    return select(reader.elements(), area=None, source=path.name)


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
        self._words: dict[str, str] = {}

    def take(self, item: osmium.osm.OSMObject) -> None:
        if item.deleted:
            self._deleted += 1
        elif isinstance(item, osmium.osm.Node):
            self._ids.append(item.id)
            location = item.location
            valid = location.valid()
            self._lon.append(location.x / 1e7 if valid else np.nan)
            self._lat.append(location.y / 1e7 if valid else np.nan)
            if len(item.tags) and (tags := self._tags(item)):
                self._node_tags[item.id] = tags
        elif isinstance(item, osmium.osm.Way):
            self._newest = max(self._newest, item.timestamp)
            self._ways.append(RawWay(item.id, tuple([node.ref for node in item.nodes]), self._tags(item)))
        elif isinstance(item, osmium.osm.Relation):
            self._newest = max(self._newest, item.timestamp)
            tags = self._tags(item)
            if relation_type(tags) is not None:
                members = tuple([(member.type, member.ref, self._word(member.role)) for member in item.members])
                self._relations.append(RawRelation(item.id, members, tags))

    def elements(self) -> Elements:
        return Elements(
            node_ids=np.frombuffer(self._ids, dtype=np.int64),
            lon=np.frombuffer(self._lon, dtype=np.float64),
            lat=np.frombuffer(self._lat, dtype=np.float64),
            node_tags=self._node_tags,
            ways=self._ways,
            relations=self._relations,
            timestamp=self._newest.strftime("%Y-%m-%dT%H:%M:%SZ") if self._newest.year > 1970 else None,
            deleted=self._deleted,
        )

    def _tags(self, item: osmium.osm.OSMObject) -> Tags:
        kept = self._keep({tag.k: tag.v for tag in item.tags})
        return {self._word(key): self._word(value) for key, value in kept.items()}

    def _word(self, word: str) -> str:
        """One object for equal words: tags repeat."""
        return self._words.setdefault(word, word)
