"""Lines of an answer as encoded polylines: the same vertices in a fraction of the bytes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
import numpy as np
from msgspec import Meta, Struct, UnsetType
from numpy.typing import NDArray

from api.wire import Geometries, RoutesAnswer
from routing.answers import Coordinate, NotTaken, Route, RouteAnswer, WayBack

DIGITS = {"polyline": 5, "polyline6": 6}
"""Decimal digits of a degree that each encoding keeps: a metre, a tenth of a metre."""


def _letters(number: int) -> str:
    """Five bits a letter, the lowest first, 32 added to all but the last, 63 added to each."""
    found = ""
    while number >= 32:
        found += chr((number & 31 | 32) + 63)
        number >>= 5
    return found + chr(number + 63)


def _short() -> NDArray[np.uint32]:
    number = np.arange(1 << 15, dtype=np.uint32)
    more, most = number >= 1 << 5, number >= 1 << 10
    first = (number & 31) + 63 + 32 * more
    second = (((number >> 5) & 31) + 63 + 32 * most) * more
    found: NDArray[np.uint32] = (first | second << 8 | ((number >> 10) + 63) * most << 16).astype("<u4")
    return found


_SHORT = _short()
"""The letters of a number below 32,768 (a step of 1.8 km in `polyline6`), filled up with zeros."""


def encoded(line: Sequence[Coordinate], digits: int) -> str:
    """(lon, lat) vertices → Google's encoded polyline, latitude first, one vertex for each given.

    The format: each number as the difference to the one before, sign in the lowest bit, then groups of five bits.
    """
    numbers = _numbers(line, digits)
    far, near = numbers[:2], numbers[2:]
    if len(near) and near.max() >= len(_SHORT):
        far, near = numbers, near[:0]
    return "".join(map(_letters, far.tolist())) + _SHORT[near].tobytes().translate(None, b"\0").decode("ascii")


def _numbers(line: Sequence[Coordinate], digits: int) -> NDArray[np.int32]:
    """The steps from vertex to vertex, latitude and longitude by turns, the sign in the lowest bit."""
    places = np.array(line, np.float64).reshape(-1, 2)
    whole = np.empty((len(places), 2), np.int32)
    whole[:, 0], whole[:, 1] = np.rint(places[:, 1] * 10**digits), np.rint(places[:, 0] * 10**digits)
    steps = whole.copy()
    steps[1:] -= whole[:-1]
    return ((steps << 1) ^ (steps >> 31)).ravel()


def with_encoded_lines(answer: RouteAnswer, geometries: Geometries) -> RouteAnswer:
    """The answer with a string for every line, ready to be sent: only its `geometry` members are of another type."""
    if geometries == "geojson":
        return answer
    digits = DIGITS[geometries]
    back = answer.back
    if back is not None and back.route is not None:
        back = msgspec.structs.replace(back, route=_route(back.route, digits))
    return msgspec.structs.replace(answer, routes=[_route(one, digits) for one in answer.routes], back=back)


def _route(route: Route, digits: int) -> Route:
    changes: dict[str, Any] = {"geometry": encoded(route.geometry.coordinates, digits)}
    if isinstance(route.not_taken, NotTaken):
        line = encoded(route.not_taken.geometry.coordinates, digits)
        changes["not_taken"] = msgspec.structs.replace(route.not_taken, **{"geometry": line})
    return msgspec.structs.replace(route, **changes)


def _retyped(kind: type[Struct], name: str, **types: Any) -> type[Struct]:
    """The same Struct with other types for some fields: what the description of the API says of encoded answers."""
    fields = []
    for known in msgspec.structs.fields(kind):
        default: Any = msgspec.field(  # type: ignore[call-overload]
            name=known.encode_name, default=known.default, default_factory=known.default_factory
        )
        fields.append((known.name, types.get(known.name, known.type), default))
    made = msgspec.defstruct(name, fields, frozen=True)
    made.__doc__ = kind.__doc__
    return made


_LINE = Annotated[str, Meta(description="Encoded polyline, latitude first: 5 digits, or 6 with `polyline6`")]
_NotTaken: Any = _retyped(NotTaken, "EncodedNotTaken", geometry=_LINE)
_Route: Any = _retyped(Route, "EncodedRoute", geometry=_LINE, not_taken=_NotTaken | UnsetType | None)
_WayBack: Any = _retyped(WayBack, "EncodedWayBack", route=_Route | None)
EncodedRoutesAnswer = _retyped(RoutesAnswer, "EncodedRoutesAnswer", routes=list[_Route], return_=_WayBack | UnsetType)
