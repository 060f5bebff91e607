"""The range of a battery: is there enough for the way, and for the way back? (Only lengths are known, not charges.)

A route beyond the range is told, with what is wrong, never hidden; one within it is preferred under the same limits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from msgspec.structs import replace

from routing.answers import Coordinate, Note, Route, Suffices
from routing.found import Found
from routing.graph import StreetGraph
from routing.path import Piece, Pieces, line_of

_ENOUGH: dict[Suffices, int] = {"no": 0, "one_way": 1, "ok": 2}


class Journey(NamedTuple):
    """There and back; `by_length`: chosen for its length, to stay within the range."""

    there: Found
    back: Found | None
    by_length: bool = False


def within_range(
    there: Found,
    range_m: float,
    graph: StreetGraph,
    back_of: Callable[[Found], Found | None],
    shortest: Callable[[Found], Found | None],
) -> Journey:
    """The way there and back that the battery is enough for, the preferred one if it can be.

    `back_of` a way: the preferred way back from it; `shortest`: the same way round under the same limits, by length.
    """
    best = Journey(there, back_of(there))

    def suffices_for(journey: Journey) -> int:
        return _ENOUGH[suffices(graph, journey, range_m)]

    if suffices_for(best) == 2:
        return best
    tries = [best]
    short = shortest(there)
    for way in (there, short):
        if way is not None:
            back = best.back if way is there else back_of(way)
            tries += [Journey(way, back, way is short), Journey(way, back and (shortest(back) or back), way is short)]
    # The first of equals: the preferred way where the shortest is of no more use.
    return max(tries, key=suffices_for)


def suffices(graph: StreetGraph, journey: Journey, range_m: float) -> Suffices:
    """For there and back, one way, or not even that."""
    out = metres(graph, journey.there)
    if out > range_m:
        return "no"
    return "ok" if journey.back is not None and out + metres(graph, journey.back) <= range_m else "one_way"


def metres(graph: StreetGraph, found: Found) -> float:
    """Length of a way."""
    return sum(float(graph.edge_length_m[pieces.edge] @ pieces.share) for pieces in map(Pieces.of, found.legs))


def told(route: Route, graph: StreetGraph, journey: Journey, range_m: float) -> Route:
    """The route with the word on the battery; a note says where it would be empty."""
    enough = suffices(graph, journey, range_m)
    both = None if journey.back is None else round(metres(graph, journey.there) + metres(graph, journey.back), 1)
    summary = replace(route.summary, range=enough, there_and_back_m=both)
    notes = route.notes
    if enough == "no":
        notes = [*notes, Note("beyond_range", _place_after(graph, journey.there, range_m))]
    elif enough == "one_way":
        notes = [*notes, Note("no_range_for_return", route.geometry.coordinates[-1])]
    return replace(route, summary=summary, notes=notes)


def _place_after(graph: StreetGraph, found: Found, range_m: float) -> Coordinate:
    """Where so many metres of the way are gone."""
    left = range_m
    for pieces in found.legs:
        for piece in pieces:
            length = float(graph.edge_length_m[piece.edge])
            if 0 < left <= length * piece.share:
                return line_of(graph, Piece(piece.arc, piece.start, piece.start + left / length)).coordinates[-1]
            left -= length * piece.share
    return found.spots[-1].lon, found.spots[-1].lat
