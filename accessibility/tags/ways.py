"""A way's tags → what is known about walking along it."""

from __future__ import annotations

from accessibility import quantities
from accessibility.facts import Access, Conveying, WayFacts, WayKind, WayRole
from accessibility.tags import reading, words
from accessibility.tags.nodes import PLACE_KEYS
from accessibility.tags.reading import Tags
from accessibility.tags.sides import beside, sided

CARRIAGEWAYS = frozenset(
    {
        WayKind.SERVICE,
        WayKind.LIVING_STREET,
        WayKind.RESIDENTIAL,
        WayKind.UNCLASSIFIED,
        WayKind.TERTIARY,
        WayKind.SECONDARY,
        WayKind.PRIMARY,
        WayKind.TRUNK,
        WayKind.MOTORWAY,
        WayKind.ROAD,
    }
)
"""CONTRACT §3: stepping on or off one of these is a kerb event; a road of unknown class is taken for one of them."""

CROSSED_ON = frozenset({WayKind.FOOTWAY, WayKind.PATH, WayKind.CYCLEWAY, WayKind.PEDESTRIAN})
"""Ways that `crossing=*` makes a crossing, also without `footway=crossing`."""

STILL_OPEN = frozenset({"no", "minor", "lane", "shared_lane"})
"""Building work that leaves the way usable."""


def kind(tags: Tags) -> WayKind | None:
    """What sort of way this is; `None` when nobody walks along such a thing."""
    highway = tags.get("highway")
    if highway == "construction":
        return words.HIGHWAYS.get(tags.get("construction", ""), WayKind.PATH)
    found = words.HIGHWAYS.get(highway or "")
    if found is WayKind.SERVICE and tags.get("service") == "driveway":
        return WayKind.DRIVEWAY
    if (
        found is None
        and "platform" in (tags.get("railway"), tags.get("public_transport"))
        and highway in (None, "bus_stop")
    ):
        return WayKind.PLATFORM
    if found is None and highway is None and tags.get("man_made") == "pier":
        return WayKind.PATH
    return found


def walkable(tags: Tags) -> bool:
    """Does this way become edges? Private, barred and unfinished ways do; the verdict forbids them."""
    return kind(tags) is not None


def name(tags: Tags) -> str | None:
    """What people call this way."""
    return tags.get("name") or tags.get("ref") or None


def under_construction(tags: Tags) -> bool:
    """Is it closed because it is being built?"""
    if tags.get("highway") == "construction":
        return True
    work = tags.get("construction")
    return work is not None and work not in STILL_OPEN


def way_facts(tags: Tags, side: str | None = None) -> WayFacts:
    """Facts of a way, or of its attached sidewalk on `side` (`left` or `right`, seen along the way)."""
    what = kind(tags) or WayKind.PATH
    role = _role(tags, what)
    walk = beside(tags, side) if what in CARRIAGEWAYS or what is WayKind.DRIVEWAY else None
    on_road = what in CARRIAGEWAYS and side is None
    kerb, height = reading.kerb(tags) if role is WayRole.CROSSING else (None, None)
    ramp, stroller_ramp = reading.ramps(tags)
    storeys = quantities.levels(tags.get("level"))
    crossing = (
        reading.crossing(tags) if role is WayRole.CROSSING else {"tactile": reading.tactile(tags.get("tactile_paving"))}
    )
    width, estimated = _width(tags, side)
    incline = sided(tags, "incline", side)
    grade = 0.0 if incline == "no" else quantities.grade(incline)
    steps = role in (WayRole.STEPS, WayRole.ESCALATOR)
    return WayFacts(
        kind=what,
        role=role,
        carriageway=on_road,
        crossing=role is WayRole.CROSSING,
        access=_access(tags, what),
        customary=_customary(tags, what),
        construction=under_construction(tags),
        conditional=reading.conditional(tags),
        opening_hours=None if any(key in tags for key in PLACE_KEYS) else tags.get("opening_hours"),
        wheelchair=words.worst(words.WHEELCHAIR, sided(tags, "wheelchair", side)),
        incline=grade,
        incline_source=None if grade is None else "tag",
        incline_sign=quantities.grade_sign(incline),
        cross_slope=_magnitude(quantities.grade(sided(tags, "incline:across", side))),
        width_m=width,
        width_estimated=estimated,
        surface=words.worst(words.SURFACES, sided(tags, "surface", side)),
        smoothness=words.word(words.SMOOTHNESS, sided(tags, "smoothness", side)),
        tracktype=words.worst(words.TRACKTYPES, tags.get("tracktype")),
        hiking=tags.get("sac_scale", "no") != "no",
        ford=tags.get("ford", "no") != "no",
        step_count=(quantities.count(tags.get("step_count")) or None) if side is None else None,
        handrail=reading.handrail(tags) if steps else None,
        ramp_wheelchair=ramp if steps else None,
        ramp_stroller=stroller_ramp if steps else None,
        treads=words.word(words.TREADS, tags.get("step:condition") or tags.get("step.condition")) if steps else None,
        conveying=_conveying(tags),
        # On a street the key tells on which side one walks; on a walkway it bars the way back.
        one_way=what not in CARRIAGEWAYS and tags.get("foot:backward") == "no",
        kerb=kerb,
        kerb_height_m=height,
        kerb_start_m=quantities.kerb_height_m(sided(tags, "sloped_curb:start", side)),
        kerb_end_m=quantities.kerb_height_m(sided(tags, "sloped_curb:end", side)),
        **crossing,
        sidewalk=walk,
        side=side,
        maxspeed_kmh=quantities.speed_kmh(tags.get("maxspeed")) if on_road else None,
        shared_with_bikes=_shared_with_bikes(tags, what),
        lit=reading.lit(tags),
        covered=_covered(tags),
        indoor=_indoor(tags, what),
        tunnel=tags.get("tunnel", "no") != "no",
        bridge=tags.get("bridge", "no") != "no",
        area=tags.get("area") == "yes",
        level=storeys[0] if len(storeys) == 1 else None,
        levels=storeys,
    )


def says_kerb(facts: WayFacts) -> bool:
    """Does the crossing way itself say what its kerbs are, so that its ends need not?"""
    return facts.crossing and (facts.kerb is not None or facts.kerb_height_m is not None)


def _role(tags: Tags, what: WayKind) -> WayRole:
    moves = tags.get("conveying", "no") != "no" or tags.get("escalator") == "yes"
    if what is WayKind.STEPS:
        return WayRole.ESCALATOR if moves else WayRole.STEPS
    if what is WayKind.ELEVATOR:
        return WayRole.LIFT
    if what in CARRIAGEWAYS:
        return WayRole.CARRIAGEWAY
    if moves:
        return WayRole.MOVING_WALK
    named = "crossing" in (tags.get("footway"), tags.get("path"), tags.get("cycleway"), tags.get("highway"))
    described = what in CROSSED_ON and tags.get("crossing", "no") != "no"
    return WayRole.CROSSING if named or described else WayRole.WALKWAY


def _access(tags: Tags, what: WayKind) -> Access | None:
    said = reading.access(tags)
    barred = what is WayKind.MOTORWAY or tags.get("motorroad") == "yes"
    return Access.CLOSED if barred and tags.get("foot") not in ("yes", "designated") else said


def _customary(tags: Tags, what: WayKind) -> bool | None:
    foot = tags.get("foot")
    if foot in ("yes", "designated", "official", "permissive"):
        return True
    if foot == "use_sidepath" or (what in (WayKind.CYCLEWAY, WayKind.BRIDLEWAY) and foot is None):
        return False
    return None


def _shared_with_bikes(tags: Tags, what: WayKind) -> bool:
    invited = what is WayKind.CYCLEWAY or tags.get("bicycle") in ("yes", "designated", "permissive", "official")
    walked = what in (WayKind.FOOTWAY, WayKind.PATH, WayKind.PEDESTRIAN, WayKind.CYCLEWAY)
    return invited and walked and tags.get("segregated") != "yes"


def _width(tags: Tags, side: str | None) -> tuple[float | None, bool]:
    """(clear width in metres, whether it is an estimate): the least of what was measured; nothing is not a width."""
    measured = [quantities.length_m(sided(tags, key, side)) for key in ("width", "maxwidth:physical")]
    found = [width for width in measured if width]
    if found:
        return min(found), False
    estimate = quantities.length_m(sided(tags, "est_width", side))
    return estimate or None, bool(estimate)


def _magnitude(value: float | None) -> float | None:
    return None if value is None else abs(value)


def _conveying(tags: Tags) -> Conveying | None:
    value = tags.get("conveying")
    incline = quantities.grade_sign(tags.get("incline"))
    if value in ("up", "down") and incline is not None:
        return Conveying.FORWARD if (value == "up") == (incline > 0) else Conveying.BACKWARD
    moving = words.word(words.CONVEYING, value)
    return Conveying.UNSURE if moving is None and tags.get("escalator") == "yes" else moving


def _covered(tags: Tags) -> bool | None:
    value = tags.get("covered")
    if value is not None:
        return value != "no"
    return True if tags.get("tunnel", "no") != "no" or tags.get("indoor", "no") != "no" else None


def _indoor(tags: Tags, what: WayKind) -> bool | None:
    value = tags.get("indoor")
    if value is not None:
        return value != "no"
    return True if what is WayKind.CORRIDOR else None
