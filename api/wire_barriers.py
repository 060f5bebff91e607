"""The shapes of reports, barriers and closures on the wire (CONTRACT §5): strict in, complete out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType, field

from accessibility.barriers import Barrier, Block, Effect, Fact, Measured, Penalty, effect
from accessibility.complaints.answers import BarrierRecord, Votes
from accessibility.complaints.requests import ClosureChange, Code, Contact, NewClosure, NewReport
from accessibility.kinds import KINDS
from accessibility.profiles import built_in
from api.errors import invalid
from api.wire import MultiPolygon, Polygon, Position

LINE_VERTICES_MAX = 2000
YEARS = range(2000, 2200)

Moment = Annotated[datetime, Meta(tz=True, description="RFC 3339 with its zone")]
KindCode = Annotated[str, Meta(min_length=1, max_length=40, description="A code of GET /v1/kinds")]
Level = Annotated[float, Meta(ge=-100, le=200, description="Floor, as OpenStreetMap counts")]
Note = Annotated[str, Meta(max_length=2000)]
Reason = Annotated[str, Meta(min_length=1, max_length=500)]


class MeasuredBody(Struct, frozen=True, forbid_unknown_fields=True):
    """What was measured on the spot."""

    kerb_m: Annotated[float, Meta(ge=0, le=5)] | None = None
    width_m: Annotated[float, Meta(ge=0, le=50)] | None = None
    incline: Annotated[float, Meta(ge=-2, le=2, description="Fraction")] | None = None


class ReportBody(Struct, frozen=True, forbid_unknown_fields=True):
    """A report. `from` and `until`: when it is there; left out = now, and until it is gone."""

    kind: KindCode
    at: Position
    severity: Annotated[int, Meta(ge=1, le=4)]
    note: Note | None = None
    measured: MeasuredBody | None = None
    from_: Moment | None = field(name="from", default=None)
    until: Moment | None = None
    level: Level | None = None
    contact: Contact | None = None
    channel: Code | None = None
    on_behalf: bool = False


class ReceivedAnswer(Struct, frozen=True, omit_defaults=True):
    """What became of a report. Keep `reporter_token`: it is shown once and makes you the reporter of this barrier."""

    report_id: UUID
    barrier_id: UUID
    complaint_id: UUID
    standing: str
    joined: bool
    revision: int
    reporter_token: str | None = None


class VoteBody(Struct, frozen=True, forbid_unknown_fields=True):
    """One vote per reporter, changeable."""

    vote: Literal["still_there", "gone", "unsure"]


class ModerateBody(Struct, frozen=True, forbid_unknown_fields=True):
    """A moderator's decision."""

    action: Literal["confirm", "refute", "merge", "split", "hide", "unhide", "blur"]
    reason: Reason | None = None


class BarrierChangedAnswer(Struct, frozen=True):
    """The barrier after a vote or a decision."""

    barrier_id: UUID
    standing: str
    votes: Votes
    revision: int


class Point(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="Point"):
    """GeoJSON point."""

    coordinates: Position

    def vertices(self) -> int:
        return 1


class LineString(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="LineString"):
    """GeoJSON line."""

    coordinates: Annotated[list[Position], Meta(min_length=2, max_length=LINE_VERTICES_MAX)]

    def vertices(self) -> int:
        return len(self.coordinates)


Geometry = Point | LineString | Polygon | MultiPolygon


class ClosureBody(Struct, frozen=True, forbid_unknown_fields=True):
    """A place to close: a point its spot, a line the streets it crosses or runs along, an area what lies inside."""

    geometry: Geometry
    reason: Reason
    from_: Moment | None = field(name="from", default=None)
    until: Moment | None = None


class ClosurePatch(Struct, frozen=True, forbid_unknown_fields=True):
    """What changes of a closure; `"until": null` makes it open-ended, `"from": null` starts it now."""

    geometry: Geometry | UnsetType = UNSET
    reason: Reason | UnsetType = UNSET
    from_: Moment | UnsetType | None = field(name="from", default=UNSET)
    until: Moment | UnsetType | None = UNSET


class ClosedAnswer(Struct, frozen=True, omit_defaults=True):
    """`effect` is `unmatched` when the closure lies on no way of this map."""

    closure_id: UUID
    revision: int
    effect: str | None = None


class BarrierProperties(Struct, frozen=True):
    """`effect`: the most it does to routes: `blocks`, `penalises`, `informs`, `none`, or `unmatched` when it lies on
    no way of this map; `effects` says it per profile."""

    id: UUID
    kind: str
    severity: int
    standing: str
    active: bool
    from_: datetime | None = field(name="from")
    until: datetime | None
    measured: Measured
    votes: Votes
    reports: int
    revision: int
    effect: str
    effects: dict[str, str]
    photos: list[str]
    complaint_id: UUID | None
    level: float | None
    reason: str | None
    updated_at: datetime


class BarrierFeature(Struct, frozen=True):
    """A barrier as GeoJSON."""

    id: UUID
    geometry: dict[str, Any]
    properties: BarrierProperties
    type: Literal["Feature"] = "Feature"


class BarriersAnswer(Struct, frozen=True):
    """Barriers as GeoJSON; `next` is the `cursor` of the next page, null on the last."""

    features: list[BarrierFeature]
    next: str | None
    attribution: str
    type: Literal["FeatureCollection"] = "FeatureCollection"


def report_of(body: ReportBody) -> NewReport:
    """The report inside."""
    return NewReport(
        kind=body.kind, at=body.at, severity=body.severity, note=(body.note or "").strip() or None,
        measured=Measured() if body.measured is None else Measured(**msgspec.structs.asdict(body.measured)),
        starts_at=_moment(body.from_, "from"), ends_at=_moment(body.until, "until"), level=body.level,
        contact=body.contact, channel=body.channel, on_behalf=body.on_behalf,
    )  # fmt: skip


def closure_of(body: ClosureBody) -> NewClosure:
    """The closure inside."""
    return NewClosure(_geometry(body.geometry), body.reason, _moment(body.from_, "from"), _moment(body.until, "until"))


def closure_change_of(body: ClosurePatch) -> ClosureChange:
    """The change inside; what was left out stays."""
    return ClosureChange(
        geometry=None if body.geometry is UNSET else _geometry(body.geometry),
        reason=None if body.reason is UNSET else body.reason,
        starts_at=None if body.from_ is UNSET else _moment(body.from_, "from"),
        ends_at=None if body.until is UNSET else _moment(body.until, "until"),
        keeps_start=body.from_ is UNSET, keeps_end=body.until is UNSET,
    )  # fmt: skip


def _moment(given: datetime | None, name: str) -> datetime | None:
    """A moment within two centuries: what lies beyond cannot be said in every zone."""
    if given is not None and given.year not in YEARS:
        raise invalid(name, f"a year from {YEARS[0]} to {YEARS[-1]} is wanted")
    return given


def _geometry(given: Geometry) -> dict[str, Any]:
    if isinstance(given, Polygon | MultiPolygon):
        polygons = [given.coordinates] if isinstance(given, Polygon) else given.coordinates
        if not polygons or not all(polygons):
            raise invalid("geometry.coordinates", "an area without a ring is nowhere")
    if given.vertices() > LINE_VERTICES_MAX:
        raise invalid("geometry.coordinates", f"more than {LINE_VERTICES_MAX} vertices")
    plain: dict[str, Any] = msgspec.to_builtins(given)
    return plain


def feature_of(record: BarrierRecord, *, unmatched: bool) -> BarrierFeature:
    """A barrier as the public sees it."""
    barrier = record.barrier
    effects = {profile: word_of(effect(barrier, profile)) for profile in built_in}
    strongest = next((word for word in ("blocks", "penalises", "informs") if word in effects.values()), "none")
    return BarrierFeature(
        barrier.id, barrier.geometry,
        BarrierProperties(
            id=barrier.id, kind=barrier.kind, severity=barrier.severity, standing=barrier.standing,
            active=barrier.active, from_=barrier.starts_at, until=barrier.ends_at, measured=barrier.measured,
            votes=record.votes, reports=record.reports, revision=barrier.revision,
            effect="unmatched" if unmatched else strongest, effects=effects, photos=[],
            complaint_id=record.complaint_id, level=barrier.level, reason=record.reason, updated_at=record.updated_at,
        ),
    )  # fmt: skip


def word_of(found: Effect | None) -> str:
    """What a barrier does to one profile, as a code."""
    match found:
        case Block():
            return "blocks"
        case Penalty():
            return "penalises"
        case Fact():
            return "informs"
        case None:
            return "none"


def is_public_kind(code: str) -> bool:
    """Whether anybody may report it."""
    return code in KINDS and not KINDS[code].operators_only


def new_barrier_like(geometry: dict[str, Any], place: tuple[float, float]) -> Barrier:
    """A closure that is not stored, to ask a map what it would lie on."""
    return Barrier(
        id=UUID(int=0), kind="closure", severity=4, place=place, geometry=geometry, standing="confirmed", active=True,
        revision=0,
    )  # fmt: skip
