"""A bench must not take its machine down: what eats the last memory is ended, and that is what the run says of it."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from bench.machine import PROC, family

LEAST_FREE_MB = min(3000.0, 0.12 * os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**20)
EVERY_S = 0.5


class MemoryShort(RuntimeError):
    """The machine had too little memory for what was measured."""


def free_mb() -> float:
    """Memory that can still be had."""
    for line in (PROC / "meminfo").read_text().splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) / 1024
    return float("inf")


@contextmanager
def within_memory(pid: int, least_free_mb: float = LEAST_FREE_MB) -> Iterator[None]:
    """Ends `pid` and all it started as soon as less than that is free; whatever then fails is `MemoryShort`."""
    over, short = threading.Event(), threading.Event()

    def watch() -> None:
        while not over.wait(EVERY_S):
            if free_mb() < least_free_mb:
                short.set()
                for member in reversed(family(pid)):
                    with suppress(ProcessLookupError):
                        os.kill(member, signal.SIGKILL)
                return

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield
    except Exception as error:
        if short.is_set():
            raise MemoryShort(f"ended: less than {least_free_mb / 1024:.1f} GB of memory were left") from error
        raise
    finally:
        over.set()
        watching.join()
    if short.is_set():
        raise MemoryShort(f"ended: less than {least_free_mb / 1024:.1f} GB of memory were left")
