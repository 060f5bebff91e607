"""What stands around the ways, and nobody walks through to reach one."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from accessibility.tags.relations import AREA_TYPE, TYPE_KEY
from accessibility.tags.ways import walkable, way_facts

_ROOFS_ONLY = frozenset({"no", "roof", "carport", "canopy"})
_WATER_AREAS = {
    "natural": frozenset({"water", "bay"}),
    "waterway": frozenset({"riverbank", "dock"}),
    "landuse": frozenset({"reservoir", "basin"}),
}
_WATER_LINES = frozenset({"river", "canal"})
_RAILS = frozenset({"rail", "light_rail", "subway", "narrow_gauge"})
"""Not trams: they run in streets that people cross."""
_BELOW_GROUND = frozenset({"yes", "culvert", "covered", "flooded", "building_passage"})


class Obstacle(StrEnum):
    """How a map object bars the straight way to a street."""

    AREA = "area"
    LINE = "line"


def plaza(tags: Mapping[str, str], *, relation: bool = False) -> bool:
    """Whether a closed way, or an area relation, is open space that one walks across and not along its rim."""
    drawn_as_area = tags.get(TYPE_KEY) == AREA_TYPE if relation else tags.get("area") == "yes"
    return drawn_as_area and tags.get("area") != "no" and walkable(tags) and not way_facts(tags).carriageway


def obstacle(tags: Mapping[str, str]) -> Obstacle | None:
    """Whether a way or area is a building, open water, a river or a railway, and at the surface."""
    if tags.get("layer", "").startswith("-") or tags.get("location") in ("underground", "overhead"):
        return None
    if tags.get("building", "no") not in _ROOFS_ONLY:
        return Obstacle.AREA
    if any(tags.get(key) in values for key, values in _WATER_AREAS.items()):
        return Obstacle.AREA
    if tags.get("tunnel") in _BELOW_GROUND or tags.get("covered") == "yes" or tags.get("bridge", "no") != "no":
        return None
    if tags.get("waterway") in _WATER_LINES or tags.get("railway") in _RAILS:
        return Obstacle.LINE
    return None
