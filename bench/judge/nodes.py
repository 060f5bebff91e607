"""Passing a node: barriers, kerbs and lifts, by what the path does there (CONTRACT section 3, "a node is passed").

A barrier counts whenever the path enters and leaves its node; a kerb only where the path changes between walkway and
carriageway or one of the two ways is a crossing; a lift only when the level changes.
"""

from __future__ import annotations

from typing import NamedTuple

from bench.judge import words
from bench.judge.findings import Hit
from bench.judge.kerbs import kerb_m
from bench.judge.limits import Limits
from bench.judge.tables import (
    BARRIER_POINTS,
    CYCLE_BARRIER_SPACING_M,
    CYCLE_BARRIERS,
    GATES,
    KERB_POINTS_MAX,
    KERB_POINTS_PER_M_OVER,
    NEVER_FOR_WHEELS,
    PASSABLE,
    TOLERANCE_M,
    UNKNOWN_KERB_POINTS,
    WHEELCHAIR_NO_POINTS,
    WIDTH_IS_OPENING,
    WIDTH_POINTS_PER_M_UNDER,
)
from bench.judge.ways import Tags, access_stance

_ACTS = (
    "barrier",
    "kerb",
    "kerb:height",
    "sloped_curb",
    "curb",
    "entrance",
    "door",
    "locked",
    "step_count",
    "cycle_barrier",
    "gate",
)


class Side(NamedTuple):
    """One of the two ways at a passed node.

    Its tags, its class (W C X N), is the path on its attached sidewalk, do nodes along it tell its kerbs.
    """

    tags: Tags
    kind: str
    attached: bool = False
    told: bool = False


def acts(tags: Tags) -> bool:
    """Can passing this node matter to anybody."""
    if any(key in tags for key in _ACTS) or tags.get("highway") in ("elevator", "steps"):
        return True
    said = ("access", "foot", "wheelchair", "access:conditional", "foot:conditional")
    return any(tags.get(key, "yes") != "yes" for key in said)


def passage_hits(
    tags: Tags, one: Side, other: Side, limits: Limits, *, fearful: bool, private_end: bool, on_road: bool
) -> list[Hit]:
    """All that going from `one` way to the `other` through a node breaks.

    `private_end`: one of the two ways belongs to a private end of the route.
    `on_road`: a carriageway runs through the node.
    """
    hits: list[Hit] = []
    if tags:
        hits += _barrier(tags, limits, fearful=fearful)
        hits += _access(tags, one, other, fearful=fearful, private_end=private_end)
        hits += _step(tags, limits, fearful=fearful)
        hits += _wheelchair(tags, one, other, limits, fearful=fearful)
    hits += _kerb(tags, one, other, limits, fearful=fearful, on_road=on_road)
    return hits


def _opening(tags: Tags, *, fearful: bool) -> float | None:
    keys = ["maxwidth:physical", "opening"]
    if tags.get("barrier") in WIDTH_IS_OPENING or "entrance" in tags or "door" in tags:
        keys.append("width")
    return next((v for k in keys if (v := words.narrowest(tags.get(k), fearful=fearful)) is not None), None)


def _cycle_barrier_open(tags: Tags, limits: Limits, opening: float | None, *, fearful: bool) -> bool:
    if tags.get("wheelchair") in ("yes", "designated"):
        return True
    spacing = words.narrowest(tags.get("spacing"), fearful=fearful)
    wide = opening is not None and (limits.width is None or opening >= limits.width - TOLERANCE_M)
    if spacing is None:
        return wide and not fearful
    return wide and spacing >= CYCLE_BARRIER_SPACING_M - TOLERANCE_M


def _barrier(tags: Tags, limits: Limits, *, fearful: bool) -> list[Hit]:
    kind = tags.get("barrier")
    door = "entrance" in tags or "door" in tags
    if kind is None and fearful and ("cycle_barrier" in tags or tags.get("gate") == "cycle_barrier"):
        kind = "cycle_barrier"
    if kind is None and not door:
        return []
    if (kind in GATES or door) and tags.get("locked") == "yes":
        return [Hit("locked", kind or "door", None, never=True)]
    if kind in NEVER_FOR_WHEELS and limits.wheels:
        return [Hit("barrier", kind, None, never=True)]
    opening = _opening(tags, fearful=fearful)
    if (
        kind in CYCLE_BARRIERS
        and limits.wheelchair_no
        and not _cycle_barrier_open(tags, limits, opening, fearful=fearful)
    ):
        return [Hit("barrier", kind, None, fixed=BARRIER_POINTS)]
    known = kind is None or kind in PASSABLE | GATES | CYCLE_BARRIERS | NEVER_FOR_WHEELS
    if not known and fearful:
        return [Hit("barrier", kind, "undecided", never=True)]
    if opening is not None and limits.width is not None and opening < limits.width - TOLERANCE_M:
        return [Hit("width", opening, limits.width, fixed=(limits.width - opening) * WIDTH_POINTS_PER_M_UNDER)]
    return []


def _step(tags: Tags, limits: Limits, *, fearful: bool) -> list[Hit]:
    """Steps mapped as a node: the contract knows only ways of steps; nobody is blamed, the searcher keeps away."""
    if not fearful or limits.steps is None or not ("step_count" in tags or tags.get("highway") == "steps"):
        return []
    return [Hit("steps", words.whole(tags.get("step_count")), limits.steps, never=True)]


def _level_changes(one: Side, other: Side) -> bool | None:
    a, b = words.levels(one.tags.get("level")), words.levels(other.tags.get("level"))
    return None if a is None or b is None else not (a & b)


def _counts(tags: Tags, one: Side, other: Side, *, fearful: bool) -> bool:
    """A lift's own tags count only when the level changes; an unclear level frightens the searcher alone."""
    if tags.get("highway") != "elevator":
        return True
    changes = _level_changes(one, other)
    return fearful if changes is None else changes


def _access(tags: Tags, one: Side, other: Side, *, fearful: bool, private_end: bool) -> list[Hit]:
    if not _counts(tags, one, other, fearful=fearful):
        return []
    stance = access_stance(tags, fearful=fearful)
    surely = tags.get("barrier") in GATES or tags.get("highway") == "elevator" or "entrance" in tags or "door" in tags
    if stance.kind == "open" or (stance.kind == "private" and private_end) or not (surely or fearful):
        return []
    return [Hit("access", stance.why, None, never=True)]


def _wheelchair(tags: Tags, one: Side, other: Side, limits: Limits, *, fearful: bool) -> list[Hit]:
    if tags.get("wheelchair") != "no" or not limits.wheelchair_no or not _counts(tags, one, other, fearful=fearful):
        return []
    surely = tags.get("barrier", "kerb") != "kerb" or tags.get("highway") == "elevator"
    return [Hit("wheelchair", "no", None, fixed=WHEELCHAIR_NO_POINTS)] if surely or fearful else []


def _kerb_counts(one: Side, other: Side, *, fearful: bool, on_road: bool) -> bool:
    kinds = one.kind + other.kind
    if "X" in kinds:
        return True
    if kinds in ("WC", "CW"):
        return fearful or not (one.attached or other.attached)
    return fearful and kinds == "WW" and on_road


def _kerb(tags: Tags, one: Side, other: Side, limits: Limits, *, fearful: bool, on_road: bool) -> list[Hit]:
    height = kerb_m(tags, fearful=fearful) if _kerb_counts(one, other, fearful=fearful, on_road=on_road) else None
    if height is None and {one.kind, other.kind} in ({"W", "X"}, {"N", "X"}):
        crossing = one if one.kind == "X" else other
        height = None if crossing.told and not fearful else kerb_m(crossing.tags, fearful=fearful)
    if height is None:
        return _unknown_kerb(tags, one, other, limits, fearful=fearful, on_road=on_road)
    if limits.kerb is None or height <= limits.kerb + TOLERANCE_M:
        return []
    harm = min(KERB_POINTS_MAX, (height - limits.kerb) * KERB_POINTS_PER_M_OVER)
    return [Hit("kerb", height, limits.kerb, fixed=harm)]


def _unknown_kerb(tags: Tags, one: Side, other: Side, limits: Limits, *, fearful: bool, on_road: bool) -> list[Hit]:
    """`unknown: avoid`: a change of level at a road crossing whose kerb nobody told.

    Near a crossing the accuser gives the benefit.
    """
    if not limits.avoid_unknown or kerb_m(tags, fearful=True) is not None:
        return []
    if any(t.get("wheelchair") in ("yes", "designated") for t in (tags, one.tags, other.tags)):
        return []
    kinds = {one.kind, other.kind}
    if kinds == {"W", "C"}:
        events = 1 if fearful or not (one.attached or other.attached) else 0
    elif kinds == {"W"} and on_road:
        events = 2
    else:
        events = int(fearful and kinds in ({"W", "X"}, {"N", "X"}))
    return [Hit("unknown_kerb", events, None, fixed=UNKNOWN_KERB_POINTS * events)] if events else []
