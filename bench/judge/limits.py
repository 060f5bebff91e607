"""A request → the limits this person is judged by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bench.judge.tables import OPTIONS, OVERRIDES, PERSONS, RAMPS


@dataclass(frozen=True)
class Limits:
    """Hard limits (metres, fractions; None = none) and the policy for what nobody has said; hashable."""

    profile: str
    up: float | None
    up_short: float | None
    down: float | None
    kerb: float | None
    width: float | None
    cross: float | None
    steps: int | None
    steps_bare: int | None
    surfaces: frozenset[str]
    worst: str | None
    worst_feared: str | None
    wheels: bool
    wheelchair_no: bool
    ramps: frozenset[str]
    ramps_feared: frozenset[str]
    avoid_unknown: bool


def limits_of(request: dict[str, Any]) -> Limits:
    """The profile's numbers, then its options, then what the person asked for (null = not asked)."""
    name = request["profile"]
    person = PERSONS[name]
    values: dict[str, Any] = person._asdict()
    chosen = {key for key, on in (request.get("options") or {}).items() if on}
    for option in sorted(chosen):
        values.update(OPTIONS.get((name, option), {}))
    asked = {key: value for key, value in (request.get("limits") or {}).items() if value is not None}
    if "incline_up_max" in asked and "incline_up_short_max" not in asked:
        values["up_short"] = asked["incline_up_max"]
    values.update({OVERRIDES[key]: value for key, value in asked.items() if key in OVERRIDES})
    if "surfaces_refused" in asked:
        values["surfaces"] = frozenset(asked["surfaces_refused"])
    if "smoothness_worst" in asked:
        values["worst"] = values["worst_feared"] = asked["smoothness_worst"]
    if values["steps"] is not None and values["steps_bare"] is not None:
        values["steps_bare"] = min(values["steps"], values["steps_bare"])
    group = "carry" if name == "stroller" and "carry" in chosen else "stroller" if name == "stroller" else "wheels"
    ramps, feared = RAMPS[group]
    return Limits(
        profile=name, ramps=ramps, ramps_feared=feared, avoid_unknown=request.get("unknown") == "avoid", **values
    )
