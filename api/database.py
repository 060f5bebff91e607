"""The database a server works with: a URL it was given, or the embedded PostgreSQL in its data folder."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from accessibility.complaints.migrate import migrate
from accessibility.refusals import Refused
from api.embedded import EmbeddedPostgres
from api.embedded_places import EmbeddedPostgresError

SECRET_BYTES = 32


class Database(Struct, frozen=True):
    """Where the rows are, and the server's secret that tokens are made with."""

    url: str
    secret: bytes


@contextmanager
def opened(data: Path, url: str | None) -> Iterator[tuple[Database, Callable[[], bool]]]:
    """A migrated database; the second part starts an embedded server again if it died (main thread only).

    Raises `Refused`: `database_unavailable` when it cannot be reached or started, `database_schema` when it is newer.
    """
    secret = secret_in(data)
    if url is not None:
        _migrated(url)
        yield Database(url, secret), lambda: False
        return
    server = EmbeddedPostgres()
    try:
        own = server.start(data)
    except EmbeddedPostgresError as error:
        raise Refused("database_unavailable", str(error)) from error
    try:
        _migrated(own)
        yield Database(own, secret), server.revive
    finally:
        server.stop()


def secret_in(data: Path) -> bytes:
    """The server's secret, made at the first start and readable by its owner alone."""
    data.mkdir(parents=True, exist_ok=True)
    path = data / "secret"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        found = path.read_bytes()
        if len(found) != SECRET_BYTES:
            raise Refused("secret_damaged", f"{path} is not {SECRET_BYTES} bytes long.") from None
        return found
    fresh = secrets.token_bytes(SECRET_BYTES)
    with os.fdopen(handle, "wb") as file:
        file.write(fresh)
    return fresh


def _migrated(url: str) -> None:
    try:
        asyncio.run(migrate(url))
    except OSError as error:
        raise Refused("database_unavailable", f"The database cannot be reached: {error.strerror or error}.") from error
