"""A client of a stream that never ends, one message at a time, over the real ASGI app."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import msgspec
from litestar import Litestar


class Stream:
    """What a client has read so far. While `reading` is not set it takes nothing, as a slow client does."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.ended = False
        self.reading = asyncio.Event()
        self.reading.set()
        self._text = b""
        self._more = asyncio.Condition()

    async def take(self, message: Mapping[str, Any]) -> None:
        """The app's `send`."""
        await self.reading.wait()
        async with self._more:
            if message["type"] == "http.response.start":
                self.status = message["status"]
                self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            else:
                self._text += message["body"]
                self.ended = not message["more_body"]
            self._more.notify_all()

    async def block(self, within_s: float = 5.0) -> str:
        """The next block up to a blank line, whatever it is."""
        async with asyncio.timeout(within_s), self._more:
            await self._more.wait_for(lambda: b"\n\n" in self._text or self.ended)
            block, _, self._text = self._text.partition(b"\n\n")
            return block.decode()

    async def event(self, within_s: float = 5.0) -> tuple[int, Any]:
        """Id and data of the next message; comments are passed over."""
        async with asyncio.timeout(within_s):
            while True:
                lines = (await self.block(within_s)).split("\n")
                fields = dict(line.split(": ", 1) for line in lines if line and not line.startswith(":"))
                if "data" in fields:
                    return int(fields["id"]), msgspec.json.decode(fields["data"])
                if self.ended and not self._text:
                    raise EOFError

    async def numbers(self) -> AsyncIterator[int]:
        """The ids of all messages until the app ends the stream."""
        while True:
            try:
                yield (await self.event())[0]
            except EOFError:
                return

    async def silent(self, for_s: float) -> bool:
        """Whether no message comes for so long."""
        try:
            await self.event(for_s)
        except TimeoutError:
            return True
        return False

    async def begun(self) -> None:
        async with asyncio.timeout(5), self._more:
            await self._more.wait_for(lambda: self.status != 0)


@asynccontextmanager
async def streaming(
    app: Litestar, address: str, headers: Mapping[str, str] | None = None, method: str = "GET"
) -> AsyncIterator[Stream]:
    """A connection to `address` for the length of the block."""
    stream, gone = Stream(), asyncio.Event()
    parts = urlsplit(address)
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": parts.path, "raw_path": parts.path.encode(), "query_string": parts.query.encode(), "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()],
        "client": ("127.0.0.1", 1), "server": ("test", 80), "state": {},
    }  # fmt: skip
    asked = False

    async def receive() -> dict[str, Any]:
        nonlocal asked
        if not asked:
            asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await gone.wait()
        return {"type": "http.disconnect"}

    answering = asyncio.create_task(app(scope, receive, stream.take))  # type: ignore[arg-type]
    try:
        await stream.begun()
        yield stream
    finally:
        gone.set()
        stream.reading.set()
        async with asyncio.timeout(5):
            await answering
