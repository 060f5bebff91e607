"""The shapes of closures on the wire (CONTRACT §5): bounded GeoJSON in, what it closes out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType, field

from accessibility.barriers import Barrier
from accessibility.complaints.places import place_of
from accessibility.complaints.requests import ClosureChange, NewClosure
from api.errors import invalid
from api.moments import Moment, checked
from api.route_effects import Word
from api.wire import Position
from api.wire_barriers import Reason

VERTICES_MAX = 500

Ring = Annotated[list[Position], Meta(min_length=4, max_length=VERTICES_MAX, description="Its last place is its first")]
Rings = Annotated[list[Ring], Meta(min_length=1, max_length=VERTICES_MAX)]


class PointShape(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="Point"):
    """GeoJSON: closes the spot on the nearest way within 25 m, and ways within 3 m of it."""

    coordinates: Position


class LineShape(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="LineString"):
    """GeoJSON: closes the ways it crosses or runs along within 5 m."""

    coordinates: Annotated[list[Position], Meta(min_length=2, max_length=VERTICES_MAX)]


class AreaShape(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="Polygon"):
    """GeoJSON: closes what lies inside."""

    coordinates: Rings


class AreasShape(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="MultiPolygon"):
    """GeoJSON: closes what lies inside any of them."""

    coordinates: Annotated[list[Rings], Meta(min_length=1, max_length=VERTICES_MAX)]


Shape = PointShape | LineShape | AreaShape | AreasShape


class ClosureBody(Struct, frozen=True, forbid_unknown_fields=True):
    """A place to close: at once or from `from` on, until `until` or until it is opened again."""

    geometry: Shape
    reason: Reason
    from_: Moment | None = field(name="from", default=None)
    until: Moment | None = None


class ClosurePatch(Struct, frozen=True, forbid_unknown_fields=True):
    """What changes of a closure; `"until": null` makes it open-ended, `"from": null` starts it now."""

    geometry: Shape | UnsetType = UNSET
    reason: Reason | UnsetType = UNSET
    from_: Moment | UnsetType | None = field(name="from", default=UNSET)
    until: Moment | UnsetType | None = UNSET


class ClosedAnswer(Struct, frozen=True, omit_defaults=True):
    """`effect`: `blocked`, or `unmatched` when the closure lies on no way of this map."""

    closure_id: UUID
    revision: int
    effect: Word | None = None


def closure_of(body: ClosureBody) -> NewClosure:
    """The closure inside."""
    return NewClosure(
        geometry_of(body.geometry), body.reason, checked(body.from_, "from"), checked(body.until, "until")
    )


def closure_change_of(body: ClosurePatch) -> ClosureChange:
    """The change inside; what was left out stays."""
    return ClosureChange(
        geometry=None if body.geometry is UNSET else geometry_of(body.geometry),
        reason=None if body.reason is UNSET else body.reason,
        starts_at=None if body.from_ is UNSET else checked(body.from_, "from"),
        ends_at=None if body.until is UNSET else checked(body.until, "until"),
        keeps_start=body.from_ is UNSET, keeps_end=body.until is UNSET,
    )  # fmt: skip


def geometry_of(given: Shape) -> dict[str, Any]:
    """GeoJSON with at most 500 vertices in all, every ring closed."""
    rings = list(_rings(given))
    if sum(map(len, rings)) > VERTICES_MAX:
        raise invalid("geometry.coordinates", f"more than {VERTICES_MAX} vertices")
    if any(ring[0] != ring[-1] for ring in rings):
        raise invalid("geometry.coordinates", "a ring must end where it begins")
    plain: dict[str, Any] = msgspec.to_builtins(given)
    return plain


def _rings(given: Shape) -> Iterator[list[tuple[float, float]]]:
    if isinstance(given, AreaShape):
        yield from given.coordinates
    elif isinstance(given, AreasShape):
        for area in given.coordinates:
            yield from area


def closure_at(geometry: dict[str, Any]) -> Barrier:
    """A closure that is not stored, to ask a map what it would lie on."""
    return Barrier(
        id=UUID(int=0), kind="closure", severity=4, place=place_of(geometry), geometry=geometry, standing="confirmed",
        active=True, revision=0,
    )  # fmt: skip
