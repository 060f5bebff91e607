"""The shapes of complaints and their steps on the wire (CONTRACT §6)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct, field

from accessibility.complaints.answers import ComplaintRecord, TimelineEntry
from accessibility.complaints.lifecycle import NOT_YET
from accessibility.complaints.people import Actor
from accessibility.complaints.requests import Start, Step
from accessibility.refusals import Refused
from api.moments import checked


class DeadlinesAnswer(Struct, frozen=True):
    """Moments by which something must have happened; null = not known to this server."""

    accept: datetime | None
    contact: datetime | None
    feedback: datetime
    overdue: bool


class TimelineAnswer(Struct, frozen=True):
    """One step; `text` is null for who may not read it (yet)."""

    at: datetime
    step: str
    role: str
    state: str
    version: int
    text: str | None
    fields: dict[str, Any]


class ComplaintAnswer(Struct, frozen=True):
    """A complaint. `allowed`: the steps that whoever asks may take now; `may_answer`: the callback waits for them."""

    id: UUID
    number: str
    state: str
    flags: list[str]
    class_: str = field(name="class")
    kind: str
    severity: int
    at: tuple[float, float]
    area: str | None
    unit: str | None
    barrier_id: UUID
    standing: str
    deadlines: DeadlinesAnswer
    submitted_at: datetime
    expected_at: datetime | None
    updated_at: datetime
    version: int
    timeline: list[TimelineAnswer]
    followers: int
    rating: float | None
    allowed: list[str]
    may_answer: bool


class ComplaintsAnswer(Struct, frozen=True):
    """Complaints without their timelines; `next` is the `cursor` of the next page, null on the last."""

    complaints: list[ComplaintAnswer]
    next: str | None


class SteppedAnswer(Struct, frozen=True):
    """The complaint after a step; `standing`: what the barrier now is, where the step was evidence about it."""

    complaint_id: UUID
    state: str
    version: int
    allowed: list[str]
    standing: str | None
    revision: int


class _Named(Struct, frozen=True):
    """Which step a body asks for, whatever else is in it."""

    step: str


def refuse_unbuilt(raw: bytes) -> None:
    """`not_yet_supported` for a step of the contract that this server does not offer; anything else passes."""
    try:
        name = msgspec.json.decode(raw, type=_Named).step
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return  # the strict reading that follows says what is wrong
    if name in NOT_YET:
        raise Refused("not_yet_supported", f"The step {name} is not offered by this server yet.", field="step")


def step_of(body: Step) -> Step:
    """The step, with moments that can be kept."""
    if isinstance(body, Start):
        checked(body.expected_at, "expected_at")
    return body


def complaint_answer(record: ComplaintRecord, actor: Actor) -> ComplaintAnswer:
    """A complaint for whoever asked. Of a hidden one the public reads the states it went through, no words."""
    silent = "hidden" in record.flags and not (actor.staff or record.mine)
    deadlines = record.deadlines
    return ComplaintAnswer(
        id=record.id, number=record.number, state=record.state, flags=record.flags, class_=record.urgency,
        kind=record.kind, severity=record.severity, at=record.at, area=record.area, unit=record.unit,
        barrier_id=record.barrier_id, standing=record.standing,
        deadlines=DeadlinesAnswer(deadlines.accept, deadlines.contact, deadlines.feedback, deadlines.overdue),
        submitted_at=record.submitted_at, expected_at=record.expected_at, updated_at=record.updated_at,
        version=record.version, timeline=[_entry(entry, silent) for entry in record.timeline],
        followers=record.followers, rating=record.rating, allowed=record.allowed, may_answer=record.may_answer,
    )  # fmt: skip


def _entry(entry: TimelineEntry, silent: bool) -> TimelineAnswer:
    text = None if silent else entry.text
    return TimelineAnswer(entry.at, entry.step, entry.role, entry.state, entry.version, text, entry.fields)
