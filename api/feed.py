"""What changed for routes, revision by revision: read once a process, then handed to everybody who listens.

Listeners fetch at their own pace. The newest revisions are kept here; whoever comes back with an older one reads the
change table. Whoever falls behind what is kept while listening is told so and has to come back: nobody's slowness makes
this process hold more.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import msgspec
import structlog
from msgspec import Raw, Struct

from accessibility.barriers import Barrier
from accessibility.complaints.answers import Event
from accessibility.complaints.desk import Desk
from accessibility.complaints.places import Box, bounds_of
from accessibility.refusals import Refused
from api.live import DATABASE_LOST, Live

KEPT = 256
"""Revisions kept for those who listen."""
PAGE = 100
"""Revisions read at once."""
AGAIN_S = 0.5

log = structlog.get_logger("stepfree")


class Told(Struct, frozen=True):
    """One revision, ready to be sent: each barrier with the box it lies in."""

    revision: int
    at: Any
    barriers: list[tuple[Box, Raw]]

    def message(self, box: Box | None) -> bytes | None:
        """The server-sent event with what lies in the box; None when nothing does."""
        shown = [raw for bounds, raw in self.barriers if box is None or _touch(bounds, box)]
        if not shown:
            return None
        data = msgspec.json.encode({"revision": self.revision, "at": self.at, "barriers": shown})
        return b"id: %d\ndata: %s\n\n" % (self.revision, data)


class Feed:
    """The revisions of one process, in order and without gaps."""

    def __init__(self, live: Live, desk: Desk, shown: Callable[[Barrier], dict[str, Any]]) -> None:
        """`shown`: what the public may know of a barrier."""
        self._live, self._desk, self._shown = live, desk, shown
        self._kept: deque[Told] = deque()
        self._news = asyncio.Condition()
        self.oldest = self.newest = live.revision
        self.listeners = 0
        self.ended = False

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Feed]:
        """Follows the revisions until the block ends."""
        task = asyncio.create_task(self._follow())
        try:
            yield self
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def since(self, revision: int) -> list[Told]:
        """What is kept after a revision; complete from `oldest` on."""
        return [one for one in self._kept if one.revision > revision]

    async def read(self, revision: int) -> tuple[list[Told], int]:
        """The next page from the change table, and up to which revision it is complete."""
        upto = min(self.newest, revision + PAGE)
        events = [one for one in await self._desk.events_since(revision, PAGE) if one.revision <= upto]
        return await asyncio.to_thread(self._told, events), upto

    async def beyond(self, revision: int, within_s: float) -> None:
        """Returns as soon as there is more than `revision`, at the end of the feed, or when the time is over."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s), self._news:
                await self._news.wait_for(lambda: self.newest > revision or self.ended)

    async def end(self) -> None:
        """The server stops: whoever listens comes back to another one, or later."""
        async with self._news:
            self.ended = True
            self._news.notify_all()

    async def _follow(self) -> None:
        while True:
            await self._live.beyond(self.newest)
            known = self._live.revision
            try:
                events = await self._desk.events_since(self.newest, PAGE)
            except (*DATABASE_LOST, Refused) as error:
                log.warning("feed_waits", error=type(error).__name__)
                await asyncio.sleep(AGAIN_S)
                continue
            upto = min(known, self.newest + PAGE)
            self._kept.extend(await asyncio.to_thread(self._told, [one for one in events if one.revision <= upto]))
            while len(self._kept) > KEPT:
                self.oldest = self._kept.popleft().revision
            async with self._news:
                self.newest = upto
                self._news.notify_all()

    def _told(self, events: Sequence[Event]) -> list[Told]:
        return [
            Told(
                event.revision,
                event.at,
                [(bounds_of(one.geometry), Raw(msgspec.json.encode(self._shown(one)))) for one in event.barriers],
            )
            for event in events
        ]


def _touch(a: Box, b: Box) -> bool:
    return a[0] <= b[2] and a[2] >= b[0] and a[1] <= b[3] and a[3] >= b[1]
