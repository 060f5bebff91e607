"""The words of the map, each with its meaning here (rules as rows)."""

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


def _same(kind: type[Word]) -> dict[str, Word]:
    """Words that are spelled as they are meant."""
    return {word.value: word for word in kind}


def _rows(meanings: dict[Word, str]) -> dict[str, Word]:
    """Meaning → all its words, turned round."""
    return {text: meaning for meaning, texts in meanings.items() for text in texts.split()}


SURFACES: dict[str, Surface] = _same(Surface) | _rows(
    {
        Surface.ASPHALT: "bitmac tarmac chipseal",
        Surface.CONCRETE: "cement",
        Surface.CONCRETE_PLATES: "concrete_plates",
        Surface.TILES: "concrete:tiles",
        Surface.PAVING_STONES: "paving_stone paving_stones:lanes",
        Surface.BRICK: "bricks",
        Surface.SETT: "cobblestone:flattened cobblestone:flatten cobblestone:flattened:large_stone",
        Surface.UNHEWN_COBBLESTONE: "cobblestone:rounded",
        Surface.WOOD: "wood_planks concrete,_wood",
        Surface.RUBBER: "tartan acrylic",
        Surface.PEBBLESTONE: "pebbles",
        Surface.EARTH: "soil",
        Surface.WOODCHIPS: "woodchip",
        Surface.ROCK: "rocks",
    }
)

SMOOTHNESS: dict[str, Smoothness] = _same(Smoothness) | _rows({Smoothness.INTERMEDIATE: "medium"})
TRACKTYPES: dict[str, Tracktype] = _same(Tracktype)

KERBS: dict[str, Kerb] = _same(Kerb) | _rows(
    {
        Kerb.NONE: "none",
        Kerb.LOWERED: "sloped lowered_and_sloped sloped_and_lowered",
        Kerb.RAISED: "regular",
    }
)
SLOPED_CURBS: dict[str, Kerb] = _rows(
    {Kerb.FLUSH: "at_grade", Kerb.LOWERED: "yes both", Kerb.YES: "one", Kerb.RAISED: "no"}
)
"""The older key: whether there is a ramp down at both ends, at one (which one nobody says), or at none."""

WHEELCHAIR: dict[str, Wheelchair] = _rows(
    {
        Wheelchair.YES: "yes designated only",
        Wheelchair.LIMITED: "limited eingeschränkt",
        Wheelchair.NO: "no",
    }
)

ACCESS: dict[str, Access] = _rows(
    {
        Access.OPEN: "yes designated permissive official public open use_sidepath unofficial",
        Access.LIMITED: "destination delivery agricultural forestry agricultural;forestry discouraged",
        Access.CUSTOMERS: "customers customer costumers",
        Access.PRIVATE: "private permit license residents employees staff key restricted",
        Access.CLOSED: "no closed locked emergency emergency_access psv bus tram military",
    }
)

RAMPS: dict[str, Ramp] = _same(Ramp)
TREADS: dict[str, Treads] = _same(Treads)

CONVEYING: dict[str, Conveying] = _rows(
    {
        Conveying.FORWARD: "forward",
        Conveying.BACKWARD: "backward",
        Conveying.UNSURE: "yes reversible both parallel up down",
    }
)

BARRIERS: dict[str, Barrier] = _rows(
    {
        Barrier.GAP: "bollard bollards block planter stone jersey_barrier tree traffic_sign kent_carriage_gap",
        Barrier.GATE: "gate swing_gate sliding_gate wicket_gate hampshire_gate bump_gate sally_port",
        Barrier.LIFT_GATE: "lift_gate checkpoint",
        Barrier.CHAIN: "chain rope cable_barrier wire lift_chain chain_and_post",
        Barrier.CYCLE_BARRIER: "cycle_barrier chicane motorcycle_barrier",
        Barrier.KISSING_GATE: "kissing_gate",
        Barrier.STILE: "stile horse_stile step_over log_stile",
        Barrier.TURNSTILE: "turnstile full-height_turnstile",
        Barrier.DOOR: "door",
        Barrier.CATTLE_GRID: "cattle_grid",
        Barrier.SOLID: (
            "fence wall hedge retaining_wall city_wall guard_rail handrail railing ditch log debris shrub overgrowth "
            "hole wire_fence spikes fence;gate"
        ),
        Barrier.STEPS: "step steps",
        Barrier.OTHER: "yes unknown unkown",
    }
)

DOORS: dict[str, Barrier] = _rows(
    {
        Barrier.DOOR: "yes hinged sliding opening overhead folding swinging",
        Barrier.REVOLVING_DOOR: "revolving",
        Barrier.TURNSTILE: "turnstile",
    }
)

HIGHWAYS: dict[str, WayKind] = {
    **{kind.value: kind for kind in WayKind if kind is not WayKind.DRIVEWAY},
    **{f"{road}_link": WayKind(road) for road in ("motorway", "trunk", "primary", "secondary", "tertiary")},
    "crossing": WayKind.FOOTWAY,
    "trail": WayKind.PATH,
    "path;steps": WayKind.STEPS,
    "service;footway": WayKind.SERVICE,
}


def word(table: Mapping[str, Word], text: str | None) -> Word | None:
    """The meaning of one word, `None` when nobody said or nobody knows it."""
    if text is None:
        return None
    return table.get(text) or table.get(text.strip().lower())


def worst(table: Mapping[str, Word], text: str | None) -> Word | None:
    """The meaning of `a;b`: the worse one, which is further down its enum; unknown as soon as one part is."""
    whole = word(table, text)
    if whole is not None or text is None or ";" not in text:
        return whole
    found = [word(table, part) for part in text.split(";")]
    known = [part for part in found if part is not None]
    if len(known) < len(found):
        return None
    scale = list(type(known[0]))
    return max(known, key=scale.index)
