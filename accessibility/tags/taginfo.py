"""Which map keys change routes, and how, for mappers: the project file of https://taginfo.openstreetmap.org."""

from __future__ import annotations

from typing import Any

_WAY, _NODE, _BOTH = ("way",), ("node",), ("node", "way")

# fmt: off
MEANINGS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("highway railway public_transport man_made service area", _WAY, "What sort of way it is; walkway or carriageway"),
    ("footway path cycleway crossing crossing_ref crossing:markings crossing:signals", _BOTH,
     "Crossings: every step between walkway and carriageway is a kerb"),
    ("crossing:island traffic_calming lanes button_operated", _BOTH, "Wide crossings without an island cost more"),
    ("traffic_signals:sound traffic_signals:vibration crossing:vibration", _BOTH, "Signals for blind people"),
    ("tactile_paving", _BOTH, "Edges and steps that a cane can find"),
    ("kerb kerb:height curb sloped_curb", _BOTH, "Height of the kerb, compared with what the person can take"),
    ("sidewalk sidewalk:left sidewalk:right sidewalk:both footway:left footway:right", _WAY,
     "Where one walks along a street; a separately drawn sidewalk closes the carriageway"),
    ("surface sidewalk:both:surface footway:surface", _WAY, "Refused or slower, by profile"),
    ("smoothness tracktype sac_scale ford", _WAY, "Refused or dearer, by profile"),
    ("incline incline:across", _WAY, "Numbers are compared with limits; up and down alone are unknown steepness"),
    ("width est_width maxwidth:physical", _BOTH, "Compared with the width the person needs"),
    ("step_count handrail handrail:left handrail:right handrail:center step:condition", _BOTH,
     "Steps: how many, how safe"),
    ("ramp ramp:wheelchair ramp:stroller", _BOTH, "A ramp beside steps, and for whom"),
    ("conveying escalator", _WAY, "Escalators and moving walks, with their direction"),
    ("elevator level indoor", _BOTH, "Lifts and levels"),
    ("wheelchair wheelchair:description", _BOTH,
     "no refuses wheelchairs; yes lifts doubt about ground and unknown facts, never a measured limit"),
    ("access foot foot:backward access:conditional foot:conditional motorroad opening_hours", _BOTH,
     "Who may pass, and when"),
    ("construction", _BOTH, "Closed while it is being built"),
    ("barrier cycle_barrier gate opening barrier:opening spacing locked", _NODE,
     "What stands in the way, and the gap it leaves"),
    ("entrance door door:width automatic_door", _NODE, "Entrances and doors"),
    ("maxspeed", _WAY, "Fast traffic beside people without a sidewalk"),
    ("bicycle segregated", _WAY, "Bicycles on the same path, for people who do not see them"),
    ("lit covered tunnel bridge layer", _WAY, "Light and shade, for those who ask for it"),
    ("amenity bench shelter shelter_type backrest toilets toilets:wheelchair changing_table centralkey fee", _BOTH,
     "Seats, shelters and toilets on the way"),
    ("parking_space capacity capacity:disabled", _BOTH, "Parking for disabled people"),
)
# fmt: on


def taginfo(*, data_url: str, project_url: str, contact_name: str, contact_email: str) -> dict[str, Any]:
    """The project file as plain JSON values; every key of `MEANINGS` once."""
    return {
        "data_format": 1,
        "data_url": data_url,
        "project": {
            "name": "stepfree",
            "description": "Routes for people who cannot take every way, honest about what the map does not say",
            "project_url": project_url,
            "contact_name": contact_name,
            "contact_email": contact_email,
        },
        "tags": [
            {"key": key, "object_types": list(objects), "description": meaning}
            for keys, objects, meaning in MEANINGS
            for key in keys.split()
        ],
    }
