"""Connections to the database: always as the server's own role, never as the owner."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import msgspec

from accessibility.refusals import Refused

# asyncpg ships no types; these names say what is meant.
Connection = Any
Record = Any
Pool = Any

AWAY = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # what the driver says when an answer comes after the connection is lost
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InsufficientResourcesError,
)
BUSY = (
    TimeoutError,
    asyncpg.QueryCanceledError,
    asyncpg.TooManyConnectionsError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
)
REFUSES = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What a first connection may meet: nobody there, a wrong address or password, another version, too few rights."""
WAIT_S = 5.0  # for a free connection

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

    No statement outlives `statement_timeout_s`, so a stuck lock becomes an error and not a stuck server; a database
    that does not even say so (it hangs, or the network swallows it) is given up 2 s later.
    """
    settings = {**AS_SERVER, "statement_timeout": str(int(statement_timeout_s * 1000))}
    async with asyncpg.create_pool(
        url, min_size=0, max_size=size, command_timeout=statement_timeout_s + 2, server_settings=settings, init=prepare
    ) as pool:
        yield pool


@asynccontextmanager
async def acquired(pool: Pool) -> AsyncIterator[Connection]:
    """A connection of the pool for the length of the block.

    Raises Refused: `database_unavailable` when it cannot be had or is lost on the way, `overloaded` when that lasts.
    """
    try:
        connection = await _free(pool)
        try:
            yield connection
        finally:
            await pool.release(connection)
    except asyncpg.DataError:
        raise  # a value of ours that does not fit: our fault, not the database's
    except BUSY as error:
        raise Refused("overloaded", "the database has too much to do") from error
    except AWAY as error:
        raise Refused("database_unavailable", "the database does not answer") from error


async def _free(pool: Pool) -> Connection:
    """A free connection; whatever a database says instead of letting us in, it is away."""
    try:
        return await pool.acquire(timeout=WAIT_S)
    except BUSY:
        raise
    except (*AWAY, asyncpg.PostgresError) as error:
        raise Refused("database_unavailable", "the database lets nobody in") from error
