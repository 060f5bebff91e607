"""What is known about a way, a node and the passing of a node: frozen, flat, closed; `None` = nobody has said.

Facts are about the place, never about a person, and never guess: assumed values live in the verdict.
"""

from __future__ import annotations

from msgspec import Struct

from accessibility.facts.words import (
    Access,
    Barrier,
    Conveying,
    Crossing,
    Kerb,
    Key,
    LandmarkKind,
    PlaceKind,
    Ramp,
    Sidewalk,
    Smoothness,
    Surface,
    Tracktype,
    Treads,
    WayKind,
    WayRole,
    Wheelchair,
)

__all__ = [
    "Access",
    "Barrier",
    "Conveying",
    "Crossing",
    "Kerb",
    "Key",
    "LandmarkKind",
    "NodeFacts",
    "PassageFacts",
    "PlaceFacts",
    "PlaceKind",
    "Ramp",
    "Sidewalk",
    "Smoothness",
    "Surface",
    "Tracktype",
    "Treads",
    "WayFacts",
    "WayKind",
    "WayRole",
    "Wheelchair",
]


class WayFacts(Struct, frozen=True, gc=False, omit_defaults=True):
    """One way or one side of it. Lengths in metres; inclines are fractions, positive uphill along the way."""

    kind: WayKind = WayKind.FOOTWAY
    role: WayRole = WayRole.WALKWAY
    carriageway: bool = False
    """Motorway to residential, unclassified, service (no driveway), living street: a kerb event to step on or off."""
    crossing: bool = False
    access: Access | None = None
    customary: bool | None = None
    """Walking here is meant: its map entry says so; `False` where walkers are only tolerated."""
    construction: bool = False
    working: bool | None = None
    """Lift or escalator in service, from a live source; the map itself never says."""
    conditional: str | None = None
    opening_hours: str | None = None
    wheelchair: Wheelchair | None = None
    incline: float | None = None
    incline_source: str | None = None
    """`tag`, or `dem` for a grade from elevation fine enough to be judged; set with `incline`."""
    incline_coarse: float | None = None
    """Grade from coarse elevation: it costs, and is never held against a way."""
    incline_sign: int | None = None
    """±1: uphill or downhill along the way, steepness not said."""
    cross_slope: float | None = None
    width_m: float | None = None
    width_estimated: bool = False
    surface: Surface | None = None
    smoothness: Smoothness | None = None
    tracktype: Tracktype | None = None
    hiking: bool = False
    """Graded as a hiking trail."""
    ford: bool = False
    step_count: int | None = None
    flight_share: float = 1.0
    """How much of what counts once on a way (a flight, a lift, a narrow place) counts on this stretch of it."""
    handrail: bool | None = None
    ramp_wheelchair: Ramp | None = None
    ramp_stroller: Ramp | None = None
    treads: Treads | None = None
    conveying: Conveying | None = None
    one_way: bool = False
    """Nobody may walk it against its direction: an exit gate, a corridor with one way through."""
    kerb: Kerb | None = None
    kerb_height_m: float | None = None
    kerb_start_m: float | None = None
    kerb_end_m: float | None = None
    """Kerb heights at both ends of an attached sidewalk, along the way."""
    crossing_kind: Crossing | None = None
    markings: bool | None = None
    signals: bool | None = None
    island: bool | None = None
    sound: bool | None = None
    vibration: bool | None = None
    button: bool | None = None
    tactile: bool | None = None
    lanes: int | None = None
    sidewalk: Sidewalk | None = None
    side: str | None = None
    maxspeed_kmh: float | None = None
    shared_with_bikes: bool = False
    """Bicycles may ride here, and nothing keeps them apart from walkers."""
    lit: bool | None = None
    covered: bool | None = None
    indoor: bool | None = None
    tunnel: bool = False
    bridge: bool = False
    area: bool = False
    level: float | None = None
    levels: tuple[float, ...] = ()


class NodeFacts(Struct, frozen=True, gc=False, omit_defaults=True):
    """One point of the map that may mean something when passed. Lengths in metres."""

    barrier: Barrier | None = None
    opening_m: float | None = None
    """Clear width one has to fit through."""
    spacing_m: float | None = None
    """Distance between the two rows of a cycle barrier."""
    single_row: bool | None = None
    """A cycle barrier of one row: there is no turning between two."""
    locked: bool | None = None
    automatic: bool | None = None
    access: Access | None = None
    conditional: str | None = None
    opening_hours: str | None = None
    wheelchair: Wheelchair | None = None
    step_count: int | None = None
    handrail: bool | None = None
    ramp_wheelchair: Ramp | None = None
    kerb: Kerb | None = None
    kerb_height_m: float | None = None
    mentions_kerb: bool = False
    """The node is a kerb, even when its height was not said."""
    crossing: bool = False
    crossing_kind: Crossing | None = None
    markings: bool | None = None
    signals: bool | None = None
    island: bool | None = None
    sound: bool | None = None
    vibration: bool | None = None
    button: bool | None = None
    tactile: bool | None = None
    lanes: int | None = None
    elevator: bool = False
    working: bool | None = None
    construction: bool = False
    entrance: bool = False
    level: float | None = None
    levels: tuple[float, ...] = ()


class PassageFacts(Struct, frozen=True, gc=False, omit_defaults=True):
    """The passing of one node: what of its facts counts for this pair of arms. Lengths in metres."""

    kerb_events: int = 0
    """0: the kerb does not count here; 1: one change of level."""
    mapped_crossing: bool | None = None
    """`None`: no crossing of a carriageway; `False`: one crosses where no crossing is mapped."""
    barrier_applies: bool = False
    lift_applies: bool = False
    barrier: Barrier | None = None
    opening_m: float | None = None
    spacing_m: float | None = None
    single_row: bool | None = None
    locked: bool | None = None
    automatic: bool | None = None
    access: Access | None = None
    conditional: str | None = None
    opening_hours: str | None = None
    wheelchair: Wheelchair | None = None
    step_count: int | None = None
    handrail: bool | None = None
    ramp_wheelchair: Ramp | None = None
    kerb: Kerb | None = None
    kerb_height_m: float | None = None
    crossing_kind: Crossing | None = None
    markings: bool | None = None
    signals: bool | None = None
    island: bool | None = None
    sound: bool | None = None
    vibration: bool | None = None
    button: bool | None = None
    tactile: bool | None = None
    lanes: int | None = None
    working: bool | None = None
    construction: bool = False
    level: float | None = None


class PlaceFacts(Struct, frozen=True, gc=False, omit_defaults=True):
    """A place that helps on the way: where to rest, wait, park, go in, change level."""

    kinds: tuple[PlaceKind, ...]
    """A bus stop with a bench is a stop and a bench."""
    name: str | None = None
    wheelchair: Wheelchair | None = None
    wheelchair_text: str | None = None
    access: Access | None = None
    opening_hours: str | None = None
    key: Key | None = None
    fee: bool | None = None
    changing_table: bool | None = None
    door_width_m: float | None = None
    automatic_door: bool | None = None
    steps: int | None = None
    backrest: bool | None = None
    covered: bool | None = None
    lit: bool | None = None
    tactile: bool | None = None
    disabled_spaces: int | None = None
    """Parking spaces for disabled people; `None` = nobody has said."""
    levels: tuple[float, ...] = ()
