"""`stepfree route`: one route in the terminal."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from rich.console import Console

from accessibility.refusals import Refused
from api import plain_words
from api.map_files import open_map
from api.progress import shown
from api.wire import AsOf, RoutesAnswer, answer_of, profile_named
from routing.answers import NoRoute, RouteRequest, Waypoint
from routing.router import Router

Position = tuple[float, float]


def run(map_path: Path, data: Path, *, start: Position, end: Position, profile: str, as_json: bool) -> int:
    """Print the way from `start` to `end` (longitude, latitude)."""
    person = profile_named(profile)
    with shown() as progress:
        graph = open_map(map_path, data, progress)
    router = Router(graph)
    try:
        found = router.route(RouteRequest((Waypoint(*start), Waypoint(*end)), person, asked_at=datetime.now(UTC)))
    finally:
        router.close()
    if isinstance(found, NoRoute):
        raise Refused("no_route", "Nothing passable connects these two places.")
    as_of = AsOf(graph.meta.build_id, 0, datetime.now(UTC))
    answer = answer_of(found, person, as_of, graph.meta.attribution)
    if as_json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(answer), indent=1).decode() + "\n")
    else:
        _print(answer)
    return 0


def _print(answer: RoutesAnswer) -> None:
    out = Console(highlight=False, soft_wrap=True, markup=False)
    route = answer.routes[0]
    out.print(plain_words.STATUS[answer.status])
    for violation in route.violations:
        out.print(f"  ! {plain_words.violation(violation)}")
    for note in route.notes:
        out.print(f"  {plain_words.note(note)}")
    out.print()
    for label, value in plain_words.facts(route.summary, route):
        out.print(f"{label + ':':20}{value}")
    out.print()
    steps = [step for leg in route.legs for step in leg.steps]
    for number, step in enumerate(steps, 1):
        out.print(f"{number:3}. {step.text}")
    out.print(f"\nMap data {answer.attribution}")
