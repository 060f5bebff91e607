"""The raw map: tagged nodes, ways and relations as the sources give them, before any of it means something."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

ATTRIBUTION = "© OpenStreetMap contributors"

Tags = dict[str, str]
Keep = Callable[[Mapping[str, str]], Tags]
Progress = Callable[[str, float], None]
"""Called with the name of the stage ("read", "select", …) and how much of it is done, 0 to 1."""


def silent(_stage: str, _done: float) -> None:
    """The progress nobody looks at."""


UNITS_PER_DEGREE = 10_000_000  # OSM stores coordinates in steps of 1e-7 degree
_DIGEST_FORMAT = b"stepfree raw map 1\n"


class RawWay(msgspec.Struct, frozen=True, gc=False):
    """One way, or one run of a way whose other nodes the source does not hold.

    `refs` are at least two nodes of the map, no two neighbours equal. Several runs of one way share its `id` and follow
    each other in the way's own order.
    """

    id: int
    refs: tuple[int, ...]
    tags: Tags

    @property
    def closed(self) -> bool:
        """Whether the way ends where it starts and encloses something."""
        return len(self.refs) > 3 and self.refs[0] == self.refs[-1]


class RawRelation(msgspec.Struct, frozen=True, gc=False):
    """One relation with all its members `(kind "n" | "w" | "r", id, role)`, also those the source does not hold."""

    id: int
    members: tuple[tuple[str, int, str], ...]
    tags: Tags


class Losses(msgspec.Struct, frozen=True):
    """What the source could not give; counts, for the build's summary."""

    cut_ways: int = 0  # kept ways with nodes missing, kept as the runs that exist
    dropped_ways: int = 0  # kept ways of which no two neighbouring nodes exist
    missing_nodes: int = 0  # references of kept ways to nodes that do not exist
    bad_nodes: int = 0  # nodes without a usable position
    deleted: int = 0  # objects marked as deleted
    repeated: int = 0  # objects given more than once, each time the same


@dataclass(frozen=True, eq=False)
class RawMap:
    """Everything later work needs of a map, and nothing else.

    `node_ids` int64[n] ascending, `lon` and `lat` float64[n] in degrees (exact steps of 1e-7): every node that a kept
    way uses or that has kept tags. `ways` and `relations` ascend by id. Equal content is an equal map: `source`,
    `timestamp` (of the data, RFC 3339), `losses` and `notes` do not count. Of a saved map, tags and ways are read from
    the disk whenever somebody goes through them (`elements_packed`).
    """

    node_ids: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    node_tags: Mapping[int, Tags]
    ways: Sequence[RawWay]
    relations: Sequence[RawRelation]
    source: str
    timestamp: str | None = None
    attribution: str = ATTRIBUTION
    losses: Losses = field(default_factory=Losses)
    notes: tuple[str, ...] = ()
    """What was odd in the source, one sentence each, for the build's summary."""

    def positions(self, refs: Any) -> NDArray[np.intp]:
        """Rows of these node ids in `node_ids`; every id must be in the map."""
        return np.searchsorted(self.node_ids, np.asarray(refs, dtype=np.int64))

    def digest(self) -> str:
        """SHA-256 of the content in hexadecimal: equal maps, equal digests, on every machine and in every version."""
        digest = hashlib.sha256(_DIGEST_FORMAT)
        digest.update(self.node_ids.astype("<i8").tobytes())
        for degrees in (self.lon, self.lat):
            digest.update(np.rint(degrees * UNITS_PER_DEGREE).astype("<i4").tobytes())
        encoder = msgspec.msgpack.Encoder(order="sorted")
        for part in (sorted(self.node_tags.items()), list(self.ways), list(self.relations)):
            encoded = encoder.encode(part)
            digest.update(len(encoded).to_bytes(8, "little"))
            digest.update(encoded)
        return digest.hexdigest()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RawMap):
            return NotImplemented
        return (
            np.array_equal(self.node_ids, other.node_ids)
            and np.array_equal(self.lon, other.lon)
            and np.array_equal(self.lat, other.lat)
            and self.node_tags == other.node_tags
            and self.ways == other.ways
            and self.relations == other.relations
        )

    __hash__ = None  # type: ignore[assignment]
