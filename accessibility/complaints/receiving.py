"""A report comes in: its reporter, its barrier, its complaint, all in one transaction or not at all."""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID

from msgspec import structs

from accessibility.barriers import Barrier
from accessibility.complaints import stepping
from accessibility.complaints.answers import Received
from accessibility.complaints.audit import commit
from accessibility.complaints.people import digest, new_pseudonym, token_for
from accessibility.complaints.places import box_around, ground, haversine_m
from accessibility.complaints.requests import FromRouting, NewReport
from accessibility.complaints.store import barriers, complaints, ledger, people
from accessibility.complaints.weighing import say, weigh
from accessibility.complaints.work import SYSTEM, Work
from accessibility.kinds import KINDS
from accessibility.refusals import Refused
from accessibility.standing import Evidence, Standing

JOIN_WITHIN_M = 10.0
SEEN_WITHIN = timedelta(days=7)
"""What was seen longer ago is no news; a report waits so long on a device without a network."""
CLOCKS_APART = timedelta(minutes=5)


async def receive(work: Work, report: NewReport, known: FromRouting) -> Received:
    """Stores a report. Raises Refused: `invalid_field`, `rate_limited`."""
    check(work, report)
    await work.count("report")
    report_id = await ledger.new_id(work.connection)
    # Who reports by phone is a person of their own: with a token, and one voice more than the intake's.
    first = report.on_behalf or (work.actor.reporter_id is None and work.actor.key_id is None)
    reporter_id = await _new_reporter(work, report_id, report) if first else await work.reporter()

    before = await _joined_barrier(work, report, known.street)
    joined = before is not None
    barrier = before or await _new_barrier(work, report, known.street)
    await say(work, barrier.id, await _evidence(work, report, reporter_id, known))
    found = await weigh(work, barrier, new=not joined)

    complaint_id = await _complaint(work, barrier, found, report, reporter_id, known)
    await _keep(work, report_id, report, barrier.id, complaint_id, reporter_id, joined=joined)
    return Received(report_id, barrier.id, complaint_id, found.value, joined, first)


def check(work: Work, report: NewReport) -> None:
    """What the wire cannot check by itself."""
    kind = KINDS.get(report.kind)
    if kind is None or kind.operators_only:
        raise Refused("invalid_field", f"there is no kind {report.kind!r} to report", field="kind")
    if report.ends_at is not None and report.ends_at <= max(work.now, report.starts_at or work.now):
        raise Refused("invalid_field", "must lie in the future and after `from`", field="until")
    if report.seen_at is not None and not work.now - SEEN_WITHIN <= report.seen_at <= work.now + CLOCKS_APART:
        raise Refused("invalid_field", "must lie in the last seven days", field="at_time")
    if report.on_behalf and work.actor.role not in ("intake", "admin"):
        raise Refused("forbidden", "only the intake reports on behalf of others", field="on_behalf")


async def _new_reporter(work: Work, report_id: UUID, report: NewReport) -> UUID:
    """Somebody who never reported before: known from now on by the token of this report."""
    token = token_for(work.secret, report_id)
    pseudonym = new_pseudonym() if report.on_behalf else work.actor.pseudonym
    return await people.insert_token_reporter(work.connection, work.city_id, digest(token), pseudonym, work.now)


async def _joined_barrier(work: Work, report: NewReport, street: str | None) -> Barrier | None:
    """The nearest open barrier of the group within 10 m on the same level and street, locked."""
    box = box_around(report.at, JOIN_WITHIN_M)
    for number in ground(box):
        await barriers.lock_ground(work.connection, work.city_id, number)
    group = KINDS[report.kind].group
    near = [
        one
        for one in await barriers.joinable_barriers(work.connection, work.city_id, group, box)
        if haversine_m(one.place, report.at) <= JOIN_WITHIN_M
        and (one.level == report.level or None in (one.level, report.level))
        and (one.street == street or None in (one.street, street))
    ]
    return min(near, key=lambda one: (haversine_m(one.place, report.at), one.id), default=None)


async def _new_barrier(work: Work, report: NewReport, street: str | None) -> Barrier:
    barrier = Barrier(
        id=await ledger.new_id(work.connection), kind=report.kind, severity=report.severity, place=report.at,
        geometry={"type": "Point", "coordinates": list(report.at)}, standing="suspected", active=False, revision=0,
        level=report.level, street=street,
    )  # fmt: skip
    lon, lat = report.at
    await barriers.insert_barrier(
        work.connection, work.city_id, barrier, KINDS[report.kind].group, (lon, lat, lon, lat), work.now
    )
    return barrier


async def _evidence(work: Work, report: NewReport, reporter_id: UUID, known: FromRouting) -> Evidence:
    return Evidence(
        kind="report", at=min(report.seen_at or work.now, work.now), reporter=reporter_id,
        weight=work.actor.weight, severity=report.severity,
        measured=report.measured, starts_at=report.starts_at, ends_at=report.ends_at,
        blocks=await _may_block(work, report, reporter_id, known),
    )  # fmt: skip


async def _may_block(work: Work, report: NewReport, reporter_id: UUID, known: FromRouting) -> bool:
    """Whether this danger blocks before it is confirmed: few at a time, and never the last way to a place."""
    if report.severity < 4 or not KINDS[report.kind].is_danger(report.severity) or known.cuts_last_way:
        return False
    by_reporter, by_network = await barriers.active_blocks(
        work.connection, work.city_id, reporter_id, work.actor.network, work.now
    )
    return by_reporter < work.limits.blocks_per_token and by_network < work.limits.blocks_per_network


async def _complaint(
    work: Work, barrier: Barrier, found: Standing, report: NewReport, reporter_id: UUID, known: FromRouting
) -> UUID:
    """The open complaint about the barrier, or a new one. A verified reporter's is accepted at once."""
    urgency = KINDS[barrier.kind].urgency_at(found.severity)
    reason = "kind and severity"
    if known.cuts_essential and urgency > "P1":
        urgency, reason = "P1", f"last way, map {known.map_build}"
    complaint = await complaints.lock_open_complaint(work.connection, work.city_id, barrier.id)
    if complaint is not None:
        if urgency < complaint.urgency:
            await stepping.reclassify(work, complaint, urgency, reason)
        return complaint.complaint_id
    complaint_id = await complaints.insert_complaint(
        work.connection, work.city_id, barrier_id=barrier.id, reporter_id=reporter_id, kind=barrier.kind,
        place=barrier.place, urgency=urgency, urgency_reason=reason, now=work.now,
    )  # fmt: skip
    await complaints.insert_step(
        work.connection, work.city_id, complaint_id, version=1, at=work.now, step="submit", role="reporter",
        from_state=None, to_state="submitted", text=None, text_public=False, fields={"class": urgency},
        pseudonym=work.actor.pseudonym,
    )  # fmt: skip
    work.record(complaint_id, "submit", to_state="submitted", barrier_id=str(barrier.id), urgency=urgency)
    work.tell("complaint.state", case_id=str(complaint_id), state="submitted", version=1)
    if work.actor.weight != "unverified":
        opened = await complaints.lock_complaint(work.connection, work.city_id, complaint_id)
        if opened is not None:
            await stepping.move(work, opened, "accept", by=SYSTEM)
    return complaint_id


async def _keep(
    work: Work, report_id: UUID, report: NewReport, barrier_id: UUID, complaint_id: UUID, reporter_id: UUID,
    *, joined: bool,
) -> None:  # fmt: skip
    """The report itself. The note stays with it; the audit log only holds a promise about it."""
    salt = secrets.token_bytes(16) if report.note else None
    await complaints.insert_report(
        work.connection, work.city_id, report_id, barrier_id=barrier_id, complaint_id=complaint_id,
        reporter_id=reporter_id, report=report, salt=salt, now=work.now,
    )  # fmt: skip
    if report.contact is not None and any(structs.astuple(report.contact)):
        await complaints.insert_contact(work.connection, work.city_id, report_id, report.contact, work.now)
    work.record(
        complaint_id, "report", report_id=str(report_id), barrier_id=str(barrier_id), kind=report.kind,
        severity=report.severity, joined=joined,
        commitment=commit(salt, report.note) if salt and report.note else None,
    )  # fmt: skip
