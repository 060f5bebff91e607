"""When a complaint must have moved, by its class (COMPLAINTS §3). Times that count in calendar hours or days only.

The accept and first-contact times of P2 and P3 run in the city's working hours, which this server does not know: None.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct

VALID_FROM = "2026-11-01"

# Source of the feedback column: December 2021 consultation draft of Beijing's 12345 service standard, as reported.
ACCEPT = {"P0": timedelta(minutes=15), "P1": timedelta(hours=1)}
CONTACT = {"P0": timedelta(minutes=30), "P1": timedelta(hours=4)}
FEEDBACK = {"P0": timedelta(hours=2), "P1": timedelta(hours=24), "P2": timedelta(days=7), "P3": timedelta(days=15)}

DONE = frozenset({"fixed_claimed", "callback", "resolved", "rejected", "merged", "not_feasible", "withdrawn"})


class Deadlines(Struct, frozen=True):
    """Moments in UTC; None = not known to this server."""

    accept: datetime | None
    contact: datetime | None
    feedback: datetime
    overdue: bool


def deadlines(urgency: str, submitted_at: datetime, state: str, now: datetime) -> Deadlines:
    """The clock starts when the complaint was submitted, whenever it was accepted."""
    feedback = submitted_at + FEEDBACK[urgency]
    accept, contact = ACCEPT.get(urgency), CONTACT.get(urgency)
    return Deadlines(
        accept=submitted_at + accept if accept else None,
        contact=submitted_at + contact if contact else None,
        feedback=feedback,
        overdue=state not in DONE and now > feedback,
    )
