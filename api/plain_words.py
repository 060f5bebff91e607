"""A route in plain English words, for the page and the terminal; the API says the same in codes."""

from __future__ import annotations

from msgspec import UNSET

from routing.answers import Note, Route, Summary, Violation

STATUS = {
    "ok": "Every limit of this profile holds on the whole way.",
    "least_bad": "There is no way that keeps every limit. This one breaks the least:",
}
CONFIDENCE = {
    "known": "well known: the map says almost everything that matters here",
    "partly_unknown": "partly unknown: the map is silent about some of the way",
    "mostly_unknown": "mostly unknown: the map says little about this way, be prepared for surprises",
}
RANGE = {
    "ok": "enough for there and back",
    "one_way": "enough to get there, not for the way back",
    "no": "not enough for this way",
}
UNKNOWN = {"kerb": "kerbs", "incline": "slope", "surface": "surface", "width": "width"}

_VIOLATIONS = {
    "steps": "Steps",
    "escalator": "An escalator",
    "kerb": "A kerb",
    "incline": "A slope",
    "incline_up": "A slope up",
    "incline_down": "A slope down",
    "cross_slope": "A slope to the side",
    "width": "A narrow place",
    "surface": "A difficult surface",
    "smoothness": "An uneven surface",
    "wheelchair": "Marked as not for wheelchairs",
    "carriageway": "On the road beside a separate footway",
    "barrier": "A reported barrier",
    "last_metres": "The last metres are not on any usable way",
}
_SHARES = ("incline", "cross_slope")
_METRES = ("kerb", "width", "last_metres")


def distance(metres: float) -> str:
    """ "812 m" or "1.2 km"."""
    return f"{metres:.0f} m" if metres < 1000 else f"{metres / 1000:.1f} km"


def duration(seconds: float) -> str:
    """ "less than a minute", "17 min", "1 h 5 min"."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return "less than a minute"
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def violation(found: Violation) -> str:
    """One sentence: what breaks which limit, by how much, for how long."""
    words = _VIOLATIONS.get(found.code) or found.code.replace("_", " ").capitalize()
    details = [part for part in (_amount(found.code, found.value), _limit(found), _length(found)) if part]
    guess = " (assumed, the map does not say)" if found.assumed else ""
    return f"{words}{': ' if details else ''}{', '.join(details)}{guess}"


def note(found: Note) -> str:
    """One sentence for something that breaks no limit."""
    known = {
        "private_end": "The way begins or ends on private ground or on ground for customers only.",
        "beyond_range": "The battery is not enough for this way.",
        "no_range_for_return": "The battery is enough to get there, but not for the way back.",
        "hours_unknown": "A place on the way may be closed at some hours; the map does not say when clearly.",
    }
    return known.get(found.code, found.code.replace("_", " ").capitalize() + ".")


def facts(summary: Summary, route: Route) -> list[tuple[str, str]]:
    """The route in figures, as (label, words)."""
    rows = [
        ("Length", distance(route.distance_m)),
        ("Time", duration(route.duration_s)),
        ("Steps", "none" if summary.steps == 0 else str(summary.steps)),
    ]
    if summary.incline_up_max:
        rows.append(("Steepest up", _amount("incline", summary.incline_up_max)))
    if summary.incline_down_max:
        rows.append(("Steepest down", _amount("incline", summary.incline_down_max)))
    if summary.kerb_max_m is not None:
        rows.append(("Highest kerb", _amount("kerb", summary.kerb_max_m)))
    if summary.width_min_m is not None:
        rows.append(("Narrowest", _amount("width", summary.width_min_m)))
    gap = distance(summary.longest_gap_without_seat_m)
    rows.append(("Seats", f"{summary.seats or 'none'}; {gap} at most without one"))
    if summary.range is not UNSET:
        rows.append(("Battery", RANGE[summary.range]))
    rows.append(("What the map knows", CONFIDENCE[summary.confidence]))
    shares = {name: getattr(summary.unknown_share, name) for name in UNKNOWN}
    silent = [f"{UNKNOWN[name]} {share:.0%}" for name, share in shares.items() if share > 0]
    if silent:
        rows.append(("Not on the map", ", ".join(silent)))
    return rows


def _amount(code: str, value: float | str | None) -> str:
    if value is None or isinstance(value, str):
        return (value or "").replace("_", " ")
    if code.startswith(_SHARES):
        return f"{abs(value) * 100:.1f} %"
    if code.startswith(_METRES):
        return f"{value * 100:.0f} cm" if value < 2 else distance(value)
    return f"{value:g}"


def _limit(found: Violation) -> str:
    amount = _amount(found.code, found.limit)
    return f"limit {amount}" if amount and found.code != "last_metres" else ""


def _length(found: Violation) -> str:
    return (
        f"for {distance(found.length_m)}" if isinstance(found.length_m, float) and found.code != "last_metres" else ""
    )
