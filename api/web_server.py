"""The web server of one process: it takes its share of the connections, and sends listeners away before it stops."""

from __future__ import annotations

import asyncio
import socket
import sys
from typing import cast

import uvicorn
from litestar import Litestar
from uvicorn.config import STARTUP_FAILURE
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.accepting import Connections, Door, Held


class WebServer(uvicorn.Server):
    """Answers until told to stop. Streams never end by themselves: without this every stop would wait for them."""

    def __init__(self, app: Litestar, config: uvicorn.Config, held: Held, number: int) -> None:
        """`held` is shared with the other processes on the same socket; this one is `number` of them."""
        super().__init__(config)
        self._app = app
        self._connections = Connections(held, number)
        self.server_state.connections = self._connections

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn starts, but for who accepts."""
        await self.lifespan.startup()
        if self.lifespan.should_exit:
            sys.exit(STARTUP_FAILURE)
        doors = [Door(listening, self._connections, self._protocol) for listening in sockets or []]
        self.servers = cast(list[asyncio.Server], doors)
        for door in doors:
            door.open()
        self.started = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        running = self._app.state.get("running")
        if running is not None and running.feed is not None:
            await running.feed.end()
        await super().shutdown(sockets)

    def _protocol(self) -> asyncio.Protocol:
        return _Protocol(config=self.config, server_state=self.server_state, app_state=self.lifespan.state)


class _Protocol(HttpToolsProtocol):
    """uvicorn's; where another process holds clearly fewer connections, the client is asked to come again."""

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        if self.cycle is not None and cast(Connections, self.connections).one_too_many():
            self.cycle.keep_alive = False
