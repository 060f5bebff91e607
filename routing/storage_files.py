"""What a saved map consists of: the files of its folder, their types, and how one folder takes another's place."""

from __future__ import annotations

import ctypes
import hashlib
import os
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import DTypeLike, NDArray

from accessibility.facts import PassageFacts, WayFacts
from routing.elements_raw import Losses, RawRelation
from routing.graph import BUILD_RULES
from routing.search_file import SCHEMA, SEARCH_RULES

INDEX = "map.json"
SEARCH = "search.sqlite"
"""What is asked when somebody looks for a name (`search_file`)."""

GRAPH_ARRAYS: dict[str, DTypeLike] = {
    "node_id": np.int64,
    "node_lon": np.float64,
    "node_lat": np.float64,
    "edge_tail": np.int32,
    "edge_head": np.int32,
    "edge_way": np.int64,
    "edge_area": np.int64,
    "edge_facts": np.int32,
    "edge_length_m": np.float64,
    "edge_side": np.int8,
    "edge_name": np.int32,
    "edge_component": np.int32,
    "geom_start": np.int64,
    "geom_lon": np.float64,
    "geom_lat": np.float64,
    "geom_node": np.int64,
    "order": np.int32,
}
"""Fields of `StreetGraph`, each a file of its own."""

RAW_ARRAYS: dict[str, DTypeLike] = {
    "raw_node_id": np.int64,
    "raw_lon": np.float64,
    "raw_lat": np.float64,
    "raw_tagged": np.int64,
    "raw_tagged_start": np.int64,
    "raw_tagged_tags": np.uint8,
    "raw_way_id": np.int64,
    "raw_way_start": np.int64,
    "raw_way_tags": np.uint8,
    "raw_ref_start": np.int64,
    "raw_ref": np.int32,
}
"""The raw map's nodes; those with tags, and the ways, each with its tags in the bytes of all; and the rows of the nodes
of the ways, one behind the other."""

PACKED: dict[str, Any] = {
    "way_facts": list[WayFacts],
    "passage_facts": list[PassageFacts],
    "names": list[str],
    "raw_relations": list[RawRelation],
    "raw_losses": Losses,
    "raw_notes": tuple[str, ...],
}

ARRAYS = GRAPH_ARRAYS | RAW_ARRAYS
FILES = frozenset([f"{name}.npy" for name in ARRAYS] + [f"{name}.msgpack" for name in PACKED] + [SEARCH])
"""Every file of a saved map but its index."""


def shape_of_facts() -> str:
    """Fingerprint of the facts, the search and the rules that made them: another one, and a folder could be misread."""
    shapes = f"{BUILD_RULES}{SEARCH_RULES}{SCHEMA}{msgspec.json.schema_components((WayFacts, PassageFacts))}"
    return hashlib.blake2b(shapes.encode(), digest_size=8).hexdigest()


def checksum(path: Path) -> str:
    """BLAKE2b of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def write_array(folder: Path, name: str, array: NDArray[Any]) -> None:
    """Write one array in the type its file has."""
    with (folder / f"{name}.npy").open("wb") as file:
        np.save(file, np.ascontiguousarray(array, ARRAYS[name]), allow_pickle=False)
        _to_disk(file.fileno())


def write_bytes(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        _to_disk(file.fileno())


def put_on_disk(path: Path) -> None:
    """What another program's library has written."""
    with path.open("rb") as file:
        _to_disk(file.fileno())


def _to_disk(descriptor: int) -> None:
    os.fsync(descriptor)


_AT_FDCWD, _RENAME_EXCHANGE = -100, 2


def exchange(one: Path, other: Path) -> None:
    """Swap two folders in one step, so that a crash leaves either of them whole under the name.

    Raises `OSError` where the file system cannot.
    """
    rename = ctypes.CDLL(None, use_errno=True).renameat2
    if rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE):
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), str(other))
