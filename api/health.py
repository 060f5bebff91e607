"""Is the process alive, may it get traffic, and what it has counted."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from msgspec import Struct

from api.operations import Operation, json_answer
from api.running import running


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
    return json_answer(Ready(map=here.router.graph.meta.build_id, revision=here.revision))


@get("/metrics", opt={"operation": METRICS})
async def metrics(request: Request[Any, Any, Any]) -> Response[bytes]:
    content, media_type = running(request).meters.page()
    return Response(content, media_type=media_type)


ROUTE_HANDLERS = [live, ready, metrics]
