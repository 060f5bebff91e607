"""A node's tags → what may happen when it is passed, and what of it counts for one pair of arms."""

from __future__ import annotations

from typing import Any, NamedTuple

from accessibility import quantities
from accessibility.facts import Access, Barrier, Kerb, NodeFacts, PassageFacts, WayFacts, Wheelchair
from accessibility.tags import reading, words
from accessibility.tags.reading import Tags

_RESTRICTED = frozenset({Access.CUSTOMERS, Access.PRIVATE, Access.CLOSED})
PLACE_KEYS = ("amenity", "shop", "tourism", "leisure", "office", "public_transport")
"""What such a node says about access and wheelchairs, it says about the place, not about the way it lies on."""
_OPENINGS = frozenset({Barrier.GATE, Barrier.DOOR, Barrier.LIFT_GATE, Barrier.KISSING_GATE, Barrier.REVOLVING_DOOR})
_LOCKABLE = frozenset(
    {Barrier.GATE, Barrier.DOOR, Barrier.KISSING_GATE, Barrier.TURNSTILE, Barrier.REVOLVING_DOOR, Barrier.OTHER}
)
"""What a lock closes to people on foot; a locked bollard or boom still lets them by."""
_STOPS = frozenset({"stop", "tram_stop", "halt", "station", "switch", "signal"})


class Acting(NamedTuple):
    """Which of a node's own facts mean something when it is passed."""

    barrier: bool
    kerb: bool
    lift: bool
    crossing: bool


def node_facts(tags: Tags) -> NodeFacts:
    """Facts of one node."""
    place = any(key in tags for key in PLACE_KEYS) or tags.get("railway") in _STOPS or tags.get("highway") == "bus_stop"
    obstacle = _barrier(tags)
    lift = tags.get("highway") == "elevator"
    entrance = (
        "entrance" in tags or "door" in tags or tags.get("railway") in ("subway_entrance", "train_station_entrance")
    )
    speaks = obstacle is not None or lift or entrance or "barrier" in tags or not place
    word, height = reading.kerb(tags)
    kerb = word is not None or height is not None or tags.get("barrier") in ("kerb", "curb")
    crossing = _is_crossing(tags)
    storeys = quantities.levels(tags.get("level"))
    return NodeFacts(
        barrier=obstacle,
        opening_m=_opening(tags, by_width=entrance or obstacle in _OPENINGS or tags.get("barrier") == "entrance"),
        spacing_m=quantities.length_m(tags.get("spacing")),
        single_row=True if tags.get("cycle_barrier") == "single" else None,
        locked=reading.truth(tags.get("locked")) if obstacle in _LOCKABLE else None,
        automatic=_automatic(tags),
        access=_access(tags, crossing=crossing or kerb) if speaks else None,
        conditional=reading.conditional(tags) if speaks else None,
        opening_hours=tags.get("opening_hours") if speaks and not place else None,
        wheelchair=words.worst(words.WHEELCHAIR, tags.get("wheelchair")) if speaks else None,
        step_count=quantities.count(tags.get("step_count")) or None,
        handrail=reading.handrail(tags),
        ramp_wheelchair=reading.ramps(tags)[0],
        kerb=word,
        kerb_height_m=height,
        mentions_kerb=kerb,
        crossing=crossing,
        **reading.crossing(tags),
        elevator=lift,
        construction=tags.get("construction", "no") in ("yes", "elevator"),
        entrance=entrance,
        level=storeys[0] if len(storeys) == 1 else None,
        levels=storeys,
    )


def acting(facts: NodeFacts) -> Acting:
    """What passing this node can mean; all false for a node that is only a bend or a lamp post."""
    words_on_it = facts.access in _RESTRICTED or facts.wheelchair in (Wheelchair.NO, Wheelchair.LIMITED)
    words_on_it = words_on_it or facts.conditional is not None or (facts.entrance and facts.opening_hours is not None)
    elsewhere = facts.crossing or facts.mentions_kerb or facts.elevator
    measured = facts.opening_m is not None and not facts.elevator
    stands = facts.barrier is not None or measured or (words_on_it and not elsewhere)
    return Acting(stands, facts.mentions_kerb, facts.elevator, facts.crossing)


def acts(facts: NodeFacts) -> bool:
    """Barrier, kerb or lift: passing it means something."""
    found = acting(facts)
    return found.barrier or found.kerb or found.lift


def passage(
    node: NodeFacts,
    *,
    kerb_events: int,
    mapped_crossing: bool | None,
    barrier_applies: bool,
    lift_applies: bool,
    kerb: Kerb | None = None,
    kerb_height_m: float | None = None,
    way: WayFacts | None = None,
) -> PassageFacts:
    """What of a node counts when it is passed.

    `kerb` and `kerb_height_m` (from a sided tag) and `way` (the crossing way that is entered or left here) fill what
    the node leaves unsaid about the kerb and the crossing.
    """
    stops = barrier_applies or lift_applies
    crosses = mapped_crossing is not None
    says = node.kerb is not None or node.kerb_height_m is not None
    crossing = _crossing(node, way) if crosses else {"tactile": node.tactile if kerb_events else None}
    return PassageFacts(
        kerb_events=kerb_events,
        mapped_crossing=mapped_crossing,
        barrier_applies=barrier_applies,
        lift_applies=lift_applies,
        barrier=node.barrier if barrier_applies else None,
        opening_m=node.opening_m if stops else None,
        spacing_m=node.spacing_m if barrier_applies else None,
        single_row=node.single_row if barrier_applies else None,
        locked=node.locked if barrier_applies else None,
        automatic=node.automatic if barrier_applies else None,
        access=node.access if stops or crosses else None,
        conditional=node.conditional if stops else None,
        opening_hours=node.opening_hours if stops else None,
        wheelchair=_wheelchair(node, way if crosses else None) if stops or crosses or kerb_events else None,
        step_count=node.step_count if barrier_applies else None,
        handrail=node.handrail if barrier_applies else None,
        ramp_wheelchair=node.ramp_wheelchair if barrier_applies else None,
        kerb=(node.kerb if says else kerb) if kerb_events else None,
        kerb_height_m=(node.kerb_height_m if says else kerb_height_m) if kerb_events else None,
        **crossing,
        working=node.working if lift_applies else None,
        construction=node.construction if stops else False,
        level=node.level,
    )


_SHARED = ("crossing_kind", "markings", "signals", "island", "sound", "vibration", "button", "tactile", "lanes")


def _crossing(node: NodeFacts, way: WayFacts | None) -> dict[str, Any]:
    """Layout of the crossing: what the node says, else what the crossing way says."""
    said = {name: getattr(node, name) for name in _SHARED}
    if way is None:
        return said
    return {name: getattr(way, name) if value is None else value for name, value in said.items()}


def _wheelchair(node: NodeFacts, way: WayFacts | None) -> Wheelchair | None:
    """A crossing way that is said to be fit vouches for its ends; what is said against it counts on the way itself."""
    vouched = way is not None and way.wheelchair is Wheelchair.YES
    return Wheelchair.YES if node.wheelchair is None and vouched else node.wheelchair


def _access(tags: Tags, *, crossing: bool) -> Access | None:
    """At a crossing or kerb `access` is about vehicles that pass along the street: only `foot` speaks."""
    return reading.access({"foot": tags["foot"]} if "foot" in tags else {}) if crossing else reading.access(tags)


def _barrier(tags: Tags) -> Barrier | None:
    if tags.get("highway") == "steps":
        return Barrier.STEPS
    found = words.word(words.BARRIERS, tags.get("barrier"))
    if found is None and (tags.get("cycle_barrier") or tags.get("gate") == "cycle_barrier"):
        return Barrier.CYCLE_BARRIER
    return found or words.word(words.DOORS, tags.get("door"))


def _opening(tags: Tags, *, by_width: bool) -> float | None:
    """Clear width in metres; a plain width counts where it can only be that of the opening, not of a bollard."""
    keys = ["maxwidth:physical", "opening", "barrier:opening", "door:width"] + (["width"] if by_width else [])
    found = [width for key in keys if (width := quantities.length_m(tags.get(key)))]
    return min(found) if found else None


def _automatic(tags: Tags) -> bool | None:
    value = tags.get("automatic_door")
    return None if value is None else value != "no"


def _is_crossing(tags: Tags) -> bool:
    if tags.get("crossing") == "no":
        return False
    return "crossing" in (tags.get("highway"), tags.get("footway")) or tags.get("crossing") is not None
