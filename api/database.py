"""The database a server works with: a URL it was given, or the embedded PostgreSQL in its data folder."""

from __future__ import annotations

import asyncio
import fcntl
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import structlog
from msgspec import Struct

from accessibility.complaints.migrate import migrate
from accessibility.complaints.store.connection import REFUSES, connect
from accessibility.refusals import Refused
from api.embedded import EmbeddedPostgres
from api.embedded_places import EmbeddedPostgresError

SECRET_BYTES = 32
CONNECTIONS_EACH = 9
"""A worker's pool and its listener."""
CONNECTIONS_SPARE = 24
"""For commands that are run beside the server, and for whoever looks in."""
ASK_AGAIN_S = 0.25

_log = structlog.get_logger("stepfree")


class Database(Struct, frozen=True):
    """Where the rows are, and the server's secret that tokens are made with."""

    url: str
    secret: bytes


@contextmanager
def opened(data: Path, url: str | None, *, workers: int = 1) -> Iterator[tuple[Database, Callable[[], bool]]]:
    """A migrated database with connections for so many workers.

    The second part starts an embedded server again if it died (main thread only); it never waits and never raises.
    Raises `Refused`: `database_unavailable` when it cannot be reached or started, `database_schema` when it is newer.
    """
    secret = secret_in(data)
    if url is not None:
        asyncio.run(migrated(url))
        yield Database(url, secret), lambda: False
        return
    connections = max(60, CONNECTIONS_EACH * workers + CONNECTIONS_SPARE)
    server = EmbeddedPostgres({"max_connections": str(connections)})
    try:
        own = server.start(data)
    except EmbeddedPostgresError as error:
        raise Refused("database_unavailable", str(error)) from error
    try:
        asyncio.run(migrated(own))
        yield Database(own, secret), lambda: _revived(server)
    finally:
        server.stop()


def _revived(server: EmbeddedPostgres) -> bool:
    """One try; whoever asks every second asks again."""
    try:
        needed = server.revive(wait_s=0)
    except (EmbeddedPostgresError, OSError) as error:
        _log.warning("postgres_not_started", because=str(error))
        return False
    if needed:
        _log.warning("postgres_started_again", pid=server.pid)
    return needed


def wait_for(database: Database) -> None:
    """Returns once the database takes connections: a process that does not know what is closed must not route."""
    while True:
        with suppress(*REFUSES):
            asyncio.run(_connected(database.url))
            return
        time.sleep(ASK_AGAIN_S)


async def _connected(url: str) -> None:
    await (await connect(url)).close()


def secret_in(data: Path) -> bytes:
    """The server's secret, made at the first start and readable by its owner alone; it is there whole or not at all."""
    data.mkdir(parents=True, exist_ok=True)
    path = data / "secret"
    with _alone_in(data):
        if not path.exists():
            _write(path, secrets.token_bytes(SECRET_BYTES))
    found = path.read_bytes()
    if len(found) != SECRET_BYTES:
        raise Refused("secret_damaged", f"{path} is not {SECRET_BYTES} bytes long.")
    return found


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Of all processes that start at once on a folder, one at a time."""
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
        os.fsync(handle)
    finally:
        os.close(handle)


def _write(path: Path, content: bytes) -> None:
    half = path.with_suffix(".half")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    half.rename(path)


async def migrated(url: str) -> None:
    """Brings the database to our schema; whatever it has against that is one sentence: `database_unavailable`."""
    try:
        await migrate(url)
    except REFUSES as error:
        found = "reached" if isinstance(error, OSError) else "used"
        said = getattr(error, "strerror", None) or str(error).rstrip(".") or type(error).__name__
        raise Refused("database_unavailable", f"The database cannot be {found}: {said}.") from error
