"""Eight people as data: what each can pass, how fast, and what costs them effort. Every number has a unit and a source.

`[S#]` are the sources listed in `SOURCES`; `[E]` is our own estimate, to be tested with the people it is about.
A number is a default: the person may override every limit, and what was used is always echoed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from accessibility.facts import Smoothness, Surface
from accessibility.refusals import Refused

Grade = Annotated[float, Meta(ge=0, le=1)]
Metres = Annotated[float, Meta(ge=0, le=10)]
Count = Annotated[int, Meta(ge=0, le=10_000)]
Speed = Annotated[float, Meta(ge=0.1, le=3.0)]
Seconds = Annotated[float, Meta(ge=0, le=3600)]
Unknown = Literal["avoid", "warn", "allow"]


class Limits(Struct, frozen=True, forbid_unknown_fields=True):
    """Hard limits; `None` = no limit. Beyond one of these a way is refused, or named as a violation in `least_bad`."""

    incline_up_max: Grade | None = None
    """Fraction, any length."""
    incline_up_short_max: Grade | None = None
    """Fraction, while the run fits the ramp table."""
    incline_down_max: Grade | None = None
    """Fraction, positive."""
    kerb_max_m: Metres | None = None
    width_min_m: Metres | None = None
    cross_slope_max: Grade | None = None
    steps_max: Count | None = None
    """Steps in one flight."""
    steps_max_without_handrail: Count | None = None
    """Steps in one flight known to have no handrail."""
    surfaces_refused: tuple[Surface, ...] = ()
    smoothness_worst: Smoothness | None = None


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    """Choices that change several numbers at once."""

    assisted: bool = False
    """Somebody pushes the wheelchair."""
    guided: bool = False
    """With a guide dog or a guide."""
    carry: bool = False
    """The stroller can be carried a few steps."""
    double: bool = False
    """A double stroller."""


class Prefer(Struct, frozen=True, forbid_unknown_fields=True):
    """Wishes: they cost, they never refuse."""

    seat_every_m: Annotated[float, Meta(ge=10, le=10_000)] | None = None
    lit: bool = False
    shade: bool = False


class Gait(Struct, frozen=True, forbid_unknown_fields=True):
    """How slope and ground change speed: v(g) = v0 · f(g); never touched by a limit."""

    k_up: float = 0.0
    """f = exp(−k_up · g) uphill."""
    k_down: float = 0.0
    """f = exp(−k_down · (−g − 0.03)) downhill beyond 3 %."""
    tobler: bool = False
    """Tobler's hiking curve, normalised to 1 on the level, instead of the two above."""
    rolls: bool = False
    """Loose and rough ground slows by the wheel factor of the surface table."""
    drifts: float = 0.0
    """Speed factor 1 / (1 + drifts · percent of cross slope beyond 2)."""


class Soft(Struct, frozen=True, forbid_unknown_fields=True):
    """Where discomfort begins, below the hard limit; `None` = never."""

    incline: Grade | None = None
    kerb_m: Metres | None = None
    width_m: Metres | None = None
    cross_slope: Grade | None = None
    smoothness: Smoothness | None = None


class Unsure(Struct, frozen=True, forbid_unknown_fields=True):
    """What not knowing costs, in seconds per event, under `unknown: warn`."""

    kerb_s: Seconds = 0.0
    gap_s: Seconds = 0.0
    lift_s: Seconds = 0.0
    handrail_s: Seconds = 0.0
    way_share: Annotated[float, Meta(ge=0, le=1)] = 0.0
    """Extra share of the level travel time on a way whose surface, incline or width nobody has said, for each."""


class Heeds(Struct, frozen=True, forbid_unknown_fields=True):
    """Which signs and obstacles concern this person at all."""

    wheels: bool = False
    """Stile, turnstile and kissing gate are never passed; escalators count as steps."""
    wheelchair_no: Literal["refuse", "cost", "ignore"] = "ignore"
    """What `wheelchair=no` means."""
    cycle_barrier: Literal["refuse", "cost", "ignore"] = "ignore"
    """A cycle barrier whose opening nobody has measured."""
    stroller_ramp: bool = False
    """A ramp for strollers makes steps passable."""
    cane: bool = False
    """Feels kerbs and tactile paving: a kerb nobody can feel is a danger."""
    uneven_s_per_m: Annotated[float, Meta(ge=0, le=10)] = 0.0
    """Cost of the roughest ground underfoot, seconds per metre."""
    wide_crossing_s: Seconds = 0.0
    """An unsignalled crossing of two lanes or more."""
    unmarked_s: Seconds = 0.0
    """A mapped crossing without markings or signals."""


class Profile(Struct, frozen=True, forbid_unknown_fields=True):
    """One person: limits that hold, wishes that cost, and what not knowing means to them."""

    id: str
    name: str
    speed_mps: Speed
    limits: Limits = Limits()
    options: Options = Options()
    offers: tuple[str, ...] = ()
    """The options that mean something to this profile."""
    prefer: Prefer = Prefer()
    unknown: Unknown = "warn"
    gait: Gait = Gait()
    soft: Soft = Soft()
    unsure: Unsure = Unsure()
    heeds: Heeds = Heeds()
    tested_with_users: bool = False
    sources: dict[str, str] = {}


_LOOSE = (Surface.SAND, Surface.MUD)
_WHEEL_REFUSES = (
    *_LOOSE,
    Surface.GRASS,
    Surface.GRAVEL,
    Surface.PEBBLESTONE,
    Surface.UNHEWN_COBBLESTONE,
    Surface.STEPPING_STONES,
)  # [E]

_ONE_IN_TWELVE = 1 / 12  # GB 50763 3.4.4 [S17], ADA 405.2 [S2]
_RAISED_M = 0.16  # what a kerb called "raised" is taken to be, CONTRACT §3

SOURCES: dict[str, str] = {
    "S1": "DIN 18040-3",
    "S2": "ADA 403, 405, 406 and PROWAG",
    "S3": "GB 50763-2012 3.1",
    "S4": "AccessMap profiles",
    "S5": "OSM wiki Key:kerb",
    "S6": "DIN 32984 / DIN 18040-3, kerbs",
    "S7": "DIN 18040-3, areas",
    "S8": "GB 55019",
    "S9": "OSM Proposal:Incline:across",
    "S10": "Highways (invalid carriages) regulations, scooter guides",
    "S11": "OSM wiki highway=steps",
    "S12": "clearingourpath.ca",
    "S13": "handrail where three or more steps",
    "S14": "Walksheds and AccessMap documentation",
    "S17": "GB 50763-2012 3.4.4",
    "S20": "Kelleher et al., RESNA 2006",
    "S21": "Bath, 768 adults, SPPB 4-9",
    "S22": "Arango & Montufar, TRR",
    "S23": "Bollard & Fleming 2013",
    "S24": "TxDOT Roadway Design Manual 19.2.1.3",
    "S25": "Clark-Carter et al. 1986",
    "S26": "Andrews et al. 2010",
    "S29": "OSM wiki Key:smoothness",
    "S30": "UK Inclusive Mobility 2002",
    "S31": "comply-pod.com universal design code",
    "E": "our estimate, to be tested with users",
    "K": "known from the standard, not yet checked against a copy",
}

_BUILT_IN = (
    Profile(
        id="manual_wheelchair",
        name="Manual wheelchair",
        speed_mps=0.75,  # [S20]
        limits=Limits(
            incline_up_max=0.06,  # [S1]
            incline_up_short_max=_ONE_IN_TWELVE,  # [S2, S17]
            incline_down_max=_ONE_IN_TWELVE,  # [S2]
            kerb_max_m=0.03,  # [S5, S6]
            width_min_m=0.90,  # [S7]
            cross_slope_max=0.06,  # [E]
            steps_max=0,
            steps_max_without_handrail=0,
            surfaces_refused=_WHEEL_REFUSES,
            smoothness_worst=Smoothness.INTERMEDIATE,  # [S29]
        ),
        offers=("assisted",),
        prefer=Prefer(seat_every_m=None),
        gait=Gait(k_up=18, k_down=10, rolls=True, drifts=0.16),  # [S27], [E], [S28]
        soft=Soft(incline=0.03, kerb_m=0.013, width_m=1.20, cross_slope=0.02, smoothness=Smoothness.GOOD),  # [S1, S2, S8 K]
        unsure=Unsure(kerb_s=120, gap_s=20, lift_s=60, way_share=0.03),  # [E]
        heeds=Heeds(wheels=True, wheelchair_no="refuse", cycle_barrier="refuse"),
        sources={
            "incline_up_max": "S1", "incline_up_short_max": "S2 S17", "incline_down_max": "S2", "kerb_max_m": "S5 S6", "width_min_m": "S7",
            "cross_slope_max": "E", "surfaces_refused": "E", "smoothness_worst": "S29", "speed_mps": "S20",
        },
    ),
    Profile(
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
            steps_max_without_handrail=0,
            surfaces_refused=(*_LOOSE, Surface.STEPPING_STONES),  # [E]
            smoothness_worst=Smoothness.BAD,  # intermediate, bad as penalty [S29]
        ),
        gait=Gait(k_up=4, k_down=4, rolls=True),  # [E]
        soft=Soft(incline=0.0833, kerb_m=0.03, width_m=1.20, cross_slope=0.025, smoothness=Smoothness.INTERMEDIATE),  # [S2, S5, K, S9]
        unsure=Unsure(kerb_s=120, gap_s=20, lift_s=60, way_share=0.03),  # [E]
        heeds=Heeds(wheels=True, wheelchair_no="refuse", cycle_barrier="refuse"),
        sources={
            "incline_up_max": "S4", "incline_down_max": "S4", "kerb_max_m": "E", "width_min_m": "S7", "cross_slope_max": "E",
            "surfaces_refused": "E", "smoothness_worst": "S29", "speed_mps": "E S10",
        },
    ),
    Profile(
        id="mobility_scooter",
        name="Mobility scooter",
        speed_mps=1.60,  # [E]
        limits=Limits(
            incline_up_max=0.10,  # [E]
            incline_up_short_max=0.10,
            incline_down_max=0.10,  # [E]
            kerb_max_m=0.05,  # [E]
            width_min_m=1.00,  # [E] from 0.85 of the device [S10]
            cross_slope_max=0.06,  # [E]
            steps_max=0,
            steps_max_without_handrail=0,
            surfaces_refused=(*_LOOSE, Surface.STEPPING_STONES),  # [E]
            smoothness_worst=Smoothness.INTERMEDIATE,  # [S29]
        ),
        gait=Gait(k_up=4, k_down=4, rolls=True),  # [E]
        soft=Soft(incline=0.0833, kerb_m=0.03, width_m=1.50, cross_slope=0.03, smoothness=Smoothness.GOOD),  # [S2, S5, E, E]
        unsure=Unsure(kerb_s=120, gap_s=20, lift_s=60, way_share=0.03),  # [E]
        heeds=Heeds(wheels=True, wheelchair_no="refuse", cycle_barrier="refuse"),
        sources={
            "incline_up_max": "E", "incline_down_max": "E", "kerb_max_m": "E", "width_min_m": "E S10", "cross_slope_max": "E",
            "surfaces_refused": "E", "smoothness_worst": "S29", "speed_mps": "E S10",
        },
    ),
    Profile(
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
            steps_max_without_handrail=0,
            surfaces_refused=_WHEEL_REFUSES,
            smoothness_worst=Smoothness.INTERMEDIATE,  # [E]
        ),
        prefer=Prefer(seat_every_m=50),  # [S30]
        gait=Gait(k_up=7, k_down=8, rolls=True),  # [E]
        soft=Soft(incline=0.03, kerb_m=0.01, width_m=1.20, cross_slope=0.02, smoothness=Smoothness.GOOD),  # [S1, S3, K, S1]
        unsure=Unsure(kerb_s=90, gap_s=20, lift_s=60, way_share=0.03),  # [E]
        heeds=Heeds(wheels=True, wheelchair_no="cost", cycle_barrier="cost", unmarked_s=10),
        sources={
            "incline_up_max": "S1", "incline_down_max": "S1", "kerb_max_m": "S6", "width_min_m": "S7", "cross_slope_max": "E",
            "surfaces_refused": "E", "smoothness_worst": "E", "speed_mps": "S21 S22", "seat_every_m": "S30",
        },
    ),
    Profile(
        id="cane_elderly",
        name="With a cane, or unsteady on foot",
        speed_mps=0.80,  # [S23, S21]
        limits=Limits(
            incline_up_max=0.10,  # [E]
            incline_up_short_max=0.10,
            incline_down_max=0.10,  # [E]
            kerb_max_m=_RAISED_M,  # [E]
            width_min_m=0.90,  # [S7, S12]
            steps_max=13,  # [S11]
            steps_max_without_handrail=2,  # [S13]
            surfaces_refused=_LOOSE,  # [E]
            smoothness_worst=Smoothness.BAD,  # [E]
        ),
        prefer=Prefer(seat_every_m=100),  # [S31]
        gait=Gait(k_up=5, k_down=5),  # [E]
        soft=Soft(incline=0.05, kerb_m=0.03, width_m=1.20, cross_slope=0.03, smoothness=Smoothness.INTERMEDIATE),  # [S2, S5, K, E]
        unsure=Unsure(kerb_s=10, lift_s=60, handrail_s=10, way_share=0.03),  # [E]
        heeds=Heeds(uneven_s_per_m=0.6, wide_crossing_s=30, unmarked_s=10),  # [E]
        sources={
            "incline_up_max": "E", "incline_down_max": "E", "kerb_max_m": "E", "width_min_m": "S7 S12", "steps_max": "S11",
            "steps_max_without_handrail": "S13", "surfaces_refused": "E", "smoothness_worst": "E", "speed_mps": "S23 S21", "seat_every_m": "S31",
        },
    ),
    Profile(
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
            steps_max_without_handrail=0,
            surfaces_refused=_LOOSE,  # [E]
            smoothness_worst=Smoothness.INTERMEDIATE,  # [E]
        ),
        offers=("carry", "double"),
        gait=Gait(k_up=5, k_down=5, rolls=True),  # [E]
        soft=Soft(incline=0.05, kerb_m=0.03, width_m=1.20, cross_slope=0.04, smoothness=Smoothness.GOOD),  # [S2, S5, K, E]
        unsure=Unsure(kerb_s=20, gap_s=5, lift_s=60, way_share=0.03),  # [E]
        heeds=Heeds(wheels=True, wheelchair_no="cost", cycle_barrier="cost", unmarked_s=10),
        sources={
            "incline_up_max": "E", "incline_down_max": "E", "kerb_max_m": "E", "width_min_m": "E", "surfaces_refused": "E",
            "smoothness_worst": "E", "speed_mps": "E S24",
        },
    ),
    Profile(
        id="low_vision",
        name="Blind or low vision",
        speed_mps=1.00,  # [E, S25]
        limits=Limits(width_min_m=0.75, smoothness_worst=Smoothness.BAD),  # [S12], [E]
        offers=("guided",),
        prefer=Prefer(seat_every_m=150),  # [K S30]
        gait=Gait(k_up=3.5, k_down=3.5),  # [S14]
        soft=Soft(width_m=1.50, smoothness=Smoothness.INTERMEDIATE),  # [E]
        unsure=Unsure(kerb_s=15, gap_s=10, lift_s=60, way_share=0.03),  # [E]
        heeds=Heeds(cane=True, cycle_barrier="cost", uneven_s_per_m=0.3, wide_crossing_s=60, unmarked_s=15),  # [E]
        sources={"width_min_m": "S12", "smoothness_worst": "E", "speed_mps": "E S25", "seat_every_m": "K S30"},
    ),
    Profile(
        id="walk",
        name="On foot",
        speed_mps=1.30,  # [S14, S26]
        limits=Limits(width_min_m=0.60),  # [E]
        gait=Gait(tobler=True),  # [K]
        soft=Soft(incline=0.15),  # [S14]
        heeds=Heeds(unmarked_s=5),  # [E]
        sources={"width_min_m": "E", "speed_mps": "S14 S26"},
    ),
)  # fmt: skip

built_in: dict[str, Profile] = {profile.id: profile for profile in _BUILT_IN}
"""The eight profiles by id, in the order in which they are shown."""

_OPTION_LIMITS: dict[str, dict[str, Any]] = {
    "assisted": {"incline_up_max": _ONE_IN_TWELVE, "incline_up_short_max": _ONE_IN_TWELVE, "kerb_max_m": 0.06},  # [E]
    "guided": {"width_min_m": 1.20},  # [S12]
    "carry": {"steps_max": 3, "steps_max_without_handrail": 3, "kerb_max_m": _RAISED_M},  # [E]
    "double": {"width_min_m": 0.90},  # [E]
}
_OPTION_SPEED: dict[str, float] = {"assisted": 1.0, "guided": 1.2}  # [E], [S25]


def with_overrides(
    profile: Profile,
    *,
    limits: Mapping[str, Any] | None = None,
    options: Mapping[str, bool] | None = None,
    prefer: Mapping[str, Any] | None = None,
    speed_mps: float | None = None,
    unknown: str | None = None,
) -> Profile:
    """The profile with this person's own numbers: options first, then limits, so that a given limit always wins.

    `None` as a limit lifts it. `incline_up_max` alone sets the short one to the same value and leaves down unchanged;
    `steps_max` alone lowers the one without handrail. Raises `Refused("bad_request")` naming the field for an unknown
    field or option, a value out of bounds, or two values that contradict each other.
    """
    chosen, speed = _chosen(profile, options or {})
    given = dict(limits or {})
    merged = msgspec.structs.asdict(profile.limits) | chosen | _completed(given)
    _require_consistent(merged, given)
    if unknown is not None and unknown not in ("avoid", "warn", "allow"):
        raise Refused("bad_request", "unknown must be avoid, warn or allow.", field="unknown")
    return msgspec.structs.replace(
        profile,
        limits=_converted(merged, Limits, "limits"),
        options=_converted(msgspec.structs.asdict(profile.options) | dict(options or {}), Options, "options"),
        prefer=_converted(msgspec.structs.asdict(profile.prefer) | dict(prefer or {}), Prefer, "prefer"),
        speed_mps=speed if speed_mps is None else _converted(speed_mps, Speed, "speed_mps"),
        unknown=unknown or profile.unknown,
        heeds=msgspec.structs.replace(
            profile.heeds, stroller_ramp=profile.heeds.stroller_ramp or bool((options or {}).get("carry"))
        ),
    )


def _chosen(profile: Profile, options: Mapping[str, bool]) -> tuple[dict[str, Any], float]:
    """(limits, speed) that the chosen options bring."""
    limits: dict[str, Any] = {}
    speed = profile.speed_mps
    for option, wanted in options.items():
        if option not in Options.__struct_fields__:
            raise Refused("bad_request", f"There is no option {option!r}.", field=f"options.{option}")
        if wanted and option not in profile.offers:
            raise Refused(
                "bad_request", f"The profile {profile.id} has no option {option!r}.", field=f"options.{option}"
            )
        if wanted:
            limits |= _OPTION_LIMITS[option]
            speed = _OPTION_SPEED.get(option, speed)
    return limits, speed


def _completed(given: dict[str, Any]) -> dict[str, Any]:
    """Given limits and what follows from them."""
    out = dict(given)
    if "incline_up_max" in given:
        out.setdefault("incline_up_short_max", given["incline_up_max"])
    return out


def _require_consistent(merged: dict[str, Any], given: dict[str, Any]) -> None:
    top, short = merged["incline_up_max"], merged["incline_up_short_max"]
    if isinstance(short, (int, float)) and (top is None or (isinstance(top, (int, float)) and short < top)):
        raise Refused(
            "bad_request",
            "incline_up_short_max must not be less than incline_up_max.",
            field="limits.incline_up_short_max",
        )
    steps, bare = merged["steps_max"], merged["steps_max_without_handrail"]
    if isinstance(steps, int) and isinstance(bare, int) and bare > steps:
        if "steps_max_without_handrail" in given:
            message = "steps_max_without_handrail must not be more than steps_max."
            raise Refused("bad_request", message, field="limits.steps_max_without_handrail")
        merged["steps_max_without_handrail"] = steps


def _converted(value: Any, kind: Any, field: str) -> Any:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        text = str(error)
        path = text.partition("`$.")[2].partition("`")[0].partition("[")[0]
        raise Refused("bad_request", text, field=f"{field}.{path}" if path else field) from error


def describe(profile: Profile) -> dict[str, Any]:
    """One entry of `GET /v1/profiles`, as plain JSON values; `options` lists those that mean something to this profile."""
    plain: dict[str, Any] = msgspec.to_builtins(profile)
    return {
        "id": profile.id,
        "name": profile.name,
        "limits": plain["limits"],
        "options": {option: plain["options"][option] for option in profile.offers},
        "prefer": plain["prefer"],
        "speed_mps": profile.speed_mps,
        "unknown": profile.unknown,
        "tested_with_users": profile.tested_with_users,
        "sources": {field: _cited(codes) for field, codes in profile.sources.items()},
    }


def _cited(codes: str) -> str:
    return "; ".join(SOURCES[code] for code in codes.split())
