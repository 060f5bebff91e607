"""Where the ground under a leg changes in a way that matters to this person: surfaces and slopes, in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from accessibility.facts import Surface
from accessibility.profiles import Profile
from accessibility.verdict.surfaces import SURFACES
from routing.stretches import Stretch
from routing.telling import Remark

SLOPE_FOR_A_CANE = 0.05
"""From here on a slope tells somebody who does not see it where they are [E]."""
CLIMB_M = 0.25
"""A slope is told when it climbs or falls this far: 8 m at 3 %, 3 m at 8 % [E]."""
COARSE_M = 40.0
"""A slope read off a coarse model of the ground is told from this length on."""
GAP_M = 8.0
"""A level piece shorter than this does not interrupt a slope."""

ROUGH_ROLL, WORSE_ROLL = 0.7, 0.15
"""Wheels mind a surface that slows them to this share of their speed, and one that much slower than the last [E]."""
UNSTEADY = 0.3
"""Footing that somebody unsteady on their feet minds, on the scale of `SURFACES` [E]."""
LASTS_M = 15.0
"""A surface that lasts shorter is not told …"""
ROUGH_LASTS_M = 5.0
"""… unless it is one to mind."""

_UNDERFOOT = {
    **dict.fromkeys((Surface.PAVING_STONES, Surface.BRICK, Surface.TILES, Surface.STONE), "slabs"),
    **dict.fromkeys((Surface.SETT, Surface.COBBLESTONE, Surface.UNHEWN_COBBLESTONE), "cobbles"),
    **dict.fromkeys((Surface.GRAVEL, Surface.FINE_GRAVEL, Surface.PEBBLESTONE, Surface.COMPACTED), "gravel"),
    **dict.fromkeys((Surface.METAL, Surface.METAL_GRID), "metal"),
    **dict.fromkeys((Surface.GRASS, Surface.GRASS_PAVER, Surface.ARTIFICIAL_TURF), "grass"),
    **dict.fromkeys(
        (Surface.GROUND, Surface.DIRT, Surface.EARTH, Surface.CLAY, Surface.UNPAVED, Surface.WOODCHIPS), "ground"
    ),
    **dict.fromkeys((Surface.SAND, Surface.MUD), "soft"),
    Surface.WOOD: "wood",
}
"""What a foot or a cane tells apart; anything else feels even."""


class Event(NamedTuple):
    """Something that begins at a vertex of the leg."""

    vertex: int
    kind: str
    here: Remark
    ahead: Remark | None
    more: tuple[Remark, ...] = ()
    """Said after `here`."""
    after_m: float = 0.0
    """It is so far behind the vertex, with none nearer: told with the distance, not as a step."""


class Slope(NamedTuple):
    """A run of stretches that go up (or down) steeper than the person likes."""

    first: int
    last: int
    rising: int
    percent: int
    metres: float
    measured: bool


def events_of(stretches: Sequence[Stretch], profile: Profile) -> list[Event]:
    """All of them in order of place, a slope before a surface."""
    found = _slope_events(stretches, profile)
    surfaces = _surface_events(stretches, profile)
    return sorted(found + surfaces, key=lambda event: event.vertex) if surfaces else found


def _slope_events(stretches: Sequence[Stretch], profile: Profile) -> list[Event]:
    events = []
    for slope in _slopes(stretches, _slope_from(profile)):
        ahead = Remark("slope_ahead", rising=slope.rising, percent=slope.percent, measured=slope.measured)
        here = ahead._replace(code="slope", metres=round(slope.metres))
        events.append(Event(slope.first, "slope_begin", here, ahead))
        events.append(Event(slope.last, "slope_end", Remark("slope_end", rising=slope.rising), None))
    return events


def _slope_from(profile: Profile) -> float | None:
    """The grade from which on a slope matters."""
    if profile.soft.incline is not None:
        return profile.soft.incline
    return SLOPE_FOR_A_CANE if profile.heeds.cane else None


def _slopes(stretches: Sequence[Stretch], least: float | None) -> list[Slope]:
    if least is None or not any(stretch.said.incline for stretch in stretches):
        return []
    runs: list[list[Stretch]] = []
    rising, level_m = 0, 0.0
    for stretch in stretches:
        incline = stretch.said.incline if stretch.said.plain else None
        sign = 0 if incline is None or abs(incline) < least - 5e-4 else 1 if incline > 0 else -1
        if not sign:
            level_m = level_m + stretch.length_m if stretch.said.plain else GAP_M
            continue
        if sign == rising and level_m < GAP_M:
            runs[-1].append(stretch)
        else:
            runs.append([stretch])
        rising, level_m = sign, 0.0
    return [slope for slope in map(_slope, runs) if _told(slope)]


def _slope(run: Sequence[Stretch]) -> Slope:
    grades = [stretch.said.incline or 0.0 for stretch in run]
    return Slope(
        run[0].first,
        run[-1].last,
        1 if grades[0] > 0 else -1,
        round(max(map(abs, grades)) * 100),
        sum(stretch.length_m for stretch in run),
        all(stretch.said.incline_source != "dem" for stretch in run),
    )


def _told(slope: Slope) -> bool:
    return slope.metres * slope.percent / 100 >= CLIMB_M and (slope.measured or slope.metres >= COARSE_M)


def _surface_events(stretches: Sequence[Stretch], profile: Profile) -> list[Event]:
    """A run of unknown surface says nothing: it neither ends nor begins anything."""
    cane, wheels, unsteady = profile.heeds.cane, profile.gait.rolls, profile.heeds.unsteady
    if not (cane or wheels or unsteady or profile.limits.surfaces_refused):
        return []
    runs: list[tuple[Surface, int, float]] = []
    for stretch in stretches:
        surface = stretch.facts.surface
        if surface is None or not stretch.said.plain:
            continue
        if runs and runs[-1][0] is surface:
            runs[-1] = (surface, runs[-1][1], runs[-1][2] + stretch.length_m)
        else:
            runs.append((surface, stretch.first, stretch.length_m))
    events: list[Event] = []
    before = Surface.ASPHALT
    for surface, first, metres in runs:
        minded = _minded(surface, profile)
        if metres < (ROUGH_LASTS_M if minded else LASTS_M):
            continue
        if _differs(before, surface, profile) and (first > 0 or minded):
            ahead = Remark("surface_ahead", surface)
            events.append(Event(first, "surface_change", Remark("surface", surface), ahead))
        before = surface
    return events


def _minded(surface: Surface, profile: Profile) -> bool:
    """Whether this person would rather not be on it."""
    row = SURFACES[surface]
    rough = profile.gait.rolls and row.roll <= ROUGH_ROLL
    uneven = (profile.heeds.unsteady or profile.heeds.cane) and row.uneven >= UNSTEADY
    return rough or uneven or surface in profile.limits.surfaces_refused


def _differs(before: Surface, now: Surface, profile: Profile) -> bool:
    """Whether the change from one surface to the other is worth a word to this person."""
    if profile.heeds.cane and _UNDERFOOT.get(before) != _UNDERFOOT.get(now):
        return True
    minded, was = _minded(now, profile), _minded(before, profile)
    worse = SURFACES[before].roll - SURFACES[now].roll >= WORSE_ROLL
    return minded != was or (minded and profile.gait.rolls and worse)
