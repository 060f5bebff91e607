"""What people call the thing they walk on: its name, or what sort of thing it is."""

from __future__ import annotations

import re
from typing import NamedTuple

from accessibility.facts import WayFacts, WayKind, WayRole

_NUMBERS = re.compile(r"\d{1,3}[a-zA-Z]?(?:\s*[;,/–-]\s*\d{1,3}[a-zA-Z]?)*")
"""A name that is only the number of a platform or of a route, as `19` or `11;12`."""

_NOUNS = {
    WayKind.PATH: "path",
    WayKind.PEDESTRIAN: "pedestrian_street",
    WayKind.CORRIDOR: "corridor",
    WayKind.PLATFORM: "platform",
    WayKind.STEPS: "steps",
    WayKind.ELEVATOR: "lift",
    WayKind.CYCLEWAY: "cycle_path",
    WayKind.BRIDLEWAY: "path",
    WayKind.TRACK: "track",
    WayKind.DRIVEWAY: "driveway",
}


class Label(NamedTuple):
    """`name` as signs have it, `noun` a code for the sort of thing, `numbers` of a platform."""

    name: str | None = None
    noun: str = ""
    numbers: tuple[str, ...] = ()


NOTHING = Label()


def label_of(name: str | None, facts: WayFacts) -> Label:
    """A bare number is no name: on a platform it is the platform's, elsewhere a route's that few people know."""
    noun = _noun(facts)
    if name is None or not _NUMBERS.fullmatch(name):
        return Label(name, noun)
    return Label(None, noun, tuple(re.split(r"\s*[;,/–-]\s*", name)) if noun == "platform" else ())


def _noun(facts: WayFacts) -> str:
    if facts.carriageway:
        return "road"
    if facts.role is WayRole.CROSSING:
        return "crossing"
    if facts.kind is WayKind.PEDESTRIAN and facts.area:
        return "square"
    return _NOUNS.get(facts.kind, "footpath")
