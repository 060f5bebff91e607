"""Query parameters that several lists share: a box, a place, codes with commas between, pages."""

from __future__ import annotations

import math
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from api.errors import invalid

PAGE = 100
PAGE_MAX = 1000

Limit = Annotated[int, Meta(ge=1, le=PAGE_MAX)]
Cursor = Annotated[str, Meta(max_length=40, description="The `next` of the page before")]
Words = Annotated[str, Meta(max_length=800, description="Codes with commas between")]
BoxText = Annotated[str, Meta(max_length=120, description="west,south,east,north in degrees")]
PlaceText = Annotated[str, Meta(max_length=60, description="lon,lat in degrees")]


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


def box_in(text: str, field: str = "bbox") -> tuple[float, float, float, float]:
    """west,south,east,north in degrees."""
    west, south, east, north = _numbers(text, 4, field)
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise invalid(field, "west,south,east,north in degrees is wanted", code="invalid_query")
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
