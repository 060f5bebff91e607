"""What something on the map is called and where it says it is: names in every language, addresses, categories."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

Tags = Mapping[str, str]

_CATEGORIES = (
    "amenity",
    "shop",
    "tourism",
    "healthcare",
    "office",
    "craft",
    "leisure",
    "historic",
    "public_transport",
    "railway",
    "place",
    "man_made",
    "natural",
    "waterway",
    "landuse",
    "highway",
    "building",
)
"""The first of these that is there says best what a thing is."""
_OTHER_NAMES = ("alt_name", "short_name", "official_name", "old_name")
_NOT_NAMES = ("name:etymology", "name:signed", "name:prefix", "name:suffix", "name:pronunciation", "name:source")
_VAGUE = frozenset({"yes", "no"})
_SETTLEMENTS = frozenset({"city", "town", "village", "suburb", "quarter", "neighbourhood", "hamlet"})
_NO_BUILDINGS = frozenset({"no", "demolished", "razed"})


class Address(Struct, frozen=True):
    """As it is written on a letter; `number` and `street` are there, the rest where the map says it."""

    street: str
    number: str
    city: str | None = None
    postcode: str | None = None

    @property
    def line(self) -> str:
        """Street and number."""
        return f"{self.street} {self.number}"

    @property
    def text(self) -> str:
        """The whole address."""
        town = " ".join(part for part in (self.postcode, self.city) if part)
        return f"{self.line}, {town}" if town else self.line


def address(tags: Tags) -> Address | None:
    """The address; `None` without a number and a street (or the place, block or quarter that stands for one)."""
    street = tags.get("addr:street") or tags.get("addr:place") or tags.get("addr:block") or tags.get("addr:quarter")
    number = tags.get("addr:housenumber")
    if not street or not number:
        return None
    return Address(street, number, tags.get("addr:city"), tags.get("addr:postcode"))


def names(tags: Tags) -> tuple[str, ...]:
    """Every name it goes by, the usual one first; names in other languages, short and former ones."""
    found = [tags[key] for key in ("name", *_OTHER_NAMES) if tags.get(key)]
    languages = sorted(key for key in tags if key.startswith("name:") and not key.startswith(_NOT_NAMES))
    found += [tags[key] for key in languages]
    return tuple(dict.fromkeys(part.strip() for text in found for part in text.split(";") if part.strip()))


def category(tags: Tags) -> str | None:
    """What it is, as the map says: `cafe`, `clothes`, `museum`."""
    said = (tags[key] for key in _CATEGORIES if key in tags)
    return next((value for value in said if value not in _VAGUE), None)


def settlement(tags: Tags) -> str | None:
    """The name of a town, village or quarter."""
    return tags.get("name") if tags.get("place") in _SETTLEMENTS else None


def is_building(tags: Tags) -> bool:
    """Whether this outline is a building one can go into."""
    return tags.get("building", "no") not in _NO_BUILDINGS


def main_entrance(tags: Tags) -> bool:
    """Whether this is the entrance most people take."""
    return tags.get("entrance") == "main"


def entrance_sign(tags: Tags) -> str | None:
    """The letter or number at an entrance."""
    return tags.get("ref") or tags.get("local_ref")
