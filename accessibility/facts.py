"""What is known about a way, a node and the passing of a node: frozen, flat, closed; `None` = nobody has said.

Facts are about the place, never about a person, and never guess: assumed values live in the verdict.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class WayKind(StrEnum):
    """What sort of way this is, by its class in the map."""

    FOOTWAY = "footway"
    PATH = "path"
    PEDESTRIAN = "pedestrian"
    CORRIDOR = "corridor"
    PLATFORM = "platform"
    STEPS = "steps"
    ELEVATOR = "elevator"
    CYCLEWAY = "cycleway"
    BRIDLEWAY = "bridleway"
    TRACK = "track"
    ROAD = "road"
    DRIVEWAY = "driveway"
    SERVICE = "service"
    LIVING_STREET = "living_street"
    RESIDENTIAL = "residential"
    UNCLASSIFIED = "unclassified"
    TERTIARY = "tertiary"
    SECONDARY = "secondary"
    PRIMARY = "primary"
    TRUNK = "trunk"
    MOTORWAY = "motorway"


class WayRole(StrEnum):
    """What a person does on it."""

    WALKWAY = "walkway"
    CROSSING = "crossing"
    CARRIAGEWAY = "carriageway"
    STEPS = "steps"
    ESCALATOR = "escalator"
    MOVING_WALK = "moving_walk"
    LIFT = "lift"


class Access(StrEnum):
    """Who may pass on foot."""

    OPEN = "open"
    LIMITED = "limited"
    """For deliveries, farming, forestry, visitors: not barred to walkers, not made for them."""
    CUSTOMERS = "customers"
    PRIVATE = "private"
    CLOSED = "closed"


class Sidewalk(StrEnum):
    """Where one walks along a carriageway."""

    ATTACHED = "attached"
    SEPARATE = "separate"
    """Drawn as its own way: this line is the carriageway alone."""
    NONE = "none"


class Surface(StrEnum):
    """What one rolls or walks on; the words of the map, with their older spellings folded in."""

    ASPHALT = "asphalt"
    CONCRETE = "concrete"
    CONCRETE_PLATES = "concrete:plates"
    CONCRETE_LANES = "concrete:lanes"
    PAVED = "paved"
    PAVING_STONES = "paving_stones"
    BRICK = "brick"
    TILES = "tiles"
    SETT = "sett"
    COBBLESTONE = "cobblestone"
    UNHEWN_COBBLESTONE = "unhewn_cobblestone"
    STONE = "stone"
    METAL = "metal"
    METAL_GRID = "metal_grid"
    WOOD = "wood"
    RUBBER = "rubber"
    CARPET = "carpet"
    LINOLEUM = "linoleum"
    ARTIFICIAL_TURF = "artificial_turf"
    GRASS_PAVER = "grass_paver"
    COMPACTED = "compacted"
    FINE_GRAVEL = "fine_gravel"
    GRAVEL = "gravel"
    PEBBLESTONE = "pebblestone"
    UNPAVED = "unpaved"
    GROUND = "ground"
    DIRT = "dirt"
    EARTH = "earth"
    CLAY = "clay"
    WOODCHIPS = "woodchips"
    GRASS = "grass"
    ROCK = "rock"
    STEPPING_STONES = "stepping_stones"
    SAND = "sand"
    MUD = "mud"
    SNOW = "snow"
    ICE = "ice"


class Smoothness(StrEnum):
    """From best to worst; the order of the members is the order of the scale."""

    EXCELLENT = "excellent"
    GOOD = "good"
    INTERMEDIATE = "intermediate"
    BAD = "bad"
    VERY_BAD = "very_bad"
    HORRIBLE = "horrible"
    VERY_HORRIBLE = "very_horrible"
    IMPASSABLE = "impassable"


class Tracktype(StrEnum):
    """Firmness of a track, firmest first."""

    GRADE1 = "grade1"
    GRADE2 = "grade2"
    GRADE3 = "grade3"
    GRADE4 = "grade4"
    GRADE5 = "grade5"


class Wheelchair(StrEnum):
    """What somebody on site said about wheelchairs."""

    YES = "yes"
    LIMITED = "limited"
    NO = "no"


class Kerb(StrEnum):
    """A kerb in words."""

    FLUSH = "flush"
    LOWERED = "lowered"
    ROLLED = "rolled"
    RAISED = "raised"
    NONE = "no"
    YES = "yes"
    """There is a kerb; its height nobody has said."""


class Ramp(StrEnum):
    """A ramp beside or on a flight of steps."""

    YES = "yes"
    LIMITED = "limited"
    SEPARATE = "separate"
    """Its own way in the map."""
    NO = "no"


class Treads(StrEnum):
    """Condition of the steps themselves."""

    EVEN = "even"
    UNEVEN = "uneven"
    ROUGH = "rough"


class Conveying(StrEnum):
    """Which way it moves, relative to the way's direction."""

    FORWARD = "forward"
    BACKWARD = "backward"
    UNSURE = "unsure"
    """It moves; which way depends on the hour or was not said."""


class Crossing(StrEnum):
    """How a crossing of a carriageway is laid out."""

    SIGNALS = "signals"
    MARKED = "marked"
    UNMARKED = "unmarked"


class Barrier(StrEnum):
    """What stands in the way, by what it does to a person."""

    GAP = "gap"
    """Bollards, blocks, planters: one passes between them."""
    GATE = "gate"
    LIFT_GATE = "lift_gate"
    CHAIN = "chain"
    CYCLE_BARRIER = "cycle_barrier"
    KISSING_GATE = "kissing_gate"
    STILE = "stile"
    TURNSTILE = "turnstile"
    REVOLVING_DOOR = "revolving_door"
    DOOR = "door"
    CATTLE_GRID = "cattle_grid"
    SOLID = "solid"
    """A wall, fence, log or ditch drawn across the way."""
    STEPS = "steps"
    OTHER = "other"
    """Something that somebody called a barrier, without saying what."""


class WayFacts(Struct, frozen=True, gc=False, omit_defaults=True):
    """One way or one side of it. Lengths in metres; inclines are fractions, positive uphill along the way."""

    kind: WayKind = WayKind.FOOTWAY
    role: WayRole = WayRole.WALKWAY
    carriageway: bool = False
    """Motorway to residential, unclassified, service (no driveway), living street: stepping on or off is a kerb event."""
    crossing: bool = False
    access: Access | None = None
    customary: bool | None = None
    """Walking here is meant: a way for walkers, or one whose map entry says so; `False` where walkers are only tolerated."""
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
    """Part of the flight (or narrow place) this stretch is, where a way is cut: obstacles count once however cut."""
    handrail: bool | None = None
    ramp_wheelchair: Ramp | None = None
    ramp_stroller: Ramp | None = None
    treads: Treads | None = None
    conveying: Conveying | None = None
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
