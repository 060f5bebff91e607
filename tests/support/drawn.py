"""Streets drawn in ASCII: letters are nodes, lines are only for the eye; ways and tags say what is really there.

    town = drawn('''
        a----b----c
             |
             d
    ''', ways={"abc": "highway=footway", "bd": "highway=steps step_count=12"}, nodes={"b": "barrier=bollard"})
    town.route("a", "c").status

One character is `cell_m` metres wide and high. Everything goes through the real elements, tags, verdict and engine.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from accessibility import profiles
from accessibility.facts import PassageFacts
from accessibility.profiles import Profile
from routing.answers import NoRoute, RouteAnswer, RouteRequest, Waypoint
from routing.attach import Attachments, Leg, Prices, Searched, leg
from routing.build import build
from routing.costs import UNITS_PER_S, Harm, Strict, Weigher
from routing.elements import RawMap, RawRelation, RawWay
from routing.geodesy import EARTH_RADIUS_M
from routing.graph import StreetGraph
from routing.router import Router
from routing.snap import Snap

ORIGIN = (8.69, 49.41)
"""Where the drawing's lower left corner lies, (lon, lat)."""


def tags_of(text: str | Mapping[str, str]) -> dict[str, str]:
    """`"highway=footway surface=sand"` → dict; a value may hold spaces when given as a mapping."""
    return dict(text) if not isinstance(text, str) else dict(part.split("=", 1) for part in text.split())


@dataclass(frozen=True)
class Town:
    """A drawn map and the questions one can ask it."""

    raw: RawMap
    at: dict[str, tuple[float, float]]
    way_names: dict[int, str]
    letters: dict[int, str] = field(default_factory=dict)

    @cached_property
    def graph(self) -> StreetGraph:
        return build(self.raw)

    @cached_property
    def router(self) -> Router:
        return Router(self.graph)

    def ask(
        self, *places: str | tuple[float, float], profile: str | Profile = "manual_wheelchair", **overrides: Any
    ) -> RouteAnswer | NoRoute:
        """The router's own outcome between nodes, by letter, or `(lon, lat)` places."""
        person = profiles.built_in[profile] if isinstance(profile, str) else profile
        if overrides:
            person = profiles.with_overrides(person, **overrides)
        points = [self.at[place] if isinstance(place, str) else place for place in places]
        return self.router.route(RouteRequest(tuple(Waypoint(*point) for point in points), person))

    def route(
        self, *places: str | tuple[float, float], profile: str | Profile = "manual_wheelchair", **overrides: Any
    ) -> RouteAnswer:
        """The same, where there has to be an answer."""
        answer = self.ask(*places, profile=profile, **overrides)
        assert isinstance(answer, RouteAnswer), answer
        return answer

    def leg(self, start: str, end: str, *, profile: str = "manual_wheelchair", harm: bool = False) -> Leg | None:
        """The cheapest way within all limits (or the least harmful) between two nodes, without snapping.

        A place is a node, best one at a dead end; the street it is taken on is the first one drawn there.
        """
        graph, scale = self.graph, Harm() if harm else Strict()
        weights = scale.weights(Weigher(graph).weigh(profiles.built_in[profile]))
        around = Attachments(graph.edge_tail, graph.edge_head, graph.edge_component, graph.first_passage)
        engine = self.router.engine
        metric = engine.customise(weights)
        return engine.call(leg, Searched(engine, metric), around, self._spot(start), self._spot(end), Prices(weights))

    def _spot(self, letter: str) -> Snap:
        node = next(number for number, name in self.letters.items() if name == letter)
        graph = self.graph
        for edge in range(graph.first_passage):
            span = graph.vertices(edge)
            ids = graph.geom_node[span].tolist()
            if node in (ids[0], ids[-1]) and not graph.is_entrance(edge):
                return Snap(edge, 0.0 if ids[0] == node else 1.0, 0, *self.at[letter], 0.0)
        raise AssertionError(f"{letter} is no end of a street")

    def passed(self, start: str, end: str, **asking: Any) -> list[PassageFacts]:
        """What is passed at nodes on that way, where it means something."""
        found = self.leg(start, end, **asking)
        assert found is not None, f"no way from {start} to {end}"
        edges = [piece.edge for piece in found.pieces if self.graph.is_passage(piece.edge)]
        facts = [self.graph.passage_facts[int(self.graph.edge_facts[edge])] for edge in edges]
        return [one for one in facts if one != PassageFacts(level=one.level)]

    def kerbs(self, start: str, end: str, **asking: Any) -> int:
        """Kerb events on that way."""
        return sum(facts.kerb_events for facts in self.passed(start, end, **asking))

    def seconds(self, start: str, end: str, **asking: Any) -> float:
        """Its cost, in seconds of effort."""
        found = self.leg(start, end, **asking)
        return math.inf if found is None else found.cost / UNITS_PER_S

    def path(self, answer: RouteAnswer) -> str:
        """The nodes on the way as letters."""
        found: list[str] = []
        for segment in answer.routes[0].segments:
            for node in segment.node_ids:
                letter = self.letters.get(node, "?")
                if not found or found[-1] != letter:
                    found.append(letter)
        return "".join(found)

    def close(self) -> None:
        if "router" in self.__dict__:
            self.router.close()


def drawn(
    picture: str,
    *,
    ways: Mapping[str, str | Mapping[str, str]],
    nodes: Mapping[str, str | Mapping[str, str]] | None = None,
    relations: tuple[RawRelation, ...] = (),
    cell_m: float = 5.0,
) -> Town:
    """Read a picture; `ways` maps the letters along each way to its tags, `nodes` a letter to its tags."""
    rows = textwrap.dedent(picture).strip("\n").split("\n")
    per_deg = math.radians(1) * EARTH_RADIUS_M
    at, letters = {}, {}
    for r, row in enumerate(rows):
        for c, sign in enumerate(row):
            if sign.isalnum():
                lat = ORIGIN[1] + (len(rows) - 1 - r) * cell_m / per_deg
                at[sign] = (ORIGIN[0] + c * cell_m / (per_deg * math.cos(math.radians(ORIGIN[1]))), lat)
    ids = {letter: 100 + number for number, letter in enumerate(sorted(at))}
    letters = {number: letter for letter, number in ids.items()}
    raw_ways = [
        RawWay(1000 + i, tuple(ids[letter] for letter in line.strip()), tags_of(found))
        for i, (line, found) in enumerate(ways.items())
    ]
    order = sorted(at, key=lambda letter: ids[letter])
    raw = RawMap(
        node_ids=np.array([ids[letter] for letter in order], np.int64),
        lon=np.array([at[letter][0] for letter in order]),
        lat=np.array([at[letter][1] for letter in order]),
        node_tags={ids[letter]: tags_of(found) for letter, found in (nodes or {}).items()},
        ways=raw_ways,
        relations=list(relations),
        source="drawn",
        timestamp=None,
        attribution="drawn",
    )
    return Town(raw, at, {way.id: line for way, line in zip(raw_ways, ways, strict=True)}, letters)
