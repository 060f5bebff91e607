"""The closed vocabularies of facts: one enum per attribute; `None` (nobody has said) is never a member."""

from __future__ import annotations

from enum import StrEnum


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
    """What one rolls or walks on, roughly from best to worst: of two surfaces on one way the later one counts."""

    ASPHALT = "asphalt"
    CONCRETE = "concrete"
    CONCRETE_PLATES = "concrete:plates"
    PAVED = "paved"
    LINOLEUM = "linoleum"
    TILES = "tiles"
    PAVING_STONES = "paving_stones"
    BRICK = "brick"
    RUBBER = "rubber"
    METAL = "metal"
    WOOD = "wood"
    CARPET = "carpet"
    CONCRETE_LANES = "concrete:lanes"
    STONE = "stone"
    METAL_GRID = "metal_grid"
    SETT = "sett"
    COBBLESTONE = "cobblestone"
    ARTIFICIAL_TURF = "artificial_turf"
    GRASS_PAVER = "grass_paver"
    COMPACTED = "compacted"
    FINE_GRAVEL = "fine_gravel"
    UNPAVED = "unpaved"
    CLAY = "clay"
    GROUND = "ground"
    DIRT = "dirt"
    EARTH = "earth"
    WOODCHIPS = "woodchips"
    ROCK = "rock"
    SNOW = "snow"
    ICE = "ice"
    UNHEWN_COBBLESTONE = "unhewn_cobblestone"
    PEBBLESTONE = "pebblestone"
    GRAVEL = "gravel"
    GRASS = "grass"
    STEPPING_STONES = "stepping_stones"
    SAND = "sand"
    MUD = "mud"


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
    """A kerb in words, from none to high: of two words the later one counts."""

    NONE = "no"
    FLUSH = "flush"
    LOWERED = "lowered"
    ROLLED = "rolled"
    YES = "yes"
    """There is a kerb; its height nobody has said."""
    RAISED = "raised"


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


class PlaceKind(StrEnum):
    """What a person may look for on the way."""

    TOILETS = "toilets"
    BENCH = "bench"
    LIFT = "lift"
    ENTRANCE = "entrance"
    SHELTER = "shelter"
    PARKING = "parking"
    STOP = "stop"


class LandmarkKind(StrEnum):
    """What people know a corner by; of two at one corner the earlier one is told."""

    STATION = "station"
    UNDERGROUND = "underground"
    """An entrance to it."""
    CHURCH = "church"
    MOSQUE = "mosque"
    SYNAGOGUE = "synagogue"
    TEMPLE = "temple"
    TOWN_HALL = "town_hall"
    THEATRE = "theatre"
    MUSEUM = "museum"
    LIBRARY = "library"
    HOSPITAL = "hospital"
    FOUNTAIN = "fountain"
    MONUMENT = "monument"
    CINEMA = "cinema"
    POLICE = "police"
    TRAM_STOP = "tram_stop"
    PHARMACY = "pharmacy"
    POST_OFFICE = "post_office"
    SUPERMARKET = "supermarket"
    BANK = "bank"
    BUS_STOP = "bus_stop"
    HOTEL = "hotel"
    BAKERY = "bakery"
    TOILETS = "toilets"


class Key(StrEnum):
    """The key a toilet needs."""

    EUROKEY = "eurokey"
    RADAR = "radar"
    OTHER = "other"
