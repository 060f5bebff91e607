"""What may be asked of the list of barriers, and whether a place is on the map at all."""

from __future__ import annotations

import math
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from accessibility.complaints.requests import BarrierFilter
from accessibility.kinds import KINDS
from accessibility.refusals import Refused
from api.errors import invalid
from api.running import Running

PAGE = 100
PAGE_MAX = 1000
REACH_DEGREES = 0.0045  # 500 m north to south; the map ends where its last street does
STANDINGS = ("suspected", "confirmed", "cleared", "expired", "refuted")

Limit = Annotated[int, Meta(ge=1, le=PAGE_MAX)]
Words = Annotated[str, Meta(max_length=600)]


class BarriersQuery(Struct, frozen=True):
    """Filters of the list."""

    bbox: Annotated[str, Meta(max_length=120, description="west,south,east,north")] | None = None
    kind: Words | None = None
    standing: Words | None = None
    since_revision: Annotated[int, Meta(ge=0, le=2**53)] | None = None
    format: Annotated[str, Meta(max_length=20)] = "geojson"
    limit: Limit = PAGE
    cursor: Annotated[str, Meta(max_length=40)] | None = None


class NearbyQuery(Struct, frozen=True):
    """Around which place."""

    at: Annotated[str, Meta(max_length=60, description="lon,lat")]
    kind: Words | None = None


def filter_of(query: BarriersQuery) -> BarrierFilter:
    """The filter inside; raises `invalid_query` or `not_yet_supported`."""
    if query.format in ("csv", "gpx"):
        raise Refused("not_yet_supported", f"The format {query.format} is not offered yet.", field="format")
    if query.format != "geojson":
        raise invalid("format", "geojson, csv or gpx is wanted", code="invalid_query")
    return BarrierFilter(
        box=None if query.bbox is None else box_in(query.bbox), kinds=kinds_of(query.kind),
        standings=words_in(query.standing, STANDINGS, "standing"), since_revision=query.since_revision,
        after=cursor_in(query.cursor), limit=query.limit,
    )  # fmt: skip


def kinds_of(text: str | None) -> tuple[str, ...] | None:
    """Codes of kinds, with commas between."""
    return words_in(text, tuple(KINDS), "kind")


def words_in(text: str | None, known: tuple[str, ...], field: str) -> tuple[str, ...] | None:
    """Codes with commas between, each of them known."""
    if text is None:
        return None
    given = tuple(word.strip() for word in text.split(","))
    for word in given:
        if word not in known:
            raise invalid(field, f"there is no {word!r} here", code="invalid_query")
    return given


def cursor_in(text: str | None) -> UUID | None:
    """The id a page starts after."""
    try:
        return None if text is None else UUID(text)
    except ValueError:
        raise invalid("cursor", "send the `next` of the page before", code="invalid_query") from None


def box_in(text: str) -> tuple[float, float, float, float]:
    """west,south,east,north in degrees."""
    west, south, east, north = _numbers(text, 4, "bbox")
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise invalid("bbox", "west,south,east,north in degrees is wanted", code="invalid_query")
    return west, south, east, north


def place_in(text: str, field: str) -> tuple[float, float]:
    """lon,lat in degrees."""
    lon, lat = _numbers(text, 2, field)
    if abs(lon) > 180 or abs(lat) > 90:
        raise invalid(field, "lon,lat in degrees is wanted", code="invalid_query")
    return lon, lat


def _numbers(text: str, count: int, field: str) -> list[float]:
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) != count or not all(map(math.isfinite, numbers)):
        raise invalid(field, f"{count} numbers with commas between are wanted", code="invalid_query")
    return numbers


def within_map(here: Running, at: tuple[float, float]) -> None:
    """Raises `outside_map` for a place more than about 500 m outside the streets' bounds."""
    graph = here.router.graph
    wide = REACH_DEGREES / max(0.01, math.cos(math.radians(at[1])))
    inside_lon = graph.geom_lon.min() - wide <= at[0] <= graph.geom_lon.max() + wide
    inside_lat = graph.geom_lat.min() - REACH_DEGREES <= at[1] <= graph.geom_lat.max() + REACH_DEGREES
    if not (inside_lon and inside_lat):
        raise Refused("outside_map", "This place is not on the map of this server.", field="at")
