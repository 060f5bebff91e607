"""Why a line is or is not usable: the streets it follows, judged for one person as a route would be (CONTRACT §4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from routing.answers import BarrierOnRoute, Coordinate, Note, Reason, Route, Segment, Violation
from routing.explaining import explained
from routing.graph import StreetGraph
from routing.itinerary import route_of
from routing.matching import Matched
from routing.met import barriers_met
from routing.overlay import Tolls
from routing.path import Piece
from routing.people import Person
from routing.timing import Departure, Timetable

STRAY_M = 15.0
"""A shorter part that follows no street is the hand that trembled."""
PLACES_MAX = 20

Status = Literal["ok", "least_bad", "not_passable", "unmatched"]


class Stray(Struct, frozen=True):
    """A part of the given line that follows no street, by its ends."""

    start: Coordinate
    end: Coordinate
    length_m: float


class Silence(Struct, frozen=True):
    """One attribute that nobody has said: on so many metres, or at so many kerbs, and where first."""

    attribute: str
    length_m: float
    count: int
    at: list[Coordinate]


class Verdict(Struct, frozen=True):
    """What is found on a line; `geometry_index` of segments counts the positions of all `lines` in turn."""

    usable: bool
    status: Status
    matched_share: float
    lines: list[Sequence[Coordinate]]
    segments: list[Segment]
    violations: list[Violation]
    forbidden: list[Violation]
    notes: list[Note]
    unknown: list[Silence]
    barriers: list[BarrierOnRoute]
    unmatched: list[Stray]
    revision: int = 0


def verdict_on(timetable: Timetable, person: Person, departure: Departure, matched: Matched, revision: int) -> Verdict:
    """Judge what was matched, each place as it is when the person gets there, and say what was not matched."""
    tolls = timetable.tolls_on(person, list(matched.chains), departure)
    parts = [_checked(timetable.graph, person, tolls, pieces) for pieces in matched.chains]
    segments: list[Segment] = []
    lines: list[Sequence[Coordinate]] = []
    for part in parts:
        shift = sum(map(len, lines))
        segments += [_shifted(segment, shift) for segment in part.segments]
        lines.append(part.geometry.coordinates)
    private = _private_ends(segments)
    reasons = [
        (reason, number in private) for number, segment in enumerate(segments) for reason in segment.findings or ()
    ]
    forbidden = [_named(r) for r, at_end in reasons if r.kind == "forbidden" and not (at_end and r.code == "private")]
    violations = [_named(r) for r, _ in reasons if r.kind == "violation"]
    notes = [Note("private_end", r.at, way_id=r.way_id) for r, at_end in reasons if at_end and r.code == "private"]
    notes += [note for part in parts for note in part.notes if note.code != "private_end"]
    notes += timetable.notes(person, list(matched.chains), departure.at)
    strays = [
        Stray(stray.start, stray.end, round(stray.end_m - stray.start_m, 1))
        for stray in matched.strays
        if stray.end_m - stray.start_m > STRAY_M or not parts
    ]
    status: Status = "ok"
    if forbidden:
        status = "not_passable"
    elif not parts or strays:
        status = "unmatched"
    elif violations:
        status = "least_bad"
    return Verdict(
        usable=status == "ok",
        status=status,
        matched_share=round(matched.share, 3),
        lines=lines,
        segments=segments,
        violations=violations,
        forbidden=forbidden,
        notes=notes,
        unknown=_silences(segments, lines),
        barriers=[barrier for part in parts for barrier in part.barriers],
        unmatched=strays,
        revision=revision,
    )


def _checked(graph: StreetGraph, person: Person, tolls: Tolls, pieces: Sequence[Piece]) -> Route:
    """One part of the line that follows streets, read as a route."""
    _, barriers = barriers_met(tolls, [pieces], ())
    route = route_of(graph, person.weighing, [pieces], why="checked", barriers=barriers)
    return explained(graph, person.weighing, tolls, [pieces], route)


def _shifted(segment: Segment, shift: int) -> Segment:
    first, last = segment.geometry_index
    return replace(segment, geometry_index=(first + shift, last + shift))


def _private_ends(segments: Sequence[Segment]) -> set[int]:
    """The segments at either end of the line that are private and nothing else: there a person may go."""
    found: set[int] = set()
    for order in (range(len(segments)), reversed(range(len(segments)))):
        for number in order:
            if "private" not in segments[number].because:
                break
            found.add(number)
    return found


def _named(reason: Reason) -> Violation:
    return Violation(
        reason.code,
        reason.value,
        reason.limit,
        reason.assumed,
        reason.at,
        length_m=reason.length_m,
        way_id=reason.way_id,
        node_id=reason.node_id,
        barrier_id=reason.barrier_id,
    )


def _silences(segments: Sequence[Segment], lines: Sequence[Sequence[Coordinate]]) -> list[Silence]:
    """What nobody has said, by attribute, the most of it first."""
    places = [at for line in lines for at in line]
    found: dict[str, list[Segment]] = {}
    for segment in segments:
        for attribute in segment.unknown:
            found.setdefault(attribute, []).append(segment)
    out = [
        Silence(
            attribute,
            0.0 if attribute == "kerb" else round(sum(segment.length_m for segment in silent), 1),
            len(silent),
            [places[segment.geometry_index[0]] for segment in silent][:PLACES_MAX],
        )
        for attribute, silent in found.items()
    ]
    return sorted(out, key=lambda silence: (-silence.length_m, silence.attribute))
