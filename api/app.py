"""The app: handlers, middleware, error answers, pages; everything it holds is passed in or loaded by its lifespan."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from types import ModuleType
from typing import cast

import jinja2
from litestar import Litestar
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.static_files import create_static_files_router
from litestar.template import TemplateConfig
from litestar.types import ASGIApp

import web
from accessibility.complaints.desk import Desk
from accessibility.complaints.store.connection import open_pool
from api import (
    barriers,
    checks,
    closures,
    complaints,
    crews,
    docs,
    errors,
    events,
    health,
    kinds,
    pages,
    pages_loop,
    places,
    reach,
    report_batches,
    reports,
    routes,
    search,
    taginfo,
)
from api.database import Database
from api.feed import Feed
from api.live import Live
from api.meters import Meters
from api.middleware import Middleware
from api.operations import BODY_MAX_BYTES, admit
from api.running import Clock, Running, keep, system_clock
from api.settings import Settings
from api.wire_barriers import event_of
from routing.router import Router

MODULES: tuple[ModuleType, ...] = (
    routes, reach, places, search, checks, reports, report_batches, barriers, closures, kinds, events, complaints,
    crews, health, docs, pages, pages_loop, taginfo,
)  # fmt: skip
"""Each names its endpoints in `ROUTE_HANDLERS`."""


def create_app(
    settings: Settings,
    load: Callable[[], Router],
    *,
    database: Database | None = None,
    clock: Clock | None = None,
    revive: Callable[[], bool] | None = None,
) -> Litestar:
    """The ASGI app; `load` gives the router when the server starts, and it is closed when the server stops.

    `revive` starts an embedded database again if it died; it is called every second in this thread.
    Without a database it routes, and whatever needs one answers `database_unavailable`.
    """
    meters = Meters()
    now = clock or system_clock(settings)

    @asynccontextmanager
    async def life(app: Litestar) -> AsyncIterator[None]:
        router = await asyncio.to_thread(load)
        if settings.timezone is not None:
            router.keep_time(settings.timezone)
        try:
            async with AsyncExitStack() as stack:
                desk = live = feed = None
                if database is not None:
                    pool = await stack.enter_async_context(open_pool(database.url))
                    desk = Desk(pool, secret=database.secret)
                    keeping = Live(database.url, router, desk, now, meters.at_revision)
                    live = await stack.enter_async_context(keeping.running())
                    feed = Feed(live, desk, lambda barrier: event_of(barrier, router))
                    await stack.enter_async_context(feed.running())
                running = Running(settings, router, now, meters, desk, live, feed)
                meters.at_revision(running.revision)
                keep(app.state, running)
                if revive is not None:
                    stack.callback(asyncio.create_task(_every_second(revive)).cancel)
                try:
                    yield
                finally:
                    keep(app.state, None)
        finally:
            await asyncio.to_thread(router.close)

    handlers = [handler for module in MODULES for handler in module.ROUTE_HANDLERS]
    styles = create_static_files_router("/static", [web.FOLDER / "static"], include_in_schema=False)
    app = Litestar(
        [*handlers, styles],
        lifespan=[life],
        before_request=admit,
        exception_handlers=errors.HANDLERS,
        request_max_body_size=BODY_MAX_BYTES,
        template_config=TemplateConfig(instance=_templates()),
        openapi_config=None,
        logging_config=None,
    )
    app.asgi_handler = cast(ASGIApp, Middleware(app.asgi_handler, meters))
    return app


async def _every_second(job: Callable[[], object]) -> None:
    while True:
        await asyncio.sleep(1)
        job()


def _templates() -> JinjaTemplateEngine:
    """Everything is escaped, and a name that a template misspells is an error."""
    return JinjaTemplateEngine.from_environment(
        jinja2.Environment(
            loader=jinja2.FileSystemLoader(web.FOLDER / "templates"),
            autoescape=True,
            undefined=jinja2.ChainableUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
    )
