"""Lines of an answer as encoded polylines: the same vertices in a fraction of the bytes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Annotated, Any

import msgspec
import numpy as np
from msgspec import Meta, Struct, UnsetType

from api.wire import Geometries, RoutesAnswer
from routing.answers import Coordinate, NotTaken, Route, RouteAnswer, WayBack

DIGITS = {"polyline": 5, "polyline6": 6}
"""Decimal digits of a degree that each encoding keeps: a metre, a tenth of a metre."""

_SHIFTS = (5 * np.arange(6, dtype=np.int32))[:, None]
"""A step is at most 360 degrees: in millionths, doubled, it fills six groups of five bits, and fits in 32."""


def encoded(line: Sequence[Coordinate], digits: int) -> str:
    """(lon, lat) vertices → Google's encoded polyline, latitude first, one vertex for each given.

    The format: each number as the difference to the one before, sign in the lowest bit, then groups of five bits, the
    lowest first, 32 added to all but the last, 63 added to each.
    """
    degrees = np.fromiter(chain.from_iterable(line), np.float64, 2 * len(line))
    whole = np.rint(degrees * 10**digits).astype(np.int32).reshape(-1, 2)[:, ::-1]
    steps = whole.copy()
    steps[1:] -= whole[:-1]
    numbers = ((steps << 1) ^ (steps >> 31)).ravel()
    rest = numbers >> _SHIFTS
    more = rest >= 32
    codes = ((rest & 31) + 63 + (more << 5)).astype(np.uint8)
    kept = np.concatenate([np.ones((1, len(numbers)), np.bool_), more[:-1]])
    return str(codes.T[kept.T].tobytes(), "ascii")


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
