"""What every change leaves behind: the audit row, the message, the revision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from accessibility.complaints.audit import START, AuditRow
from accessibility.complaints.store.connection import Connection
from accessibility.complaints.store.statements import statement


async def new_id(connection: Connection) -> UUID:
    found: UUID = await connection.fetchval(statement("new_id"))
    return found


async def lock_audit(connection: Connection, city_id: int) -> tuple[int, bytes]:
    """Holds the log's end; number and hash of its last row."""
    await connection.execute(statement("lock_audit"), city_id)
    return await audit_head(connection, city_id)


async def audit_head(connection: Connection, city_id: int) -> tuple[int, bytes]:
    row = await connection.fetchrow(statement("audit_head"), city_id)
    return (row["seq"], row["hash"]) if row else (0, START)


async def insert_audit(connection: Connection, rows: Sequence[AuditRow]) -> None:
    await connection.executemany(
        statement("insert_audit"),
        [
            (
                row.city_id, row.seq, row.case_id, row.at, row.actor_pseudonym, row.role, row.action, row.from_state,
                row.to_state, row.payload, row.commitment, row.prev_hash, row.hash,
            )
            for row in rows
        ],
    )  # fmt: skip


async def audit_rows(connection: Connection, city_id: int, after_seq: int, limit: int) -> list[AuditRow]:
    rows = await connection.fetch(statement("audit_rows"), city_id, after_seq, limit)
    return [AuditRow(**dict(row)) for row in rows]


async def insert_outbox(
    connection: Connection, city_id: int, messages: Sequence[tuple[str, dict[str, Any]]], now: datetime
) -> None:
    await connection.executemany(statement("insert_outbox"), [(city_id, kind, now, data) for kind, data in messages])


async def current_revision(connection: Connection, city_id: int) -> int:
    return int(await connection.fetchval(statement("current_revision"), city_id))


async def bump_revision(connection: Connection, city_id: int, now: datetime) -> int:
    return int(await connection.fetchval(statement("bump_revision"), city_id, now))


async def mark_changed(
    connection: Connection, city_id: int, revision: int, barrier_ids: Sequence[UUID], now: datetime
) -> None:
    await connection.execute(statement("mark_changed"), city_id, revision, list(barrier_ids), now)


async def try_lead(connection: Connection, city_id: int) -> bool:
    return bool(await connection.fetchval(statement("try_lead"), city_id))
