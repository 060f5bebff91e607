"""Reads OpenSidewalks 0.1 to 0.3: GeoJSON files of nodes, edges, points, zones … as one raw map.

A dataset comes in several files that differ in one word of the name (`city.edges.geojson`, `city.nodes.geojson`, …):
naming one of them reads them all. A single file with everything in it will do as well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from routing.elements_check import FileBounds, unreadable
from routing.elements_osw_network import Feature, Network
from routing.elements_raw import Progress, RawMap, silent
from routing.elements_select import select

SUFFIXES = (".geojson", ".geojson.json")
LAYERS = ("nodes", "edges", "zones", "points", "lines", "polygons")
"""The words that tell the files of one dataset apart, in the order in which they are read."""
MAX_BYTES = 2 << 30
_OSM_NAME = "openstreetmap"
_LONGEST_NOTE = 200


class _Head(msgspec.Struct):
    """What is read of a file besides its features; `features` stays undecoded until the head is known to be one."""

    type: str
    features: list[msgspec.Raw]
    data_source: Any = msgspec.field(default=None, name="dataSource")
    timestamp: Any = msgspec.field(default=None, name="dataTimestamp")


class _Geometry(msgspec.Struct):
    type: str
    coordinates: Any = None


class _Feature(msgspec.Struct):
    geometry: _Geometry | None = None
    properties: dict[str, Any] | None = None


@dataclass
class _Read:
    """What the files of a dataset say about it as a whole."""

    attribution: str | None = None
    timestamp: str | None = None
    unread: int = 0


def read_osw_files(paths: Sequence[Path], *, bounds: FileBounds | None = None, progress: Progress = silent) -> RawMap:
    """The raw map of an OpenSidewalks dataset; files beside a named one that belong to it are read too.

    Raises `Refused`: "map_unreadable" for what is no OpenSidewalks GeoJSON, "map_empty" when no way is left.
    """
    bounds = bounds or FileBounds()
    files = dataset([Path(path) for path in paths])
    network, about = Network(), _Read()
    for number, path in enumerate(files):
        progress("read", number / len(files))
        for feature in _features(path, bounds, about):
            network.take(feature, layer_of(path))
    if not network.edges:
        raise unreadable(files[0], "holds no edges of OpenSidewalks: lines with `highway` between two nodes")
    elements = network.elements()
    elements.timestamp = about.timestamp
    found = select(elements, area=None, source=Path(paths[0]).name, progress=progress)
    attribution = about.attribution or f"OpenSidewalks dataset {Path(paths[0]).name}"
    notes = [*network.notes(), *_counted("features that are not read", about.unread)]
    return replace(found, attribution=attribution, notes=tuple(notes))


def dataset(paths: Sequence[Path]) -> list[Path]:
    """The named files and their siblings, each once, in the order of `LAYERS`."""
    found: dict[Path, None] = {}
    for path in paths:
        found.setdefault(path, None)
        word = layer_of(path)
        if word is None:
            continue
        for other in LAYERS:
            sibling = path.with_name(_layer_word(word).sub(other, path.name, count=1))
            if sibling.is_file():
                found.setdefault(sibling, None)
    return sorted(found, key=lambda path: (LAYERS.index(layer_of(path) or "nodes"), path))


def layer_of(path: Path) -> str | None:
    """The word in a file's name that says which part of a dataset it is."""
    return next((word for word in LAYERS if _layer_word(word).search(path.name)), None)


def _layer_word(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z]){word}(?![A-Za-z])")


def _features(path: Path, bounds: FileBounds, about: _Read) -> list[Feature]:
    """Features with a geometry; what is none of these is counted."""
    if not path.name.endswith(SUFFIXES):
        raise unreadable(path, f"is not one of {', '.join(SUFFIXES)}")
    if not path.is_file():
        raise unreadable(path, "is not there" if not path.exists() else "is not a file")
    if path.stat().st_size > MAX_BYTES:
        raise unreadable(path, f"is larger than {MAX_BYTES:,} bytes, the most that is read")
    try:
        head = msgspec.json.decode(path.read_bytes(), type=_Head)
        if head.type != "FeatureCollection":
            raise unreadable(path, "is GeoJSON, but no FeatureCollection")
        if len(head.features) > bounds.objects:
            raise unreadable(path, f"holds more than {bounds.objects:,} features, the most that is read")
        decoder = msgspec.json.Decoder(_Feature)
        decoded = [decoder.decode(raw) for raw in head.features]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise unreadable(path, f"is not GeoJSON of OpenSidewalks: {str(error)[:_LONGEST_NOTE].rstrip('.')}") from error
    except OSError as error:
        raise unreadable(path, f"cannot be read: {error.strerror or 'damaged'}") from error
    about.attribution = about.attribution or _attribution(head.data_source)
    if about.timestamp is None and isinstance(head.timestamp, str) and len(head.timestamp) <= 40:
        about.timestamp = head.timestamp
    features = []
    for item in decoded:
        if item.geometry is None:
            about.unread += 1
        else:
            features.append(Feature(item.geometry.type, item.geometry.coordinates, item.properties or {}))
    return features


def _attribution(source: object) -> str | None:
    """Whom the data is owed to: what `dataSource` names, with its licence."""
    if not isinstance(source, dict):
        return None
    name, licence = (source.get(key) for key in ("name", "license"))
    if not isinstance(name, str) or not name:
        return None
    if _OSM_NAME in name.lower().replace(" ", ""):
        name = f"© {name} contributors" if name.lower() == _OSM_NAME else f"{name}, © OpenStreetMap contributors"
    return f"{name} ({licence})"[:_LONGEST_NOTE] if isinstance(licence, str) and licence else name[:_LONGEST_NOTE]


def _counted(what: str, count: int) -> list[str]:
    return [f"{count} {what}"] if count else []
