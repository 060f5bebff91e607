"""What people ask of the desk: reports, votes, closures, steps. Bounds stand here once, for every way in."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta, Struct, field

from accessibility.barriers import Measured
from accessibility.complaints.places import Place

Code = Annotated[str, Meta(pattern=r"^[a-z0-9_]{1,40}$")]
Text = Annotated[str, Meta(min_length=1, max_length=2000)]
Name = Annotated[str, Meta(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f]+$")]
Longitude = Annotated[float, Meta(ge=-180, le=180)]
Latitude = Annotated[float, Meta(ge=-90, le=90)]
Version = Annotated[int, Meta(ge=1, le=2**31 - 1)]
Urgency = Literal["P0", "P1", "P2", "P3"]
VoteWord = Literal["still_there", "gone", "unsure"]


class Contact(Struct, frozen=True, forbid_unknown_fields=True):
    """How to reach the reporter; goes into a table the server itself cannot read."""

    name: Annotated[str, Meta(max_length=200)] | None = None
    email: Annotated[str, Meta(max_length=254)] | None = None
    phone: Annotated[str, Meta(max_length=40)] | None = None


class NewReport(Struct, frozen=True):
    """One report as the desk takes it; the wire has checked the bounds. `seen_at`: None = just now."""

    kind: str
    at: Place
    severity: int
    note: str | None = None
    measured: Measured = Measured()
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    level: float | None = None
    contact: Contact | None = None
    channel: str | None = None
    on_behalf: bool = False
    seen_at: datetime | None = None


class FromRouting(Struct, frozen=True):
    """What only the map knows about a reported place; the API asks routing and passes it on.

    `cuts_last_way`: with this closed some place could no longer be reached; `cuts_essential`: and that place is a
    hospital, stop, school or care home. `map_build` says on which map that was computed.
    """

    street: str | None = None
    cuts_last_way: bool = False
    cuts_essential: bool = False
    map_build: str | None = None


class NewClosure(Struct, frozen=True):
    """A place an operator closes. `geometry`: GeoJSON Point, LineString, Polygon or MultiPolygon."""

    geometry: dict[str, Any]
    reason: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None


class ClosureChange(Struct, frozen=True):
    """The whole closure as it shall be from now on."""

    geometry: dict[str, Any] | None = None
    reason: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    keeps_start: bool = True
    keeps_end: bool = True


class Moderation(Struct, frozen=True):
    """A moderator's action on a barrier."""

    action: Literal["confirm", "refute", "hide", "unhide"]
    reason: str | None = None


class StepBase(Struct, frozen=True, kw_only=True, tag_field="step", forbid_unknown_fields=True):
    """A step of a complaint; `version` is the one the caller has seen."""

    version: Version


class Accept(StepBase, frozen=True, kw_only=True, tag="accept"):
    class_: Urgency | None = field(name="class", default=None)


class Reject(StepBase, frozen=True, kw_only=True, tag="reject"):
    reason_code: Code
    text: Text


class Dispatch(StepBase, frozen=True, kw_only=True, tag="dispatch"):
    unit: Name | None = None


class Respond(StepBase, frozen=True, kw_only=True, tag="respond"):
    channel: Code
    outcome: Code
    text: Text


class Start(StepBase, frozen=True, kw_only=True, tag="start"):
    plan: Text
    expected_at: Annotated[datetime, Meta(tz=True)]


class ClaimFixed(StepBase, frozen=True, kw_only=True, tag="claim_fixed"):
    """`at`: where the crew stood. Without a photo a written reason says why."""

    action_code: Code
    at: tuple[Longitude, Latitude]
    photo_id: UUID | None = None
    reason: Text | None = None


class Withdraw(StepBase, frozen=True, kw_only=True, tag="withdraw"):
    pass


class Hide(StepBase, frozen=True, kw_only=True, tag="hide"):
    reason: Text


class Unhide(StepBase, frozen=True, kw_only=True, tag="unhide"):
    pass


Step = Accept | Reject | Dispatch | Respond | Start | ClaimFixed | Withdraw | Hide | Unhide


class CallbackAnswer(Struct, frozen=True, forbid_unknown_fields=True):
    """The resident's verdict. `pressured`: somebody asked them to change it."""

    answer: Literal["fixed", "partly", "not_fixed"]
    satisfaction: Annotated[int, Meta(ge=1, le=5)]
    pressured: bool = False


class BarrierFilter(Struct, frozen=True):
    """Which barriers; None = any."""

    box: tuple[float, float, float, float] | None = None
    kinds: tuple[str, ...] | None = None
    standings: tuple[str, ...] | None = None
    since_revision: int | None = None
    after: UUID | None = None
    limit: int = 100


class ComplaintFilter(Struct, frozen=True):
    """Which complaints; None = any."""

    states: tuple[str, ...] | None = None
    unit: str | None = None
    area: str | None = None
    urgency: str | None = None
    overdue: bool | None = None
    after: UUID | None = None
    limit: int = 100
