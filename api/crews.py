"""What crews ask over HTTP: where to go, in which order (CONTRACT §6)."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, Response, get
from msgspec import Meta, Struct

from accessibility.refusals import Refused
from api import wire_complaints as wire
from api.auth import actor_of
from api.barriers_query import place_in
from api.errors import invalid
from api.operations import Operation, json_answer, query_of
from api.running import running


class CrewQuery(Struct, frozen=True):
    """Where the crew starts; what is not built yet is refused unless neutral."""

    start: Annotated[str, Meta(max_length=60, description="lon,lat")] | None = None
    format: Annotated[str, Meta(max_length=20)] = "geojson"
    by: Annotated[str, Meta(max_length=20)] = "walk"
    since: Annotated[str, Meta(max_length=80)] | None = None


LIST = Operation(
    "A crew's list",
    description=(
        "For the unit, its crews and dispatchers. Open P0, then overdue (P1, P2, P3), then P1, then due within 24 h, "
        "then the rest; inside a band the short tour from `start` by walking time, guessed from straight lines."
    ),
    query=CrewQuery, answer=wire.CrewListAnswer, group="Crews",
    errors=("unauthorized", "forbidden", "not_yet_supported", "database_unavailable", "overloaded", "not_ready"),
)  # fmt: skip


@get("/v1/crews/{unit:str}/list", opt={"operation": LIST})
async def crew_list(request: Request[Any, Any, Any], unit: str) -> Response[bytes]:
    here = running(request)
    query = query_of(request, CrewQuery)
    _check(query)
    start = None if query.start is None else place_in(query.start, "start")
    found = await here.reports.crew_list(unit, await actor_of(request), here.clock(), start=start)
    features = [wire.crew_feature_of(stop) for stop in found]
    return json_answer(wire.CrewListAnswer(features, unit, here.router.graph.meta.attribution))


def _check(query: CrewQuery) -> None:
    later = {"format": ("geojson", ("csv", "gpx", "json")), "by": ("walk", ("vehicle",))}
    for name, (built, promised) in later.items():
        given = getattr(query, name)
        if given in promised:
            raise Refused("not_yet_supported", f"{name}={given} is not offered yet.", field=name)
        if given != built:
            raise invalid(name, f"{built} is wanted", code="invalid_query")
    if query.since is not None:
        raise Refused("not_yet_supported", "since is not offered yet; use the ETag.", field="since")


ROUTE_HANDLERS = [crew_list]
