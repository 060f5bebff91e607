"""The words of the map, each with its meaning here; words that are left unread carry the reason (rules as rows)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from accessibility.facts import (
    Access,
    Barrier,
    Conveying,
    Kerb,
    Ramp,
    Smoothness,
    Surface,
    Tracktype,
    Treads,
    WayKind,
    Wheelchair,
)

Word = TypeVar("Word", bound=StrEnum)


def _same(kind: type[Word], **others: Word) -> dict[str, Word]:
    return {**{word.value: word for word in kind}, **others}


SURFACES: dict[str, Surface] = _same(Surface) | {
    "bitmac": Surface.ASPHALT,
    "tarmac": Surface.ASPHALT,
    "chipseal": Surface.ASPHALT,
    "cement": Surface.CONCRETE,
    "concrete:tiles": Surface.TILES,
    "concrete_plates": Surface.CONCRETE_PLATES,
    "cobblestone:flattened": Surface.SETT,
    "cobblestone:flatten": Surface.SETT,
    "cobblestone:flattened:large_stone": Surface.SETT,
    "cobblestone:rounded": Surface.UNHEWN_COBBLESTONE,
    "paving_stone": Surface.PAVING_STONES,
    "paving_stones:lanes": Surface.PAVING_STONES,
    "bricks": Surface.BRICK,
    "wood_planks": Surface.WOOD,
    "tartan": Surface.RUBBER,
    "acrylic": Surface.RUBBER,
    "woodchip": Surface.WOODCHIPS,
    "pebbles": Surface.PEBBLESTONE,
    "soil": Surface.EARTH,
    "rocks": Surface.ROCK,
    "concrete,_wood": Surface.WOOD,
}

SMOOTHNESS: dict[str, Smoothness] = _same(Smoothness) | {"medium": Smoothness.INTERMEDIATE}
TRACKTYPES: dict[str, Tracktype] = _same(Tracktype)

KERBS: dict[str, Kerb] = _same(Kerb) | {
    "none": Kerb.NONE,
    "sloped": Kerb.LOWERED,
    "lowered_and_sloped": Kerb.LOWERED,
    "sloped_and_lowered": Kerb.LOWERED,
    "regular": Kerb.RAISED,
}

SLOPED_CURBS: dict[str, Kerb] = {
    "yes": Kerb.LOWERED,
    "both": Kerb.LOWERED,
    "one": Kerb.YES,
    "no": Kerb.RAISED,
    "at_grade": Kerb.FLUSH,
}
"""The older key: whether the kerb has a ramp on both sides, one (which one nobody says), or none."""

WHEELCHAIR: dict[str, Wheelchair] = {
    "yes": Wheelchair.YES,
    "designated": Wheelchair.YES,
    "only": Wheelchair.YES,
    "limited": Wheelchair.LIMITED,
    "eingeschränkt": Wheelchair.LIMITED,
    "no": Wheelchair.NO,
}

ACCESS: dict[str, Access] = {
    **dict.fromkeys(
        ("yes", "designated", "permissive", "official", "public", "use_sidepath", "unofficial"), Access.OPEN
    ),
    **dict.fromkeys(
        ("destination", "delivery", "agricultural", "forestry", "agricultural;forestry", "discouraged"), Access.LIMITED
    ),
    **dict.fromkeys(("customers", "customer", "costumers"), Access.CUSTOMERS),
    **dict.fromkeys(
        ("private", "permit", "license", "residents", "employees", "staff", "key", "restricted"), Access.PRIVATE
    ),
    **dict.fromkeys(("no", "emergency", "emergency_access", "psv", "bus", "tram", "military"), Access.CLOSED),
}
STRICTEST: tuple[Access, ...] = tuple(Access)

RAMPS: dict[str, Ramp] = _same(Ramp)
TREADS: dict[str, Treads] = _same(Treads)

CONVEYING: dict[str, Conveying] = {
    "forward": Conveying.FORWARD,
    "backward": Conveying.BACKWARD,
    **dict.fromkeys(("yes", "reversible", "both", "parallel", "up", "down"), Conveying.UNSURE),
}

BARRIERS: dict[str, Barrier] = {
    **dict.fromkeys(
        ("bollard", "block", "planter", "stone", "jersey_barrier", "bollards", "tree", "traffic_sign"), Barrier.GAP
    ),
    **dict.fromkeys(
        ("gate", "swing_gate", "sliding_gate", "wicket_gate", "hampshire_gate", "bump_gate", "sally_port"), Barrier.GATE
    ),
    **dict.fromkeys(("lift_gate", "checkpoint"), Barrier.LIFT_GATE),
    **dict.fromkeys(("chain", "rope", "cable_barrier", "wire", "lift_chain", "chain_and_post"), Barrier.CHAIN),
    **dict.fromkeys(("cycle_barrier", "chicane", "motorcycle_barrier"), Barrier.CYCLE_BARRIER),
    "kissing_gate": Barrier.KISSING_GATE,
    **dict.fromkeys(("stile", "horse_stile", "step_over", "log_stile"), Barrier.STILE),
    **dict.fromkeys(("turnstile", "full-height_turnstile"), Barrier.TURNSTILE),
    "door": Barrier.DOOR,
    "cattle_grid": Barrier.CATTLE_GRID,
    **dict.fromkeys(
        [
            "fence",
            "wall",
            "hedge",
            "retaining_wall",
            "city_wall",
            "guard_rail",
            "handrail",
            "railing",
            "ditch",
            "log",
            "debris",
            "shrub",
            "overgrowth",
            "hole",
            "wire_fence",
            "spikes",
            "fence;gate",
        ],
        Barrier.SOLID,
    ),
    **dict.fromkeys(("step", "steps"), Barrier.STEPS),
    **dict.fromkeys(("yes", "unknown", "unkown"), Barrier.OTHER),
}

DOORS: dict[str, Barrier] = {
    **dict.fromkeys(("yes", "hinged", "sliding", "opening", "overhead", "folding", "swinging"), Barrier.DOOR),
    "revolving": Barrier.REVOLVING_DOOR,
    "turnstile": Barrier.TURNSTILE,
}

HIGHWAYS: dict[str, WayKind] = {
    **{kind.value: kind for kind in WayKind if kind not in (WayKind.DRIVEWAY, WayKind.ELEVATOR)},
    "elevator": WayKind.ELEVATOR,
    "crossing": WayKind.FOOTWAY,
    "trail": WayKind.PATH,
    "path;steps": WayKind.STEPS,
    "service;footway": WayKind.SERVICE,
    **{f"{road}_link": WayKind(road) for road in ("motorway", "trunk", "primary", "secondary", "tertiary")},
}

IGNORED: dict[str, dict[str, str]] = {
    "surface": {
        **dict.fromkeys(("AS", "ps"), "an abbreviation nobody defined"),
        "leaves": "a season, not a surface",
        "stairway": "a kind of way, not a surface",
        "undefined": "says that nobody knows",
        "intermediate": "a smoothness in the wrong key",
        "Sand und beton": "free text",
        "fixme": "says that nobody knows",
    },
    "smoothness": {
        **dict.fromkeys(("r", "w"), "a typing mistake"),
        "paving_stones": "a surface in the wrong key",
    },
    "tracktype": {"path": "a kind of way in the wrong key"},
    "kerb": {},
    "kerb:height": {},
    "barrier": {
        **dict.fromkeys(("entrance", "no"), "an opening: nothing stands there"),
        **dict.fromkeys(("kerb", "curb"), "read as a kerb"),
        **dict.fromkeys(("toll_booth", "border_control"), "for vehicles; people on foot pass beside it"),
        **dict.fromkeys(
            ("sump_buster", "bus_trap", "height_restrictor"), "stops vehicles by their size; people on foot pass"
        ),
        "shelter": "a roof, in the wrong key",
    },
    "incline": {
        **dict.fromkeys(("up", "down"), "a direction without steepness: read as the sign, the steepness stays unknown"),
        "steep": "says that it is steep, not how steep",
        "yes": "says that there is a slope, not how steep or which way",
        "no": "read as level",
        "0.6": "fraction or per cent? Between 0 and 1 nobody can say",
        "fixme": "says that nobody knows",
    },
    "width": {
        "narrow": "a word without measure",
        **dict.fromkeys(("0", "-2"), "no width at all is a mistake"),
    },
}
"""Values found in the wild that stay unread, with the reason (per key; a test walks all shared extracts)."""


def word(table: Mapping[str, Word], text: str | None) -> Word | None:
    """The meaning of one word, `None` when nobody said or nobody knows it."""
    if text is None:
        return None
    return table.get(text) or table.get(text.strip().lower())


def worst(table: Mapping[str, Word], order: tuple[Word, ...], text: str | None) -> Word | None:
    """The meaning of `a;b`: the one further down `order`; unknown as soon as one part is."""
    whole = word(table, text)
    if whole is not None or text is None or ";" not in text:
        return whole
    found = [word(table, part) for part in text.split(";")]
    if any(part is None for part in found):
        return None
    return max((part for part in found if part is not None), key=order.index)
