"""Way tags → class, stance and broken limits, in two readings: `fearful=False` accuses, `fearful=True` builds own
paths.

An accuser counts only what the tags surely say; a searcher shuns what they may say. Between the two nobody is
blamed. Incline needs the direction and the neighbours: `inclines.py`.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from bench.judge import words
from bench.judge.findings import Hit, total
from bench.judge.kerbs import kerb_m
from bench.judge.limits import Limits
from bench.judge.tables import (
    ACCESS,
    CONDITIONS,
    CONSTRUCTION,
    CROSSING,
    CROSSING_HIGHWAYS,
    FEARED_AS,
    GRADE_POINTS_PER_M,
    HIGHWAYS,
    NOT_SAID,
    OTHER_WALKWAYS,
    PER_M,
    SMOOTHNESS,
    STEP_POINTS,
    STEPS_ASSUMED,
    STEPS_POINTS,
    TOLERANCE_GRADE,
    TOLERANCE_M,
    WHEELCHAIR_NO_POINTS,
    WIDTH_POINTS_PER_M_UNDER,
)

Tags = dict[str, str]
FUZZ = 1e-9


class Stance(NamedTuple):
    """`open`, `private` (only at an end of the route) or `never`, and the tag that says so."""

    kind: str
    why: str


def way_class(tags: Tags) -> str:
    """W walkway, C carriageway, X crossing, N neither (driveway)."""
    highway = tags.get("highway", "")
    if any(tags.get(key) == value for key, value in CROSSING):
        return "X"
    if highway in CROSSING_HIGHWAYS and tags.get("crossing", "no") != "no":
        return "X"
    if highway == "service" and tags.get("service") == "driveway":
        return "N"
    return HIGHWAYS.get(highway, ("W", ""))[0]


def considered(tags: Tags) -> bool:
    """Is this a way the judge keeps: any highway (also a forbidden one), platform or pier."""
    return "highway" in tags or any(tags.get(key) == value for key, value in OTHER_WALKWAYS)


def access_stance(tags: Tags, *, fearful: bool) -> Stance:
    """Access of a way or node: foot wins when it says something; conditional access is undecided."""
    if any(tags.get(key, "24/7") != "24/7" for key in CONDITIONS):
        return Stance("never" if fearful else "open", "conditional access")
    key = "foot" if tags.get("foot", "unknown") not in NOT_SAID else "access"
    value = tags.get(key, "yes")
    kind = ACCESS.get(value, "never" if fearful else "open")
    return Stance(kind, f"{key}={value}")


def way_stance(tags: Tags, *, fearful: bool) -> Stance:
    """May this way be walked at all."""
    undecided = "never" if fearful else "open"
    highway = tags.get("highway")
    if highway is not None:
        known = HIGHWAYS.get(highway, ("W", "undecided"))[1]
        if known == "undecided" and tags.get("foot") in ("yes", "designated") and highway in HIGHWAYS:
            known = "open"
        if highway == "motorway_link" and tags.get("foot") in ("yes", "designated"):
            known = "undecided"
        if known != "open":
            return Stance("never" if known == "never" else undecided, f"highway={highway}")
    if tags.get("motorroad") == "yes":
        said = tags.get("foot") in ("yes", "designated", "permissive")
        return Stance(undecided if said else "never", "motorroad=yes")
    if "construction" in tags:
        kind = CONSTRUCTION.get(tags["construction"], undecided)
        if kind != "open":
            return Stance(kind, f"construction={tags['construction']}")
    return access_stance(tags, fearful=fearful)


def sidewalks(tags: Tags) -> dict[str, str | None]:
    """Per side: `separate`, `yes` (attached), `no`, or None where nobody said."""
    whole = tags.get("sidewalk")
    said = {
        side: tags.get(f"sidewalk:{side}")
        or tags.get("sidewalk:both")
        or (whole if whole in ("separate", "yes", "no") else None)
        or ("yes" if whole in (side, "both") else "no" if whole in ("left", "right", "none") else None)
        for side in ("left", "right")
    }
    return {side: "no" if value == "none" else value for side, value in said.items()}


def _beside_separate(tags: Tags, side: str | None, *, fearful: bool) -> bool:
    if way_class(tags) != "C":
        return False
    sides = sidewalks(tags)
    if "separate" not in sides.values() or (sides[side] == "yes" if side else "yes" in sides.values()):
        return False
    return fearful or not ({None, "yes"} & set(sides.values()))


def _sided(tags: Tags, side: str, key: str) -> str | None:
    spellings = (f"{way}:{s}{dot}{key}" for s in (side, "both") for way in ("sidewalk", "footway") for dot in ":.")
    return next((tags[k] for k in spellings if k in tags), None)


def _on_side(tags: Tags, side: str, *, fearful: bool) -> Tags:
    """The same way as its attached sidewalk.

    What no sided tag says, only a fearful reader takes from the carriageway.
    """
    out = {k: v for k, v in tags.items() if fearful or k not in ("surface", "smoothness", "width", "est_width")}
    for key in ("surface", "smoothness", "width"):
        if (value := _sided(tags, side, key)) is not None:
            out[key] = value
    return out


def alternatives(tags: Tags, side: str | None, *, fearful: bool) -> list[tuple[Tags, str | None]]:
    """Where a person on this way may be.

    On the named side, or (nobody said) in the middle and on each attached sidewalk.
    """
    if side:
        return [(_on_side(tags, side, fearful=fearful), side)]
    keys = ("surface", "smoothness", "width")
    sided = {s: v for s, v in sidewalks(tags).items() if v == "yes" or any(_sided(tags, s, key) for key in keys)}
    return [(tags, None), *((_on_side(tags, s, fearful=fearful), s) for s in sided)]


def way_hits(tags: Tags, limits: Limits, *, side: str | None = None, fearful: bool, backward: bool) -> tuple[Hit, ...]:
    """All broken limits of a way but incline, travelled along (or `backward`); access is not among them."""
    found = [
        _hits(facts, limits, at, fearful=fearful, backward=backward)
        for facts, at in alternatives(tags, side, fearful=fearful)
    ]
    return (max if fearful else min)(found, key=lambda hits: total(hits, 10.0))


def _hits(tags: Tags, limits: Limits, side: str | None, *, fearful: bool, backward: bool) -> tuple[Hit, ...]:
    hits = [*_steps(tags, limits, fearful=fearful, backward=backward)]
    if tags.get("wheelchair") == "no" and limits.wheelchair_no and (fearful or not any(h.fixed for h in hits)):
        hits.append(Hit("wheelchair", "no", None, fixed=WHEELCHAIR_NO_POINTS))
    hits += _cross_slope(tags, limits, fearful=fearful)
    hits += _width(tags, limits, fearful=fearful)
    height = kerb_m(tags, fearful=True) if fearful and way_class(tags) == "X" else None
    if height is not None and limits.kerb is not None and height > limits.kerb + TOLERANCE_M:
        hits.append(Hit("kerb", height, limits.kerb))  # weighs at the crossing's ends, see nodes.py
    if tags.get("wheelchair") not in ("yes", "designated"):
        hits += _surface(tags, limits, fearful=fearful)
        hits += _smoothness(tags, limits, fearful=fearful)
        if limits.avoid_unknown:
            hits += _unknown(tags, fearful=fearful)
    if _beside_separate(tags, side, fearful=fearful):
        hits.append(Hit("carriageway", "separate", None, per_m=PER_M["carriageway"]))
    return tuple(hits)


def _moving(tags: Tags) -> str | None:
    return None if tags.get("conveying", "no") == "no" else tags["conveying"]


def _ramps(tags: Tags) -> set[str]:
    out = set()
    if tags.get("ramp:wheelchair") == "yes" or tags.get("ramp") == "wheelchair":
        out.add("wheelchair")
    if tags.get("ramp:wheelchair") == "limited":
        out.add("limited")
    if tags.get("ramp:stroller") == "yes" or tags.get("ramp") == "stroller":
        out.add("stroller")
    return out | ({"some"} if tags.get("ramp") == "yes" and tags.get("ramp:wheelchair") != "no" else set())


def _steps(tags: Tags, limits: Limits, *, fearful: bool, backward: bool) -> list[Hit]:
    moving = _moving(tags)
    if moving:
        against = {"forward": backward, "backward": not backward}.get(moving, fearful)
        if against:
            return [Hit("escalator", moving, "against", never=True)]
    counted = fearful and "step_count" in tags
    if tags.get("highway") != "steps" and not counted:
        return [Hit("escalator", moving, None, never=True)] if moving and limits.wheels and fearful else []
    if limits.steps is None or (moving and not limits.wheels):
        return []
    if _ramps(tags) & (limits.ramps_feared if fearful else limits.ramps) and not moving:
        return []
    count = words.whole(tags.get("step_count"))
    bare = tags.get("handrail") == "no" and limits.steps_bare is not None
    allowed = limits.steps_bare if bare and limits.steps_bare is not None else limits.steps
    if allowed and (count if count is not None else STEPS_ASSUMED * fearful) <= allowed:
        return []
    return [Hit("steps", count, allowed, fixed=STEPS_POINTS, shared=STEP_POINTS * (count or STEPS_ASSUMED))]


def _cross_slope(tags: Tags, limits: Limits, *, fearful: bool) -> list[Hit]:
    value = words.grade(tags.get("incline:across"), fearful=fearful)
    if value is None or limits.cross is None:
        return []
    over = abs(value) - limits.cross
    if over <= TOLERANCE_GRADE + (-FUZZ if fearful else FUZZ):
        return []
    return [Hit("cross_slope", abs(value), limits.cross, per_m=over * GRADE_POINTS_PER_M)]


def way_width(tags: Tags, *, fearful: bool) -> float | None:
    """The narrowest width that is said; an estimated width frightens only the searcher."""
    keys = ("width", "maxwidth:physical", *(("est_width",) if fearful else ()))
    known = [v for key in keys if (v := words.narrowest(tags.get(key), fearful=fearful)) is not None]
    return min(known) if known else None


def _width(tags: Tags, limits: Limits, *, fearful: bool) -> list[Hit]:
    width = way_width(tags, fearful=fearful)
    if width is None or limits.width is None or width >= limits.width - TOLERANCE_M:
        return []
    return [Hit("width", width, limits.width, fixed=(limits.width - width) * WIDTH_POINTS_PER_M_UNDER)]


def _surface(tags: Tags, limits: Limits, *, fearful: bool) -> list[Hit]:
    values = [v.strip() for v in tags.get("surface", "").split(";") if v.strip()]
    refused = [v in limits.surfaces or (fearful and FEARED_AS.get(v) in limits.surfaces) for v in values]
    if not values or not (any(refused) if fearful else all(refused)):
        return []
    return [Hit("surface", tags["surface"], None, per_m=PER_M["surface"])]


def _smoothness(tags: Tags, limits: Limits, *, fearful: bool) -> list[Hit]:
    worst = limits.worst_feared if fearful else limits.worst
    values = [SMOOTHNESS.index(v.strip()) for v in tags.get("smoothness", "").split(";") if v.strip() in SMOOTHNESS]
    if worst is None or not values:
        return []
    if (max if fearful else min)(values) <= SMOOTHNESS.index(worst):
        return []
    return [Hit("smoothness", tags["smoothness"], worst, per_m=PER_M["smoothness"])]


@cache
def _unknown_hit(what: str) -> Hit:
    return Hit(f"unknown_{what}", None, None, per_m=PER_M["unknown"])


def _unknown(tags: Tags, *, fearful: bool) -> list[Hit]:
    """What `unknown: avoid` refuses; on a carriageway only the searcher asks for it (PROFILES speaks of footways)."""
    if way_class(tags) in "CN" and not fearful:
        return []
    out = []
    if "surface" not in tags:
        out.append(_unknown_hit("surface"))
    if way_width(tags, fearful=True) is None:
        out.append(_unknown_hit("width"))
    if tags.get("highway") not in ("steps", "elevator") and words.grade(tags.get("incline"), fearful=True) is None:
        out.append(_unknown_hit("incline"))
    return out
