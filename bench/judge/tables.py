"""The judge's closed tables: which tags are walkable, which block whom, and what a broken limit weighs.

Everything here is data, written from CONTRACT section 3 and PROFILES sections 1, 2 and 4 and from nothing else of
the project. Lengths in metres, grades as fractions, harm in points.
"""

from __future__ import annotations

from typing import NamedTuple

TOLERANCE_M = 1e-6
TOLERANCE_GRADE = 5e-4
INFINITE = float("inf")

# --- which ways a pedestrian can use -------------------------------------------------------------------------------
# Class: W walkway, C carriageway, N neither (a driveway makes no kerb event). X, a crossing, is recognised by CROSSING.
# Stance: open = walkable unless access says otherwise; never = not even in least_bad;
# undecided = an auditor neither accuses a route that uses it nor builds his own path on it.
HIGHWAYS: dict[str, tuple[str, str]] = {
    "footway": ("W", "open"),
    "path": ("W", "open"),
    "pedestrian": ("W", "open"),
    "steps": ("W", "open"),
    "cycleway": ("W", "open"),
    "track": ("W", "open"),
    "corridor": ("W", "open"),
    "platform": ("W", "open"),
    "elevator": ("W", "open"),
    "crossing": ("X", "open"),
    "living_street": ("C", "open"),
    "residential": ("C", "open"),
    "unclassified": ("C", "open"),
    "service": ("C", "open"),
    "road": ("C", "open"),
    "tertiary": ("C", "open"),
    "tertiary_link": ("C", "open"),
    "secondary": ("C", "open"),
    "secondary_link": ("C", "open"),
    "primary": ("C", "open"),
    "primary_link": ("C", "open"),
    "trunk": ("C", "open"),
    "trunk_link": ("C", "open"),
    "motorway": ("C", "never"),
    "motorway_link": ("C", "never"),
    "construction": ("W", "never"),
    "proposed": ("W", "never"),
    "razed": ("W", "never"),
    "abandoned": ("W", "never"),
    "raceway": ("C", "never"),
    "bridleway": ("W", "undecided"),
    "busway": ("C", "undecided"),
    "bus_guideway": ("C", "undecided"),
    "trail": ("W", "undecided"),
    "via_ferrata": ("W", "undecided"),
    "escape": ("C", "undecided"),
    "services": ("W", "undecided"),
    "rest_area": ("W", "undecided"),
}
OTHER_WALKWAYS = {("railway", "platform"), ("public_transport", "platform"), ("man_made", "pier")}
CROSSING = {("footway", "crossing"), ("path", "crossing"), ("cycleway", "crossing")}
CROSSING_HIGHWAYS = {"footway", "path", "cycleway", "pedestrian"}
"""Walkways that `crossing=*` (anything but `no`) makes a crossing too."""

# --- what nobody is led across to reach a way (CONTRACT section 3, snap) ----------------------------------------------
RAILS = {"rail", "light_rail", "subway", "tram", "narrow_gauge", "funicular", "monorail", "preserved"}
WATERWAYS = {"river", "canal", "stream", "riverbank", "dock"}

# --- access: foot wins over access when foot says something known ---------------------------------------------------
ACCESS: dict[str, str] = {
    **dict.fromkeys(("yes", "designated", "permissive", "official", "public", "destination", "unknown"), "open"),
    "no": "never",
    "private": "private",
    "customers": "private",
}
"""`private` = only at an end of the route that lies on it.

Any other value is undecided (permit, delivery, use_sidepath …).
"""
NOT_SAID = {"unknown"}
CONDITIONS = ("access:conditional", "foot:conditional", "opening_hours")
CONSTRUCTION: dict[str, str] = {"no": "open", "minor": "open", "yes": "never"}

# --- barrier nodes -------------------------------------------------------------------------------------------------
NEVER_FOR_WHEELS = {"stile", "turnstile", "full-height_turnstile", "kissing_gate"}
GATES = {"gate", "wicket_gate", "swing_gate", "hampshire_gate", "sliding_gate", "kissing_gate", "door"}
CYCLE_BARRIERS = {"cycle_barrier"}
CYCLE_BARRIER_SPACING_M = 1.2
WIDTH_IS_OPENING = GATES | {"entrance"}
"""On these `width` is the gap; on a bollard or a block it may be the object's own width."""
PASSABLE = {
    *(
        "bollard",
        "block",
        "chain",
        "entrance",
        "kerb",
        "lift_gate",
        "toll_booth",
        "border_control",
        "height_restrictor",
    ),
    *("cattle_grid", "bump_gate", "sump_buster", "bus_trap", "kent_carriage_gap", "planter", "rope", "border_control"),
}
BARRIER_POINTS = 200.0

# --- kerbs ---------------------------------------------------------------------------------------------------------
KERB_M: dict[str, float] = {"flush": 0.0, "no": 0.0, "lowered": 0.03, "rolled": 0.04, "raised": 0.16}
SLOPED_CURB_M: dict[str, float] = {"at_grade": 0.0, "yes": 0.03, "both": 0.03, "no": 0.16}
KERB_POINTS_MAX = 45.0

# --- surfaces, smoothness ------------------------------------------------------------------------------------------
SMOOTHNESS = ("excellent", "good", "intermediate", "bad", "very_bad", "horrible", "very_horrible", "impassable")
LOOSE = frozenset({"sand", "mud", "grass", "gravel", "pebblestone", "unhewn_cobblestone", "stepping_stones"})
SINKING = frozenset({"sand", "mud", "stepping_stones"})
SOFT = frozenset({"sand", "mud"})
FEARED_AS = {"cobblestone:rounded": "unhewn_cobblestone", "pebbles": "pebblestone"}
"""Spellings that may mean a refused surface."""

# --- ramps (GB 50763-2012 table 3.4.4): grade, longest run, highest rise ---------------------------------------------
RAMP_ROWS = ((1 / 20, 24.0, 1.20), (1 / 16, 14.4, 0.90), (1 / 12, 9.0, 0.75), (1 / 10, 6.0, 0.60), (1 / 8, 2.4, 0.30))

# --- harm per physical obstacle (CONTRACT section 3) ------------------------------------------------------------------
STEPS_POINTS, STEP_POINTS, STEPS_ASSUMED = 50.0, 5.0, 10
WHEELCHAIR_NO_POINTS = 30.0
PER_M = {"surface": 0.5, "smoothness": 0.5, "carriageway": 0.2, "unknown": 0.05}
GRADE_POINTS_PER_M = 100 / 2
WIDTH_POINTS_PER_M_UNDER = 100.0
KERB_POINTS_PER_M_OVER = 500.0
UNKNOWN_KERB_POINTS = 1.0
ALLOWED_POINTS, ALLOWED_SHARE = 1.0, 0.02


class Person(NamedTuple):
    """Hard limits of one profile; None = no such limit."""

    up: float | None
    up_short: float | None
    down: float | None
    kerb: float | None
    width: float
    cross: float | None
    steps: int | None
    steps_bare: int | None
    surfaces: frozenset[str]
    worst: str | None
    worst_feared: str | None
    wheels: bool
    wheelchair_no: bool


MID, BAD, ANY = "intermediate", "bad", frozenset[str]()
# fmt: off
PERSONS: dict[str, Person] = {
    # worst smoothness: for the accuser, for the searcher        cross steps bare surface  worst feared wheels w=no
    "manual_wheelchair": Person(0.06, 1 / 12, 1 / 12, 0.03, 0.90, 0.06, 0,    None, LOOSE,   MID,  MID,  True,  True),
    "power_wheelchair":  Person(0.12, 0.12,   0.12,   0.05, 0.90, 0.06, 0,    None, SINKING, BAD,  MID,  True,  True),
    "mobility_scooter":  Person(0.10, 0.10,   0.10,   0.05, 1.00, 0.06, 0,    None, SINKING, MID,  MID,  True,  True),
    "rollator":          Person(0.06, 0.06,   0.06,   0.03, 0.90, 0.05, 0,    None, LOOSE,   MID,  MID,  True,  False),
    "cane_elderly":      Person(0.10, 0.10,   0.10,   0.16, 0.90, None, 13,   2,    SOFT,    BAD,  BAD,  False, False),
    "stroller":          Person(0.10, 0.10,   0.10,   0.12, 0.80, None, 0,    None, SOFT,    MID,  MID,  True,  False),
    "low_vision":        Person(None, None,   None,   None, 0.75, None, None, None, ANY,     BAD,  BAD,  False, False),
    "walk":              Person(None, None,   None,   None, 0.60, None, None, None, ANY,     None, None, False, False),
}
# fmt: on
OPTIONS: dict[tuple[str, str], dict[str, float | int | None]] = {
    ("manual_wheelchair", "assisted"): {"up": 1 / 12, "up_short": 1 / 12, "kerb": 0.06},
    ("low_vision", "guided"): {"width": 1.20},
    ("stroller", "double"): {"width": 0.90},
    ("stroller", "carry"): {"steps": 3, "kerb": 0.16},
}
# Ramps of a flight: "wheelchair" (ramp:wheelchair=yes), "limited", "stroller", "some" (ramp=yes, nobody said for whom).
RAMPS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "wheels": (frozenset({"wheelchair", "limited"}), frozenset({"wheelchair"})),
    "stroller": (frozenset({"wheelchair", "limited", "stroller", "some"}), frozenset({"wheelchair"})),
    "carry": (frozenset({"wheelchair", "limited", "stroller", "some"}), frozenset({"wheelchair", "stroller"})),
}
"""Which ramps make steps usable: first as an accuser reads it, then as a searcher dares to use it."""

OVERRIDES = {
    "incline_up_max": "up",
    "incline_up_short_max": "up_short",
    "incline_down_max": "down",
    "kerb_max_m": "kerb",
    "width_min_m": "width",
    "cross_slope_max": "cross",
    "steps_max": "steps",
    "steps_max_without_handrail": "steps_bare",
}

WAY_KEYS = frozenset(
    [
        "highway",
        "railway",
        "public_transport",
        "man_made",
        "area",
        "footway",
        "path",
        "cycleway",
        "crossing",
        "service",
        "motorroad",
        "access",
        "foot",
        "access:conditional",
        "foot:conditional",
        "opening_hours",
        "construction",
        "surface",
        "smoothness",
        "width",
        "est_width",
        "maxwidth:physical",
        "incline",
        "incline:across",
        "wheelchair",
        "step_count",
        "handrail",
        "ramp",
        "ramp:wheelchair",
        "ramp:stroller",
        "conveying",
        "level",
        "kerb",
        "kerb:height",
        "sloped_curb",
        "sidewalk",
        "sidewalk:both",
        "sidewalk:left",
        "sidewalk:right",
    ]
) | frozenset(
    f"{way}:{side}{dot}{what}"
    for dot in ":."
    for way in ("sidewalk", "footway")
    for side in ("left", "right", "both")
    for what in ("surface", "smoothness", "width")
)
NODE_KEYS = frozenset(
    [
        "barrier",
        "locked",
        "access",
        "foot",
        "access:conditional",
        "foot:conditional",
        "opening_hours",
        "wheelchair",
        "kerb",
        "kerb:height",
        "sloped_curb",
        "curb",
        "step_count",
        "cycle_barrier",
        "gate",
        "highway",
        "crossing",
        "entrance",
        "door",
        "maxwidth:physical",
        "opening",
        "width",
        "spacing",
        "level",
    ]
)
