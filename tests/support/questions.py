"""Whole questions about drawn streets: everything a request may carry beside the places and the person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accessibility import profiles
from routing.answers import NoRoute, RouteAnswer, RouteRequest, Waypoint
from tests.support.drawn import Town


def asked(
    town: Town,
    *places: str,
    profile: str = "manual_wheelchair",
    person: Mapping[str, Any] | None = None,
    **fields: Any,
) -> RouteAnswer | NoRoute:
    """The outcome between nodes, by letter; `person` are overrides of the profile, `fields` those of the request."""
    who = profiles.built_in[profile]
    if person:
        who = profiles.with_overrides(who, **person)
    points = tuple(Waypoint(*town.at[place]) for place in places)
    return town.router.route(RouteRequest(points, who, **fields))


def answered(town: Town, *places: str, **asking: Any) -> RouteAnswer:
    """The same, where there has to be an answer."""
    found = asked(town, *places, **asking)
    assert isinstance(found, RouteAnswer), found
    return found
