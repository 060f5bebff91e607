"""A leg between two spots for one person, private ways at its ends included."""

from __future__ import annotations

from dataclasses import replace

from routing.attach import Attachments, Private, leg
from routing.costs import Weighing
from routing.engine import BLOCKED, Engine, Metric
from routing.graph import StreetGraph
from routing.path import Piece
from routing.snap import Snap


def leg_between(
    graph: StreetGraph, engine: Engine, metric: Metric, weighing: Weighing, a: Snap, b: Snap
) -> list[Piece] | None:
    """The cheapest pieces from a to b under `metric` (strict or harm), or None where nothing connects them."""
    around = Attachments(graph.edge_tail, graph.edge_head, graph.edge_component)
    touches = any(weighing.private[2 * spot.edge : 2 * spot.edge + 2].any() for spot in (a, b))
    found = leg(engine, metric, around, a, b, _private(metric, weighing) if touches else None)
    return None if found is None else list(found.pieces)


def _private(metric: Metric, weighing: Weighing) -> Private:
    """Private arcs with the weights they would have in this metric if they were open to this person."""
    opened = replace(weighing, forbidden=weighing.forbidden & ~weighing.private)
    broken = weighing.violated & ~weighing.forbidden
    strict = bool((metric.weights[broken] >= BLOCKED).all())
    return Private(weighing.private, opened.strict() if strict else opened.harm())
