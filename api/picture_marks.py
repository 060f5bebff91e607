"""What is marked on a picture of a route: limits broken, barriers, things to know; the same words, the same number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import UNSET, Struct
from msgspec.structs import replace

from api.plain_words import PlainWords
from api.route_geojson import PlaceOf
from routing.answers import BarrierOnRoute, Coordinate, Route, Violation

Shape = Literal["triangle", "diamond", "square"]


class Mark(Struct, frozen=True):
    """One number: its shape (a limit broken, a barrier, a note), what it says, and where it is met."""

    number: int
    shape: Shape
    words: str
    places: list[Coordinate]


def marks_of(route: Route, place_of: PlaceOf, words: PlainWords) -> list[Mark]:
    """Numbered from 1, limits broken first."""
    found = [*_violations(route, words), *_barriers(route, place_of, words), *_notes(route, words)]
    return [Mark(number, shape, said, places) for number, (shape, said, places) in enumerate(found, 1)]


def _violations(route: Route, words: PlainWords) -> Iterator[tuple[Shape, str, list[Coordinate]]]:
    by_code: dict[tuple[str, str], list[Violation]] = {}
    for broken in route.violations:
        by_code.setdefault((broken.code, str(broken.limit)), []).append(broken)
    for same in by_code.values():
        said = words.violation(same[0] if len(same) == 1 else _in_general(same), len(same))
        yield "triangle", said, [broken.at for broken in same]


def _in_general(same: list[Violation]) -> Violation:
    """What several have in common: how far they go together, and no value of one."""
    metres = [broken.length_m for broken in same if broken.length_m is not UNSET]
    return replace(same[0], value=None, length_m=sum(metres) if metres else UNSET)


def _barriers(route: Route, place_of: PlaceOf, words: PlainWords) -> Iterator[tuple[Shape, str, list[Coordinate]]]:
    told = {broken.barrier_id for broken in route.violations if broken.barrier_id is not UNSET}
    by_words: dict[str, list[BarrierOnRoute]] = {}
    for barrier in route.barriers:
        if barrier.barrier_id not in told:
            by_words.setdefault(words.barrier(barrier), []).append(barrier)
    for said, same in by_words.items():
        places = [place for one in same if (place := place_of(one.barrier_id)) is not None]
        yield "diamond", said, places


def _notes(route: Route, words: PlainWords) -> Iterator[tuple[Shape, str, list[Coordinate]]]:
    by_code: dict[str, list[Coordinate]] = {}
    for note in route.notes:
        by_code.setdefault(words.note(note), []).append(note.at)
    for said, places in by_code.items():
        yield "square", said, places
