"""Customised weights: one person's costs on every arc, ready to search; swapped and reused."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray
from routingkit_cch import CCH, CCHMetric

BLOCKED = 2**31 - 1
"""The weight of an arc that is never passed; a path sum this high cannot be told from "no route" by the hierarchy."""


class EngineFault(Exception):
    """The engine was misused or broke: a bug on our side, never the person's input."""


@contextmanager
def seam(doing: str) -> Iterator[None]:
    """Turn the library's panics (which are no `Exception`) into `EngineFault`; everything else passes as it is."""
    panic: str | None = None
    try:
        yield
    except BaseException as error:
        if type(error).__module__ != "pyo3_runtime":
            raise
        panic = str(error)
    if panic is not None:
        # Raised here, outside the handler: a chained panic would keep the frames, and with them a query, alive.
        raise EngineFault(f"{doing}: {panic}")


def guarded(weights: NDArray[np.number], n_arcs: int) -> NDArray[np.uint32]:
    """`weights` as the hierarchy can bear them: uint32[n_arcs], at most `BLOCKED`, read-only, or an `EngineFault`.

    The library takes a weight above 2³¹−1 without a word and answers wrong paths: this is the only door to it.
    """
    if weights.shape != (n_arcs,):
        raise EngineFault(f"{n_arcs} weights wanted, got shape {weights.shape}")
    if weights.dtype.kind not in "iuf":
        raise EngineFault(f"weights are numbers, not {weights.dtype}")
    if weights.size and not weights.min() >= 0:
        raise EngineFault("weights are zero or more, and none is missing")
    capped = np.minimum(weights.astype(np.float64), float(BLOCKED))
    whole: NDArray[np.uint32] = capped.astype(np.uint32)
    if weights.dtype.kind == "f" and not np.array_equal(whole, capped):
        raise EngineFault("weights are whole numbers")
    whole.setflags(write=False)
    return whole


class Customised:
    """A library metric with the weights it stands for; `longest` is filled in when first needed."""

    __slots__ = ("longest", "raw", "weights")

    def __init__(self, raw: CCHMetric, weights: NDArray[np.uint32]) -> None:
        self.raw = raw
        self.weights = weights
        self.longest: int | None = None


class Spares:
    """Library metrics nobody uses any more: refilling one is cheaper than making one, and does not stall other threads.

    `renewed` may be called from any thread; one at a time does the work, so that one core stays free for serving.
    """

    def __init__(self, cch: CCH, keep: int) -> None:
        self._cch = cch
        self._idle: deque[CCHMetric] = deque(maxlen=keep)
        self._working = threading.RLock()

    def give(self, raw: CCHMetric) -> None:
        """Take back a metric that no query uses."""
        self._idle.append(raw)

    def customised(self, weights: NDArray[np.uint32]) -> Customised:
        """A metric for these guarded weights, from a spare when there is one."""
        as_list = weights.tolist()
        with self._working:
            try:
                raw = self._idle.pop()
            except IndexError:
                return self._new(as_list, weights)
            try:
                with seam("reset"):
                    raw.reset(as_list)
            except EngineFault:
                # A query was leaked on it: it can never be refilled. Let it go, make a new one.
                return self._new(as_list, weights)
            return Customised(raw, weights)

    def _new(self, as_list: list[int], weights: NDArray[np.uint32]) -> Customised:
        with seam("customise"):
            return Customised(CCHMetric(self._cch, as_list), weights)


class Metric:
    """One person's weights in the engine: made by `Engine.customise`, changed by `Engine.update`."""

    __slots__ = ("__weakref__", "lock", "now", "spares")

    def __init__(self, now: Customised, spares: Spares) -> None:
        self.now = now
        self.spares = spares
        self.lock = threading.Lock()

    @property
    def weights(self) -> NDArray[np.uint32]:
        """The weights in force (read-only, never changed in place)."""
        return self.now.weights

    def __del__(self) -> None:
        # A search holds the Metric while it runs, so no query is alive on `raw` here.
        self.spares.give(self.now.raw)
