"""`stepfree key create` and `stepfree audit verify`: at the desk of a server that runs, or of one that does not."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from accessibility.complaints.desk import Desk
from accessibility.complaints.store.connection import open_pool
from accessibility.refusals import Refused
from api.database import migrated
from api.embedded import borrowed
from api.embedded_places import EmbeddedPostgresError

T = TypeVar("T")


def create_key(data: Path, database_url: str | None, *, role: str, unit: str | None, area: str | None) -> int:
    """Prints a new key once; nobody can read it back."""
    print(_at_desk(data, database_url, lambda desk: desk.create_key(role, datetime.now(UTC), unit=unit, area=area)))
    return 0


def verify_audit(data: Path, database_url: str | None) -> int:
    """Walks the audit log; exit status 1 and the number of the first bad row when its chain does not hold."""
    rows, bad = _at_desk(data, database_url, lambda desk: desk.verify_audit())
    if bad is not None:
        print(f"The audit log is broken at row {bad}.")
        return 1
    print(f"The audit log holds: {rows} rows.")
    return 0


def _at_desk(data: Path, database_url: str | None, ask: Callable[[Desk], Awaitable[T]]) -> T:
    with _database(data, database_url) as url:
        return asyncio.run(_asked(url, ask))


@contextmanager
def _database(data: Path, database_url: str | None) -> Iterator[str]:
    """The database that was named, or the one in the data folder, running or started for as long as it is needed."""
    if database_url is not None:
        yield database_url
        return
    try:
        with borrowed(data) as url:
            yield url
    except EmbeddedPostgresError as error:
        raise Refused("database_unavailable", str(error)) from error


async def _asked(url: str, ask: Callable[[Desk], Awaitable[T]]) -> T:
    await migrated(url)
    async with open_pool(url, size=1) as pool:
        # No token is made here, so the server's secret is not needed.
        return await ask(Desk(pool, secret=b""))
