"""A node's or building's tags → what people know the place by, or nothing."""

from __future__ import annotations

from collections.abc import Mapping

from accessibility.facts import LandmarkKind
from accessibility.tags.reading import Tags

_AMENITIES: Mapping[str, LandmarkKind] = {
    "bank": LandmarkKind.BANK,
    "bus_station": LandmarkKind.BUS_STOP,
    "cinema": LandmarkKind.CINEMA,
    "fountain": LandmarkKind.FOUNTAIN,
    "hospital": LandmarkKind.HOSPITAL,
    "library": LandmarkKind.LIBRARY,
    "pharmacy": LandmarkKind.PHARMACY,
    "police": LandmarkKind.POLICE,
    "post_office": LandmarkKind.POST_OFFICE,
    "theatre": LandmarkKind.THEATRE,
    "toilets": LandmarkKind.TOILETS,
    "townhall": LandmarkKind.TOWN_HALL,
}
_RAILWAYS: Mapping[str, LandmarkKind] = {
    "halt": LandmarkKind.STATION,
    "station": LandmarkKind.STATION,
    "subway_entrance": LandmarkKind.UNDERGROUND,
    "tram_stop": LandmarkKind.TRAM_STOP,
}
_BUILDINGS: Mapping[str, LandmarkKind] = {
    "cathedral": LandmarkKind.CHURCH,
    "chapel": LandmarkKind.CHURCH,
    "church": LandmarkKind.CHURCH,
    "mosque": LandmarkKind.MOSQUE,
    "synagogue": LandmarkKind.SYNAGOGUE,
    "temple": LandmarkKind.TEMPLE,
    "train_station": LandmarkKind.STATION,
}
_SHOPS: Mapping[str, LandmarkKind] = {
    "bakery": LandmarkKind.BAKERY,
    "supermarket": LandmarkKind.SUPERMARKET,
}
_KNOWN_BY_NAME = frozenset({LandmarkKind.HOTEL})
"""One of them alone is no landmark: there may be three at a corner."""


def landmark(tags: Tags) -> tuple[LandmarkKind, str | None] | None:
    """Something clear to see or to ask for at street level, with its name.

    `None` for anything else, or on another storey.
    """
    found = (
        _RAILWAYS.get(tags.get("railway", ""))
        or _BUILDINGS.get(tags.get("building", ""))
        or _AMENITIES.get(tags.get("amenity", ""))
        or _SHOPS.get(tags.get("shop", ""))
        or _other(tags)
    )
    if found is None or tags.get("level", "0") != "0" or tags.get("location") == "underground":
        return None
    if tags.get("tunnel", "no") != "no" or tags.get("layer", "0").startswith("-"):
        return None
    name = tags.get("name") or None
    return None if found in _KNOWN_BY_NAME and name is None else (found, name)


def _other(tags: Tags) -> LandmarkKind | None:
    if tags.get("highway") == "bus_stop":
        return LandmarkKind.BUS_STOP
    if tags.get("tourism") in ("museum", "hotel"):
        return LandmarkKind(tags["tourism"])
    return LandmarkKind.MONUMENT if tags.get("historic") == "monument" else None
