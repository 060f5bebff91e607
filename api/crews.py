"""What crews ask over HTTP: where to go, in which order (CONTRACT §6)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Request, Response, get
from litestar.params import FromPath
from msgspec import Meta, Struct, field

from accessibility.kind_words import KIND_WORDS
from accessibility.refusals import Refused
from api import exports
from api.auth import at_desk
from api.negotiation import chosen_format
from api.operations import JSON, Operation, json_answer, query_of
from api.queries import PlaceText, place_in

COLUMNS = (
    "order", "class", "number", "kind", "word", "state", "overdue", "due", "lon", "lat", "complaint_id", "barrier_id",
    "version",
)  # fmt: skip


class CrewQuery(Struct, frozen=True):
    """Where the crew starts. `by=vehicle` and `since` are not offered yet: use the ETag."""

    start: PlaceText | None = None
    format: Literal["geojson", "csv", "gpx", "json"] | None = None
    by: Literal["walk", "vehicle"] = "walk"
    since: Annotated[str, Meta(max_length=80)] | None = None


class CrewStop(Struct, frozen=True):
    """One stop of a crew, `order` from 1; nothing about any person."""

    order: int
    class_: str = field(name="class")
    number: str
    kind: str
    word: str
    state: str
    overdue: bool
    due: datetime
    at: tuple[float, float]
    complaint_id: UUID
    barrier_id: UUID
    version: int


class CrewFeature(Struct, frozen=True):
    """A stop as GeoJSON."""

    id: UUID
    geometry: dict[str, Any]
    properties: CrewStop
    type: Literal["Feature"] = "Feature"


class CrewCollection(Struct, frozen=True):
    """The stops in visiting order, as GeoJSON."""

    unit: str
    features: list[CrewFeature]
    attribution: str
    type: Literal["FeatureCollection"] = "FeatureCollection"


class CrewStops(Struct, frozen=True):
    """The stops in visiting order, as plain JSON."""

    unit: str
    stops: list[CrewStop]
    attribution: str


LIST = Operation(
    "A crew's list",
    description=(
        "For the unit, its crews and dispatchers. Open P0, then overdue (P1, P2, P3), then P1, then due within 24 h, "
        "then the rest; inside a band the short tour from `start`, by walking times guessed from straight lines. As "
        "GeoJSON, JSON, CSV and GPX, by `format` or `Accept`."
    ),
    query=CrewQuery,
    answer=CrewCollection,
    more_answers={JSON: CrewStops},
    media=exports.GEOJSON,
    more_media=(JSON, exports.CSV, exports.GPX),
    errors=("forbidden", "not_yet_supported", "database_unavailable", "overloaded", "not_ready"),
    group="Crews",
    bearer="required",
)


@get("/v1/crews/{unit:str}/list", opt={"operation": LIST})
async def crew_list(request: Request[Any, Any, Any], unit: FromPath[str]) -> Response[bytes]:
    query = query_of(request, CrewQuery)
    require_built(query)
    start = None if query.start is None else place_in(query.start, "start")
    at = await at_desk(request)
    found = await at.desk.crew_list(unit, at.actor, at.now, start=start)
    attribution = at.here.router.graph.meta.attribution
    return in_format(chosen_format(request, LIST, query.format), unit, [stop_of(one) for one in found], attribution)


def require_built(query: CrewQuery) -> None:
    """Promised by the contract, not built yet: refused by name."""
    if query.by == "vehicle":
        raise Refused("not_yet_supported", "by=vehicle is not offered by this server yet.", field="by")
    if query.since is not None:
        raise Refused("not_yet_supported", "since is not offered by this server yet; use the ETag.", field="since")


def stop_of(found: dict[str, Any]) -> CrewStop:
    """One stop of the desk's list, with the words for its kind."""
    plain = {name: value for name, value in found.items() if name not in ("class", "at")}
    return CrewStop(class_=found["class"], word=KIND_WORDS[found["kind"]][0], at=tuple(found["at"]), **plain)


def in_format(media: str, unit: str, stops: list[CrewStop], attribution: str) -> Response[bytes]:
    """The list as it was asked for."""
    headers = {"Cache-Control": "private, no-cache", "Vary": "Accept, Authorization"}
    if media == exports.CSV:
        return exports.file_answer(table(stops), media, "crew-list.csv", headers)
    if media == exports.GPX:
        return exports.file_answer(waypoints(unit, stops, attribution), media, "crew-list.gpx", headers)
    if media == exports.GEOJSON:
        features = [
            CrewFeature(stop.complaint_id, {"type": "Point", "coordinates": stop.at}, stop) for stop in stops
        ]  # fmt: skip
        return json_answer(CrewCollection(unit, features, attribution), media=media, headers=headers)
    return json_answer(CrewStops(unit, stops, attribution), headers=headers)


def table(stops: list[CrewStop]) -> str:
    """One row a stop."""
    rows = (
        {
            **{name: getattr(stop, name) for name in COLUMNS if hasattr(stop, name)},
            "class": stop.class_, "lon": stop.at[0], "lat": stop.at[1],
        }
        for stop in stops
    )  # fmt: skip
    return exports.table(COLUMNS, rows)


def waypoints(unit: str, stops: list[CrewStop], attribution: str) -> str:
    """One waypoint a stop, named "01 P1 Kerb too high" so that devices keep the order."""
    points = []
    for stop in stops:
        due = "overdue" if stop.overdue else f"due {exports.moment(stop.due)}"
        name = f"{stop.order:02d} {stop.class_} {stop.word}"
        points.append(exports.Waypoint(*stop.at, name, f"{stop.number}, {stop.state}, {due}", stop.kind))
    return exports.waypoints(f"Crew list of {unit}", attribution, points)


ROUTE_HANDLERS = [crew_list]
