"""What one process holds while it serves; everything else is built from it or passed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar, cast

import msgspec
from litestar import Request
from litestar.datastructures import State

from accessibility.complaints.desk import Desk
from accessibility.refusals import Refused
from api.bounded import Bounded
from api.example import example_question
from api.feed import Feed
from api.live import Live
from api.meters import Meters
from api.named_places import NamedPlaces
from api.settings import Settings
from routing.answers import NoRoute, RouteAnswer, RouteRequest
from routing.places import Places
from routing.router import Router
from routing.search import Search

Clock = Callable[[], datetime]

T = TypeVar("T")


def system_clock(settings: Settings) -> Clock:
    """The time now, in UTC, shifted by the setting `clock_offset_s`."""
    shift = timedelta(seconds=settings.clock_offset_s)
    return lambda: datetime.now(UTC) + shift


@dataclass(frozen=True)
class Running:
    """The loaded map with its router, the clock and the meters of this process."""

    settings: Settings
    router: Router
    clock: Clock
    meters: Meters
    desk: Desk | None = None
    live: Live | None = None
    feed: Feed | None = None

    @property
    def revision(self) -> int:
        """How much of what was reported the routes know."""
        return self.router.state.revision

    @property
    def reports(self) -> Desk:
        """The desk; `database_unavailable` on a server without a database."""
        if self.desk is None:
            raise Refused("database_unavailable", "This server has no database.")
        return self.desk

    async def fresh(self, revision: int | None) -> None:
        """Returns once the routes know `revision`; raises `not_yet_fresh` or `revision_unknown`."""
        if revision is None or revision <= self.revision:
            return
        if self.live is None:
            raise Refused("revision_unknown", "There is no such revision.", field="min_revision")
        await self.live.at_least(revision)

    @cached_property
    def search(self) -> Search:
        """Names and addresses of the map. Opened at first use, in the process that searches: no fork may share it."""
        return Search(self.router.graph, self.router.plane, self.router.entrances)

    @cached_property
    def names(self) -> NamedPlaces:
        """Names of the map, for the page."""
        return NamedPlaces(self.router, lambda: self.search)

    @cached_property
    def places(self) -> Places:
        """Toilets, benches, lifts … of the map; made at first use."""
        return Places(self.router.graph.elements, self.router.plane, self.router.entrances)

    @cached_property
    def files(self) -> Bounded:
        """Where routes become files of text."""
        return Bounded(at_once=2, waiting=30)

    @cached_property
    def pictures(self) -> Bounded:
        """Where routes are drawn, for half a second each: who would wait for seconds is told to come again."""
        return Bounded(at_once=2, waiting=6)

    @cached_property
    def example(self) -> dict[str, object]:
        """A question that this map answers well; made at first use, by a few dozen routes."""
        return example_question(self.router)

    async def route(self, question: RouteRequest, told: Callable[[RouteAnswer | NoRoute], T]) -> T:
        """What `told` makes of the answer, both in the engine thread, where all that the answer is made of lies at
        hand; who stops waiting takes the job from its queue."""
        if question.asked_at is None:
            question = msgspec.structs.replace(question, asked_at=self.clock())
        return await self.router.engine.ask(self._told, question, told)

    def _told(self, question: RouteRequest, told: Callable[[RouteAnswer | NoRoute], T]) -> T:
        return told(self.router.route(question))


def keep(state: State, running: Running | None) -> None:
    """Give the app what it serves with, or take it away."""
    state["running"] = running


def running(request: Request[Any, Any, Any]) -> Running:
    """What this request is served with; `not_ready` while the map is not loaded."""
    found = request.app.state.get("running")
    if found is None:
        raise Refused("not_ready", "The map is not loaded yet.")
    return cast(Running, found)
