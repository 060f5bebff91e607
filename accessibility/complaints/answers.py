"""What the desk answers. Everything here may be shown to whoever asked for it; nothing holds contact data."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from accessibility.barriers import Barrier
from accessibility.complaints.clocks import Deadlines
from accessibility.complaints.places import Place


class Received(Struct, frozen=True):
    """A stored report. `first`: it made a new reporter, whose token the desk can compute again."""

    report_id: UUID
    barrier_id: UUID
    complaint_id: UUID
    standing: str
    joined: bool
    first: bool
    revision: int = 0


class Votes(Struct, frozen=True):
    """Latest vote of each person."""

    still_there: int
    gone: int
    unsure: int


class BarrierChanged(Struct, frozen=True):
    """A vote or a moderator's action was taken."""

    barrier_id: UUID
    standing: str
    votes: Votes
    revision: int = 0


class Closed(Struct, frozen=True):
    """A closure was made, changed or ended."""

    closure_id: UUID
    revision: int = 0


class Stepped(Struct, frozen=True):
    """A complaint moved, or a callback answer was noted."""

    complaint_id: UUID
    state: str
    version: int
    allowed: list[str]
    standing: str | None = None
    revision: int = 0


class BarrierRecord(Struct, frozen=True):
    """A barrier with everything the public may know."""

    barrier: Barrier
    votes: Votes
    reports: int
    complaint_id: UUID | None
    reason: str | None
    updated_at: datetime


class Moderated(Struct, frozen=True):
    """What a moderator decided about a barrier, and why; for moderators alone."""

    at: datetime
    action: str
    reason: str | None


class TimelineEntry(Struct, frozen=True):
    """One step; `text` is None for those who may not read it (yet)."""

    at: datetime
    step: str
    role: str
    state: str
    version: int
    text: str | None
    fields: dict[str, Any]


class ComplaintRecord(Struct, frozen=True):
    """A complaint with its history. `mine`: whoever asks is one of its reporters."""

    id: UUID
    number: str
    state: str
    flags: list[str]
    urgency: str
    kind: str
    severity: int
    at: Place
    area: str | None
    unit: str | None
    barrier_id: UUID
    standing: str
    deadlines: Deadlines
    submitted_at: datetime
    expected_at: datetime | None
    updated_at: datetime
    version: int
    followers: int
    rating: float | None
    timeline: list[TimelineEntry]
    allowed: list[str]
    mine: bool
    may_answer: bool


class Changes(Struct, frozen=True):
    """Every barrier that changed after the revision asked for, in its state at `revision`."""

    revision: int
    barriers: list[Barrier]


class Event(Struct, frozen=True):
    """One revision and the barriers it changed."""

    revision: int
    at: datetime
    barriers: list[Barrier]
