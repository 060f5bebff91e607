"""The loop in plain English words, for the pages; the API says the same in codes."""

from __future__ import annotations

from datetime import UTC, datetime

from accessibility.complaints.answers import ComplaintRecord, TimelineEntry
from accessibility.kind_words import KIND_WORDS, SEVERITY_WORDS
from accessibility.refusals import Refused

STATES = {
    "submitted": "Received. Somebody of the city looks at it first.",
    "accepted": "Accepted. The unit in charge is chosen next.",
    "rejected": "Not accepted. The reason is below for whoever reported it.",
    "merged": "Joined with an earlier report of the same thing.",
    "dispatched": "With the unit in charge, which gets in touch next.",
    "disputed": "The unit in charge is being clarified.",
    "coordinating": "Several departments work on it together.",
    "responded": "The unit in charge has answered and plans the work.",
    "in_progress": "Being worked on.",
    "suspended": "On hold for a reason that is published here.",
    "fixed_claimed": "The city says that it is fixed.",
    "callback": "The city says that it is fixed. Now the person who reported it is asked.",
    "partly_fixed": "Partly fixed. Work goes on.",
    "resolved": "Fixed, says the person who reported it.",
    "reopened": "Not fixed, says the person who reported it. It is open again.",
    "not_feasible": "Cannot be done, for a reason that is published here.",
    "withdrawn": "Taken back by the person who reported it.",
}
STANDINGS = {
    "suspected": "Unconfirmed: routes go round it where that costs little.",
    "confirmed": "Confirmed: routes treat it as being there.",
    "cleared": "Gone: routes use the way again.",
    "expired": "Not seen for a while: routes no longer count it.",
    "refuted": "Looked at and not found: routes do not count it.",
}
STEPS = {
    "submit": "Reported", "accept": "Accepted", "reject": "Not accepted", "dispatch": "Given to a unit",
    "respond": "The unit answered", "start": "Work was planned", "claim_fixed": "The crew says it is fixed",
    "callback": "The resident was asked", "fixed": "The resident says: fixed",
    "partly": "The resident says: partly fixed",
    "not_fixed": "The resident says: not fixed", "in_progress": "Work goes on", "dispatched": "Given back to the unit",
    "reclassify": "Made more urgent", "withdraw": "Taken back", "hide": "Texts hidden", "unhide": "Texts shown again",
}  # fmt: skip
ROLES = {
    "reporter": "a resident", "moderator": "a moderator", "dispatcher": "the dispatch office",
    "unit": "the unit in charge",
    "crew": "a crew", "system": "by itself", "admin": "an administrator", "intake": "the intake",
}  # fmt: skip
CLASSES = {"P0": "danger to life", "P1": "very urgent", "P2": "ordinary", "P3": "needs building work"}
PROBLEMS = {
    "rate_limited": "Too much was sent from here within an hour. Please try again later.",
    "database_unavailable": "This cannot be stored at the moment. Please try again in a minute.",
    "overloaded": "The server has too much to do. Please try again in a minute.",
    "idempotency_conflict": "This form was sent before with other words. Open the page again for a new report.",
    "already_answered": "You have answered already. Thank you.",
    "illegal_step": "No answer is asked for at the moment.",
    "forbidden": "This code or key is for something else.",
    "unauthorized": "This code or key is not known.",
    "not_found": "There is nothing here.",
}


def problem(refused: Refused) -> str:
    """One sentence for a refusal."""
    return PROBLEMS.get(refused.code, refused.message)


def kind(code: str) -> str:
    """What a kind of barrier is called."""
    return KIND_WORDS[code][0]


def severity(number: int) -> str:
    """What a severity is called."""
    return SEVERITY_WORDS[number][0]


def when(at: datetime) -> str:
    """ "24 November 2026, 08:00 UTC"."""
    there = at.astimezone(UTC)
    return f"{there.day} {there:%B %Y, %H:%M} UTC"


def step(entry: TimelineEntry) -> str:
    """One line of the history, without its time."""
    said = STEPS.get(entry.step, entry.step.replace("_", " ").capitalize())
    return f"{said}, {ROLES.get(entry.role, entry.role)}"


def due(complaint: ComplaintRecord) -> str:
    """By when the city wants to have done something about it."""
    late = ". That time has passed" if complaint.deadlines.overdue else ""
    return f"{when(complaint.deadlines.feedback)}{late}"
