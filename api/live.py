"""Barriers from the database into this process's routes, a fraction of a second after they are committed.

One task listens for `NOTIFY` and looks by itself every 250 ms, so a lost notification costs a quarter of a second and a
lost connection only the time until it is back: it always asks for everything after its own revision. The revision is
published after the routes know it.
"""

from __future__ import annotations

import asyncio
import contextlib
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

import structlog

from accessibility.complaints.desk import Desk
from accessibility.complaints.store.connection import REFUSES, connect
from accessibility.refusals import Refused
from routing.router import Router

POLL_S = 0.25
DUE_S = 1.0
"""How often timed starts and expiries are looked for; one process at a time does it."""
FRESH_WITHIN_S = 2.0
"""How long a route that wants a revision is held."""
READ_WITHIN_S = 8.0
"""A database that takes longer to say what has changed is lost: it hangs, or the network swallows it."""
RECONNECT_S = (0.1, 0.2, 0.5, 1.0, 2.0)
CHANNEL = "stepfree_revision"
DATABASE_LOST = (*REFUSES, Refused)

log = structlog.get_logger()


class Live:
    """The revision this process's routes know, and the task that moves it."""

    def __init__(
        self, url: str, router: Router, desk: Desk, clock: Callable[[], datetime],
        told: Callable[[int], None] = lambda _: None,
    ) -> None:  # fmt: skip
        """`told` hears each revision that the routes have come to know."""
        self._url, self._router, self._desk, self._clock, self._told = url, router, desk, clock, told
        self._wake = asyncio.Event()
        self._moved = asyncio.Condition()
        self._reads, self._reading = 0, False
        self.connected = False

    @property
    def revision(self) -> int:
        """Every barrier up to here is in the routes."""
        return self._router.state.revision

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Live]:
        """Catches up once, then keeps up until the block ends."""
        await self._catch_up()
        tasks = [asyncio.create_task(job()) for job in (self._listen, self._keep_up, self._pass_time)]
        try:
            yield self
        finally:
            for task in tasks:
                task.cancel()
            for task in tasks:
                with contextlib.suppress(asyncio.CancelledError):
                    await task

    async def at_least(self, revision: int) -> None:
        """Returns as soon as the routes know `revision`.

        Raises `Refused`: `revision_unknown` beyond the database's own, `not_yet_fresh` after 2 s.
        """
        if revision <= self.revision:
            return
        enough = self._reads + (2 if self._reading else 1)  # a read that begins after this call
        self._wake.set()
        try:
            async with asyncio.timeout(FRESH_WITHIN_S), self._moved:
                await self._moved.wait_for(lambda: self.revision >= revision or self._reads >= enough)
        except TimeoutError:
            raise Refused("not_yet_fresh", "The routes do not know this revision yet.", retry_after_s=1) from None
        if self.revision < revision:
            raise Refused("revision_unknown", "There is no such revision.", field="min_revision")

    async def beyond(self, revision: int) -> None:
        """Returns once the routes know more than `revision`."""
        async with self._moved:
            await self._moved.wait_for(lambda: self.revision > revision)

    async def _listen(self) -> None:
        """Wakes the reader at each notification; a lost connection is opened again."""
        attempt = 0
        while True:
            try:
                connection = await connect(self._url)
                try:
                    lost = asyncio.Event()
                    connection.add_termination_listener(lambda *_, lost=lost: lost.set())
                    await connection.add_listener(CHANNEL, lambda *_: self._wake.set())
                    attempt = 0
                    await lost.wait()
                finally:
                    await connection.close(timeout=1)
            except DATABASE_LOST as error:
                log.warning("listener_lost", error=type(error).__name__)
            await asyncio.sleep(RECONNECT_S[min(attempt, len(RECONNECT_S) - 1)])
            attempt += 1

    async def _keep_up(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL_S):
                    await self._wake.wait()
            self._wake.clear()
            try:
                await self._catch_up()
            except DATABASE_LOST as error:
                self._fell_behind("database_lost", error)
            except Exception as error:  # whatever it is, this process must not go on as if it knew everything
                self._fell_behind("changes_not_applied", error)

    def _fell_behind(self, event: str, error: Exception) -> None:
        """From now on not ready; told once."""
        if self.connected:
            log.warning(event, error=type(error).__name__, where=_where(error))
        self.connected = False

    async def _catch_up(self) -> None:
        """One snapshot of the changes, into the routes, then the revision."""
        self._reading = True
        try:
            async with asyncio.timeout(READ_WITHIN_S):
                changes = await self._desk.changes_since(self.revision)
            if changes.revision > self.revision:
                await asyncio.to_thread(self._router.apply, changes.barriers, changes.revision)
                self._told(changes.revision)
        finally:
            self._reading = False
        self.connected = True
        async with self._moved:
            self._reads += 1
            self._moved.notify_all()

    async def _pass_time(self) -> None:
        """Turns starts and ends that have come into revisions; one process at a time does it."""
        while True:
            await asyncio.sleep(DUE_S)
            try:
                while await self._desk.pass_time(self._clock()):
                    self._wake.set()
            except Exception as error:  # the next second comes, whatever this one brought
                log.warning("time_not_passed", error=type(error).__name__, where=_where(error))


def _where(error: Exception) -> str:
    """The last place in the code; the error's own words might quote what somebody wrote."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{frame.filename}:{frame.lineno} {frame.name}"
