"""The web server of one process: when it is asked to stop, whoever listens to events is sent away first."""

from __future__ import annotations

import socket

import uvicorn
from litestar import Litestar


class WebServer(uvicorn.Server):
    """Answers until told to stop. Streams never end by themselves: without this every stop would wait for them."""

    def __init__(self, app: Litestar, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        running = self._app.state.get("running")
        if running is not None and running.feed is not None:
            await running.feed.end()
        await super().shutdown(sockets)
