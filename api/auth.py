"""Who asks: the key or token that was sent, the Idempotency-Key under which it was sent, and the way to the desk."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg
from litestar import Request

from accessibility.complaints.desk import Desk
from accessibility.complaints.people import Actor
from accessibility.refusals import Refused
from api.errors import invalid
from api.limits import counted_address
from api.running import Running, running

BEARER_MAX = 256
DESK_WITHIN_S = 20.0
"""Longer than a single statement may take: nobody waits for ever for a free connection."""
AWAY = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
    asyncpg.ReadOnlySQLTransactionError,
)
"""The database cannot be reached, is stopping, full, or asks to try again. Anything else it says is our own fault."""

_KEY = re.compile(r"[\x21-\x7e]{16,128}")


@dataclass(frozen=True)
class AtDesk:
    """One request at the desk: who asks, when, and under which Idempotency-Key."""

    here: Running
    desk: Desk
    actor: Actor
    now: datetime
    key: str | None


@asynccontextmanager
async def at_desk(request: Request[Any, Any, Any]) -> AsyncIterator[AtDesk]:
    """The desk for the length of the block.

    Raises Refused: `invalid_field` for a broken Idempotency-Key, `unauthorized` for a bearer nobody knows,
    `database_unavailable` when the database is away, now or later in the block.
    """
    here = running(request)
    key, bearer = idempotency_key(request), bearer_of(request)
    desk = here.reports
    with reachable():
        async with asyncio.timeout(DESK_WITHIN_S):
            actor = await desk.who(bearer, counted_address(request, here.settings.trusted_proxies))
            yield AtDesk(here, desk, actor, here.clock(), key)


@contextmanager
def reachable() -> Iterator[None]:
    """`database_unavailable` for whatever says that the database is away."""
    try:
        yield
    except AWAY as error:
        if isinstance(error, ValueError):  # a value we gave it that it cannot hold
            raise
        raise Refused("database_unavailable", "The database does not answer; try again.") from error


def bearer_of(request: Request[Any, Any, Any]) -> str | None:
    """The key or token that was sent; `unauthorized` for another scheme or what cannot be one."""
    given = request.headers.get("authorization")
    if given is None:
        return None
    scheme, _, bearer = given.partition(" ")
    bearer = bearer.strip()
    if scheme.lower() != "bearer" or not bearer or len(bearer) > BEARER_MAX:
        raise Refused("unauthorized", "Send the key or token as `Authorization: Bearer KEY`.")
    return bearer


def idempotency_key(request: Request[Any, Any, Any]) -> str | None:
    """The client's own name for this request, where the endpoint takes one."""
    operation = request.route_handler.opt.get("operation")
    given = request.headers.getall("idempotency-key", [])
    if not given or operation is None or not operation.keyed:
        return None
    if len(given) > 1 or not _KEY.fullmatch(given[0]):
        raise invalid("Idempotency-Key", "16 to 128 visible ASCII characters are wanted, once")
    return str(given[0])
