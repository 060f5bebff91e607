"""What is said beside the action: what the ground does, what a crossing offers, which landmark is near."""

from __future__ import annotations

from collections.abc import Mapping

from accessibility.facts import LandmarkKind, Surface
from routing.phrases.catalogue import C_, N_, Phrase

PLAIN: Mapping[str, str] = {
    "road_left": N_("The road is on your left."),
    "road_right": N_("The road is on your right."),
    "button": N_("Press the button."),
    "wait": N_("Wait for the green light."),
    "rest": N_("You can sit down here."),
    "sound": N_("The traffic lights make a sound."),
    "vibration": N_("The traffic lights vibrate."),
    "sound_and_vibration": N_("The traffic lights make a sound and vibrate."),
    "silent": N_("The traffic lights make no sound."),
    "perhaps_silent": N_("Whether the traffic lights make a sound is not known."),
    "island": N_("There is an island in the middle."),
    "tactile": N_("Tactile paving marks the crossing."),
    "low_kerb": N_("The kerb is low and hard to feel."),
    "low_kerb_not_tactile": N_("The kerb is low and has no tactile paving."),
}
"""Remarks without values, by code."""

CLOCK = N_("That is at {hour} o'clock.")
SURFACE = N_("The surface is now {surface}.")
SURFACE_AHEAD = N_("Then the surface changes to {surface}.")

SLOPE: Mapping[tuple[int, bool], str] = {
    (1, True): N_("It goes uphill here for {length}, up to {grade}."),
    (-1, True): N_("It goes downhill here for {length}, up to {grade}."),
    (1, False): N_("It goes uphill here for {length}, about {grade}."),
    (-1, False): N_("It goes downhill here for {length}, about {grade}."),
}
"""By direction, and whether the grade was measured on site or read off a coarse model of the ground."""
SLOPE_AHEAD: Mapping[tuple[int, bool], str] = {
    (1, True): N_("Then it goes uphill, up to {grade}."),
    (-1, True): N_("Then it goes downhill, up to {grade}."),
    (1, False): N_("Then it goes uphill, about {grade}."),
    (-1, False): N_("Then it goes downhill, about {grade}."),
}

SURFACES: Mapping[Surface, Phrase] = {
    Surface.ASPHALT: C_("surface", "asphalt"),
    Surface.CONCRETE: C_("surface", "concrete"),
    Surface.CONCRETE_PLATES: C_("surface", "concrete slabs"),
    Surface.PAVED: C_("surface", "paved ground"),
    Surface.LINOLEUM: C_("surface", "linoleum"),
    Surface.TILES: C_("surface", "tiles"),
    Surface.PAVING_STONES: C_("surface", "paving stones"),
    Surface.BRICK: C_("surface", "brick"),
    Surface.RUBBER: C_("surface", "rubber"),
    Surface.METAL: C_("surface", "metal"),
    Surface.WOOD: C_("surface", "wood"),
    Surface.CARPET: C_("surface", "carpet"),
    Surface.CONCRETE_LANES: C_("surface", "two strips of concrete"),
    Surface.STONE: C_("surface", "stone"),
    Surface.METAL_GRID: C_("surface", "metal grating"),
    Surface.SETT: C_("surface", "square cobbles"),
    Surface.COBBLESTONE: C_("surface", "cobblestone"),
    Surface.ARTIFICIAL_TURF: C_("surface", "artificial turf"),
    Surface.GRASS_PAVER: C_("surface", "grass pavers"),
    Surface.COMPACTED: C_("surface", "compacted gravel"),
    Surface.FINE_GRAVEL: C_("surface", "fine gravel"),
    Surface.UNPAVED: C_("surface", "unpaved ground"),
    Surface.CLAY: C_("surface", "clay"),
    Surface.GROUND: C_("surface", "bare ground"),
    Surface.DIRT: C_("surface", "dirt"),
    Surface.EARTH: C_("surface", "earth"),
    Surface.WOODCHIPS: C_("surface", "wood chips"),
    Surface.ROCK: C_("surface", "rock"),
    Surface.SNOW: C_("surface", "snow"),
    Surface.ICE: C_("surface", "ice"),
    Surface.UNHEWN_COBBLESTONE: C_("surface", "rough cobblestone"),
    Surface.PEBBLESTONE: C_("surface", "pebbles"),
    Surface.GRAVEL: C_("surface", "gravel"),
    Surface.GRASS: C_("surface", "grass"),
    Surface.STEPPING_STONES: C_("surface", "stepping stones"),
    Surface.SAND: C_("surface", "sand"),
    Surface.MUD: C_("surface", "mud"),
}

LANDMARKS: Mapping[LandmarkKind, tuple[Phrase, Phrase]] = {
    LandmarkKind.STATION: (C_("near", "near the station"), C_("near, named", "near the station {name}")),
    LandmarkKind.UNDERGROUND: (
        C_("near", "near the entrance to the underground"),
        C_("near, named", "near the entrance to the underground {name}"),
    ),
    LandmarkKind.TRAM_STOP: (C_("near", "near the tram stop"), C_("near, named", "near the tram stop {name}")),
    LandmarkKind.BUS_STOP: (C_("near", "near the bus stop"), C_("near, named", "near the bus stop {name}")),
    LandmarkKind.CHURCH: (C_("near", "near the church"), C_("near, named", "near the church {name}")),
    LandmarkKind.MOSQUE: (C_("near", "near the mosque"), C_("near, named", "near the mosque {name}")),
    LandmarkKind.SYNAGOGUE: (C_("near", "near the synagogue"), C_("near, named", "near the synagogue {name}")),
    LandmarkKind.TEMPLE: (C_("near", "near the temple"), C_("near, named", "near the temple {name}")),
    LandmarkKind.TOWN_HALL: (C_("near", "near the town hall"), C_("near, named", "near the town hall {name}")),
    LandmarkKind.THEATRE: (C_("near", "near the theatre"), C_("near, named", "near the theatre {name}")),
    LandmarkKind.CINEMA: (C_("near", "near the cinema"), C_("near, named", "near the cinema {name}")),
    LandmarkKind.MUSEUM: (C_("near", "near the museum"), C_("near, named", "near the museum {name}")),
    LandmarkKind.LIBRARY: (C_("near", "near the library"), C_("near, named", "near the library {name}")),
    LandmarkKind.HOSPITAL: (C_("near", "near the hospital"), C_("near, named", "near the hospital {name}")),
    LandmarkKind.POLICE: (C_("near", "near the police station"), C_("near, named", "near the police station {name}")),
    LandmarkKind.FOUNTAIN: (C_("near", "near the fountain"), C_("near, named", "near the fountain {name}")),
    LandmarkKind.MONUMENT: (C_("near", "near the monument"), C_("near, named", "near the monument {name}")),
    LandmarkKind.PHARMACY: (C_("near", "near the pharmacy"), C_("near, named", "near the pharmacy {name}")),
    LandmarkKind.POST_OFFICE: (C_("near", "near the post office"), C_("near, named", "near the post office {name}")),
    LandmarkKind.BANK: (C_("near", "near the bank"), C_("near, named", "near the bank {name}")),
    LandmarkKind.SUPERMARKET: (C_("near", "near the supermarket"), C_("near, named", "near the supermarket {name}")),
    LandmarkKind.BAKERY: (C_("near", "near the bakery"), C_("near, named", "near the bakery {name}")),
    LandmarkKind.HOTEL: (C_("near", "near the hotel"), C_("near, named", "near the hotel {name}")),
    LandmarkKind.TOILETS: (C_("near", "near the public toilet"), C_("near, named", "near the public toilet {name}")),
}
"""By kind, without a name and with one."""
