"""The C library's heap: one for all threads, and large enough to keep what each search takes and gives back."""

from __future__ import annotations

import ctypes

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
_MAPPED_SINGLY = 32 * 2**20
"""Smaller blocks come from the heap (the most that glibc allows)."""


def one_heap(keep_bytes: int) -> None:
    """From now on threads that begin allocate where the others do, and so much free memory stays there.

    Does nothing where the C library has no such choice. glibc gives each thread a heap of its own and returns it to the
    system as soon as much of it is free: on a map of two million nodes each search then waited 5 ms for fresh pages.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, 1)
        mallopt(_M_MMAP_THRESHOLD, _MAPPED_SINGLY)
        mallopt(_M_TRIM_THRESHOLD, min(keep_bytes, 2**31 - 1))
