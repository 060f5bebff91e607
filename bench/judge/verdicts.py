"""All arcs of the map judged once for one person and one reading; remembered on the map."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from bench.judge.findings import Hit
from bench.judge.inclines import Inclines, inclines
from bench.judge.limits import Limits
from bench.judge.nodes import Side, passage_hits
from bench.judge.osm import JudgeMap
from bench.judge.ways import Stance, way_hits, way_stance

KEEP_MAX = 8
"""Limit sets whose verdicts are remembered at a time."""


class WayVerdict(NamedTuple):
    """One way for one person: stance, and broken limits along and against it."""

    stance: Stance
    along: tuple[Hit, ...]
    against: tuple[Hit, ...]


class Verdicts(NamedTuple):
    """Per directed arc: `never`, `private`, harm per metre, harm once per way, any limit broken.

    And the inclines behind it.
    """

    never: np.ndarray
    private: np.ndarray
    per_m: np.ndarray
    fixed: np.ndarray
    broken: np.ndarray
    slopes: Inclines


def remembered(world: JudgeMap, key: tuple[object, ...], make: object) -> object:
    """Least recently made verdicts are dropped so that a thousand personal limits fit in memory."""
    if key not in world.memo:
        held = [k for k in world.memo if isinstance(k, tuple) and k and k[0] == key[0]]
        for old in held[: max(0, len(held) - KEEP_MAX + 1)]:
            del world.memo[old]
        world.memo[key] = make()  # type: ignore[operator]
    return world.memo[key]


def judge_way(world: JudgeMap, row: int, limits: Limits, *, side: str | None, fearful: bool) -> WayVerdict:
    """One way (by row number), perhaps on one attached sidewalk; equal tags share the work."""
    cache: dict[object, WayVerdict] = remembered(world, ("ways", limits, fearful), dict)  # type: ignore[assignment]
    tags = world.rows[row].tags
    key = (frozenset(tags.items()), side)
    if key not in cache:
        along, against = (
            way_hits(tags, limits, side=side, fearful=fearful, backward=backward) for backward in (False, True)
        )
        cache[key] = WayVerdict(way_stance(tags, fearful=fearful), along, against)
    return cache[key]


def verdicts(world: JudgeMap, limits: Limits, *, fearful: bool) -> Verdicts:
    """The whole map."""
    return remembered(world, ("verdicts", limits, fearful), lambda: _verdicts(world, limits, fearful=fearful))  # type: ignore[return-value]


def slopes(world: JudgeMap, limits: Limits, *, fearful: bool) -> Inclines:
    """Inclines of the whole map, without the rest."""
    return remembered(world, ("slopes", limits, fearful), lambda: inclines(world, limits, fearful=fearful))  # type: ignore[return-value]


def _verdicts(world: JudgeMap, limits: Limits, *, fearful: bool) -> Verdicts:
    n = len(world.rows)
    never, private = np.zeros((n, 2), dtype=bool), np.zeros((n, 2), dtype=bool)
    per_m, fixed = np.zeros((n, 2)), np.zeros((n, 2))
    hurt = np.zeros((n, 2), dtype=bool)
    for row in range(n):
        verdict = judge_way(world, row, limits, side=None, fearful=fearful)
        for way, hits in enumerate((verdict.along, verdict.against)):
            never[row, way] = verdict.stance.kind == "never" or any(h.never for h in hits)
            private[row, way] = verdict.stance.kind == "private"
            hurt[row, way] = bool(hits)
            per_m[row, way] = sum(h.per_m for h in hits)
            fixed[row, way] = sum(h.fixed + h.shared for h in hits)
    slope = slopes(world, limits, fearful=fearful)
    spread = [table[world.row_of].ravel() for table in (never, private, per_m, fixed, hurt)]
    return Verdicts(
        spread[0], spread[1], spread[2] + slope.per_m, spread[3], spread[4] | ~np.isnan(slope.limit), slopes=slope
    )


def side_of(world: JudgeMap, row: int, side: str | None = None) -> Side:
    """How a way looks from a node on it."""
    found = world.rows[row]
    return Side(found.tags, found.kind, attached=side is not None, told=found.told)


def passage(
    world: JudgeMap, node: int, one: Side, other: Side, limits: Limits, *, fearful: bool, private_end: bool
) -> list[Hit]:
    """All that passing a node from one way to another breaks."""
    tags = world.node_tags.get(node, {})
    if not tags and not limits.avoid_unknown and node not in world.acting:
        return []
    road = bool(world.on_road[node])
    return passage_hits(tags, one, other, limits, fearful=fearful, private_end=private_end, on_road=road)
