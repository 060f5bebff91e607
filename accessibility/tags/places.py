"""A node's or area's tags → a place that helps on the way, or none."""

from __future__ import annotations

from accessibility import quantities
from accessibility.facts import Access, Key, PlaceFacts, PlaceKind
from accessibility.tags import reading, words
from accessibility.tags.reading import Tags

_KEYS = {"eurokey": Key.EUROKEY, "radar": Key.RADAR, "yes": Key.OTHER}
_STOPS = {
    ("highway", "bus_stop"),
    ("public_transport", "platform"),
    ("railway", "tram_stop"),
    ("railway", "halt"),
    ("railway", "station"),
    ("amenity", "bus_station"),
}
_TELLING = frozenset({"amenity", "entrance", "highway", "public_transport", "railway", "toilets", "toilets:wheelchair"})
"""Without one of these keys it is none of our places, as most houses are."""
_NOT_FOR_EVERYBODY = frozenset({Access.PRIVATE, Access.CLOSED})


def place_facts(tags: Tags) -> PlaceFacts | None:
    """What one can do here; `None` for anything that is no place of ours or not open to everybody."""
    if _TELLING.isdisjoint(tags):
        return None
    stop = _is_stop(tags)
    kinds = tuple(kind for kind in PlaceKind if _is(kind, tags, stop))
    if not kinds:
        return None
    access = reading.access(tags)
    if access in _NOT_FOR_EVERYBODY:
        return None
    toilets = PlaceKind.TOILETS in kinds and tags.get("amenity") != "toilets"
    unfit = toilets and tags.get("toilets:wheelchair") is not None
    return PlaceFacts(
        kinds=kinds,
        name=tags.get("name"),
        wheelchair=words.worst(words.WHEELCHAIR, tags.get("toilets:wheelchair" if unfit else "wheelchair")),
        wheelchair_text=tags.get("wheelchair:description"),
        access=access,
        opening_hours=tags.get("opening_hours"),
        key=_KEYS.get(tags.get("centralkey", ""), Key.OTHER) if tags.get("centralkey", "no") != "no" else None,
        fee=_fee(tags.get("fee")),
        changing_table=_changing_table(tags),
        door_width_m=_door_width(tags, entrance=PlaceKind.ENTRANCE in kinds),
        automatic_door=_automatic(tags.get("automatic_door")),
        steps=quantities.count(tags.get("step_count")),
        backrest=reading.truth(tags.get("backrest")),
        covered=True if PlaceKind.SHELTER in kinds else reading.truth(tags.get("covered")),
        lit=reading.lit(tags),
        tactile=reading.tactile(tags.get("tactile_paving")),
        disabled_spaces=_disabled_spaces(tags),
        levels=quantities.levels(tags.get("level")),
    )


def seat_levels(tags: Tags) -> tuple[float, ...] | None:
    """The storeys of a seat that everybody may use, none where nobody has said; `None` for what is no seat."""
    if "amenity" not in tags and "bench" not in tags:
        return None
    if not _is(PlaceKind.BENCH, tags, _is_stop(tags)) or reading.access(tags) in _NOT_FOR_EVERYBODY:
        return None
    return quantities.levels(tags.get("level"))


def _is_stop(tags: Tags) -> bool:
    return any(tags.get(key) == value for key, value in _STOPS)


def _is(kind: PlaceKind, tags: Tags, stop: bool) -> bool:
    amenity = tags.get("amenity")
    match kind:
        case PlaceKind.TOILETS:
            return amenity == "toilets" or (tags.get("toilets") == "yes" or tags.get("toilets:wheelchair") == "yes")
        case PlaceKind.BENCH:
            return amenity == "bench" or (reading.truth(tags.get("bench")) is True and (stop or amenity == "shelter"))
        case PlaceKind.LIFT:
            return tags.get("highway") == "elevator"
        case PlaceKind.ENTRANCE:
            return _is_entrance(tags)
        case PlaceKind.SHELTER:
            sheltered = stop and tags.get("shelter", "no") not in ("no", "external")
            return sheltered or (amenity == "shelter" and tags.get("shelter_type") != "bomb_shelter")
        case PlaceKind.PARKING:
            disabled = tags.get("parking_space") == "disabled" or bool(_disabled_spaces(tags))
            return amenity in ("parking", "parking_space") and disabled
        case PlaceKind.STOP:
            return stop


def _is_entrance(tags: Tags) -> bool:
    if tags.get("railway") in ("subway_entrance", "train_station_entrance"):
        return True
    return tags.get("entrance", "no") not in ("no", "garage", "parking", "service", "emergency", "exit")


def _fee(text: str | None) -> bool | None:
    """Hours or a price mean that there is one, at least at times."""
    return None if text in (None, "unknown") else reading.truth(text) is not False


def _changing_table(tags: Tags) -> bool | None:
    text = tags.get("changing_table")
    return None if text is None else text not in ("no", "unknown")


def _automatic(text: str | None) -> bool | None:
    return None if text is None else text != "no"


def _door_width(tags: Tags, *, entrance: bool) -> float | None:
    width = quantities.length_m(tags.get("door:width"))
    if width is None and entrance:
        width = quantities.length_m(tags.get("width"))
    return width or None


def _disabled_spaces(tags: Tags) -> int | None:
    """`yes` is at least one; `no` none."""
    text = tags.get("capacity:disabled")
    if tags.get("parking_space") == "disabled":
        return quantities.count(tags.get("capacity")) or 1
    said = reading.truth(text)
    if text is not None and text.strip() not in ("0", "1") and said is not None:
        return int(said)
    return quantities.count(text)
