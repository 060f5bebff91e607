"""OpenSidewalks properties → map tags: one table, so that the same reading of tags serves both."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from accessibility.quantities import SURVEY_CODES

STEEPEST = 0.35
"""The steepest street there is; a greater fraction is an artefact of short edges on an elevation model [E]."""
SHORTEST_WITH_GRADE_M = 2.0
"""Below this an edge's grade is noise (TAGS, finding 6): unknown instead."""
LONGEST_TEXT = 255
"""What map tags may hold; longer texts are no tag."""

Read = Callable[[object], str | None]


def _word(value: object) -> str | None:
    """A word of the map as it is; truth as `yes` and `no`."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) and 0 < len(value) <= LONGEST_TEXT else None


def _number(value: object) -> float | None:
    """A finite number that is no survey code for "not measured"."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return None if abs(value) in SURVEY_CODES else float(value)


def _metres(value: object) -> str | None:
    found = _number(value)
    return _word(value) if isinstance(value, str) else None if found is None or found <= 0 else f"{found:g} m"


def _count(value: object) -> str | None:
    found = _number(value)
    return None if found is None or found <= 0 or found != int(found) or found > 9999 else str(int(found))


def _grade(value: object) -> str | None:
    """A fraction, as per cent: a bare fraction is not read from map tags."""
    found = _number(value)
    if isinstance(value, str):
        return _word(value)
    return None if found is None or abs(found) > STEEPEST else f"{100 * found + 0.0:.6g}%"


PROPERTIES: dict[str, tuple[str, Read]] = {
    **{key: (key, _word) for key in (
        "highway", "footway", "service", "foot", "surface", "crossing:markings", "tactile_paving", "barrier", "kerb",
        "name", "opening_hours", "building", "amenity", "emergency", "man_made", "natural", "bridge", "tunnel",
        "covered", "indoor", "lit", "handrail", "smoothness", "wheelchair", "access", "conveying",
    )},
    "curb": ("kerb", _word),
    "crossing": ("crossing", _word),
    "width": ("width", _metres),
    "step_count": ("step_count", _count),
    "incline": ("incline", _grade),
    "cross_slope": ("incline:across", _grade),
    **{f"ext:{key}": (key, _word) for key in (
        "maxspeed", "lit", "smoothness", "wheelchair", "handrail", "level", "layer", "bridge", "tunnel", "covered",
        "indoor", "conveying", "ramp:wheelchair", "kerb:height", "crossing:signals", "traffic_signals:sound",
        "traffic_signals:vibration", "sac_scale", "tracktype", "access",
    )},
}  # fmt: skip
"""Property → (map key, how its value is read): the schema's own, then `ext:` for map tags it has no word for."""

_KERB_WORDS = {"unknown", "777", "888", "999"}
_CLIMBS = {"up", "down"}


def tags_of_opensidewalks(properties: Mapping[str, object]) -> tuple[dict[str, str], frozenset[str]]:
    """(map tags, properties whose value is absurd or a survey code and therefore stays unknown)."""
    tags: dict[str, str] = {}
    unread = set()
    for name, (key, read) in PROPERTIES.items():
        value = properties.get(name)
        if value is None or key in tags:
            continue
        text = read(value)
        if text is None or text in _KERB_WORDS:
            unread.add(name)
        else:
            tags[key] = text
    climb = properties.get("climb")
    if climb in _CLIMBS and (tags.get("highway") == "steps" or "incline" not in tags):
        tags["incline"] = str(climb)
    length = _number(properties.get("length"))
    if length is not None and length < SHORTEST_WITH_GRADE_M and tags.get("incline", "").endswith("%"):
        del tags["incline"]
        unread.add("incline")
    return tags, frozenset(unread)


def is_road_or_path(tags: Mapping[str, str]) -> bool:
    """Whether a line or area is part of the network: it says what sort of way it is."""
    return "highway" in tags


def as_area(tags: dict[str, str]) -> dict[str, str]:
    """The tags of something drawn as an area: a way of the network says so, others need not."""
    return {**tags, "area": "yes"} if "highway" in tags else tags


def is_obstacle(tags: Mapping[str, str]) -> bool:
    """Whether a point beside the network matters to the edge it stands on."""
    return "barrier" in tags
