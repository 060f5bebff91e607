"""What building norms ask for, as information beside a route: never a reason to refuse a way (PROFILES §6).

One row per norm and item. `at_most` and `at_least` are what a place is held against; the note says what else the
norm allows. Grades are fractions, everything else metres.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Literal

from msgspec import Struct

from accessibility.facts import PassageFacts, WayFacts, WayRole
from accessibility.verdict.view import GRADE_TOLERANCE, KERB_ASSUMED_M, LENGTH_TOLERANCE_M


class Item(StrEnum):
    """What a norm speaks about."""

    RUNNING_SLOPE = "running_slope"
    RAMP_SLOPE = "ramp_slope"
    RAMP_CROSS_SLOPE = "ramp_cross_slope"
    KERB_RAMP_SLOPE = "kerb_ramp_slope"
    KERB_RAMP_FLARE = "kerb_ramp_flare"
    KERB_RAMP_WIDTH = "kerb_ramp_width"
    COUNTER_SLOPE = "counter_slope"
    CLEAR_WIDTH = "clear_width"
    PATH_WIDTH = "path_width"
    BOLLARD_GAP = "bollard_gap"
    TURNING_SPACE = "turning_space"
    CLEAR_HEIGHT = "clear_height"
    LEVEL_CHANGE = "level_change"
    BEVELLED_LEVEL_CHANGE = "bevelled_level_change"
    KERB_LIP = "kerb_lip"
    DOOR_THRESHOLD = "door_threshold"
    CROSS_SLOPE = "cross_slope"
    WHEELCHAIR_WIDTH = "wheelchair_width"
    WHEELCHAIR_LENGTH = "wheelchair_length"


class Norm(Struct, frozen=True):
    """One number of one norm; `checked`: found in a copy of the norm or of what quotes it, not only remembered."""

    id: str
    item: Item
    unit: str
    source: str
    at_most: float | None = None
    at_least: float | None = None
    note: str | None = None
    checked: bool = True


ADA, DIN, GB, GB_2021, ISO = "ada_prowag", "din_18040_3", "gb_50763", "gb_55019", "iso_21542"

# fmt: off
NORMS: tuple[Norm, ...] = (
    Norm(ADA, Item.RUNNING_SLOPE, "fraction", "ADA 403.3", at_most=0.05),
    Norm(DIN, Item.RUNNING_SLOPE, "fraction", "DIN 18040-3", at_most=0.03, note="6 % for at most 10 m"),
    Norm(GB, Item.RUNNING_SLOPE, "fraction", "GB 50763-2012", at_most=1 / 20, note="gentle entrance"),
    Norm(ADA, Item.RAMP_SLOPE, "fraction", "ADA 405.2", at_most=1 / 12),
    Norm(DIN, Item.RAMP_SLOPE, "fraction", "DIN 18040-3", at_most=0.06),
    Norm(GB, Item.RAMP_SLOPE, "fraction", "GB 50763-2012 3.4.4", at_most=1 / 12,
         note="longest run: 24 m at 1:20, 14.4 m at 1:16, 9 m at 1:12, 6 m at 1:10, 2.4 m at 1:8"),
    Norm(ADA, Item.RAMP_CROSS_SLOPE, "fraction", "ADA 405.3", at_most=0.0208),
    Norm(GB, Item.RAMP_CROSS_SLOPE, "fraction", "GB 50763-2012", at_most=1 / 50, checked=False),
    Norm(ADA, Item.KERB_RAMP_SLOPE, "fraction", "ADA 406", at_most=1 / 12),
    Norm(GB, Item.KERB_RAMP_SLOPE, "fraction", "GB 50763-2012 3.1", at_most=1 / 12, note="full width 1:20"),
    Norm(ADA, Item.KERB_RAMP_FLARE, "fraction", "ADA 406.3", at_most=0.10),
    Norm(ADA, Item.COUNTER_SLOPE, "fraction", "ADA 406.2", at_most=0.05),
    Norm(GB, Item.KERB_RAMP_WIDTH, "m", "GB 50763-2012 3.1", at_least=1.20,
         note="front of a three-face kerb ramp; 1.50 for the other forms"),
    Norm(ADA, Item.CLEAR_WIDTH, "m", "ADA 403.5", at_least=0.915),
    Norm(DIN, Item.CLEAR_WIDTH, "m", "DIN 18040-3", at_least=0.90, note="a passage; a path 1.80"),
    Norm(GB, Item.CLEAR_WIDTH, "m", "GB 55019", at_least=1.20, checked=False),
    Norm(DIN, Item.PATH_WIDTH, "m", "DIN 18040-3", at_least=1.80),
    Norm(GB, Item.PATH_WIDTH, "m", "GB 55019", at_least=1.80, note="where it is busy", checked=False),
    Norm(GB, Item.BOLLARD_GAP, "m", "GB 55019", at_least=0.90, checked=False),
    Norm(DIN, Item.TURNING_SPACE, "m", "DIN 18040-3", at_least=1.50, note="in both directions"),
    Norm(DIN, Item.CLEAR_HEIGHT, "m", "DIN 18040-3", at_least=2.25),
    Norm(ADA, Item.LEVEL_CHANGE, "m", "PROWAG", at_most=0.0064, note="0.013 when bevelled"),
    Norm(DIN, Item.LEVEL_CHANGE, "m", "DIN 18040-3", at_most=0.03, note="0 and 0.06 where separated"),
    Norm(GB, Item.LEVEL_CHANGE, "m", "GB 50763-2012 3.1", at_most=0.01),
    Norm(ADA, Item.BEVELLED_LEVEL_CHANGE, "m", "PROWAG", at_most=0.013, note="bevelled 1:2; above it a ramp"),
    Norm(GB_2021, Item.KERB_LIP, "m", "GB 55019", at_most=0.0, checked=False),
    Norm(GB, Item.DOOR_THRESHOLD, "m", "GB 50763-2012", at_most=0.015, checked=False),
    Norm(ADA, Item.CROSS_SLOPE, "fraction", "ADA 403.3", at_most=0.0208),
    Norm(DIN, Item.CROSS_SLOPE, "fraction", "DIN 18040-3", at_most=0.02, note="2.5 % where level along"),
    Norm(GB, Item.CROSS_SLOPE, "fraction", "GB 50763-2012", at_most=0.02, checked=False),
    Norm(ISO, Item.WHEELCHAIR_WIDTH, "m", "ISO 21542:2021, catalogue text", at_least=0.80,
         note="the footprint its sizes rest on"),
    Norm(ISO, Item.WHEELCHAIR_LENGTH, "m", "ISO 21542:2021, catalogue text", at_least=1.30,
         note="the footprint its sizes rest on"),
)
# fmt: on


class Badge(Struct, frozen=True):
    """How one place stands to one norm; only where its fact is known."""

    norm: str
    item: Item
    value: float
    meets: bool


def badges(facts: WayFacts | PassageFacts) -> list[Badge]:
    """Every norm that a known fact of this place can be held against; silence gets no badge, good or bad."""
    known = _known(facts)
    return [
        Badge(norm.id, norm.item, known[norm.item], _meets(norm, known[norm.item]))
        for norm in NORMS
        if norm.item in known
    ]


class Stand(Struct, frozen=True):
    """How one stretch stands to one norm; `value`: the worst that is known of it."""

    norm: str
    item: Item
    state: Literal["meets", "misses", "unknown"]
    value: float | None


def stands(way: WayFacts, passages: Sequence[PassageFacts]) -> list[Stand]:
    """How a stretch, and what is passed on the way to it, stands to every norm that can be read off the map.

    One known value that misses is enough to miss; meeting it takes all values, the unsaid ones leave it open.
    """
    places: list[WayFacts | PassageFacts] = [way, *passages]
    asked = {item: sum(item in _items(place) for place in places) for item in Item}
    found = [badge for place in places for badge in badges(place)]
    out = []
    for norm in NORMS:
        mine = [badge for badge in found if (badge.norm, badge.item) == (norm.id, norm.item)]
        worst = (min if norm.at_most is None else max)((badge.value for badge in mine), default=None)
        if any(not badge.meets for badge in mine):
            out.append(Stand(norm.id, norm.item, "misses", worst))
        elif asked[norm.item]:
            out.append(Stand(norm.id, norm.item, "meets" if len(mine) == asked[norm.item] else "unknown", worst))
    return out


def _items(facts: WayFacts | PassageFacts) -> tuple[Item, ...]:
    """What norms ask about here, said or not."""
    if isinstance(facts, PassageFacts):
        kerb = (Item.LEVEL_CHANGE,) if facts.kerb_events else ()
        return (*kerb, Item.CLEAR_WIDTH) if facts.barrier is not None else kerb
    level = facts.role not in (WayRole.STEPS, WayRole.ESCALATOR, WayRole.LIFT)
    return (Item.RUNNING_SLOPE, Item.CROSS_SLOPE, Item.CLEAR_WIDTH) if level else ()


def _known(facts: WayFacts | PassageFacts) -> dict[Item, float]:
    found: dict[Item, float | None] = {}
    if isinstance(facts, PassageFacts):
        word = None if facts.kerb is None else KERB_ASSUMED_M[facts.kerb]
        height = facts.kerb_height_m if facts.kerb_height_m is not None else word
        found[Item.LEVEL_CHANGE] = height if facts.kerb_events else None
        found[Item.CLEAR_WIDTH] = facts.opening_m
    elif facts.role not in (WayRole.STEPS, WayRole.ESCALATOR, WayRole.LIFT):
        found[Item.RUNNING_SLOPE] = None if facts.incline is None else abs(facts.incline)
        found[Item.CROSS_SLOPE] = facts.cross_slope
        found[Item.CLEAR_WIDTH] = facts.width_m
    return {item: value for item, value in found.items() if value is not None and value == value}


def _meets(norm: Norm, value: float) -> bool:
    slack = GRADE_TOLERANCE if norm.unit == "fraction" else LENGTH_TOLERANCE_M
    below = norm.at_most is None or value <= norm.at_most + slack
    return below and (norm.at_least is None or value >= norm.at_least - slack)
