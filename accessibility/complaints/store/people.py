"""Keys, reporters, limits and idempotency keys."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from accessibility.complaints.store.connection import Connection, Record
from accessibility.complaints.store.statements import statement


async def key_by_hash(connection: Connection, city_id: int, key_hash: bytes) -> Record | None:
    return await connection.fetchrow(statement("key_by_hash"), city_id, key_hash)


async def insert_key(
    connection: Connection, city_id: int, key_hash: bytes, role: str, unit: str | None, area: str | None,
    pseudonym: str, now: datetime,
) -> UUID:  # fmt: skip
    found: UUID = await connection.fetchval(
        statement("insert_key"), city_id, key_hash, role, unit, area, pseudonym, now
    )
    return found


async def reporter_by_token(connection: Connection, city_id: int, token_hash: bytes) -> Record | None:
    return await connection.fetchrow(statement("reporter_by_token"), city_id, token_hash)


async def insert_token_reporter(
    connection: Connection, city_id: int, token_hash: bytes, pseudonym: str, now: datetime
) -> UUID:
    found: UUID = await connection.fetchval(statement("insert_token_reporter"), city_id, token_hash, pseudonym, now)
    return found


async def ensure_key_reporter(
    connection: Connection, city_id: int, key_id: UUID, verified: bool, pseudonym: str, now: datetime
) -> UUID:
    found: UUID = await connection.fetchval(statement("ensure_key_reporter"), city_id, key_id, verified, pseudonym, now)
    return found


async def count_use(
    connection: Connection, city_id: int, scope: str, subject: bytes, now: datetime
) -> tuple[int, datetime]:
    """Uses in the running window, this one included, and when the window began."""
    row = await connection.fetchrow(statement("count_use"), city_id, scope, subject, now)
    return row["used"], row["window_start"]


async def forget_old(connection: Connection, city_id: int, now: datetime) -> None:
    """Limit counters after an hour, idempotency keys after a day."""
    await connection.execute(statement("forget_counters"), city_id, now)
    await connection.execute(statement("forget_answers"), now)


async def claim_idempotency(
    connection: Connection, city_id: int, bearer: bytes, endpoint: str, key: str, body_hash: bytes, now: datetime
) -> bool:
    """True when the key is ours to answer; False when an answer is there."""
    row = await connection.fetchrow(statement("claim_idempotency"), city_id, bearer, endpoint, key, body_hash, now)
    return row is not None


async def idempotent_answer(
    connection: Connection, city_id: int, bearer: bytes, endpoint: str, key: str
) -> tuple[bytes, Any]:
    row = await connection.fetchrow(statement("idempotent_answer"), city_id, bearer, endpoint, key)
    return row["body_hash"], row["answer"]


async def keep_answer(
    connection: Connection, city_id: int, bearer: bytes, endpoint: str, key: str, answer: Any
) -> None:
    await connection.execute(statement("keep_answer"), city_id, bearer, endpoint, key, answer)
