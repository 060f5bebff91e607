"""A profile with a person's own numbers: what may be changed, what follows from it, what contradicts itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from accessibility.profiles.people import ONE_IN_TWELVE, RAISED_M
from accessibility.profiles.shape import Limits, Options, Prefer, Profile, Speed, Unknown
from accessibility.profiles.sources import cited
from accessibility.refusals import Refused

OPTION_LIMITS: dict[str, dict[str, float | int]] = {
    "assisted": {
        "incline_up_max": ONE_IN_TWELVE,  # [E] at any length
        "incline_up_short_max": ONE_IN_TWELVE,
        "kerb_max_m": 0.06,  # [E]
    },
    "guided": {"width_min_m": 1.20},  # [S12]
    "carry": {
        "steps_max": 3,  # [E]
        "kerb_max_m": RAISED_M,  # [C] a raised kerb only with carry
    },
    "double": {"width_min_m": 0.90},  # [E]
}
OPTION_SPEED_MPS: dict[str, float] = {"assisted": 1.0, "guided": 1.2}  # [E], [S25]
OPTION_HEEDS: dict[str, dict[str, bool]] = {"carry": {"stroller_ramp": True}}  # [E]


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

    A limit of `None` is lifted. `incline_up_max` alone sets the short one to the same value and leaves down unchanged;
    `steps_max` alone also bounds the one without handrail. Raises `Refused("bad_request")` naming the field for an
    unknown field or option, a value out of bounds, or two values that contradict each other.
    """
    chosen = _wanted(profile, options or {})
    given = dict(limits or {})
    values = msgspec.structs.asdict(profile.limits)
    speed, heeds = profile.speed_mps, profile.heeds
    for option in chosen:
        values |= OPTION_LIMITS[option]
        speed = OPTION_SPEED_MPS.get(option, speed)
        heeds = msgspec.structs.replace(heeds, **OPTION_HEEDS.get(option, {}))
    values |= given
    if "incline_up_max" in given and "incline_up_short_max" not in given:
        values["incline_up_short_max"] = given["incline_up_max"]
    return msgspec.structs.replace(
        profile,
        limits=_consistent(_converted(values, Limits, "limits"), given),
        options=_converted(msgspec.structs.asdict(profile.options) | dict(options or {}), Options, "options"),
        prefer=_converted(msgspec.structs.asdict(profile.prefer) | dict(prefer or {}), Prefer, "prefer"),
        speed_mps=speed if speed_mps is None else _converted(speed_mps, Speed, "speed_mps"),
        unknown=profile.unknown if unknown is None else _converted(unknown, Unknown, "unknown"),
        heeds=heeds,
    )


def _wanted(profile: Profile, options: Mapping[str, bool]) -> list[str]:
    """The options asked for; an option that means nothing to this profile is refused, not silently dropped."""
    for option, wanted in options.items():
        if option not in Options.__struct_fields__:
            raise Refused("bad_request", f"There is no option {option}.", field=f"options.{option}")
        if wanted and option not in profile.offers:
            raise Refused("bad_request", f"{profile.id} has no option {option}.", field=f"options.{option}")
    return [option for option, wanted in options.items() if wanted is True]


def _consistent(limits: Limits, given: Mapping[str, Any]) -> Limits:
    """Short is never below the limit at any length; without handrail never above with one."""
    top, short = limits.incline_up_max, limits.incline_up_short_max
    if short is not None and (top is None or short < top):
        if "incline_up_short_max" in given or top is not None:
            message = "incline_up_short_max must not be less than incline_up_max."
            raise Refused("bad_request", message, field="limits.incline_up_short_max")
        limits = msgspec.structs.replace(limits, incline_up_short_max=None)
    steps, bare = limits.steps_max, limits.steps_max_without_handrail
    if steps is not None and bare is not None and bare > steps:
        if "steps_max_without_handrail" in given:
            message = "steps_max_without_handrail must not be more than steps_max."
            raise Refused("bad_request", message, field="limits.steps_max_without_handrail")
        limits = msgspec.structs.replace(limits, steps_max_without_handrail=steps)
    return limits


def _converted(value: Any, kind: Any, field: str) -> Any:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        text = str(error)
        path = text.partition("`$.")[2].partition("`")[0].partition("[")[0]
        unknown = text.partition("unknown field `")[2].partition("`")[0]
        inside = ".".join(part for part in (path, unknown) if part)
        raise Refused("bad_request", text, field=f"{field}.{inside}" if inside else field) from error


def describe(profile: Profile) -> dict[str, Any]:
    """One entry of `GET /v1/profiles`, as plain JSON values; `options` lists those that mean something to it."""
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(profile))
    return {
        "id": profile.id,
        "name": profile.name,
        "limits": plain["limits"],
        "options": {option: plain["options"][option] for option in profile.offers},
        "prefer": plain["prefer"],
        "speed_mps": profile.speed_mps,
        "step_m": profile.gait.step_m,
        "unknown": profile.unknown,
        "tested_with_users": profile.tested_with_users,
        "sources": {field: cited(codes) for field, codes in profile.sources.items()},
    }
