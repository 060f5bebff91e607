"""The shapes of barriers, votes and moderation on the wire (CONTRACT §5)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType, field

from accessibility.barriers import Barrier, Measured
from accessibility.complaints.answers import BarrierRecord, Moderated, Votes
from accessibility.complaints.requests import Moderation, VoteWord
from accessibility.refusals import Refused
from api.route_effects import Word, effect, effects
from routing.router import Router

Reason = Annotated[str, Meta(min_length=1, max_length=500)]


class VoteBody(Struct, frozen=True, forbid_unknown_fields=True):
    """One vote per reporter, changeable."""

    vote: VoteWord


class ModerateBody(Struct, frozen=True, forbid_unknown_fields=True):
    """A moderator's decision. `into`, `reports` and `photo_id` belong to merge, split and blur: not offered yet."""

    action: Literal["confirm", "refute", "merge", "split", "hide", "unhide", "blur"]
    reason: Reason | None = None
    into: UUID | None = None
    reports: Annotated[list[UUID], Meta(max_length=100)] = []
    photo_id: UUID | None = None


class BarrierChangedAnswer(Struct, frozen=True):
    """The barrier after a vote or a decision."""

    barrier_id: UUID
    standing: str
    votes: Votes
    revision: int


class BarrierProperties(Struct, frozen=True):
    """A barrier as the public sees it.

    `effect`: the most it does to a route it lies on while in force: `blocked`, `penalised`, `none`, or `unmatched` when
    it lies on no way of this map; `effects` says it per profile. `active`: it is in force now. `distance_m` is there
    where a place was asked about, `moderation` for moderators.
    """

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
    effect: Word
    effects: dict[str, Word]
    photos: list[UUID]
    complaint_id: UUID | None
    street: str | None
    level: float | None
    reason: str | None
    updated_at: datetime
    distance_m: float | UnsetType = UNSET
    moderation: list[Moderated] | UnsetType = UNSET


class BarrierFeature(Struct, frozen=True):
    """A barrier as GeoJSON."""

    id: UUID
    geometry: dict[str, Any]
    properties: BarrierProperties
    type: Literal["Feature"] = "Feature"
    attribution: str | UnsetType = UNSET


class BarriersAnswer(Struct, frozen=True):
    """Barriers as GeoJSON; `next` is the `cursor` of the next page, null on the last.

    `revision`: everything changed up to there is in it.
    """

    features: list[BarrierFeature]
    next: str | None
    revision: int
    attribution: str
    type: Literal["FeatureCollection"] = "FeatureCollection"


def moderation_of(body: ModerateBody) -> Moderation:
    """The decision inside; those of the contract that are not built yet are refused by name."""
    if body.action == "merge" or body.action == "split" or body.action == "blur":
        raise Refused("not_yet_supported", f"{body.action} is not offered by this server yet.", field="action")
    for name, given in {"into": body.into, "reports": body.reports, "photo_id": body.photo_id}.items():
        if given:
            raise Refused("not_yet_supported", f"{name} is not offered by this server yet.", field=name)
    return Moderation(body.action, body.reason)


def feature_of(
    record: BarrierRecord,
    router: Router,
    *,
    distance_m: float | UnsetType = UNSET,
    moderation: list[Moderated] | None = None,
    attribution: str | UnsetType = UNSET,
) -> BarrierFeature:
    """A barrier as the public sees it."""
    barrier = record.barrier
    properties = BarrierProperties(
        id=barrier.id, kind=barrier.kind, severity=barrier.severity, standing=barrier.standing, active=barrier.active,
        from_=barrier.starts_at, until=barrier.ends_at, measured=barrier.measured, votes=record.votes,
        reports=record.reports, revision=barrier.revision, effect=effect(barrier, router), effects=effects(barrier),
        photos=[], complaint_id=record.complaint_id, street=barrier.street, level=barrier.level, reason=record.reason,
        updated_at=record.updated_at, distance_m=distance_m, moderation=UNSET if moderation is None else moderation,
    )  # fmt: skip
    return BarrierFeature(barrier.id, barrier.geometry, properties, attribution=attribution)


def event_of(barrier: Barrier, router: Router) -> dict[str, Any]:
    """A barrier in an event: what a route needs; of a hidden one nothing but that it is gone."""
    if barrier.hidden:
        return {"id": barrier.id, "standing": barrier.standing, "active": False, "effect": "none", "hidden": True}
    return {
        "id": barrier.id, "kind": barrier.kind, "severity": barrier.severity, "standing": barrier.standing,
        "active": barrier.active, "from": barrier.starts_at, "until": barrier.ends_at, "measured": barrier.measured,
        "revision": barrier.revision, "effect": effect(barrier, router), "geometry": barrier.geometry,
    }  # fmt: skip
