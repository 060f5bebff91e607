"""The shapes of complaints, steps and crew lists on the wire (CONTRACT §6)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, Union
from uuid import UUID

import msgspec
from msgspec import Struct, field

from accessibility.complaints.answers import ComplaintRecord
from accessibility.complaints.lifecycle import NOT_YET
from accessibility.complaints.requests import Step, Version
from accessibility.refusals import Refused

_later = [
    msgspec.defstruct(
        "".join(part.capitalize() for part in name.split("_")), [("version", Version)], tag_field="step", tag=name,
        frozen=True, kw_only=True, namespace={"__doc__": "Not offered by this server yet."},
    )
    for name in sorted(NOT_YET)
]  # fmt: skip
StepBody: Any = Union[(Step, *_later)]


class DeadlinesAnswer(Struct, frozen=True):
    """Moments by which something must have happened; null = not known to this server."""

    accept: datetime | None
    contact: datetime | None
    feedback: datetime
    overdue: bool


class TimelineAnswer(Struct, frozen=True):
    """One step; `text` is null for who may not read it."""

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
    """Complaints without their timelines; `next` is the `cursor` of the next page."""

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


class CrewStop(Struct, frozen=True):
    """One stop of a crew, `order` from 1."""

    order: int
    complaint_id: UUID
    number: str
    class_: str = field(name="class")
    kind: str
    state: str
    due: datetime
    overdue: bool
    barrier_id: UUID
    version: int


class CrewFeature(Struct, frozen=True):
    """A stop as GeoJSON."""

    id: UUID
    geometry: dict[str, Any]
    properties: CrewStop
    type: Literal["Feature"] = "Feature"


class CrewListAnswer(Struct, frozen=True):
    """The stops in visiting order."""

    features: list[CrewFeature]
    unit: str
    attribution: str
    type: Literal["FeatureCollection"] = "FeatureCollection"


def step_of(body: Any) -> Step:
    """The step inside; those of the contract that are not built yet are refused by name."""
    name = str(body.__struct_config__.tag)
    if name in NOT_YET:
        raise Refused("not_yet_supported", f"The step {name} is not offered by this server yet.", field="step")
    found: Step = body
    return found


def complaint_of(record: ComplaintRecord) -> ComplaintAnswer:
    """A complaint for whoever asked."""
    plain = msgspec.structs.asdict(record)
    plain["class_"] = plain.pop("urgency")
    plain.pop("mine")
    plain["deadlines"] = DeadlinesAnswer(**msgspec.structs.asdict(record.deadlines))
    plain["timeline"] = [TimelineAnswer(**msgspec.structs.asdict(entry)) for entry in record.timeline]
    return ComplaintAnswer(**plain)


def crew_feature_of(stop: dict[str, Any]) -> CrewFeature:
    """One stop of the crew list."""
    properties = {name: value for name, value in stop.items() if name not in ("at", "class")}
    point = {"type": "Point", "coordinates": stop["at"]}
    return CrewFeature(stop["complaint_id"], point, CrewStop(class_=stop["class"], **properties))
