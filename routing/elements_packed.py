"""The elements of a saved map as they lie on disk: read where somebody asks, kept by nobody.

A city has a million small sets of tags. As objects they would take gigabytes in every process that serves, and few are
ever looked at after the start.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import pairwise
from typing import Any, overload

import msgspec
import numpy as np
from numpy.typing import NDArray

from routing.elements_raw import RawMap, RawWay, Tags

AT_ONCE = 2048
"""So many are decoded together when all are wanted."""

Bytes = NDArray[np.uint8]
Int64 = NDArray[np.int64]

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[dict[str, str]]).decode


def packed(tags: Sequence[Tags]) -> tuple[Int64, Bytes]:
    """Where each set begins in the bytes of all, with the end of the last [k + 1]; and those bytes."""
    encoded = [_encode(found) for found in tags]
    start = np.zeros(len(encoded) + 1, np.int64)
    np.cumsum([len(one) for one in encoded], out=start[1:])
    return start, np.frombuffer(b"".join(encoded), np.uint8)


class PackedTags(Sequence[Tags]):
    """Sets of tags, in order."""

    def __init__(self, start: Int64, content: Bytes) -> None:
        """As `packed` gives them. Raises `ValueError` where they do not fit each other."""
        if len(start) == 0 or start[0] != 0 or start[-1] != len(content) or (np.diff(start) < 1).any():
            raise ValueError("the places of tags do not fit the tags")
        self._start, self._content = start, content

    def __len__(self) -> int:
        return len(self._start) - 1

    @overload
    def __getitem__(self, row: int) -> Tags: ...
    @overload
    def __getitem__(self, row: slice) -> list[Tags]: ...
    def __getitem__(self, row: int | slice) -> Tags | list[Tags]:
        if isinstance(row, slice):
            return [self[at] for at in range(*row.indices(len(self)))]
        at = range(len(self))[row]
        return self._between(at, at + 1)[0]

    def __iter__(self) -> Iterator[Tags]:
        for first in range(0, len(self), AT_ONCE):
            yield from self._between(first, min(first + AT_ONCE, len(self)))

    def check(self) -> None:
        """Raises `ValueError` or a `MsgspecError` where something else than tags lies there."""
        for _ in self:
            pass

    def _between(self, first: int, last: int) -> list[Tags]:
        content = self._content[self._start[first] : self._start[last]]
        # As one list of so many: the head of a MessagePack array, and what is in it.
        found = _decode(b"\xdd" + (last - first).to_bytes(4, "big") + content.tobytes())
        return found


class PackedNodeTags(Mapping[int, Tags]):
    """The tags of nodes by id, ascending."""

    def __init__(self, ids: Int64, tags: PackedTags) -> None:
        """Raises `ValueError` where there is not one id for each set of tags, or they do not ascend."""
        if len(ids) != len(tags) or (np.diff(ids) <= 0).any():
            raise ValueError("the ids of nodes with tags do not fit their tags")
        self._ids, self._tags = ids, tags

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[int]:
        return iter(self._ids.tolist())

    def __getitem__(self, node: int) -> Tags:
        row = int(np.searchsorted(self._ids, node))
        if row == len(self._ids) or self._ids[row] != node:
            raise KeyError(node)
        return self._tags[row]

    def items(self) -> Any:
        """Pairs of id and tags; to be gone through once."""
        return zip(self._ids.tolist(), self._tags, strict=True)

    def __eq__(self, other: object) -> bool:
        return dict(self.items()) == (dict(other.items()) if isinstance(other, Mapping) else other)

    __hash__ = None  # type: ignore[assignment]


class PackedWays(Sequence[RawWay]):
    """Ways in the order of the map."""

    def __init__(self, ids: Int64, start: Int64, row: NDArray[np.int32], nodes: Int64, tags: PackedTags) -> None:
        """Way i leads over the nodes `nodes[row[start[i]:start[i + 1]]]`.

        Raises `ValueError` where these do not fit each other.
        """
        if not len(ids) == len(tags) == len(start) - 1:
            raise ValueError("ways, their nodes and their tags differ in number")
        if start[0] != 0 or start[-1] != len(row) or (np.diff(start) < 2).any():
            raise ValueError("ways do not fit their nodes")
        if len(row) and not (int(row.min()) >= 0 and int(row.max()) < len(nodes)):
            raise ValueError("a way leads over nodes that are not there")
        self._ids, self._start, self._row, self._nodes = ids, start, row, nodes
        self.tags = tags

    def __len__(self) -> int:
        return len(self._ids)

    @overload
    def __getitem__(self, number: int) -> RawWay: ...
    @overload
    def __getitem__(self, number: slice) -> list[RawWay]: ...
    def __getitem__(self, number: int | slice) -> RawWay | list[RawWay]:
        if isinstance(number, slice):
            return [self[at] for at in range(*number.indices(len(self)))]
        at = range(len(self))[number]
        return next(self._made(at, at + 1, iter([self.tags[at]])))

    def __iter__(self) -> Iterator[RawWay]:
        tags = iter(self.tags)
        for first in range(0, len(self), AT_ONCE):
            yield from self._made(first, min(first + AT_ONCE, len(self)), tags)

    def of(self, ids: Iterable[int]) -> Iterator[RawWay]:
        """Those with one of these ids, in the order of the map."""
        for number in np.flatnonzero(np.isin(self._ids, np.fromiter(ids, np.int64))).tolist():
            yield self[number]

    def _made(self, first: int, last: int, tags: Iterator[Tags]) -> Iterator[RawWay]:
        start = (self._start[first : last + 1] - self._start[first]).tolist()
        refs = self._nodes[self._row[self._start[first] : self._start[last]]].tolist()
        for way, (begin, end) in zip(self._ids[first:last].tolist(), pairwise(start), strict=True):
            yield RawWay(way, tuple(refs[begin:end]), next(tags))

    def __eq__(self, other: object) -> bool:
        return list(self) == (list(other) if isinstance(other, PackedWays) else other)

    __hash__ = None  # type: ignore[assignment]


def ways_by_id(raw: RawMap, ids: Set[int]) -> dict[int, list[RawWay]]:
    """The ways of a map with these ids, each with all its runs."""
    found: dict[int, list[RawWay]] = {}
    for way in raw.ways.of(ids) if isinstance(raw.ways, PackedWays) else raw.ways:
        if way.id in ids:
            found.setdefault(way.id, []).append(way)
    return found
