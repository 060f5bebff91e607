"""What a profile is made of, with the bounds of every number (units in the names or beside them)."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from accessibility.facts import Smoothness, Surface

Grade = Annotated[float, Meta(ge=0, le=1, description="Fraction of rise per run, positive")]
Metres = Annotated[float, Meta(ge=0, le=10)]
Count = Annotated[int, Meta(ge=0, le=10_000)]
Speed = Annotated[float, Meta(ge=0.1, le=3.0, description="Metres per second on the level")]
Seconds = Annotated[float, Meta(ge=0, le=3600)]
Share = Annotated[float, Meta(ge=0, le=1)]
Unknown = Literal["avoid", "warn", "allow"]


class Limits(Struct, frozen=True, forbid_unknown_fields=True):
    """Hard limits; `None` = no limit. Beyond one of these a way is refused, or named as a violation in `least_bad`."""

    incline_up_max: Grade | None = None
    """At any length."""
    incline_up_short_max: Grade | None = None
    """While the run fits the ramp table."""
    incline_down_max: Grade | None = None
    kerb_max_m: Metres | None = None
    width_min_m: Metres | None = None
    cross_slope_max: Grade | None = None
    steps_max: Count | None = None
    """Steps in one flight."""
    steps_max_without_handrail: Count | None = None
    """Steps in one flight known to have no handrail; `None` = as `steps_max`."""
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
    """How slope and ground change speed: v(g) = v0 · f(g); never touched by a limit (PROFILES §3)."""

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
    step_m: Annotated[float, Meta(ge=0.1, le=2)] | None = None
    """Length of a step on the level, for directions told in steps; `None` for who rolls. It moves no route."""


class Soft(Struct, frozen=True, forbid_unknown_fields=True):
    """Where discomfort begins, below the hard limit; `None` = never."""

    incline: Grade | None = None
    kerb_m: Metres | None = None
    width_m: Metres | None = None
    cross_slope: Grade | None = None
    smoothness: Smoothness | None = None


class Unsure(Struct, frozen=True, forbid_unknown_fields=True):
    """What not knowing costs under `unknown: warn` (PROFILES §5), in seconds per event."""

    kerb_s: Seconds = 0.0
    gap_s: Seconds = 0.0
    lift_s: Seconds = 0.0
    handrail_s: Seconds = 0.0
    way_share: Share = 0.0
    """Extra share of the level travel time for each of surface, incline and width that nobody has said."""


class Heeds(Struct, frozen=True, forbid_unknown_fields=True):
    """Which obstacles concern this person, and how much."""

    wheels: bool = False
    """Stile, turnstile and kissing gate are never passed; escalators count as steps."""
    wheelchair_no: Literal["refuse", "cost", "ignore"] = "ignore"
    """What `wheelchair=no` means; `limited` costs unless it is ignored."""
    cycle_barriers_stop: bool = False
    """A cycle barrier is refused unless it is known to be wide enough."""
    stroller_ramp: bool = False
    """A ramp for strollers makes steps passable."""
    cane: bool = False
    """Feels the way: a kerb that cannot be felt is a danger, sound at signals a help."""
    unsteady: bool = False
    """Needs handrails and even treads; escalators are hard."""
    step_s: Seconds = 0.0
    """Effort of each step climbed, beyond the time it takes."""
    uneven_s_per_m: Annotated[float, Meta(ge=0, le=10)] = 0.0
    """Cost of the roughest ground underfoot, seconds per metre."""
    obstacle_share: Share = 0.0
    """Share of the usual bother at stiles, chains, narrow barriers."""
    wide_crossing_s: Seconds = 0.0
    """An unsignalled crossing of two lanes or more, each half."""
    unmarked_s: Seconds = 0.0
    """A crossing not known to be marked or signalled, each half."""


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
    """Field → codes of `SOURCES`, separated by blanks."""
