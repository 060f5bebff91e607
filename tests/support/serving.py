"""A real app answering in the test's own event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from litestar import Litestar


@asynccontextmanager
async def served(app: Litestar, *, raise_app_exceptions: bool = True) -> AsyncIterator[httpx.AsyncClient]:
    """A client while `app` runs. Its lifespan lives in one task of its own, as under a server: a fixture's set-up and
    tear-down are two tasks, and what the lifespan opens in one it may not close in another."""
    opened, stop = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with app.lifespan():
            opened.set()
            await stop.wait()

    life = asyncio.create_task(live())
    waiting = asyncio.create_task(opened.wait())
    await asyncio.wait({life, waiting}, return_when=asyncio.FIRST_COMPLETED)
    try:
        if life.done():
            await life
        transport = httpx.ASGITransport(app, raise_app_exceptions=raise_app_exceptions)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            yield client
    finally:
        waiting.cancel()
        stop.set()
        await life


def asked(app: Litestar, method: str, path: str, *, content: bytes, media_type: str) -> httpx.Response:
    """One request to a freshly started app, from a test without a loop of its own."""

    async def send() -> httpx.Response:
        async with served(app) as client:
            return await client.request(method, path, content=content, headers={"Content-Type": media_type})

    return asyncio.run(send())
