"""Is the process alive, may it get traffic, and what it has counted."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from msgspec import Struct

from accessibility.refusals import Refused
from api.operations import Operation, json_answer
from api.running import Running, running


class Live(Struct, frozen=True):
    """The process answers."""

    status: str = "ok"


class Ready(Struct, frozen=True):
    """The process routes: on which map, and at which revision of what was reported."""

    map: str
    revision: int
    status: str = "ready"


LIVE = Operation("Whether the process answers", answer=Live, group="Health")
READY = Operation(
    "Whether the map is loaded and the revision caught up", answer=Ready, errors=("not_ready",), group="Health"
)
METRICS = Operation("Meters for Prometheus", media="text/plain", group="Health")


@get("/health/live", opt={"operation": LIVE})
async def live(request: Request[Any, Any, Any]) -> Response[bytes]:
    return json_answer(Live())


@get("/health/ready", opt={"operation": READY})
async def ready(request: Request[Any, Any, Any]) -> Response[bytes]:
    here = running(request)
    await caught_up(here)
    return json_answer(Ready(map=here.router.graph.meta.build_id, revision=here.revision))


@get("/metrics", opt={"operation": METRICS})
async def metrics(request: Request[Any, Any, Any]) -> Response[bytes]:
    content, media_type = running(request).meters.page()
    return Response(content, media_type=media_type)


async def caught_up(here: Running) -> None:
    """Returns when the routes know everything the database knows; raises `not_ready` when they do not within 2 s."""
    if here.desk is None or here.live is None:
        return
    try:
        await here.live.at_least(await here.desk.revision())
    except Refused as refused:
        raise Refused("not_ready", f"The revision has not caught up: {refused.code}.") from refused
    if not here.live.connected:
        raise Refused("not_ready", "The database has been lost; the routes know what was known before.")


ROUTE_HANDLERS = [live, ready, metrics]
