"""Reports, complaints, their history and the residents' answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from accessibility.complaints.places import Place
from accessibility.complaints.requests import Contact, NewReport
from accessibility.complaints.store.connection import Connection, Record
from accessibility.complaints.store.statements import statement


class Complaint(Struct, frozen=True):
    """A row of complaint."""

    complaint_id: UUID
    number: str
    barrier_id: UUID
    reporter_id: UUID
    kind: str
    lon: float
    lat: float
    state: str
    flags: list[str]
    urgency: str
    area: str | None
    unit: str | None
    escalation: int
    submitted_at: datetime
    expected_at: datetime | None
    callback_at: datetime | None
    version: int
    updated_at: datetime

    @property
    def place(self) -> Place:
        return self.lon, self.lat


def complaint_of(row: Record) -> Complaint:
    """A row with the columns of a complaint."""
    renamed = {"class": "urgency"}
    wanted = set(Complaint.__struct_fields__)
    named = {renamed.get(name, name): value for name, value in row.items()}
    return Complaint(**{name: value for name, value in named.items() if name in wanted})


async def insert_report(
    connection: Connection, city_id: int, report_id: UUID, *, barrier_id: UUID, complaint_id: UUID, reporter_id: UUID,
    report: NewReport, salt: bytes | None, now: datetime,
) -> None:  # fmt: skip
    await connection.execute(
        statement("insert_report"), city_id, report_id, barrier_id, complaint_id, reporter_id, report.kind,
        report.severity, *report.at, report.level, report.note, salt, report.channel, report.on_behalf, now,
    )  # fmt: skip


async def insert_contact(
    connection: Connection, city_id: int, report_id: UUID, contact: Contact, now: datetime
) -> None:
    await connection.execute(
        statement("insert_contact"), city_id, report_id, contact.name, contact.email, contact.phone, now
    )


async def is_reporter_of(connection: Connection, city_id: int, complaint_id: UUID, reporter_id: UUID) -> bool:
    return bool(await connection.fetchval(statement("is_reporter_of"), city_id, complaint_id, reporter_id))


async def lock_open_complaint(connection: Connection, city_id: int, barrier_id: UUID) -> Complaint | None:
    row = await connection.fetchrow(statement("lock_open_complaint"), city_id, barrier_id)
    return complaint_of(row) if row else None


async def lock_complaint(connection: Connection, city_id: int, complaint_id: UUID) -> Complaint | None:
    row = await connection.fetchrow(statement("lock_complaint"), city_id, complaint_id)
    return complaint_of(row) if row else None


async def barrier_of_complaint(connection: Connection, city_id: int, complaint_id: UUID) -> UUID | None:
    found: UUID | None = await connection.fetchval(statement("barrier_of_complaint"), city_id, complaint_id)
    return found


async def insert_complaint(
    connection: Connection, city_id: int, *, barrier_id: UUID, reporter_id: UUID, kind: str, place: Place, urgency: str,
    urgency_reason: str, now: datetime,
) -> UUID:  # fmt: skip
    found: UUID = await connection.fetchval(
        statement("insert_complaint"), city_id, barrier_id, reporter_id, kind, *place, now, urgency, urgency_reason
    )
    return found


async def update_complaint(connection: Connection, city_id: int, new: Complaint) -> None:
    await connection.execute(
        statement("update_complaint"), city_id, new.complaint_id, new.state, new.flags, new.urgency, new.unit,
        new.escalation, new.expected_at, new.callback_at, new.version, new.updated_at,
    )  # fmt: skip


async def insert_step(
    connection: Connection, city_id: int, complaint_id: UUID, *, version: int, at: datetime, step: str, role: str,
    from_state: str | None, to_state: str, text: str | None, text_public: bool, fields: dict[str, Any], pseudonym: str,
) -> None:  # fmt: skip
    await connection.execute(
        statement("insert_step"), city_id, complaint_id, version, at, step, role, from_state, to_state, text,
        text_public, fields, pseudonym,
    )  # fmt: skip


async def steps_of(connection: Connection, city_id: int, complaint_id: UUID) -> list[Record]:
    return list(await connection.fetch(statement("steps_of"), city_id, complaint_id))


async def insert_callback_answer(
    connection: Connection, city_id: int, complaint_id: UUID, *, round_: int, reporter_id: UUID, answer: str,
    satisfaction: int, pressured: bool, counted: bool, now: datetime,
) -> bool:  # fmt: skip
    """False when this reporter has answered this round already."""
    row = await connection.fetchrow(
        statement("insert_callback_answer"), city_id, complaint_id, round_, reporter_id, answer, satisfaction,
        pressured, counted, now,
    )  # fmt: skip
    return row is not None


async def callback_round(connection: Connection, city_id: int, complaint_id: UUID) -> int | None:
    found: int | None = await connection.fetchval(statement("callback_round"), city_id, complaint_id)
    return found


async def has_answered(
    connection: Connection, city_id: int, complaint_id: UUID, round_: int, reporter_id: UUID
) -> bool:
    return bool(await connection.fetchval(statement("has_answered"), city_id, complaint_id, round_, reporter_id))


async def complaint_record(connection: Connection, city_id: int, complaint_id: UUID) -> Record | None:
    return await connection.fetchrow(statement("complaint_record"), city_id, complaint_id)


async def complaints_filtered(
    connection: Connection, city_id: int, *, states: Sequence[str] | None, unit: str | None, area: str | None,
    urgency: str | None, after: UUID, limit: int,
) -> list[Record]:  # fmt: skip
    return list(
        await connection.fetch(statement("complaints_filtered"), city_id, states, unit, area, urgency, after, limit)
    )


async def crew_complaints(connection: Connection, city_id: int, unit: str, limit: int) -> list[Complaint]:
    rows = await connection.fetch(statement("crew_complaints"), city_id, unit, limit)
    return [complaint_of(row) for row in rows]
