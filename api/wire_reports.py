"""The shapes of reports on the wire (CONTRACT §5): strict on the way in."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct, field

from accessibility.barriers import Measured
from accessibility.complaints.answers import Received
from accessibility.complaints.requests import Code, Contact, NewReport
from accessibility.kinds import KINDS
from accessibility.profiles import Grade, Metres
from api.errors import invalid
from api.moments import Moment, checked
from api.wire import Position

REPORTABLE = tuple(kind.code for kind in KINDS.values() if not kind.operators_only)

KindCode = Annotated[str, Meta(min_length=1, max_length=40, extra_json_schema={"enum": list(REPORTABLE)})]
Severity = Annotated[
    int, Meta(ge=1, le=4, description="1 a nuisance, 2 hard, 3 cannot get past, 4 dangerous for anybody")
]
Level = Annotated[float, Meta(ge=-100, le=200, description="Floor, as OpenStreetMap counts")]
Note = Annotated[str, Meta(max_length=2000, description="For the city; the public does not read it")]


class MeasuredBody(Struct, frozen=True, forbid_unknown_fields=True):
    """What was measured on the spot. `incline` is how steep it is, whichever way one goes."""

    kerb_m: Metres | None = None
    width_m: Metres | None = None
    incline: Grade | None = None


class ReportBody(Struct, frozen=True, forbid_unknown_fields=True):
    """A report. `from` and `until`: when it is there; left out = now, and until it is gone."""

    kind: KindCode
    at: Position
    severity: Severity
    note: Note | None = None
    measured: MeasuredBody | None = None
    from_: Moment | None = field(name="from", default=None)
    until: Moment | None = None
    level: Level | None = None
    contact: Contact | None = None
    channel: Code | None = None
    on_behalf: bool = False


class ReceivedAnswer(Struct, frozen=True, omit_defaults=True):
    """What became of a report. `joined`: it strengthens a barrier that was known and shares its complaint.

    Keep `reporter_token`: it comes with a first report only, and makes you the reporter who may vote and answer.
    """

    report_id: UUID
    barrier_id: UUID
    complaint_id: UUID
    standing: str
    joined: bool
    revision: int
    reporter_token: str | None = None


def report_of(body: ReportBody) -> NewReport:
    """The report inside."""
    if body.kind not in REPORTABLE:
        raise invalid("kind", f"there is no kind {body.kind!r} to report; see GET /v1/kinds")
    measured = Measured() if body.measured is None else Measured(**msgspec.structs.asdict(body.measured))
    return NewReport(
        kind=body.kind, at=body.at, severity=body.severity, note=(body.note or "").strip() or None, measured=measured,
        starts_at=checked(body.from_, "from"), ends_at=checked(body.until, "until"), level=body.level,
        contact=body.contact, channel=body.channel, on_behalf=body.on_behalf,
    )  # fmt: skip


def received_answer(received: Received, token: str | None) -> ReceivedAnswer:
    """The answer to a report."""
    return ReceivedAnswer(
        received.report_id, received.barrier_id, received.complaint_id, received.standing, received.joined,
        received.revision, token,
    )  # fmt: skip
