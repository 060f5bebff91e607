"""Slow work beside the event loop: a few jobs at a time, a bounded number waiting, the rest refused."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import ParamSpec, TypeVar

from accessibility.refusals import Refused

P = ParamSpec("P")
T = TypeVar("T")


class Bounded:
    """Runs jobs in threads of its own. A job counts until it ends, also when nobody waits for it any more."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="bounded")
        self._room = BoundedSemaphore(at_once + waiting)

    async def run(self, job: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """What the job returns or raises; `overloaded` at once where too many wait already."""
        if not self._room.acquire(blocking=False):
            raise Refused("overloaded", "Too many files are being made: ask again, or for the same as JSON.")
        try:
            future = self._threads.submit(job, *args, **named)
        except BaseException:
            self._room.release()
            raise
        future.add_done_callback(lambda _: self._room.release())
        return await asyncio.wrap_future(future)
