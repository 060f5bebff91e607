"""Lines checked, and the norms beside them, over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Any, Literal

import numpy as np
from litestar import Request, Response, get, post
from msgspec import Meta, Struct

from accessibility.norms import NORMS, Norm
from accessibility.profiles import Limits, Profile, with_overrides
from api.errors import invalid
from api.operations import Operation, body_of, json_answer
from api.running import running
from api.wire import AsOf, LimitOverrides, Position, ProfileId, given_limits, profile_named
from routing.answers import BarrierOnRoute, Coordinate, Note, Segment, Violation
from routing.checking import Silence, Stray, Verdict
from routing.geodesy import distance_m

VERTICES_MAX = 500
LENGTH_MAX_M = 20_000.0


class Line(Struct, frozen=True, forbid_unknown_fields=True):
    """GeoJSON line."""

    type: Literal["LineString"]
    coordinates: Annotated[list[Position], Meta(min_length=2, max_length=VERTICES_MAX)]


class CheckQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """A line and the person who would go along it, in the line's direction."""

    geometry: Line
    profile: ProfileId
    limits: LimitOverrides | None = None


class MultiLineString(Struct, frozen=True):
    """GeoJSON."""

    coordinates: list[Sequence[Coordinate]]
    type: Literal["MultiLineString"] = "MultiLineString"


class CheckAnswer(Struct, frozen=True):
    """`ok`: every limit holds on the whole line. `least_bad`: it can be passed, but `violations` break limits.

    `not_passable`: something in `forbidden` lies on it. `unmatched`: a part longer than 15 m follows no street of the
    map; `unmatched` lists such parts. `geometry` is what was followed, `geometry_index` of the segments counts its
    positions from the first of all, over its parts. Segments are explained: `because`, `findings`, `norms`.
    """

    usable: bool
    status: Literal["ok", "least_bad", "not_passable", "unmatched"]
    matched_share: float
    geometry: MultiLineString
    segments: list[Segment]
    violations: list[Violation]
    forbidden: list[Violation]
    notes: list[Note]
    unknown: list[Silence]
    barriers: list[BarrierOnRoute]
    unmatched: list[Stray]
    limits_used: Limits
    as_of: AsOf
    attribution: str


class NormsAnswer(Struct, frozen=True):
    """Numbers of building norms, with their source."""

    norms: list[Norm]


CHECK = Operation(
    "Why a line is or is not usable",
    description=(
        "The line is matched to the streets within 15 m of it, whoever may use them, and judged for this person as a "
        "route would be: limits broken, places that are never passed, reported barriers, and what nobody has said. At "
        f"most {VERTICES_MAX} positions and {LENGTH_MAX_M / 1000:.0f} km."
    ),
    body=CheckQuery,
    answer=CheckAnswer,
    errors=("unknown_profile", "overloaded", "not_ready"),
)
NORMS_TABLE = Operation(
    "Numbers of building norms",
    description=(
        "Information beside a route, never a reason for it: with `explain` every segment says how it stands to them. "
        "`checked` is false where a number is known from the norm but was not found in a copy of it."
    ),
    answer=NormsAnswer,
)


@post("/v1/check", status_code=200, opt={"operation": CHECK})
async def check(request: Request[Any, Any, Any]) -> Response[bytes]:
    here = running(request)
    query = body_of(request, CheckQuery)
    line, person = _line_of(query), _person_of(query)
    found = await asyncio.to_thread(here.router.check, line, person, here.clock())
    meta = here.router.graph.meta
    as_of = AsOf(meta.build_id, found.revision, here.clock())
    return json_answer(_answer_of(found, person, as_of, meta.attribution))


@get("/v1/norms", opt={"operation": NORMS_TABLE})
async def norms(request: Request[Any, Any, Any]) -> Response[bytes]:
    return json_answer(NormsAnswer(list(NORMS)))


def _line_of(query: CheckQuery) -> list[tuple[float, float]]:
    line = query.geometry.coordinates
    steps = np.array([(*a, *b) for a, b in pairwise(line)])
    metres = float(distance_m(*steps.T).sum())
    if metres > LENGTH_MAX_M:
        raise invalid("geometry", f"longer than {LENGTH_MAX_M / 1000:.0f} km")
    if metres == 0:
        raise invalid("geometry", "all positions are the same")
    return line


def _person_of(query: CheckQuery) -> Profile:
    profile = profile_named(query.profile)
    limits = {} if query.limits is None else given_limits(query.limits)
    return with_overrides(profile, limits=limits) if limits else profile


def _answer_of(found: Verdict, person: Profile, as_of: AsOf, attribution: str) -> CheckAnswer:
    return CheckAnswer(
        found.usable,
        found.status,
        found.matched_share,
        MultiLineString(found.lines),
        found.segments,
        found.violations,
        found.forbidden,
        found.notes,
        found.unknown,
        found.barriers,
        found.unmatched,
        person.limits,
        as_of,
        attribution,
    )


ROUTE_HANDLERS = [check, norms]
