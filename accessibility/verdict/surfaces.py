"""The closed table of surfaces: how each rolls and how even it is underfoot. Which are refused is each profile's own.

`roll` is the speed factor of wheels (PROFILES §3: work measured by the Access Board; the rest our estimate), `uneven`
the share of the worst footing for people who walk unsteadily or feel their way with a cane (0 even, 1 worst) [E].
"""

from __future__ import annotations

from typing import NamedTuple

from accessibility.facts import Surface


class SurfaceRow(NamedTuple):
    roll: float
    uneven: float


SURFACES: dict[Surface, SurfaceRow] = {
    #                                      roll  uneven
    Surface.ASPHALT: SurfaceRow(1.00, 0.0),
    Surface.CONCRETE: SurfaceRow(1.00, 0.0),
    Surface.CONCRETE_PLATES: SurfaceRow(0.95, 0.1),
    Surface.CONCRETE_LANES: SurfaceRow(0.80, 0.3),
    Surface.PAVED: SurfaceRow(1.00, 0.0),
    Surface.PAVING_STONES: SurfaceRow(0.90, 0.1),
    Surface.BRICK: SurfaceRow(0.85, 0.1),
    Surface.TILES: SurfaceRow(0.95, 0.1),
    Surface.SETT: SurfaceRow(0.55, 0.5),
    Surface.COBBLESTONE: SurfaceRow(0.50, 0.6),
    Surface.UNHEWN_COBBLESTONE: SurfaceRow(0.30, 0.9),
    Surface.STONE: SurfaceRow(0.70, 0.3),
    Surface.METAL: SurfaceRow(0.95, 0.1),
    Surface.METAL_GRID: SurfaceRow(0.70, 0.4),
    Surface.WOOD: SurfaceRow(0.85, 0.2),
    Surface.RUBBER: SurfaceRow(0.85, 0.0),
    Surface.CARPET: SurfaceRow(0.70, 0.0),
    Surface.LINOLEUM: SurfaceRow(1.00, 0.0),
    Surface.ARTIFICIAL_TURF: SurfaceRow(0.50, 0.2),
    Surface.GRASS_PAVER: SurfaceRow(0.35, 0.6),
    Surface.COMPACTED: SurfaceRow(0.65, 0.2),
    Surface.FINE_GRAVEL: SurfaceRow(0.65, 0.3),
    Surface.GRAVEL: SurfaceRow(0.40, 0.6),
    Surface.PEBBLESTONE: SurfaceRow(0.35, 0.7),
    Surface.UNPAVED: SurfaceRow(0.50, 0.4),
    Surface.GROUND: SurfaceRow(0.40, 0.6),
    Surface.DIRT: SurfaceRow(0.40, 0.6),
    Surface.EARTH: SurfaceRow(0.40, 0.6),
    Surface.CLAY: SurfaceRow(0.50, 0.4),
    Surface.WOODCHIPS: SurfaceRow(0.25, 0.5),
    Surface.GRASS: SurfaceRow(0.25, 0.6),
    Surface.ROCK: SurfaceRow(0.20, 1.0),
    Surface.STEPPING_STONES: SurfaceRow(0.20, 1.0),
    Surface.SAND: SurfaceRow(0.25, 0.8),
    Surface.MUD: SurfaceRow(0.25, 1.0),
    Surface.SNOW: SurfaceRow(0.30, 0.8),
    Surface.ICE: SurfaceRow(0.30, 1.0),
}
