"""The contraction order of a graph, and whether its arcs are such that the library bears them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from routingkit_cch import compute_order_inertial

from routing.metrics import EngineFault, seam


def order(
    n_nodes: int,
    tail: NDArray[np.integer],
    head: NDArray[np.integer],
    lat: NDArray[np.floating],
    lon: NDArray[np.floating],
) -> NDArray[np.uint32]:
    """The contraction order (uint32[n_nodes], a permutation), by inertial nested dissection."""
    check_arcs(n_nodes, tail, head)
    if lat.shape != (n_nodes,) or lon.shape != (n_nodes,) or not (np.isfinite(lat).all() and np.isfinite(lon).all()):
        raise EngineFault("one finite latitude and longitude per node wanted")
    if n_nodes == 0:
        return np.empty(0, np.uint32)
    with seam("order"):
        found = compute_order_inertial(n_nodes, tail.tolist(), head.tolist(), lat.tolist(), lon.tolist())
        return np.array(found, np.uint32)


def check_arcs(n_nodes: int, tail: NDArray[np.integer], head: NDArray[np.integer]) -> None:
    """The library ends the process on some of these."""
    if tail.shape != head.shape or tail.ndim != 1:
        raise EngineFault("one tail and one head per arc wanted")
    for end in (tail, head):
        if end.size and not (end.min() >= 0 and end.max() < n_nodes):
            raise EngineFault("an arc leads to a node that does not exist")
