"""What is said of a whole route: whether its limits hold, its figures, and what stands around a drawing of it."""

from __future__ import annotations

from collections.abc import Mapping

from routing.phrases.catalogue import C_, N_, P_, Phrase

STATUS: Mapping[str, str] = {
    "ok": N_("Every limit of this profile holds on the whole way."),
    "least_bad": N_("There is no way that keeps every limit. This one breaks the least."),
}

ROUTE = C_("title of a way", "Route")
OTHER_WAY = C_("title of a way", "Another way {number}")
WAY_BACK = C_("title of a way", "Way back")
SIZE = C_("how far and how long", "{length}, {time}")
SIZE_AND_STEPS = C_("how far and how long, with or without steps", "{size}, {steps}")
NO_STEPS = C_("on the whole way", "no steps")
NOT_STEP_FREE = C_("on the whole way", "not step-free")
LABELLED = C_("label and what it labels", "{label}: {words}")
SENTENCE = C_("to make a sentence of it", "{words}.")
FACTS = C_("between facts of a way", "{some}, {next}")

MOMENT = C_("duration", "less than a minute")
MINUTES = C_("duration", "{n} min")
HOURS = C_("duration", "{hours} h {minutes} min")

LENGTH, TIME = C_("label of a fact", "Length"), C_("label of a fact", "Time")
STEPS, NONE = C_("label of a fact", "Steps"), C_("number of steps", "none")
STEEPEST_UP, STEEPEST_DOWN = C_("label of a fact", "Steepest up"), C_("label of a fact", "Steepest down")
HIGHEST_KERB, NARROWEST = C_("label of a fact", "Highest kerb"), C_("label of a fact", "Narrowest")
SEATS, BATTERY = C_("label of a fact", "Seats"), C_("label of a fact", "Battery")
SOME_SEATS = C_("seats", "{number}; {length} at most without one")
NO_SEATS = C_("seats", "none; {length} at most without one")
RANGE: Mapping[str, Phrase] = {
    "ok": C_("battery", "enough for there and back"),
    "one_way": C_("battery", "enough to get there, not for the way back"),
    "no": C_("battery", "not enough for this way"),
}
KNOWN, SILENT = C_("label of a fact", "What the map knows"), C_("label of a fact", "Not on the map")
CONFIDENCE: Mapping[str, Phrase] = {
    "known": C_("what the map knows", "well known: the map says almost everything that matters here"),
    "partly_unknown": C_("what the map knows", "partly unknown: the map is silent about some of the way"),
    "mostly_unknown": C_(
        "what the map knows", "mostly unknown: the map says little about this way, be prepared for surprises"
    ),
}
UNKNOWN: Mapping[str, Phrase] = {
    "kerb": C_("not on the map", "kerbs {share}"),
    "incline": C_("not on the map", "slope {share}"),
    "surface": C_("not on the map", "surface {share}"),
    "width": C_("not on the map", "width {share}"),
}
MAP_DATA = C_("who made the map", "Map data {attribution}")

NORTH = C_("letter on a compass", "N")
MORE = P_("rest of a list", "… and {n} more, in the text of the route.", "… and {n} more, in the text of the route.")
