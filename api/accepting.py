"""Who takes the next connection: of the processes that share a port, the one that holds fewest.

The kernel wakes whoever waits, and the first awake would empty the whole queue: 16 connections that stay open would
land on one worker of two, and the other core would idle for as long as they live.
"""

from __future__ import annotations

import asyncio
import errno
import mmap
import socket
from collections.abc import Callable
from typing import Any

import structlog

PATIENCE_S = 0.003
"""So long a connection is left to a process that holds fewer; then it is taken anyway: that one may be busy."""
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

    def fewer_elsewhere(self, number: int) -> bool:
        """Does another process that takes connections hold fewer than this one?"""
        mine = self._counts[number]
        return any(_AWAY < count < mine for count in self._counts)


class Connections(set[Any]):
    """The open connections of one process; the others can see how many."""

    def __init__(self, held: Held, number: int) -> None:
        super().__init__()
        self._held, self._number = held, number
        self._arriving, self._shown = 0, False

    def show(self) -> None:
        self._shown = True
        self._tell()

    def hide(self) -> None:
        self._shown = False
        self._held.leave(self._number)

    def crowded(self) -> bool:
        """Should the next one be left to another process?"""
        return self._held.fewer_elsewhere(self._number)

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
        self._watch()

    def close(self) -> None:
        """Nobody is let in any more; who is inside stays."""
        self._loop.remove_reader(self._listening)
        if self._later is not None:
            self._later.cancel()
        self._connections.hide()

    async def wait_closed(self) -> None:
        await asyncio.gather(*self._welcomes)

    def _watch(self) -> None:
        self._later = None
        self._loop.add_reader(self._listening, self._knocked)

    def _watch_again(self, seconds: float, then: Callable[[], None]) -> None:
        self._loop.remove_reader(self._listening)
        self._later = self._loop.call_later(seconds, then)

    def _knocked(self) -> None:
        if self._connections.crowded():
            self._watch_again(PATIENCE_S, self._anyway)
        else:
            self._let_in()

    def _anyway(self) -> None:
        self._watch()
        self._let_in()

    def _let_in(self) -> None:
        try:
            connection, _ = self._listening.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return  # another process was quicker, or the client is gone
        except OSError as error:
            if error.errno not in _FULL:
                raise
            _log.warning("no_more_connections", error=errno.errorcode[error.errno])
            self._watch_again(FULL_S, self._watch)
            return
        self._connections.arriving(1)
        task = self._loop.create_task(self._welcome(connection))
        self._welcomes.add(task)
        task.add_done_callback(self._welcomes.discard)

    async def _welcome(self, connection: socket.socket) -> None:
        try:
            await self._loop.connect_accepted_socket(self._protocol, connection)
        except OSError:
            connection.close()  # it went before it was in
        finally:
            self._connections.arriving(-1)
