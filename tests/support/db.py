"""A real database per test: one embedded PostgreSQL a session, one template, one copy a test."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from accessibility.complaints.migrate import migrate
from accessibility.complaints.store.connection import open_pool
from api.embedded import EmbeddedPostgres

_numbers = itertools.count(1)


def database_url(server_url: str, name: str) -> str:
    """The same server, another database."""
    return server_url.replace("/stepfree?", f"/{name}?")


async def _execute(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """URL of the session's server. Only here fsync is off: nothing of it is kept."""
    folder = Path(tempfile.mkdtemp(prefix="stepfree-tests-", dir="/tmp"))
    folder.chmod(0o755)
    with EmbeddedPostgres({"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}) as server:
        yield server.start(folder)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def template_database(postgres: str) -> str:
    """Name of a migrated database that tests are copied from."""
    asyncio.run(_execute(postgres, "CREATE DATABASE template_of_tests"))
    asyncio.run(migrate(database_url(postgres, "template_of_tests")))
    return "template_of_tests"


@pytest_asyncio.fixture
async def empty_database(postgres: str) -> AsyncIterator[str]:
    """URL of a database with nothing in it."""
    name = f"empty_{next(_numbers)}"
    await _execute(postgres, f"CREATE DATABASE {name}")
    yield database_url(postgres, name)
    await _execute(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest_asyncio.fixture
async def database(postgres: str, template_database: str) -> AsyncIterator[str]:
    """URL of a migrated database of this test alone."""
    name = f"test_{next(_numbers)}"
    await _execute(postgres, f"CREATE DATABASE {name} TEMPLATE {template_database} STRATEGY FILE_COPY")
    yield database_url(postgres, name)
    await _execute(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest_asyncio.fixture
async def pool(database: str) -> AsyncIterator[Any]:
    """A pool on this test's database, as the server's role."""
    async with open_pool(database, size=10) as opened:
        yield opened
