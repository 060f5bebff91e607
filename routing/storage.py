"""A saved map: a folder of memory-mapped arrays, versioned and checksummed; anything else is refused with a reason."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct

from accessibility.facts import PassageFacts, WayFacts
from accessibility.refusals import Refused
from routing.elements_raw import RawMap, RawRelation, RawWay
from routing.graph import GraphMeta, StreetGraph

FORMAT = "stepfree-map"
FORMAT_VERSION = 2
"""Raise it whenever an older folder could be misread."""
INDEX = "map.json"

_ARRAYS = (
    *("node_id", "node_lon", "node_lat"),
    *("edge_tail", "edge_head", "edge_way", "edge_facts", "edge_length_m"),
    *("edge_area", "edge_side", "edge_name", "edge_component"),
    *("geom_start", "geom_lon", "geom_lat", "geom_node"),
    "order",
)


class _Index(Struct, frozen=True):
    format: str
    format_version: int
    facts: str
    first_passage: int
    meta: GraphMeta
    checksums: dict[str, str]


def facts_shape() -> str:
    """Fingerprint of the fact Structs: a folder written with other facts is an older one."""
    shapes = f"{msgspec.json.schema_components((WayFacts, PassageFacts))}"
    return hashlib.blake2b(shapes.encode(), digest_size=8).hexdigest()


def save(graph: StreetGraph, folder: Path) -> None:
    """Write `graph` to `folder`, all or nothing: it is written beside it and moved into place."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        _write(graph, beside)
        beside.chmod(0o755)
        if folder.exists():
            _require_ours(folder)
            shutil.rmtree(folder)
        os.replace(beside, folder)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise


def _require_ours(folder: Path) -> None:
    if not folder.is_dir() or (any(folder.iterdir()) and not (folder / INDEX).is_file()):
        raise Refused("map_target_taken", f"{folder} exists and is not a saved map; choose another folder.")


def _write(graph: StreetGraph, folder: Path) -> None:
    raw = graph.elements
    arrays: dict[str, np.ndarray[Any, Any]] = {name: getattr(graph, name) for name in _ARRAYS}
    arrays |= {"raw_node_id": raw.node_ids, "raw_lon": raw.lon, "raw_lat": raw.lat}
    arrays["raw_ref_start"] = np.cumsum([0, *(len(way.refs) for way in raw.ways)], dtype=np.int64)
    arrays["raw_ref"] = np.fromiter((ref for way in raw.ways for ref in way.refs), np.int64)
    checksums = {}
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", np.ascontiguousarray(array))
        checksums[f"{name}.npy"] = _checksum(folder / f"{name}.npy")
    packed = {
        "way_facts": list(graph.way_facts),
        "passage_facts": list(graph.passage_facts),
        "names": list(graph.names),
        "raw_node_tags": raw.node_tags,
        "raw_ways": [(way.id, way.tags) for way in raw.ways],
        "raw_relations": raw.relations,
    }
    for name, value in packed.items():
        (folder / f"{name}.msgpack").write_bytes(msgspec.msgpack.encode(value))
        checksums[f"{name}.msgpack"] = _checksum(folder / f"{name}.msgpack")
    index = _Index(FORMAT, FORMAT_VERSION, facts_shape(), graph.first_passage, graph.meta, checksums)
    (folder / INDEX).write_bytes(msgspec.json.format(msgspec.json.encode(index), indent=1))


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def is_saved_map(folder: Path) -> bool:
    """Whether `folder` claims to be a saved map; `load` decides whether it is one."""
    return (folder / INDEX).is_file()


def load(folder: Path) -> StreetGraph:
    """Open a saved map; arrays stay on disk and are shared between processes.

    Raises `Refused` with `map_foreign` (not one of ours), `map_outdated` (written by another version) or
    `map_damaged` (a file is missing or does not match its checksum).
    """
    index = _read_index(folder)
    for name, expected in index.checksums.items():
        path = folder / name
        if not path.is_file() or _checksum(path) != expected:
            raise Refused(
                "map_damaged", f"The saved map {folder} is damaged: {name} is missing or was changed. Build it again."
            )
    arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in _ARRAYS}
    return StreetGraph(
        meta=index.meta,
        first_passage=index.first_passage,
        way_facts=_unpack(folder, "way_facts", list[WayFacts]),
        passage_facts=_unpack(folder, "passage_facts", list[PassageFacts]),
        names=_unpack(folder, "names", list[str]),
        elements=_load_elements(folder, index.meta),
        **arrays,
    )


def _read_index(folder: Path) -> _Index:
    path = folder / INDEX
    if not path.is_file():
        raise Refused("map_foreign", f"{folder} is not a saved map: it has no {INDEX}.")
    try:
        head = msgspec.json.decode(path.read_bytes())
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refused(
            "map_damaged", f"The saved map {folder} is damaged: {INDEX} cannot be read. Build it again."
        ) from error
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise Refused("map_foreign", f"{folder} is not a saved map of stepfree.")
    if head.get("format_version") != FORMAT_VERSION or head.get("facts") != facts_shape():
        raise Refused(
            "map_outdated", f"The saved map {folder} was written by another version of stepfree. Build it again."
        )
    try:
        return msgspec.convert(head, _Index)
    except msgspec.ValidationError as error:
        raise Refused("map_damaged", f"The saved map {folder} is damaged: {error}. Build it again.") from error


def _unpack(folder: Path, name: str, kind: Any) -> Any:
    return msgspec.msgpack.decode((folder / f"{name}.msgpack").read_bytes(), type=kind)


def _load_elements(folder: Path, meta: GraphMeta) -> RawMap:
    refs = np.load(folder / "raw_ref.npy", mmap_mode="r").tolist()
    start = np.load(folder / "raw_ref_start.npy", mmap_mode="r").tolist()
    heads = _unpack(folder, "raw_ways", list[tuple[int, dict[str, str]]])
    ways = [RawWay(way_id, tuple(refs[start[i] : start[i + 1]]), found) for i, (way_id, found) in enumerate(heads)]
    return RawMap(
        node_ids=np.load(folder / "raw_node_id.npy", mmap_mode="r"),
        lon=np.load(folder / "raw_lon.npy", mmap_mode="r"),
        lat=np.load(folder / "raw_lat.npy", mmap_mode="r"),
        node_tags=_unpack(folder, "raw_node_tags", dict[int, dict[str, str]]),
        ways=ways,
        relations=_unpack(folder, "raw_relations", list[RawRelation]),
        source=meta.source,
        timestamp=meta.timestamp,
        attribution=meta.attribution,
    )
