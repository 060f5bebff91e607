"""Several processes on one socket: load once, fork, restart whoever dies, stop together."""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import socket
import time
from collections.abc import Callable

import structlog

PR_SET_PDEATHSIG = 1
QUICK_S = 5.0
QUICK_DEATHS_MAX = 5
"""So many deaths in a row, each within 5 s of its start, and the supervisor gives up: it is not going to get better."""
GRACE_S = 15.0
SHARED_METERS = "PROMETHEUS_MULTIPROC_DIR"
"""Where workers count together; the meters library reads it when it is first imported, so it is set before that."""

_SIGNALS = {signal.SIGTERM, signal.SIGINT, signal.SIGCHLD}

_log = structlog.get_logger("stepfree")

Work = Callable[[socket.socket, int, bool], None]
"""Serves on the socket until told to stop; given the worker's number and whether it is that number's first process."""


def supervise(
    work: Work, listening: socket.socket, workers: int, every_second: Callable[[], object] = lambda: None
) -> int:
    """Run `workers` processes of `work` until SIGTERM or SIGINT; returns the exit status.

    `every_second` runs here, in the main thread.
    Call it before any thread or event loop exists: children are plain forks and share everything loaded so far.
    """
    gc.collect()
    gc.freeze()
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    crew = _Crew(work, listening)
    for number in range(workers):
        crew.start(number, first=True)
    while True:
        came = signal.sigtimedwait(_SIGNALS, 1.0)
        every_second()
        if came is not None and came.si_signo != signal.SIGCHLD:
            crew.stop()
            return 0
        if not crew.replace_dead():
            _log.error("workers_keep_dying")
            crew.stop()
            return 1


class _Crew:
    def __init__(self, work: Work, listening: socket.socket) -> None:
        self._work = work
        self._listening = listening
        self._numbers: dict[int, int] = {}
        self._started: dict[int, float] = {}
        self._quick_deaths = 0

    def start(self, number: int, *, first: bool) -> None:
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            _live_as_worker(parent, self._work, self._listening, number, first)
        self._numbers[pid] = number
        self._started[pid] = time.monotonic()

    def replace_dead(self) -> bool:
        """Reap and start anew; False when workers die faster than they can work."""
        for pid, status in _reaped():
            number = self._numbers.pop(pid, None)
            if number is None:
                continue
            lived = time.monotonic() - self._started.pop(pid)
            self._quick_deaths = self._quick_deaths + 1 if lived < QUICK_S else 0
            _forget_meters(pid)
            if self._quick_deaths >= QUICK_DEATHS_MAX:
                return False
            _log.warning("worker_died", worker=number, pid=pid, status=os.waitstatus_to_exitcode(status))
            self.start(number, first=False)
        return True

    def stop(self) -> None:
        """Ask every worker to finish what it is doing; end those that take too long."""
        for pid in self._numbers:
            os.kill(pid, signal.SIGTERM)
        last = time.monotonic() + GRACE_S
        while self._numbers and time.monotonic() < last:
            for pid, _ in _reaped():
                self._numbers.pop(pid, None)
            time.sleep(0.02)
        for pid in self._numbers:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _reaped() -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return found
        if pid == 0:
            return found
        found.append((pid, status))


def _live_as_worker(parent: int, work: Work, listening: socket.socket, number: int, first: bool) -> None:
    """The child's whole life; never returns. It dies with the supervisor, however that ends."""
    status = 1
    try:
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
        if os.getppid() == parent:
            work(listening, number, first)
            status = 0
    except KeyboardInterrupt:
        status = 0
    except BaseException as error:
        _log.exception("worker_failed", error=type(error).__name__)
    finally:
        os._exit(status)


def _forget_meters(pid: int) -> None:
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(pid)  # type: ignore[no-untyped-call]
