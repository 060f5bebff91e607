"""What lies on a person's streets (barriers, the clock, what is to be avoided), added to what the bare map means to
them: on the few arcs where it is, never by a copy of the map."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from routing.costs import Weighing, units_of
from routing.overlay import Toll, Tolls
from routing.patched import Added, Patched, Places


class Sums(NamedTuple):
    """What tolls come to on both arcs of each edge, arcs ascending [k]."""

    arcs: Places
    forbidden: NDArray[np.bool_]
    violated: NDArray[np.bool_]
    cost_s: NDArray[np.float64]
    points: NDArray[np.float64]


def sums(tolls: Tolls, edges: Iterable[int]) -> Sums:
    """On these ascending edges; nought where nothing lies."""
    found = list(edges)
    met = [_met(tolls, edge) for edge in found]
    edge = np.array(found, np.int64)
    return Sums(
        np.column_stack([2 * edge, 2 * edge + 1]).ravel(),
        np.array([any(toll.forbidden for toll in each) for each in met], np.bool_).repeat(2),
        np.array([any(toll.violated for toll in each) for each in met], np.bool_).repeat(2),
        np.array([sum(toll.cost_s for toll in each) for each in met], np.float64).repeat(2),
        np.array([sum(toll.points for toll in each) for each in met], np.float64).repeat(2),
    )


def all_sums(tolls: Tolls, before: Tolls, differing: NDArray[np.int64]) -> Sums:
    """On every edge where something lies; reckoned once for all who have the same tolls.

    `before`: those that came before these, other on the edges `differing` alone.
    """
    found = _known.get(tolls)
    if found is None:
        known = _known.get(before)
        found = sums(tolls, sorted(tolls.by_edge)) if known is None else _moved(known, tolls, differing)
        _known[tolls] = found
    return found


def _moved(before: Sums, tolls: Tolls, differing: NDArray[np.int64]) -> Sums:
    stays = ~np.isin(before.arcs >> 1, differing)
    fresh = sums(tolls, (edge for edge in differing.tolist() if edge in tolls.by_edge))
    order = np.concatenate([before.arcs[stays], fresh.arcs]).argsort(kind="stable")
    return Sums(*(np.concatenate([old[stays], new])[order] for old, new in zip(before, fresh, strict=True)))


_known: WeakKeyDictionary[Tolls, Sums] = WeakKeyDictionary()


def _met(tolls: Tolls, edge: int) -> list[Toll]:
    """What is met on a whole edge, each barrier once."""
    placed = tolls.by_edge.get(edge, ())
    return [placed[0][1]] if len(placed) == 1 else tolls.met(placed)


def laid_on(base: Weighing, found: Sums, weighing: Weighing | None = None) -> Weighing:
    """`base`, which is without tolls, with these; or another weighing of the same person, which has other tolls, with
    these instead on their arcs."""
    under, arcs = weighing or base, found.arcs
    if not len(arcs):
        return under
    cost_s = base.cost_s[arcs] + found.cost_s
    values = {
        "forbidden": base.forbidden[arcs] | found.forbidden,
        "private": base.private[arcs] & ~found.forbidden,
        "violated": base.violated[arcs] | found.violated,
        "cost_s": cost_s,
        "units": units_of(cost_s),
    }
    columns: dict[str, Any] = {name: Patched(getattr(under, name), arcs, column) for name, column in values.items()}
    harm = under.harm if isinstance(under.harm, Added) else Added(under.harm, arcs[:0], found.points[:0])
    return replace(under, harm=harm.instead(arcs, found.points), **columns)
