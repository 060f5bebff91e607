"""Connections to the database: always as the server's own role, never as the owner."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import msgspec

# asyncpg ships no types; these names say what is meant.
Connection = Any
Record = Any
Pool = Any

SCHEMA = "stepfree"
AS_SERVER = {"role": "stepfree_app", "search_path": SCHEMA, "timezone": "UTC", "application_name": "stepfree"}


async def prepare(connection: Connection) -> None:
    """Ids as uuid.UUID, jsonb as plain Python values."""
    await connection.set_type_codec("uuid", encoder=str, decoder=uuid.UUID, schema="pg_catalog")
    await connection.set_type_codec(
        "jsonb",
        encoder=lambda value: msgspec.json.encode(value).decode(),
        decoder=msgspec.json.decode,
        schema="pg_catalog",
    )


async def connect(url: str) -> Connection:
    """One connection as the server's role, for listening and for commands."""
    connection = await asyncpg.connect(url, server_settings=AS_SERVER)
    await prepare(connection)
    return connection


@asynccontextmanager
async def open_pool(url: str, *, size: int = 8, statement_timeout_s: float = 15.0) -> AsyncIterator[Pool]:
    """A pool of connections as the server's role, closed at the end of the block.

    No statement outlives `statement_timeout_s`, so a stuck lock becomes an error and not a stuck server.
    """
    settings = {**AS_SERVER, "statement_timeout": str(int(statement_timeout_s * 1000))}
    async with asyncpg.create_pool(url, min_size=1, max_size=size, server_settings=settings, init=prepare) as pool:
        yield pool
