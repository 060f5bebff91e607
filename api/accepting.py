"""Who takes the next connection: of the processes that share a port, the one that holds fewest.

The kernel wakes whoever waits, and the first awake would empty the whole queue: 16 connections that stay open would
land on one worker of two, and the other core would idle for as long as they live.
"""

from __future__ import annotations

import asyncio
import errno
import mmap
import socket
import time
from collections.abc import Callable
from typing import Any

import structlog

PATIENCE_S = 0.001
"""So long a connection is left to a process that holds fewer; then it is taken anyway: that one may be busy."""
MOVE_EVERY_S = 0.02
"""How often one connection may be asked to come again, where another process holds clearly fewer."""
AT_ONCE_MAX = 64
"""So many are let in before those inside get their turn."""
FULL_S = 0.5
"""So long nobody is let in when this process can open no more files."""

_AWAY = -1
_FULL = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})

_log = structlog.get_logger("stepfree")


class Held:
    """How many connections each process holds, in memory that forks share; each writes its own number only."""

    def __init__(self, processes: int) -> None:
        """Make it before the first fork."""
        self._counts = memoryview(mmap.mmap(-1, 4 * processes)).cast("i")
        for number in range(processes):
            self._counts[number] = _AWAY

    def write(self, number: int, connections: int) -> None:
        self._counts[number] = connections

    def leave(self, number: int) -> None:
        """This process takes nothing, or is no more: nobody waits for it."""
        self._counts[number] = _AWAY

    def fewer_elsewhere(self, number: int, by: int = 1) -> bool:
        """Does another process that takes connections hold clearly fewer than this one, and at least `by` fewer?

        Of few connections each counts; a quarter more of many is even enough, and who comes for one question and goes
        again must not be kept waiting for the sake of it.
        """
        mine = self._counts[number]
        few = mine - max(mine // 4, by - 1)
        return any(_AWAY < count < few for count in self._counts)


class Connections(set[Any]):
    """The open connections of one process; the others can see how many."""

    def __init__(self, held: Held, number: int) -> None:
        super().__init__()
        self._held, self._number = held, number
        self._arriving, self._shown, self._move_at = 0, False, 0.0
        self.left: Callable[[], None] = lambda: None
        """Called when one has gone."""

    def show(self) -> None:
        self._shown = True
        self._tell()

    def hide(self) -> None:
        self._shown = False
        self._held.leave(self._number)

    def crowded(self) -> bool:
        """Should the next one be left to another process?"""
        return self._held.fewer_elsewhere(self._number)

    def one_too_many(self) -> bool:
        """Should the connection that has just asked something be closed after its answer, to come again elsewhere?

        However they were shared, a process that died, or one that came late for a burst, would leave them so for good.
        """
        now = time.monotonic()
        if now < self._move_at or not self._held.fewer_elsewhere(self._number, by=2):
            return False
        self._move_at = now + MOVE_EVERY_S
        return True

    def arriving(self, change: int) -> None:
        """Accepted, and not yet among the open ones."""
        self._arriving += change
        self._tell()

    def add(self, connection: Any) -> None:
        super().add(connection)
        self._tell()

    def discard(self, connection: Any) -> None:
        super().discard(connection)
        self._tell()
        self.left()

    def _tell(self) -> None:
        if self._shown:
            self._held.write(self._number, len(self) + self._arriving)


class Door:
    """Takes connections from a listening socket that others may share; what `uvicorn.Server` wants of a server."""

    def __init__(
        self, listening: socket.socket, connections: Connections, protocol: Callable[[], asyncio.Protocol]
    ) -> None:
        self._listening, self._connections, self._protocol = listening, connections, protocol
        self._loop = asyncio.get_running_loop()
        self._later: asyncio.TimerHandle | None = None
        self._welcomes: set[asyncio.Task[None]] = set()
        listening.setblocking(False)

    def open(self) -> None:
        self._connections.show()
        self._connections.left = self._look_again
        self._watch()

    def close(self) -> None:
        """Nobody is let in any more; who is inside stays."""
        self._loop.remove_reader(self._listening)
        self._connections.left = lambda: None
        if self._later is not None:
            self._later.cancel()
        self._connections.hide()

    async def wait_closed(self) -> None:
        await asyncio.gather(*self._welcomes)

    def _watch(self) -> None:
        self._later = None
        self._loop.add_reader(self._listening, self._knocked)

    def _pause(self, seconds: float, then: Callable[[], None]) -> None:
        self._loop.remove_reader(self._listening)
        self._later = self._loop.call_later(seconds, then)

    def _knocked(self) -> None:
        for _ in range(AT_ONCE_MAX):
            if self._connections.crowded():
                self._pause(PATIENCE_S, self._anyway)
                return
            if not self._let_in():
                return

    def _anyway(self) -> None:
        """Nobody else came: a few at a time, so that a burst is neither kept waiting nor kept."""
        self._watch()
        for _ in range(min(1 + len(self._connections) // 4, AT_ONCE_MAX)):
            if not self._let_in():
                return

    def _look_again(self) -> None:
        """One has gone, so the next may be ours."""
        if self._later is not None and not self._connections.crowded():
            self._later.cancel()
            self._watch()

    def _let_in(self) -> bool:
        """False when nobody waits, or there is no room."""
        try:
            connection, _ = self._listening.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return False  # another process was quicker, or the client is gone
        except OSError as error:
            if error.errno not in _FULL:
                raise
            _log.warning("no_more_connections", error=errno.errorcode[error.errno])
            self._pause(FULL_S, self._watch)
            return False
        self._connections.arriving(1)
        task = self._loop.create_task(self._welcome(connection))
        self._welcomes.add(task)
        task.add_done_callback(self._welcomes.discard)
        return True

    async def _welcome(self, connection: socket.socket) -> None:
        try:
            await self._loop.connect_accepted_socket(self._protocol, connection)
        except OSError:
            connection.close()  # it went before it was in
        finally:
            self._connections.arriving(-1)
