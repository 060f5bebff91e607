"""The database fixtures for every test of the loop, and a desk with people around it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio

from accessibility.complaints.desk import Desk
from tests.complaints.town import SECRET, Town
from tests.support.db import database, empty_database, pool, postgres, template_database

__all__ = ["database", "empty_database", "pool", "postgres", "template_database", "town"]


@pytest_asyncio.fixture
async def town(pool: Any) -> AsyncIterator[Town]:
    """A desk on this test's own database."""
    yield Town(Desk(pool, secret=SECRET), pool)
