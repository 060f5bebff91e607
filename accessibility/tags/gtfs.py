"""Station interiors of GTFS (`pathways.txt`, `stops.txt`, `levels.txt`) → map tags, so that one reading serves both."""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import IntEnum


class Mode(IntEnum):
    """`pathway_mode`."""

    WALKWAY = 1
    STAIRS = 2
    MOVING_WALK = 3
    ESCALATOR = 4
    ELEVATOR = 5
    FARE_GATE = 6
    EXIT_GATE = 7


MODES: dict[Mode, dict[str, str]] = {
    Mode.WALKWAY: {"highway": "footway"},
    Mode.STAIRS: {"highway": "steps"},
    Mode.MOVING_WALK: {"highway": "footway"},
    Mode.ESCALATOR: {"highway": "steps"},
    Mode.ELEVATOR: {"highway": "elevator"},
    Mode.FARE_GATE: {"highway": "footway"},
    Mode.EXIT_GATE: {"highway": "footway"},
}
"""What sort of way each is; all of them lie inside a station."""
MOVING = frozenset({Mode.MOVING_WALK, Mode.ESCALATOR})
"""They carry people along: two of them side by side are two things, never one with two directions."""
GATES = frozenset({Mode.FARE_GATE, Mode.EXIT_GATE})
SLOPED = frozenset({Mode.WALKWAY, Mode.MOVING_WALK})
INDOORS = {"indoor": "yes"}

STEEPEST = 0.35
"""A greater slope is a mistake in the feed [E]."""
MOST_STEPS = 1_000
_BOARDING = {"1": "yes", "2": "no"}


def pathway_tags(
    mode: Mode,
    *,
    two_ways: bool,
    levels: tuple[float | None, float | None],
    stair_count: int | None = None,
    max_slope: float | None = None,
    min_width_m: float | None = None,
) -> dict[str, str]:
    """Tags of a pathway drawn from its first stop to its second; counts and slopes are positive upwards on that way."""
    tags = MODES[mode] | INDOORS
    if mode in MOVING:
        tags["conveying"] = "reversible" if two_ways else "forward"
    elif not two_ways:
        tags["foot:backward"] = "no"
    if mode is Mode.STAIRS and stair_count and abs(stair_count) <= MOST_STEPS:
        tags |= {"step_count": str(abs(stair_count)), "incline": "up" if stair_count > 0 else "down"}
    if mode in SLOPED and max_slope is not None and abs(max_slope) <= STEEPEST:
        tags["incline"] = f"{100 * max_slope + 0.0:.6g}%"
    if min_width_m is not None and mode not in GATES:
        tags["width"] = f"{min_width_m:g} m"
    return tags | _level(levels)


def gate_tags(min_width_m: float | None) -> dict[str, str]:
    """The gate in the middle of a fare or exit gate's pathway; whoever has a ticket passes."""
    return {"barrier": "gate", "access": "yes"} | ({} if min_width_m is None else {"opening": f"{min_width_m:g} m"})


def stop_tags(kind: str, name: str, wheelchair_boarding: str, level: float | None) -> dict[str, str]:
    """Tags of a platform (`0`, ``, `4`) or an entrance (`2`); any other node is only a joint."""
    if kind == "2":
        tags = {"entrance": "yes"}
    elif kind in ("0", "", "4"):
        tags = {"public_transport": "platform"}
    else:
        return {}
    if name:
        tags["name"] = name[:255]
    if wheelchair_boarding in _BOARDING:
        tags["wheelchair"] = _BOARDING[wheelchair_boarding]
    return tags | _level((level, level))


def connector_tags() -> dict[str, str]:
    """The few steps from an entrance to the street, about which nobody has said anything."""
    return {"highway": "footway"}


def names_entrance(tags: Mapping[str, str], ids: frozenset[str]) -> bool:
    """Whether a map node is an entrance that carries one of these ids."""
    entrance = tags.get("entrance", "no") != "no" or tags.get("railway") in (
        "subway_entrance",
        "train_station_entrance",
    )
    return entrance and any((tags.get(key) or "").strip().lower() in ids for key in ("ref", "local_ref", "ref:IFOPT"))


def _level(levels: tuple[float | None, float | None]) -> dict[str, str]:
    """`level`, of both ends where they differ; nothing where one is not said."""
    low, high = levels
    if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
        return {}
    both = sorted({low, high})
    return {"level": ";".join(f"{level + 0.0:g}" for level in both)} if max(map(abs, both)) < 1000 else {}
