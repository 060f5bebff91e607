"""Map tags → facts: the only place where map keys are spelled."""

from accessibility.tags.ignored import IGNORED
from accessibility.tags.keys import KEY_PREFIXES, KEYS, kept
from accessibility.tags.landmarks import landmark
from accessibility.tags.nodes import Acting, acting, acts, node_facts, passage
from accessibility.tags.places import place_facts, seat_levels
from accessibility.tags.sides import sides
from accessibility.tags.ways import kind, name, says_kerb, walkable, way_facts

__all__ = [
    "IGNORED",
    "KEYS",
    "KEY_PREFIXES",
    "Acting",
    "acting",
    "acts",
    "kept",
    "kind",
    "landmark",
    "name",
    "node_facts",
    "passage",
    "place_facts",
    "says_kerb",
    "seat_levels",
    "sides",
    "walkable",
    "way_facts",
]
