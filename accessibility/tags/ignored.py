"""Values of the map that stay unread, each with its reason; a test walks all shared extracts and misses none."""

from __future__ import annotations

IGNORED: dict[str, dict[str, str]] = {
    "surface": {
        **dict.fromkeys(("AS", "ps"), "an abbreviation nobody defined"),
        **dict.fromkeys(("undefined", "fixme", "unknown"), "says that nobody knows"),
        **dict.fromkeys(("ash", "hard", "greenset"), "a sports ground by its trade name"),
        "leaves": "a season, not a surface",
        "stairway": "a kind of way, not a surface",
        "intermediate": "a smoothness in the wrong key",
        "Sand und beton": "free text",
    },
    "smoothness": {
        **dict.fromkeys(("r", "w"), "a typing mistake"),
        "paving_stones": "a surface in the wrong key",
    },
    "tracktype": {"path": "a kind of way in the wrong key"},
    "barrier": {
        **dict.fromkeys(("entrance", "no"), "an opening: nothing stands there"),
        **dict.fromkeys(("toll_booth", "border_control"), "for vehicles; people on foot pass beside it"),
        **dict.fromkeys(
            ("sump_buster", "bus_trap", "height_restrictor"), "stops vehicles by their size; people on foot pass"
        ),
        "shelter": "a roof, in the wrong key",
    },
    "incline": {
        "steep": "says that it is steep, not how steep or which way",
        "yes": "says that there is a slope, not how steep or which way",
        "0.6": "fraction or per cent? Between 0 and 1 nobody can say",
        "fixme": "says that nobody knows",
    },
    "width": {
        "narrow": "a word without measure",
        **dict.fromkeys(("0", "-2"), "no width at all is a mistake"),
    },
    "wheelchair": {"unknown": "says that nobody knows"},
    "access": {
        **dict.fromkeys(("unknown", "fixme"), "says that nobody knows"),
        **dict.fromkeys(
            ("main", "artists", "service", "Via Luigi Pirandello", "fine_gravel"), "no word about who may pass"
        ),
        **dict.fromkeys(
            (
                "conditional=yes @ (Mo-Fr 08:00-20:00, Sa 08:00-16:00)",
                "conditional=yes @ (Mo-Fr 08:00-20:00)",
            ),
            "a condition in the wrong key",
        ),
    },
    "foot": {
        **dict.fromkeys(("unknown", "sconosciuto"), "says that nobody knows"),
        "sidewalk": "where to walk, not whether one may",
        "cr": "an abbreviation nobody defined",
    },
    "level": {
        **dict.fromkeys(("o", "E"), "a local name of a storey; which number it has nobody says"),
    },
}
"""Key → value → why it says nothing here."""
