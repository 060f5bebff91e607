"""The eight built-in profiles. Every number has its source beside it: `[S#]` and `[E]` as in `sources.py`."""

from __future__ import annotations

from accessibility.facts import Smoothness, Surface
from accessibility.profiles.shape import Gait, Heeds, Limits, Prefer, Profile, Soft, Unsure

ONE_IN_TWELVE = 1 / 12  # [S2] ADA 405.2, [S17]
RAISED_M = 0.16  # what a kerb called "raised" is taken to be [C]

SAND_AND_MUD = (Surface.SAND, Surface.MUD)  # [E]
SINKING = (*SAND_AND_MUD, Surface.STEPPING_STONES)  # [E]
LOOSE_OR_JAGGED = (
    *SINKING,
    Surface.GRASS,
    Surface.GRAVEL,
    Surface.PEBBLESTONE,
    Surface.UNHEWN_COBBLESTONE,
)  # [E]

_MANUAL_WHEELCHAIR = Profile(
    id="manual_wheelchair",
    name="Manual wheelchair",
    speed_mps=0.75,  # [S20]
    limits=Limits(
        incline_up_max=0.06,  # [S1]
        incline_up_short_max=ONE_IN_TWELVE,  # [S2, S17]
        incline_down_max=ONE_IN_TWELVE,  # [S2]
        kerb_max_m=0.03,  # [S5, S6]
        width_min_m=0.90,  # [S7]
        cross_slope_max=0.06,  # [E]
        steps_max=0,
        surfaces_refused=LOOSE_OR_JAGGED,
        smoothness_worst=Smoothness.INTERMEDIATE,  # [S29]
    ),
    offers=("assisted",),
    gait=Gait(k_up=18, k_down=10, rolls=True, drifts=0.16),  # [S27], [E], [S27], [S28]
    soft=Soft(
        incline=0.03,  # [S1]
        kerb_m=0.013,  # [S2]
        width_m=1.20,  # [S8, K]
        cross_slope=0.02,  # [S1, S2]
        smoothness=Smoothness.GOOD,  # [E]
    ),
    unsure=Unsure(kerb_s=120, gap_s=20, lift_s=60, way_share=0.03),  # [E]
    heeds=Heeds(wheels=True, wheelchair_no="refuse", cycle_barriers_stop=True, step_s=10, obstacle_share=1.0),
    sources={
        "incline_up_max": "S1",
        "incline_up_short_max": "S2 S17",
        "incline_down_max": "S2",
        "kerb_max_m": "S5 S6",
        "width_min_m": "S7",
        "cross_slope_max": "E",
        "surfaces_refused": "E",
        "smoothness_worst": "S29",
        "speed_mps": "S20",
    },
)

_POWER_WHEELCHAIR = Profile(
    id="power_wheelchair",
    name="Power wheelchair",
    speed_mps=1.40,  # [E], below the footway limit of 1.79 [S10]
    limits=Limits(
        incline_up_max=0.12,  # [S4]
        incline_up_short_max=0.12,
        incline_down_max=0.12,  # [S4]
        kerb_max_m=0.05,  # [E]
        width_min_m=0.90,  # [S7]
        cross_slope_max=0.06,  # [E]
        steps_max=0,
        surfaces_refused=SINKING,
        smoothness_worst=Smoothness.BAD,  # intermediate, bad as a penalty [S29]
    ),
    gait=Gait(k_up=4, k_down=4, rolls=True),  # [E]
    soft=Soft(
        incline=0.0833,  # [S2]
        kerb_m=0.03,  # [S5]
        width_m=1.20,  # [K]
        cross_slope=0.025,  # [S9]
        smoothness=Smoothness.INTERMEDIATE,  # [S29]
    ),
    unsure=Unsure(kerb_s=120, gap_s=20, lift_s=60, way_share=0.03),  # [E]
    heeds=Heeds(wheels=True, wheelchair_no="refuse", cycle_barriers_stop=True, step_s=10, obstacle_share=1.0),
    sources={
        "incline_up_max": "S4",
        "incline_down_max": "S4",
        "kerb_max_m": "E",
        "width_min_m": "S7",
        "cross_slope_max": "E",
        "surfaces_refused": "E",
        "smoothness_worst": "S29",
        "speed_mps": "E S10",
    },
)

_MOBILITY_SCOOTER = Profile(
    id="mobility_scooter",
    name="Mobility scooter",
    speed_mps=1.60,  # [E], below the footway limit of 1.79 [S10]
    limits=Limits(
        incline_up_max=0.10,  # [E]
        incline_up_short_max=0.10,
        incline_down_max=0.10,  # [E]
        kerb_max_m=0.05,  # [E]
        width_min_m=1.00,  # [E] from the widest device, 0.85 [S10]
        cross_slope_max=0.06,  # [E]
        steps_max=0,
        surfaces_refused=SINKING,
        smoothness_worst=Smoothness.INTERMEDIATE,  # [S29]
    ),
    gait=Gait(k_up=4, k_down=4, rolls=True),  # [E]
    soft=Soft(
        incline=0.0833,  # [S2]
        kerb_m=0.03,  # [S5]
        width_m=1.50,  # [E]
        cross_slope=0.03,  # [E]
        smoothness=Smoothness.GOOD,  # [E]
    ),
    unsure=Unsure(kerb_s=120, gap_s=20, lift_s=60, way_share=0.03),  # [E]
    heeds=Heeds(wheels=True, wheelchair_no="refuse", cycle_barriers_stop=True, step_s=10, obstacle_share=1.0),
    sources={
        "incline_up_max": "E",
        "incline_down_max": "E",
        "kerb_max_m": "E",
        "width_min_m": "E S10",
        "cross_slope_max": "E",
        "surfaces_refused": "E",
        "smoothness_worst": "S29",
        "speed_mps": "E S10",
    },
)

_ROLLATOR = Profile(
    id="rollator",
    name="Rollator",
    speed_mps=0.60,  # [S21, S22]
    limits=Limits(
        incline_up_max=0.06,  # [S1]
        incline_up_short_max=0.06,
        incline_down_max=0.06,  # [S1]
        kerb_max_m=0.03,  # [S6]
        width_min_m=0.90,  # [S7]
        cross_slope_max=0.05,  # [E]
        steps_max=0,
        surfaces_refused=LOOSE_OR_JAGGED,
        smoothness_worst=Smoothness.INTERMEDIATE,  # [E]
    ),
    prefer=Prefer(seat_every_m=50),  # [S30]
    gait=Gait(k_up=7, k_down=8, rolls=True, step_m=0.42),  # [E]
    soft=Soft(
        incline=0.03,  # [S1]
        kerb_m=0.01,  # [S3]
        width_m=1.20,  # [K]
        cross_slope=0.02,  # [S1]
        smoothness=Smoothness.GOOD,  # [E]
    ),
    unsure=Unsure(kerb_s=90, gap_s=20, lift_s=60, way_share=0.03),  # [E]
    heeds=Heeds(wheels=True, wheelchair_no="cost", unsteady=True, step_s=10, obstacle_share=1.0, unmarked_s=10),  # [E]
    sources={
        "incline_up_max": "S1",
        "incline_down_max": "S1",
        "kerb_max_m": "S6",
        "width_min_m": "S7",
        "cross_slope_max": "E",
        "surfaces_refused": "E",
        "smoothness_worst": "E",
        "speed_mps": "S21 S22",
        "seat_every_m": "S30",
    },
)

_CANE_ELDERLY = Profile(
    id="cane_elderly",
    name="With a cane, or unsteady on foot",
    speed_mps=0.80,  # [S23, S21]
    limits=Limits(
        incline_up_max=0.10,  # [E]
        incline_up_short_max=0.10,
        incline_down_max=0.10,  # [E]
        kerb_max_m=0.16,  # [E]
        width_min_m=0.90,  # [S7, S12]
        steps_max=13,  # [S11]
        steps_max_without_handrail=2,  # [S13]
        surfaces_refused=SAND_AND_MUD,
        smoothness_worst=Smoothness.BAD,  # [E]
    ),
    prefer=Prefer(seat_every_m=100),  # [S31]
    gait=Gait(k_up=5, k_down=5, step_m=0.50),  # [E]
    soft=Soft(
        incline=0.05,  # [S2]
        kerb_m=0.03,  # [S5]
        width_m=1.20,  # [K]
        cross_slope=0.03,  # [E]
        smoothness=Smoothness.INTERMEDIATE,  # [E]
    ),
    unsure=Unsure(kerb_s=10, lift_s=60, handrail_s=10, way_share=0.03),  # [E]
    heeds=Heeds(
        unsteady=True, step_s=3, uneven_s_per_m=0.6, obstacle_share=0.5, wide_crossing_s=30, unmarked_s=10
    ),  # [E]
    sources={
        "incline_up_max": "E",
        "incline_down_max": "E",
        "kerb_max_m": "E",
        "width_min_m": "S7 S12",
        "steps_max": "S11",
        "steps_max_without_handrail": "S13",
        "surfaces_refused": "E",
        "smoothness_worst": "E",
        "speed_mps": "S23 S21",
        "seat_every_m": "S31",
    },
)

_STROLLER = Profile(
    id="stroller",
    name="Stroller",
    speed_mps=1.20,  # [E, S24]
    limits=Limits(
        incline_up_max=0.10,  # [E]
        incline_up_short_max=0.10,
        incline_down_max=0.10,  # [E]
        kerb_max_m=0.12,  # [E]
        width_min_m=0.80,  # [E]
        steps_max=0,
        surfaces_refused=SAND_AND_MUD,
        smoothness_worst=Smoothness.INTERMEDIATE,  # [E]
    ),
    offers=("carry", "double"),
    gait=Gait(k_up=5, k_down=5, rolls=True, step_m=0.65),  # [E]
    soft=Soft(
        incline=0.05,  # [S2]
        kerb_m=0.03,  # [S5]
        width_m=1.20,  # [K]
        cross_slope=0.04,  # [E]
        smoothness=Smoothness.GOOD,  # [E]
    ),
    unsure=Unsure(kerb_s=20, gap_s=5, lift_s=60, way_share=0.03),  # [E]
    heeds=Heeds(wheels=True, wheelchair_no="cost", step_s=10, obstacle_share=1.0, unmarked_s=10),  # [E]
    sources={
        "incline_up_max": "E",
        "incline_down_max": "E",
        "kerb_max_m": "E",
        "width_min_m": "E",
        "surfaces_refused": "E",
        "smoothness_worst": "E",
        "speed_mps": "E S24",
    },
)

_LOW_VISION = Profile(
    id="low_vision",
    name="Blind or low vision",
    speed_mps=1.00,  # [E, S25]
    limits=Limits(width_min_m=0.75, smoothness_worst=Smoothness.BAD),  # [S12], [E]
    offers=("guided",),
    prefer=Prefer(seat_every_m=150),  # [K S30]
    gait=Gait(k_up=3.5, k_down=3.5, step_m=0.60),  # [S14], step [E]
    soft=Soft(width_m=1.50, smoothness=Smoothness.INTERMEDIATE),  # [E]
    unsure=Unsure(kerb_s=15, gap_s=10, lift_s=60, way_share=0.03),  # [E]
    heeds=Heeds(
        cane=True, unsteady=True, step_s=1, uneven_s_per_m=0.3, obstacle_share=1.0, wide_crossing_s=60, unmarked_s=15
    ),  # [E]
    sources={"width_min_m": "S12", "smoothness_worst": "E", "speed_mps": "E S25", "seat_every_m": "K S30"},
)

_WALK = Profile(
    id="walk",
    name="On foot",
    speed_mps=1.30,  # [S14, S26]
    limits=Limits(width_min_m=0.60),  # [E]
    gait=Gait(tobler=True, step_m=0.72),  # [K], step [E]
    soft=Soft(incline=0.15),  # [S14]
    heeds=Heeds(unmarked_s=5),  # [E]
    sources={"width_min_m": "E", "speed_mps": "S14 S26"},
)

built_in: dict[str, Profile] = {
    profile.id: profile
    for profile in (
        _MANUAL_WHEELCHAIR,
        _POWER_WHEELCHAIR,
        _MOBILITY_SCOOTER,
        _ROLLATOR,
        _CANE_ELDERLY,
        _STROLLER,
        _LOW_VISION,
        _WALK,
    )
}
"""The eight profiles by id, in the order in which they are shown."""
