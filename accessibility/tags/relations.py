"""Which relations of the map are kept: those that draw an area or hold the parts of one place together."""

from __future__ import annotations

from collections.abc import Mapping

TYPE_KEY = "type"
AREA_TYPE = "multipolygon"
RELATION_TYPES = frozenset({AREA_TYPE, "associatedStreet", "building", "public_transport", "site"})
"""Not routes, turn restrictions or boundaries: they name other things than places a person stands at."""


def relation_type(tags: Mapping[str, str]) -> str | None:
    """The relation's type when it is one that is kept."""
    found = tags.get(TYPE_KEY)
    return found if found in RELATION_TYPES else None
