"""The real app over the bundled map and a database of this test alone, with people around it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from api.settings import Settings
from routing.graph import StreetGraph
from tests.api.city import City, app_of
from tests.support.db import database, empty_database, pool, postgres, template_database
from tests.support.serving import served

__all__ = ["city", "database", "empty_database", "pool", "postgres", "template_database"]


@pytest_asyncio.fixture
async def city(database: str, sample_graph: StreetGraph) -> AsyncIterator[City]:
    """A city whose server runs. An exception of the app is a failure."""
    people = City(database)
    app = app_of(sample_graph, database, Settings(), people.clock)
    async with served(app) as client:
        people.begin(client, app)
        yield people
