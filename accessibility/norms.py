"""What building norms ask for, as information beside a route: never a reason to refuse a way (PROFILES §6).

One row per norm and item. `at_most` and `at_least` are what a place is held against; the note says what else the
norm allows. Grades are fractions, everything else metres.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from accessibility.facts import PassageFacts, WayFacts, WayRole
from accessibility.verdict.view import GRADE_TOLERANCE, KERB_ASSUMED_M, LENGTH_TOLERANCE_M


class Item(StrEnum):
    """What a norm speaks about."""

    RUNNING_SLOPE = "running_slope"
    RAMP_SLOPE = "ramp_slope"
    KERB_RAMP_SLOPE = "kerb_ramp_slope"
    CLEAR_WIDTH = "clear_width"
    LEVEL_CHANGE = "level_change"
    CROSS_SLOPE = "cross_slope"


class Norm(Struct, frozen=True):
    """One number of one norm."""

    id: str
    item: Item
    unit: str
    source: str
    at_most: float | None = None
    at_least: float | None = None
    note: str | None = None


ADA, DIN, GB = "ada_prowag", "din_18040_3", "gb_50763"

# fmt: off
NORMS: tuple[Norm, ...] = (
    Norm(ADA, Item.RUNNING_SLOPE, "fraction", "ADA 403.3", at_most=0.05),
    Norm(DIN, Item.RUNNING_SLOPE, "fraction", "DIN 18040-3", at_most=0.03, note="6 % for at most 10 m"),
    Norm(GB, Item.RUNNING_SLOPE, "fraction", "GB 50763-2012", at_most=1 / 20, note="gentle entrance"),
    Norm(ADA, Item.RAMP_SLOPE, "fraction", "ADA 405.2", at_most=1 / 12),
    Norm(DIN, Item.RAMP_SLOPE, "fraction", "DIN 18040-3", at_most=0.06),
    Norm(GB, Item.RAMP_SLOPE, "fraction", "GB 50763-2012 3.4.4", at_most=1 / 12, note="rise and length by table"),
    Norm(ADA, Item.KERB_RAMP_SLOPE, "fraction", "ADA 406", at_most=1 / 12, note="flares 10 %, counter slope 5 %"),
    Norm(GB, Item.KERB_RAMP_SLOPE, "fraction", "GB 50763-2012 3.1", at_most=1 / 12, note="full width 1:20"),
    Norm(ADA, Item.CLEAR_WIDTH, "m", "ADA 403.5", at_least=0.915),
    Norm(DIN, Item.CLEAR_WIDTH, "m", "DIN 18040-3", at_least=0.90, note="path 1.80, turning 1.50 × 1.50, height 2.25"),
    Norm(GB, Item.CLEAR_WIDTH, "m", "GB 55019", at_least=1.20, note="busy 1.80; from memory, to be checked"),
    Norm(ADA, Item.LEVEL_CHANGE, "m", "PROWAG", at_most=0.0064, note="0.013 when bevelled"),
    Norm(DIN, Item.LEVEL_CHANGE, "m", "DIN 18040-3", at_most=0.03, note="0 and 0.06 where separated"),
    Norm(GB, Item.LEVEL_CHANGE, "m", "GB 50763-2012 3.1", at_most=0.01, note="GB 55019 asks for none; to be checked"),
    Norm(ADA, Item.CROSS_SLOPE, "fraction", "ADA 403.3", at_most=0.0208),
    Norm(DIN, Item.CROSS_SLOPE, "fraction", "DIN 18040-3", at_most=0.02, note="2.5 % where level along"),
    Norm(GB, Item.CROSS_SLOPE, "fraction", "GB 50763-2012", at_most=0.02, note="from memory, to be checked"),
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
