"""A saved map: a folder of memory-mapped arrays and an index of names, versioned and checksummed.

Anything else is refused with a reason.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct

from accessibility.refusals import Refused
from routing.elements_packed import PackedNodeTags, PackedTags, PackedWays
from routing.elements_packed import packed as packed_tags
from routing.elements_raw import RawMap
from routing.graph import GraphMeta, StreetGraph
from routing.plane import Plane
from routing.search_file import SearchFile
from routing.search_file import write as write_index
from routing.search_rows import rows_of
from routing.storage_check import misfit
from routing.storage_files import (
    ARRAYS,
    FILES,
    GRAPH_ARRAYS,
    INDEX,
    PACKED,
    SEARCH,
    checksum,
    exchange,
    put_on_disk,
    shape_of_facts,
    write_array,
    write_bytes,
)

FORMAT = "stepfree-map"
FORMAT_VERSION = 5
"""Raise it whenever an older folder could be misread."""


class _Index(Struct, frozen=True):
    format: str
    format_version: int
    facts: str
    first_passage: int
    meta: GraphMeta
    checksums: dict[str, str]


def save(graph: StreetGraph, folder: Path) -> None:
    """Write `graph` to `folder`, all or nothing: it is written beside it and takes its place in one step.

    Raises `Refused("map_target_taken")` when the folder holds anything but a saved map.
    """
    folder = folder.resolve()
    _require_ours(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        _write(graph, beside)
        beside.chmod(0o755)
        _take_place(beside, folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _take_place(beside: Path, folder: Path) -> None:
    """Afterwards `folder` is the new map; what was there before is at `beside`, or nothing."""
    if not folder.exists():
        os.rename(beside, folder)
        return
    _require_ours(folder)
    try:
        exchange(beside, folder)
    except OSError:
        # A file system without exchange: between these two there is a moment without a map, but never half of one.
        old = beside.with_name(f"{beside.name}.old")
        os.rename(folder, old)
        try:
            os.rename(beside, folder)
        except OSError:
            os.rename(old, folder)
            raise
        shutil.rmtree(old, ignore_errors=True)


def _require_ours(folder: Path) -> None:
    if not folder.exists():
        return
    head = _head(folder / INDEX)
    known = FILES | {INDEX} | _files_named(head)
    strangers = ["it is a file"] if not folder.is_dir() else sorted({f.name for f in folder.iterdir()} - known)
    if not strangers and any(folder.iterdir()) and head.get("format") != FORMAT:
        strangers = [f"its {INDEX} is another program's" if (folder / INDEX).exists() else f"it has no {INDEX}"]
    if strangers:
        raise Refused(
            "map_target_taken",
            f"{folder} exists and is not a saved map ({strangers[0]}): nothing was overwritten. Choose another folder.",
        )


def _head(path: Path) -> dict[str, Any]:
    """What an index says, if it can be read at all."""
    try:
        head = msgspec.json.decode(path.read_bytes())
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return {}
    return head if isinstance(head, dict) else {}


def _files_named(head: dict[str, Any]) -> set[str]:
    """The files of a map that another version saved, which may have had other names."""
    named = head.get("checksums")
    if head.get("format") != FORMAT or not isinstance(named, dict):
        return set()
    return {name for name in named if name.endswith((".npy", ".msgpack", ".sqlite"))}


def _write(graph: StreetGraph, folder: Path) -> None:
    raw = graph.elements
    arrays = {name: getattr(graph, name) for name in GRAPH_ARRAYS} | _raw_arrays(raw)
    packed = {
        "way_facts": list(graph.way_facts),
        "passage_facts": list(graph.passage_facts),
        "names": list(graph.names),
        "raw_relations": list(raw.relations),
        "raw_losses": raw.losses,
        "raw_notes": raw.notes,
    }
    for name in ARRAYS:
        write_array(folder, name, arrays[name])
    for name in PACKED:
        write_bytes(folder / f"{name}.msgpack", msgspec.msgpack.encode(packed[name]))
    write_index(folder / SEARCH, rows_of(graph, Plane.around(graph.geom_lon, graph.geom_lat)))
    put_on_disk(folder / SEARCH)
    checksums = {name: checksum(folder / name) for name in sorted(FILES)}
    index = _Index(FORMAT, FORMAT_VERSION, shape_of_facts(), graph.first_passage, graph.meta, checksums)
    write_bytes(folder / INDEX, msgspec.json.format(msgspec.json.encode(index), indent=1))


def _raw_arrays(raw: RawMap) -> dict[str, np.ndarray[Any, Any]]:
    tagged = sorted(raw.node_tags.items())
    tagged_start, tagged_tags = packed_tags([found for _, found in tagged])
    ways = list(raw.ways)
    way_start, way_tags = packed_tags([way.tags for way in ways])
    ref_start = np.zeros(len(ways) + 1, np.int64)
    np.cumsum([len(way.refs) for way in ways], out=ref_start[1:])
    refs = np.fromiter((ref for way in ways for ref in way.refs), np.int64, int(ref_start[-1]))
    return {
        "raw_node_id": raw.node_ids,
        "raw_lon": raw.lon,
        "raw_lat": raw.lat,
        "raw_tagged": np.fromiter((ref for ref, _ in tagged), np.int64, len(tagged)),
        "raw_tagged_start": tagged_start,
        "raw_tagged_tags": tagged_tags,
        "raw_way_id": np.fromiter((way.id for way in ways), np.int64, len(ways)),
        "raw_way_start": way_start,
        "raw_way_tags": way_tags,
        "raw_ref_start": ref_start,
        "raw_ref": raw.positions(refs),
    }


def is_saved_map(folder: Path) -> bool:
    """Whether `folder` claims to be a saved map; `load` decides whether it is one."""
    return (folder / INDEX).is_file()


def load(folder: Path) -> StreetGraph:
    """Open a saved map; arrays stay on disk and are shared between processes.

    Raises `Refused` with `map_foreign` (not one of ours), `map_outdated` (written by another version) or
    `map_damaged` (a file is missing, does not match its checksum or does not fit the others).
    """
    index = _read_index(folder)
    if index.checksums.keys() != FILES:
        odd = sorted(index.checksums.keys() ^ FILES)[0]
        raise _damaged(folder, f"{INDEX} and the list of files differ in {odd!r}")
    for name in sorted(FILES):
        path = folder / name
        if not path.is_file():
            raise _damaged(folder, f"{name} is missing")
        if checksum(path) != index.checksums[name]:
            raise _damaged(folder, f"{name} was changed")
    try:
        graph = _read(folder, index)
    except (ValueError, EOFError, msgspec.MsgspecError) as error:
        raise _damaged(folder, str(error)) from error
    wrong = misfit(graph)
    if wrong is not None:
        raise _damaged(folder, f"{wrong} does not fit the rest")
    return graph


def _damaged(folder: Path, why: str) -> Refused:
    return Refused("map_damaged", f"The saved map {folder} is damaged: {why}. Build it again.")


def _read_index(folder: Path) -> _Index:
    path = folder / INDEX
    if not path.is_file():
        raise Refused("map_foreign", f"{folder} is not a saved map: it has no {INDEX}.")
    try:
        head = msgspec.json.decode(path.read_bytes())
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _damaged(folder, f"{INDEX} cannot be read") from error
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise Refused("map_foreign", f"{folder} is not a saved map of stepfree.")
    if head.get("format_version") != FORMAT_VERSION or head.get("facts") != shape_of_facts():
        raise Refused(
            "map_outdated", f"The saved map {folder} was written by another version of stepfree. Build it again."
        )
    try:
        return msgspec.convert(head, _Index)
    except msgspec.ValidationError as error:
        raise _damaged(folder, f"{INDEX} says {error}") from error


def _read(folder: Path, index: _Index) -> StreetGraph:
    arrays: dict[str, Any] = {}
    for name, kind in ARRAYS.items():
        found = np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
        if found.dtype != kind or found.ndim != 1:
            raise ValueError(f"{name}.npy holds {found.dtype} in {found.ndim} dimensions")
        # As plain arrays on the same pages: looking a number up in a memmap object takes several times as long.
        arrays[name] = found.view(np.ndarray)
    packed = {
        name: msgspec.msgpack.decode((folder / f"{name}.msgpack").read_bytes(), type=kind)
        for name, kind in PACKED.items()
    }
    return StreetGraph(
        meta=index.meta,
        first_passage=index.first_passage,
        way_facts=packed["way_facts"],
        passage_facts=packed["passage_facts"],
        names=packed["names"],
        elements=_elements(arrays, packed, index.meta),
        search_file=SearchFile(folder / SEARCH),
        **{name: arrays[name] for name in GRAPH_ARRAYS},
    )


def _elements(arrays: dict[str, Any], packed: dict[str, Any], meta: GraphMeta) -> RawMap:
    nodes, tagged = arrays["raw_node_id"], arrays["raw_tagged"]
    if not (len(nodes) == len(arrays["raw_lon"]) == len(arrays["raw_lat"])):
        raise ValueError("raw nodes and their places differ in number")
    at = np.searchsorted(nodes, tagged)
    if (np.diff(nodes) <= 0).any() or (at == len(nodes)).any() or (nodes[at] != tagged).any():
        raise ValueError("raw_tagged names nodes that are not there")
    node_tags = PackedTags(arrays["raw_tagged_start"], arrays["raw_tagged_tags"])
    way_tags = PackedTags(arrays["raw_way_start"], arrays["raw_way_tags"])
    for found in (node_tags, way_tags):
        found.check()
    return RawMap(
        node_ids=nodes,
        lon=arrays["raw_lon"],
        lat=arrays["raw_lat"],
        node_tags=PackedNodeTags(tagged, node_tags),
        ways=PackedWays(arrays["raw_way_id"], arrays["raw_ref_start"], arrays["raw_ref"], nodes, way_tags),
        relations=packed["raw_relations"],
        source=meta.source,
        timestamp=meta.timestamp,
        attribution=meta.attribution,
        losses=packed["raw_losses"],
        notes=packed["raw_notes"],
    )
