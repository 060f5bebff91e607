"""The vertices of a way as one array, and JSON of answers that hold such: hundreds of pairs nobody has to look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, overload

import msgspec
import numpy as np
import orjson
from numpy.typing import NDArray

from routing.answers import Coordinate


class Line(Sequence[Coordinate]):
    """Reads like a list of (lon, lat) pairs, and is equal to one; a slice is a line."""

    __slots__ = ("lonlat",)

    def __init__(self, lonlat: NDArray[np.float64]) -> None:
        """Degrees [V, 2]."""
        self.lonlat = lonlat

    def __len__(self) -> int:
        return len(self.lonlat)

    @overload
    def __getitem__(self, at: int) -> Coordinate: ...
    @overload
    def __getitem__(self, at: slice) -> Line: ...
    def __getitem__(self, at: int | slice) -> Coordinate | Line:
        if isinstance(at, slice):
            return Line(self.lonlat[at])
        lon, lat = self.lonlat[at].tolist()
        return lon, lat

    def __iter__(self) -> Iterator[Coordinate]:
        lon, lat = self.lonlat.T.tolist()
        return zip(lon, lat, strict=True)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # as a list has none

    def __repr__(self) -> str:
        return repr(list(self))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.array(self.lonlat, dtype)


def _plain(value: object) -> msgspec.Raw:
    if isinstance(value, Line):
        return msgspec.Raw(orjson.dumps(np.ascontiguousarray(value.lonlat), option=orjson.OPT_SERIALIZE_NUMPY))
    raise NotImplementedError(f"no JSON for {type(value).__name__}")


_ENCODER = msgspec.json.Encoder(enc_hook=_plain)


def encoded(content: object) -> bytes:
    """JSON of anything that may hold lines."""
    return _ENCODER.encode(content)
