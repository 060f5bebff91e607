"""What a routing question and its answer look like inside; the wire shows these Structs as they are (CONTRACT §4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType, field

from accessibility.norms import Stand
from accessibility.profiles import Profile

Coordinate = tuple[float, float]
"""`(lon, lat)`, WGS 84 degrees."""


Return = Literal["ok", "least_bad", "no"]
Suffices = Literal["ok", "one_way", "no"]
Missing = Literal["too_similar", "too_long", "more_harm", "closed_on_arrival", "no_other_way"]


class Waypoint(Struct, frozen=True):
    """A place the person names; `level` as OSM spells it, `heading` in degrees clockwise from north."""

    lon: float
    lat: float
    level: float | None = None
    heading: float | None = None
    entrance: bool = False
    """Lead to the easiest entrance of the building that stands here."""


class RouteRequest(Struct, frozen=True):
    """One question: 2–25 waypoints and the person, with every personal limit already in `profile`."""

    waypoints: tuple[Waypoint, ...]
    profile: Profile
    avoid: dict[str, Any] | None = None
    """GeoJSON Polygon or MultiPolygon that the route keeps out of."""
    depart_at: datetime | None = None
    """When the person sets out, on some day; `None` = as soon as asked."""
    asked_at: datetime | None = None
    """What the clock says; without either time the hours at which places are open are not looked at."""
    way_back: bool = False
    """Give the way back too, not only whether there is one."""
    explain: bool = False
    language: str = "en"
    """One of those that the directions speak."""
    units: Literal["metric", "imperial", "steps"] = "metric"
    """How the words of the steps tell lengths; the figures stay metres."""
    alternatives: int = 0
    """At most so many other ways."""
    seat_every_m: float | None = None
    """This person wants to sit down so often."""
    range_m: float | None = None
    """How far the battery goes."""


class Step(Struct, frozen=True, gc=False):
    """One instruction; `kind` is the stable code, the three texts say the same to eye, ear and small screen."""

    kind: str
    text: str
    spoken: str
    short: str
    distance_m: float
    duration_s: float
    geometry_index: tuple[int, int]
    way_id: int | None
    street: str | None


class Leg(Struct, frozen=True):
    """The way between two waypoints."""

    distance_m: float
    duration_s: float
    steps: list[Step]


class Reason(Struct, frozen=True):
    """What one rule says about one place: `kind` is forbidden, violation, cost or unknown.

    `points` of harm where a limit is broken, `seconds` of effort or risk where it costs.
    """

    code: str
    rule: str
    kind: str
    value: float | str | bool | None
    limit: float | str | None
    assumed: bool
    points: float
    seconds: float
    at: Coordinate
    length_m: float | UnsetType = UNSET
    way_id: int | UnsetType = UNSET
    node_id: int | UnsetType = UNSET
    barrier_id: str | UnsetType = UNSET


class Segment(Struct, frozen=True, gc=False):
    """A stretch of one way with the same facts; spans are inclusive, contiguous and cover the line."""

    geometry_index: tuple[int, int]
    way_id: int | None
    area_id: int | None
    node_ids: list[int]
    length_m: float
    incline: float | None
    incline_source: str | None
    surface: str | None
    smoothness: str | None
    width_m: float | None
    kerb_m: float | None
    steps: int
    side: str | None
    level: float | None
    unknown: list[str]
    because: list[str]
    """With `explain`: the codes of the rules that spoke here, one for each of `findings`."""
    findings: list[Reason] | UnsetType = UNSET
    norms: list[Stand] | UnsetType = UNSET
    """How the stretch stands to building norms; information, never a reason."""


class Violation(Struct, frozen=True, omit_defaults=False, gc=False):
    """A limit that this route breaks: what, how much, against which limit, where."""

    code: str
    value: float | str | None
    limit: float | str | None
    assumed: bool
    at: Coordinate
    length_m: float | UnsetType = UNSET
    way_id: int | UnsetType = UNSET
    node_id: int | UnsetType = UNSET
    barrier_id: str | UnsetType = UNSET


class Note(Struct, frozen=True, gc=False):
    """Something a person should know that breaks no limit: `private_end`, an unknown lift state."""

    code: str
    at: Coordinate
    way_id: int | UnsetType = UNSET
    node_id: int | UnsetType = UNSET


class BarrierOnRoute(Struct, frozen=True):
    """A reported barrier that mattered to this answer."""

    barrier_id: str
    kind: str
    standing: str
    effect: Literal["blocked", "avoided", "penalised", "passed"]


class UnknownShare(Struct, frozen=True):
    """How much nobody has said: `kerb` as a share of kerb events, the others as a share of length; 0–1."""

    kerb: float
    incline: float
    surface: float
    width: float


class Summary(Struct, frozen=True):
    """The route in figures; maxima are over what is known, `None` where nothing is."""

    step_free: bool
    confidence: Literal["known", "partly_unknown", "mostly_unknown"]
    steps: int
    incline_up_max: float | None
    incline_down_max: float | None
    kerb_max_m: float | None
    width_min_m: float | None
    surface_m: dict[str, float]
    unknown_share: UnknownShare
    seats: int
    """Seats within 10 m of the way, each once."""
    longest_gap_without_seat_m: float
    """The longest part of the way on which one comes by no seat; the ends of the way are none."""
    return_: Return | UnsetType = field(name="return", default=UNSET)
    """Could this person come back: within the limits, with some broken, or not at all."""
    range: Suffices | UnsetType = UNSET
    """With `range_m`: is it enough for there and back, one way only, or not even that."""
    there_and_back_m: float | UnsetType | None = UNSET
    """With `range_m`: the length of both ways together; null where there is no way back."""


class LineString(Struct, frozen=True):
    """GeoJSON; a route has a `routing.line.Line`."""

    coordinates: Sequence[Coordinate]
    type: Literal["LineString"] = "LineString"


class NotTaken(Struct, frozen=True):
    """The shortest way on foot by length alone, and what this person meets there: `because` lists the codes once."""

    distance_m: float
    geometry: LineString
    because: list[str]
    findings: list[Reason]


class Route(Struct, frozen=True):
    """One way to go, with everything that should be known before setting out."""

    why: str
    distance_m: float
    duration_s: float
    ascent_m: float | None
    descent_m: float | None
    geometry: LineString
    legs: list[Leg]
    segments: list[Segment]
    summary: Summary
    violations: list[Violation]
    notes: list[Note]
    barriers: list[BarrierOnRoute]
    not_taken: NotTaken | UnsetType | None = UNSET
    """With `explain`: why the straight way was not taken; null where it was."""


class Snapped(Struct, frozen=True):
    """Where a waypoint met the walk network."""

    location: Coordinate
    distance_m: float
    entrance: Coordinate | UnsetType = UNSET
    """Where the waypoint asked for one: the entrance of its building that the way is led to, the easiest to use."""


class WayBack(Struct, frozen=True):
    """From the last waypoint through the others to the first; no route where the status is `no`."""

    status: Return
    route: Route | None


class RouteAnswer(Struct, frozen=True):
    """`ok`: every hard limit holds on the whole path. `least_bad`: there is no such path; violations say why."""

    status: Literal["ok", "least_bad"]
    routes: list[Route]
    snapped: list[Snapped]
    revision: int = 0
    """Every barrier up to this revision was taken into account."""
    back: WayBack | None = None
    """Where it was asked for."""
    fewer_because: list[Missing] | None = None
    """Why there are fewer alternatives than were asked for, in codes."""


class NoRoute(Struct, frozen=True):
    """Nothing passable connects the waypoints; `because` in codes."""

    because: list[str] = field(default_factory=list)
