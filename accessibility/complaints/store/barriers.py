"""Barriers and the evidence about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import structs

from accessibility.barriers import Barrier, Measured
from accessibility.complaints.answers import BarrierRecord, Changes, Event, Moderated, Votes
from accessibility.complaints.places import Box, Place
from accessibility.complaints.store.connection import Connection, Record
from accessibility.complaints.store.statements import statement
from accessibility.standing import Evidence, Standing

EVERYWHERE: Box = (-180.0, -90.0, 180.0, 90.0)
FIRST_ID = UUID(int=0)


def barrier_of(row: Record) -> Barrier:
    """A row with the columns of a barrier."""
    return Barrier(
        id=row["barrier_id"], kind=row["kind"], severity=row["severity"], place=(row["lon"], row["lat"]),
        geometry=row["geometry"], standing=row["standing"], active=row["active"], revision=row["revision"],
        level=row["level"], street=row["street"], starts_at=row["starts_at"], ends_at=row["ends_at"],
        measured=msgspec.convert(row["measured"], Measured), blocks=row["blocks"], hidden=row["hidden"],
    )  # fmt: skip


def _record_of(row: Record) -> BarrierRecord:
    return BarrierRecord(
        barrier=barrier_of(row), votes=Votes(row["still_there"], row["gone"], row["unsure"]), reports=row["reports"],
        complaint_id=row["complaint_id"], reason=row["reason"], updated_at=row["updated_at"],
    )  # fmt: skip


async def lock_ground(connection: Connection, city_id: int, number: int) -> None:
    await connection.execute(statement("lock_ground"), city_id, number)


async def joinable_barriers(connection: Connection, city_id: int, group: str, box: Box) -> list[Barrier]:
    return [barrier_of(row) for row in await connection.fetch(statement("joinable_barriers"), city_id, group, *box)]


async def insert_barrier(
    connection: Connection, city_id: int, barrier: Barrier, group: str, bounds: Box, now: datetime
) -> None:
    await connection.execute(
        statement("insert_barrier"), city_id, barrier.id, barrier.kind, group, barrier.severity, *barrier.place,
        barrier.geometry, *bounds, barrier.level, barrier.street, now,
    )  # fmt: skip


async def lock_barrier(connection: Connection, city_id: int, barrier_id: UUID) -> Barrier | None:
    row = await connection.fetchrow(statement("lock_barrier"), city_id, barrier_id)
    return barrier_of(row) if row else None


async def due_barriers(connection: Connection, city_id: int, now: datetime, limit: int) -> list[Barrier]:
    return [barrier_of(row) for row in await connection.fetch(statement("due_barriers"), city_id, now, limit)]


async def update_barrier(
    connection: Connection, city_id: int, barrier_id: UUID, found: Standing, reports: int, votes: Votes, now: datetime
) -> None:
    await connection.execute(
        statement("update_barrier"), city_id, barrier_id, found.severity, found.value, found.blocks, found.active,
        found.starts_at, found.until, structs.asdict(found.measured), found.next_check, reports,
        votes.still_there, votes.gone, votes.unsure, now,
    )  # fmt: skip


async def move_barrier(
    connection: Connection, city_id: int, barrier_id: UUID, geometry: dict[str, Any], place: Place, bounds: Box
) -> None:
    await connection.execute(statement("move_barrier"), city_id, barrier_id, geometry, *place, *bounds)


async def hide_barrier(connection: Connection, city_id: int, barrier_id: UUID, hidden: bool, now: datetime) -> None:
    await connection.execute(statement("hide_barrier"), city_id, barrier_id, hidden, now)


async def insert_evidence(
    connection: Connection, city_id: int, barrier_id: UUID, said: Evidence, network: bytes | None
) -> None:
    measured = {name: value for name, value in structs.asdict(said.measured).items() if value is not None}
    await connection.execute(
        statement("insert_evidence"), city_id, barrier_id, said.kind, said.at, said.reporter, said.weight,
        said.severity, measured, said.starts_at, said.ends_at, said.blocks, network,
    )  # fmt: skip


async def evidence_of(connection: Connection, city_id: int, barrier_id: UUID) -> list[tuple[Evidence, bytes | None]]:
    """Everything said, with the hashed network it came from."""
    rows = await connection.fetch(statement("evidence_of"), city_id, barrier_id)
    return [
        (
            Evidence(
                kind=row["kind"], at=row["at"], reporter=row["reporter_id"], weight=row["weight"],
                severity=row["severity"], measured=msgspec.convert(row["measured"], Measured),
                starts_at=row["starts_at"], ends_at=row["ends_at"], blocks=row["blocks"],
            ),
            row["network_hash"],
        )
        for row in rows
    ]  # fmt: skip


async def active_blocks(
    connection: Connection, city_id: int, reporter_id: UUID, network: bytes | None, now: datetime
) -> tuple[int, int]:
    """Unconfirmed dangers that block now: by this reporter, by this network."""
    row = await connection.fetchrow(statement("active_blocks"), city_id, reporter_id, network, now)
    return row["by_reporter"], row["by_network"]


async def insert_closure(connection: Connection, city_id: int, barrier_id: UUID, reason: str, key_id: UUID) -> None:
    await connection.execute(statement("insert_closure"), city_id, barrier_id, reason, key_id)


async def update_closure(connection: Connection, city_id: int, barrier_id: UUID, reason: str) -> None:
    await connection.execute(statement("update_closure"), city_id, barrier_id, reason)


async def insert_moderation(
    connection: Connection, city_id: int, barrier_id: UUID, *, action: str, reason: str | None, salt: bytes | None,
    pseudonym: str, now: datetime,
) -> None:  # fmt: skip
    await connection.execute(statement("insert_moderation"), city_id, barrier_id, now, action, reason, salt, pseudonym)


async def moderations_of(connection: Connection, city_id: int, barrier_id: UUID) -> list[Moderated]:
    rows = await connection.fetch(statement("moderations_of"), city_id, barrier_id)
    return [Moderated(row["at"], row["action"], row["reason"]) for row in rows]


async def closure_exists(connection: Connection, city_id: int, barrier_id: UUID) -> bool:
    return bool(await connection.fetchval(statement("closure_exists"), city_id, barrier_id))


async def barrier_record(
    connection: Connection, city_id: int, barrier_id: UUID, *, with_hidden: bool
) -> BarrierRecord | None:
    row = await connection.fetchrow(statement("barrier_record"), city_id, barrier_id, with_hidden)
    return _record_of(row) if row else None


async def barriers_in_box(
    connection: Connection, city_id: int, *, box: Box | None = None, kinds: Sequence[str] | None = None,
    standings: Sequence[str] | None = None, since_revision: int | None = None, after: UUID | None = None, limit: int,
) -> list[BarrierRecord]:  # fmt: skip
    since = -1 if since_revision is None else since_revision
    rows = await connection.fetch(
        statement("barriers_in_box"), city_id, *(box or EVERYWHERE), kinds, standings, since, after or FIRST_ID, limit
    )
    return [_record_of(row) for row in rows]


async def changes_since(connection: Connection, city_id: int, revision: int) -> Changes:
    rows = await connection.fetch(statement("changes_since"), city_id, revision)
    return Changes(rows[0]["current_revision"], [barrier_of(row) for row in rows if row["barrier_id"] is not None])


async def events_since(connection: Connection, city_id: int, revision: int, limit: int) -> list[Event]:
    """One event a revision."""
    events: list[Event] = []
    for row in await connection.fetch(statement("events_since"), city_id, revision, limit):
        if not events or events[-1].revision != row["at_revision"]:
            events.append(Event(row["at_revision"], row["at"], []))
        events[-1].barriers.append(barrier_of(row))
    return events
