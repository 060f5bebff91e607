"""What is said of limits broken, of things to know, and of what was reported, away from the steps."""

from __future__ import annotations

from collections.abc import Mapping

from accessibility.facts import Smoothness
from routing.phrases.catalogue import C_, N_, P_, Phrase, Plural

VIOLATIONS: Mapping[str, Phrase] = {
    "steps": C_("limit broken", "Steps"),
    "kerb": C_("limit broken", "A kerb"),
    "incline": C_("limit broken", "A slope"),
    "cross_slope": C_("limit broken", "A slope to the side"),
    "width": C_("limit broken", "A narrow place"),
    "surface": C_("limit broken", "A difficult surface"),
    "smoothness": C_("limit broken", "An uneven surface"),
    "wheelchair": C_("limit broken", "Marked as not for wheelchairs"),
    "carriageway": C_("limit broken", "On the road beside a separate footway"),
    "barrier": C_("limit broken", "A barrier"),
    "last_metres": C_("limit broken", "The last metres are not on any usable way"),
    "unknown_kerb": C_("limit broken", "Unknown kerb"),
    "unknown_incline": C_("limit broken", "Unknown slope"),
    "unknown_surface": C_("limit broken", "Unknown surface"),
    "unknown_width": C_("limit broken", "Unknown width"),
}
"""By code."""
CYCLE_BARRIER = C_("limit broken", "A cycle barrier")
REPORTED = C_("limit broken", "A reported barrier: {kind}")

LIMIT = C_("detail of a limit broken", "limit {amount}")
FOR_LENGTH = C_("detail of a limit broken", "for {length}")
AT_PLACES = P_("detail of a limit broken", "at {n} place", "at {n} places")
WITH_DETAILS = C_("limit broken and details", "{broken}: {details}")
DETAILS = C_("between details of a limit broken", "{some}, {next}")
IN_PLACES = C_("limit broken and at how many places", "{broken}, {places}")
ASSUMED = C_("limit broken", "{broken} (assumed, the map does not say)")
BROKEN_HERE = N_("A limit is broken here.")

SMOOTHNESS: Mapping[Smoothness, Phrase] = {
    Smoothness.EXCELLENT: C_("smoothness", "excellent"),
    Smoothness.GOOD: C_("smoothness", "good"),
    Smoothness.INTERMEDIATE: C_("smoothness", "intermediate"),
    Smoothness.BAD: C_("smoothness", "bad"),
    Smoothness.VERY_BAD: C_("smoothness", "very bad"),
    Smoothness.HORRIBLE: C_("smoothness", "horrible"),
    Smoothness.VERY_HORRIBLE: C_("smoothness", "very horrible"),
    Smoothness.IMPASSABLE: C_("smoothness", "impassable"),
}

NOTES: Mapping[str, str] = {
    "private_end": N_("The way begins or ends on private ground or on ground for customers only."),
    "beyond_range": N_("The battery is not enough for this way."),
    "no_range_for_return": N_("The battery is enough to get there, but not for the way back."),
    "hours_unknown": N_("A place on the way may be closed at some hours; the map does not say when clearly."),
}
"""Things to know that break no limit, by code."""

BARRIER = C_("reported barrier", "{kind} ({standing}): {effect}")
STANDINGS: Mapping[str, Phrase] = {
    "suspected": C_("standing of a report", "suspected"),
    "confirmed": C_("standing of a report", "confirmed"),
    "cleared": C_("standing of a report", "cleared"),
    "expired": C_("standing of a report", "expired"),
    "refuted": C_("standing of a report", "refuted"),
}
EFFECTS: Mapping[str, Phrase] = {
    "blocked": C_("effect of a report", "it blocks the way"),
    "avoided": C_("effect of a report", "the way goes around it"),
    "penalised": C_("effect of a report", "the way passes it"),
    "passed": C_("effect of a report", "the way passes it"),
}

INCHES: Plural = P_("height with tenths, written", "{n} in", "{n} in")
