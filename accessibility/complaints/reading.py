"""What people may read: barriers for everybody, complaints without free text except for those concerned, crew lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from accessibility.complaints.answers import BarrierRecord, ComplaintRecord, TimelineEntry
from accessibility.complaints.clocks import deadlines
from accessibility.complaints.crew_list import Travel, Visit, crow_seconds, visiting_order
from accessibility.complaints.lifecycle import allowed
from accessibility.complaints.people import Actor
from accessibility.complaints.places import Place, box_around, haversine_m
from accessibility.complaints.requests import ComplaintFilter
from accessibility.complaints.stepping import ANSWER_WITHIN
from accessibility.complaints.store import barriers, complaints
from accessibility.complaints.store.connection import Connection, Record
from accessibility.refusals import Refused

NEARBY_M = 50.0
NEARBY_MAX = 100
CREW_MAX = 500  # visits of one list
OWN_UNIT = frozenset({"unit", "crew"})  # these roles read what is theirs


async def nearby(connection: Connection, city_id: int, at: Place, kinds: Sequence[str] | None) -> list[BarrierRecord]:
    """Open barriers within 50 m, the nearest first."""
    found = await barriers.barriers_in_box(
        connection, city_id, box=box_around(at, NEARBY_M), kinds=kinds, standings=["suspected", "confirmed"],
        limit=NEARBY_MAX * 10,
    )  # fmt: skip
    near = sorted((haversine_m(one.barrier.place, at), one.barrier.id, one) for one in found)
    return [one for metres, _, one in near if metres <= NEARBY_M][:NEARBY_MAX]


async def complaint(
    connection: Connection, city_id: int, complaint_id: UUID, actor: Actor, now: datetime
) -> ComplaintRecord:
    """One complaint. Texts are for its reporters and staff; the public reads those that a moderator let pass."""
    row = await complaints.complaint_record(connection, city_id, complaint_id)
    if row is None:
        raise Refused("not_found", "there is no such complaint")
    mine = actor.reporter_id is not None and await complaints.is_reporter_of(
        connection, city_id, complaint_id, actor.reporter_id
    )
    steps = await complaints.steps_of(connection, city_id, complaint_id)
    reads_all = mine or actor.staff
    timeline = [
        TimelineEntry(
            at=step["at"], step=step["step"], role=step["role"], state=step["to_state"], version=step["version"],
            text=step["text"] if reads_all or step["text_public"] else None, fields=step["fields"],
        )
        for step in steps
    ]  # fmt: skip
    round_ = await complaints.callback_round(connection, city_id, complaint_id)
    may_answer = (
        mine
        and round_ is not None
        and actor.reporter_id is not None
        and _answerable(row, now)
        and not await complaints.has_answered(connection, city_id, complaint_id, round_, actor.reporter_id)
    )
    return _record(row, actor, now, timeline, mine=mine, may_answer=may_answer)


def _answerable(row: Record, now: datetime) -> bool:
    late = row["callback_at"] is not None and now > row["callback_at"] + ANSWER_WITHIN
    return row["state"] == "callback" or (row["state"] == "resolved" and not late)


def _record(
    row: Record, actor: Actor, now: datetime, timeline: list[TimelineEntry], *, mine: bool, may_answer: bool
) -> ComplaintRecord:
    role = actor.role if actor.staff else "reporter" if mine else "anonymous"
    steps = allowed(row["state"], role, row["class"], frozenset(row["flags"]))
    first = actor.reporter_id == row["reporter_id"]
    return ComplaintRecord(
        id=row["complaint_id"], number=row["number"], state=row["state"], flags=row["flags"], urgency=row["class"],
        kind=row["kind"], severity=row["severity"], at=(row["lon"], row["lat"]), area=row["area"], unit=row["unit"],
        barrier_id=row["barrier_id"], standing=row["standing"],
        deadlines=deadlines(row["class"], row["submitted_at"], row["state"], now),
        submitted_at=row["submitted_at"], expected_at=row["expected_at"], updated_at=row["updated_at"],
        version=row["version"], followers=row["followers"], rating=row["rating"], timeline=timeline,
        allowed=[step for step in steps if step != "withdraw" or first], mine=mine, may_answer=may_answer,
    )  # fmt: skip


async def complaint_list(
    connection: Connection, city_id: int, asked: ComplaintFilter, actor: Actor, now: datetime
) -> list[ComplaintRecord]:
    """Complaints for staff, without their histories; a unit and its crews see their own."""
    if not actor.staff:
        raise Refused("unauthorized" if actor.key_id is None else "forbidden", "this list is for staff")
    unit = actor.unit if actor.role in OWN_UNIT else asked.unit
    if actor.role in OWN_UNIT and (unit is None or asked.unit not in (None, unit)):
        raise Refused("forbidden", "this key sees the complaints of its own unit")
    found: list[ComplaintRecord] = []
    after = asked.after or UUID(int=0)
    while len(found) < asked.limit:
        rows = await complaints.complaints_filtered(
            connection, city_id, states=asked.states, unit=unit, area=asked.area, urgency=asked.urgency, after=after,
            limit=asked.limit,
        )  # fmt: skip
        records = [_record(row, actor, now, [], mine=False, may_answer=False) for row in rows]
        found += [one for one in records if asked.overdue is None or one.deadlines.overdue is asked.overdue]
        if len(rows) < asked.limit:
            break
        after = rows[-1]["complaint_id"]
    return found[: asked.limit]


async def crew_list(
    connection: Connection, city_id: int, unit: str, actor: Actor, now: datetime, *,
    start: Place | None = None, travel: Travel = crow_seconds,
) -> list[dict[str, Any]]:  # fmt: skip
    """What a unit has to do, in visiting order: plain values, nothing about any person."""
    actor.need("crew", "unit", "dispatcher")
    if actor.role in OWN_UNIT and actor.unit != unit:
        raise Refused("forbidden", "this key sees the list of its own unit")
    work = {one.complaint_id: one for one in await complaints.crew_complaints(connection, city_id, unit, CREW_MAX)}
    due = {key: deadlines(one.urgency, one.submitted_at, one.state, now) for key, one in work.items()}
    visits = [Visit(key, one.urgency, due[key].feedback, one.place) for key, one in work.items()]
    ordered = visiting_order(visits, now, start=start, travel=travel)
    return [
        {
            "order": place, "complaint_id": one.complaint_id, "number": one.number, "class": one.urgency,
            "kind": one.kind, "state": one.state, "at": list(one.place), "due": due[visit.complaint_id].feedback,
            "overdue": due[visit.complaint_id].overdue, "barrier_id": one.barrier_id, "version": one.version,
        }
        for place, visit in enumerate(ordered, 1)
        for one in [work[visit.complaint_id]]
    ]  # fmt: skip
