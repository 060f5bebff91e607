"""Finding places of the map by name, over HTTP."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from litestar import Request, Response, get
from msgspec import UNSET, Meta, Struct, UnsetType

from api.operations import Operation, json_answer, query_of
from api.queries import PlaceText, place_in
from api.running import running
from routing.answers import Coordinate
from routing.search import Hit
from routing.search_rows import Kind
from routing.search_text import TEXT_MAX

PAGE = 10
PAGE_MAX = 50


class SearchQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """What is looked for, and around where."""

    q: Annotated[str, Meta(min_length=1, max_length=TEXT_MAX, description="A name or an address, or a part of it")]
    near: PlaceText | None = None
    limit: Annotated[int, Meta(ge=1, le=PAGE_MAX)] = PAGE


class Found(Struct, frozen=True):
    """One thing of the map. Send `entrance`, where it is there, as the waypoint of a route; else `location`."""

    name: str
    kind: Kind
    location: Coordinate
    osm_id: str
    category: str | UnsetType = UNSET
    """What the map says it is: `cafe`, `museum`."""
    address: str | UnsetType = UNSET
    locality: str | UnsetType = UNSET
    """The town, village or quarter it is nearest to."""
    entrance: Coordinate | UnsetType = UNSET
    distance_m: float | UnsetType = UNSET
    """From `near`, in a straight line."""


class SearchAnswer(Struct, frozen=True):
    """The best matches first."""

    results: list[Found]
    attribution: str


SEARCH = Operation(
    "Streets, addresses, places and entrances by name",
    description=(
        "Everything with a name or an address on the map of this server. Case, accents, ß and full-width letters do "
        "not count; names in other languages and scripts are found where the map has them. A part of a name or "
        "address is enough, words in any order; what is not found as typed is looked for with slips. Equal names come "
        "before beginnings; among equals streets first, then what is nearer to `near`. `entrance`: where one goes "
        "into the building, the easiest of the mapped entrances: what was said about wheelchairs, then steps, the "
        "width of the door, and the main one."
    ),
    query=SearchQuery,
    answer=SearchAnswer,
    errors=("overloaded", "not_ready"),
)


@get("/v1/search", opt={"operation": SEARCH})
async def search(request: Request[Any, Any, Any]) -> Response[bytes]:
    here = running(request)
    query = query_of(request, SearchQuery)
    near = None if query.near is None else place_in(query.near, "near")
    hits = await asyncio.to_thread(lambda: here.search.find(query.q, near, query.limit))
    return json_answer(SearchAnswer([_found(hit) for hit in hits], here.router.graph.meta.attribution))


def _found(hit: Hit) -> Found:
    row = hit.row
    return Found(
        row.name,
        row.kind,
        _rounded(row.at),
        row.osm_id,
        row.category or UNSET,
        row.address or UNSET,
        row.locality or UNSET,
        UNSET if hit.entrance is None else _rounded(hit.entrance),
        UNSET if hit.distance_m is None else round(hit.distance_m, 1),
    )


def _rounded(at: Coordinate) -> Coordinate:
    return round(at[0], 7), round(at[1], 7)


ROUTE_HANDLERS = [search]
