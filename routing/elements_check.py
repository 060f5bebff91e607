"""Looks at an OSM file before it is parsed: is it one, is it whole, and would it fit once unpacked.

Streams through the file once: nothing is unpacked to disk, and no more than a piece of it is in memory.
"""

from __future__ import annotations

import bz2
import gzip
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import msgspec

from accessibility.refusals import Refused
from routing.elements_raw import Progress

_PIECE = 1 << 20
_RATIO_COUNTS_FROM = 64 << 20  # small files of mostly equal lines pack very well and hurt nobody
_SEAM = 256  # bytes of the last piece looked at again, so that no mark is lost between two pieces
_ROOT = re.compile(rb"<(\w+)")
_START = re.compile(rb"<(?:node|way|relation)\s")
_DELETED = re.compile(rb"<(?:node|way|relation)\s[^>]*\baction=[\"']delete[\"']")
_BLOCK_OBJECTS = 8_000  # what every writer puts into one block of a .pbf file
_BLOB_HEADER_MAX, _BLOB_MAX = 64 << 10, 32 << 20  # limits of the .pbf format
_TYPE, _DATASIZE = 1, 3  # fields of its BlobHeader
_RAW, _RAW_SIZE = 1, 2  # fields of its Blob: data that is not packed; size of packed data once unpacked


class FileBounds(msgspec.Struct, frozen=True):
    """How much a file may hold: a guard against files made to fill the memory, far above any city."""

    unpacked_bytes: int = 16 << 30
    ratio: float = 100.0  # OSM data packs 8 to 25 times
    objects: int = 100_000_000


def check(path: Path, bounds: FileBounds, progress: Progress) -> int:
    """About how many objects the file holds.

    Raises `Refused("map_unreadable")` for a file that is foreign, cut off, packed to an absurd size, or a change file.
    """
    progress("check", 0.0)
    try:
        objects = _check_pbf(path, bounds) if path.name.endswith(".pbf") else _check_xml(path, bounds, progress)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise unreadable(path, "is damaged or cut off: it cannot be unpacked") from error
    except OSError as error:
        reason = error.strerror or "it cannot be unpacked"
        raise unreadable(path, f"cannot be read: {reason}") from error
    progress("check", 1.0)
    return objects


def unreadable(path: Path, why: str) -> Refused:
    """The refusal of a map file, as one sentence."""
    return Refused("map_unreadable", f"{path.name} {why}.")


def _check_xml(path: Path, bounds: FileBounds, progress: Progress) -> int:
    objects = unpacked = 0
    seam = b""
    size = max(1, path.stat().st_size)
    with path.open("rb") as packed, _unpack(path, packed) as stream:
        while piece := stream.read(_PIECE):
            if not unpacked:
                _check_root(path, piece)
            unpacked += len(piece)
            if unpacked > bounds.unpacked_bytes:
                raise unreadable(path, f"unpacks to more than {bounds.unpacked_bytes:,} bytes, the most that is read")
            if unpacked > _RATIO_COUNTS_FROM and unpacked > bounds.ratio * max(1, packed.tell()):
                raise unreadable(path, f"unpacks to more than {bounds.ratio:g} times its size, as no map does")
            window = seam + piece
            if b"delete" in window and _DELETED.search(window):
                raise unreadable(path, "holds objects marked for deletion in an editor: upload or purge them first")
            objects += len(_START.findall(piece))
            seam = window[-_SEAM:]
            progress("check", min(1.0, packed.tell() / size))
    if not unpacked:
        raise unreadable(path, "is empty")
    return objects


def _unpack(path: Path, packed: IO[bytes]) -> IO[bytes]:
    if path.name.endswith(".gz"):
        return gzip.GzipFile(fileobj=packed)  # type: ignore[return-value]
    if path.name.endswith(".bz2"):
        return bz2.BZ2File(packed)
    return packed


def _check_root(path: Path, piece: bytes) -> None:
    root = _ROOT.search(piece[:4096])
    name = root.group(1) if root else b""
    if name == b"osmChange":
        raise unreadable(path, "is a file of changes, not a map")
    if name != b"osm":
        raise unreadable(path, "is not an OSM file")


def _check_pbf(path: Path, bounds: FileBounds) -> int:
    blocks = unpacked = 0
    size = path.stat().st_size
    with path.open("rb") as stream:
        for kind, blob_size in _blobs(path, stream, size):
            if (kind == b"OSMHeader") != (blocks == 0):
                raise unreadable(path, "is not an OSM file, or is several of them joined")
            start = stream.tell()
            unpacked += _unpacked_size(stream.read(min(blob_size, 16)), blob_size)
            stream.seek(start + blob_size)
            blocks += 1
            if unpacked > bounds.unpacked_bytes:
                raise unreadable(path, f"unpacks to more than {bounds.unpacked_bytes:,} bytes, the most that is read")
    if not blocks:
        raise unreadable(path, "is empty")
    return (blocks - 1) * _BLOCK_OBJECTS


def _blobs(path: Path, stream: IO[bytes], size: int) -> Iterator[tuple[bytes, int]]:
    """The kind and size of each blob, the stream standing at its first byte; the caller moves it to the blob's end."""
    while prefix := stream.read(4):
        header_size = int.from_bytes(prefix, "big")
        header = _fields(stream.read(header_size)) if len(prefix) == 4 and header_size <= _BLOB_HEADER_MAX else {}
        kind, blob_size = header.get(_TYPE), header.get(_DATASIZE)
        if not isinstance(kind, bytes) or not isinstance(blob_size, int) or blob_size > _BLOB_MAX:
            raise unreadable(path, "is not an OSM file in PBF form, or is damaged")
        if stream.tell() + blob_size > size:
            raise unreadable(path, "is cut off in the middle")
        yield kind, blob_size


def _unpacked_size(start: bytes, blob_size: int) -> int:
    """What a blob unpacks to, by its first bytes; the format's limit where they do not say."""
    fields = _fields(start)
    stated = fields.get(_RAW_SIZE)
    if isinstance(stated, int):
        return stated
    return blob_size if _RAW in fields else _BLOB_MAX


def _fields(message: bytes) -> dict[int, int | bytes]:
    """Numbers and byte strings of one protobuf message, as far as it can be read."""
    found: dict[int, int | bytes] = {}
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        value, at = _varint(message, at)
        if key & 7 == 0:
            found[key >> 3] = value
        elif key & 7 == 2:
            found[key >> 3] = message[at : at + value]
            at += value
        else:
            break
    return found


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(message) and shift < 64:
        byte = message[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            break
    return value, at
