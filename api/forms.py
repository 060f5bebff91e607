"""What the pages without JavaScript share: how a form is read, a place that was typed, and the headers of a page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from litestar import Request
from msgspec import Struct

from accessibility.refusals import Refused
from api.named_places import NamedPlace
from api.running import Running
from routing.answers import Waypoint

TEXT_MAX = 200
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
}

_POSITION = re.compile(r"\s*([-+]?\d{1,3}(?:\.\d{1,15})?)\s*,\s*([-+]?\d{1,3}(?:\.\d{1,15})?)(?:\s+(.*))?", re.DOTALL)
"""`lon,lat`, and after a space the name it was chosen by."""


class Field(Struct):
    """One question of a form: what was typed, what is wrong with it, what it may mean."""

    name: str
    label: str
    value: str = ""
    error: str | None = None
    choices: list[NamedPlace] = []


async def form_of(request: Request[Any, Any, Any]) -> Mapping[str, str]:
    """The form's texts; whatever else was sent is not looked at."""
    if request.content_type[0] not in FORMS:
        raise Refused("unsupported_media_type", "Send the form as a browser does.", supported=list(FORMS))
    sent = await request.form()
    return {name: value for name, value in sent.items() if isinstance(value, str)}


def place_of(field: Field, here: Running) -> Waypoint | None:
    """The place that was typed; otherwise the field says what is wrong, or offers what may be meant."""
    if not field.value:
        field.error = "Enter a street, a place, or coordinates."
    elif len(field.value) > TEXT_MAX:
        field.value, field.error = field.value[:TEXT_MAX], f"This is longer than {TEXT_MAX} characters."
    elif found := _POSITION.fullmatch(field.value):
        lon, lat = float(found[1]), float(found[2])
        if abs(lon) <= 180 and abs(lat) <= 90:
            return Waypoint(lon, lat)
        field.error = "Longitude comes first, within ±180; latitude second, within ±90."
    else:
        return _named(field, here)
    return None


def _named(field: Field, here: Running) -> Waypoint | None:
    matches = here.names.find(field.value)
    exact = here.names.exact(field.value)
    if len(exact) == 1 or len(matches) == 1:
        only = (exact or matches)[0]
        field.value = only.name
        return Waypoint(only.lon, only.lat)
    if matches:
        field.choices = matches
    else:
        field.error = f"This map has no street or place called “{field.value}”. Try a part of the name, or coordinates."
    return None
