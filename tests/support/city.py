"""The real app over the bundled map with a real database, and the people of a town at the same desk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx

from accessibility.complaints.desk import Desk
from accessibility.complaints.store.connection import open_pool
from api.app import create_app
from api.database import Database
from api.settings import Settings
from routing.graph import StreetGraph
from routing.router import Router
from tests.complaints.town import SECRET, Town
from tests.support.serving import served


@dataclass(frozen=True)
class City:
    """A client of the app, and the desk behind it."""

    client: httpx.AsyncClient
    town: Town


@asynccontextmanager
async def city_of(database: str, graph: StreetGraph) -> AsyncIterator[City]:
    """App and desk on one database; the clock of the app runs, the town's stands where the test began."""
    app = create_app(Settings(), lambda: Router(graph), database=Database(database, SECRET))
    async with open_pool(database, size=2) as pool, served(app) as client:
        town = Town(Desk(pool, secret=SECRET), pool)
        town.now = datetime.now(UTC)
        yield City(client, town)
