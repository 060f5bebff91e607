"""Every broken limit on an answer's route, and what they weigh."""

from __future__ import annotations

from itertools import groupby, pairwise
from typing import Any

import numpy as np

from bench.judge.findings import Finding, Hit
from bench.judge.limits import Limits, limits_of
from bench.judge.nodes import Side
from bench.judge.osm import JudgeMap
from bench.judge.path import Stretch, problem, walk
from bench.judge.tables import INFINITE
from bench.judge.verdicts import judge_way, passage, side_of, slopes
from bench.judge.ways import Stance, way_class, way_hits, way_stance

JOIN_M = 1.5
"""How far the line may begin from the snapped location it answers for."""


def violations(
    world: JudgeMap, request: dict[str, Any], route: dict[str, Any], snapped: list[dict[str, Any]] | None = None
) -> list[Finding]:
    """All that surely breaks a hard limit of this person on this route, and all that makes it no path on this map."""
    limits = limits_of(request)
    stretches, problems = walk(world, route)
    found = [*problems, *_ends(world, route, snapped)]
    found += _ways(world, stretches, limits, many=len(request["waypoints"]) > 2)
    found += _passages(world, stretches, limits)
    return found


def points_of(world: JudgeMap, request: dict[str, Any], route: dict[str, Any]) -> float:
    """Harm points of a route (CONTRACT section 3); infinite when it passes what may never be passed."""
    return sum(finding.points for finding in violations(world, request, route))


def _ends(world: JudgeMap, route: dict[str, Any], snapped: list[dict[str, Any]] | None) -> list[Finding]:
    line = route["geometry"]["coordinates"]
    if not snapped or not line:
        return []
    out = []
    for name, at, place in (("start", line[0], snapped[0]), ("end", line[-1], snapped[-1])):
        (ax, ay), (bx, by) = world.metres(*at[:2]), world.metres(*place["location"][:2])
        if (ax - bx) ** 2 + (ay - by) ** 2 > JOIN_M**2:
            out.append(problem("disconnected", f"the line's {name} is not where the answer snapped"))
    return out


def _stance(world: JudgeMap, stretch: Stretch, limits: Limits, *, fearful: bool = False) -> Stance:
    if stretch.area is not None:
        return way_stance(world.areas[stretch.area].tags, fearful=fearful)
    return judge_way(world, stretch.row, limits, side=stretch.side, fearful=fearful).stance


def _perhaps_private(world: JudgeMap, stretch: Stretch, limits: Limits) -> bool:
    """Private, or of an access nobody can read (permit, staff): it may belong to a private end."""
    return _stance(world, stretch, limits, fearful=True).kind != "open"


def _private_ends(world: JudgeMap, stretches: list[Stretch], limits: Limits, *, many: bool) -> list[bool]:
    """Which stretches are private but belong to an end of the route that lies on them (a stop on the way counts as
    an end).
    """
    private = [_stance(world, s, limits).kind == "private" for s in stretches]
    if many:
        return private
    allowed = [False] * len(private)
    for order in (range(len(private)), range(len(private) - 1, -1, -1)):
        for i in order:
            if not private[i] and not _perhaps_private(world, stretches[i], limits):
                break
            allowed[i] = True
    return allowed


def _ways(world: JudgeMap, stretches: list[Stretch], limits: Limits, *, many: bool) -> list[Finding]:
    allowed = _private_ends(world, stretches, limits, many=many)
    slope = slopes(world, limits, fearful=False)
    out: list[Finding] = []
    numbered = list(enumerate(stretches))
    for (row, area, side, backward), group in groupby(numbered, key=lambda p: (*p[1][:2], p[1].side, p[1].arc % 2)):
        pieces = list(group)
        length = sum(s.length_m for _, s in pieces)
        way_id = world.rows[row].way_id if area is None else area
        stance = _stance(world, pieces[0][1], limits)
        if stance.kind == "never" or (stance.kind == "private" and not all(allowed[i] for i, _ in pieces)):
            out.append(Finding("access", stance.why, None, way_id, None, length, INFINITE))
        share = min(1.0, length / max(_length(world, row), 1e-9)) if area is None else 1.0
        hits = _hits(world, limits, row, area, side, backward)
        out += [_finding(hit, way_id, None, length, share) for hit in hits]
        out += _inclined(world, slope, [s for _, s in pieces], way_id)
    return _merged(out)


def _hits(
    world: JudgeMap, limits: Limits, row: int, area: int | None, side: str | None, backward: int
) -> tuple[Hit, ...]:
    if area is not None:
        return way_hits(world.areas[area].tags, limits, fearful=False, backward=False)
    verdict = judge_way(world, row, limits, side=side, fearful=False)
    return verdict.against if backward else verdict.along


def _length(world: JudgeMap, row: int) -> float:
    first, count = world.rows[row].first, world.rows[row].count
    return float(world.length[first : first + count].sum())


def _finding(hit: Hit, way_id: int | None, node_id: int | None, length: float, share: float = 1.0) -> Finding:
    points = INFINITE if hit.never else hit.per_m * length + hit.fixed + hit.shared * share
    return Finding(hit.code, hit.value, hit.limit, way_id, node_id, length, points)


def _inclined(world: JudgeMap, slope: Any, pieces: list[Stretch], way_id: int) -> list[Finding]:
    out = []
    for piece in pieces:
        if piece.arc >= 0 and not np.isnan(slope.limit[piece.arc]):
            value, limit = float(slope.grade[piece.arc]), float(slope.limit[piece.arc])
            harm = float(slope.per_m[piece.arc]) * piece.length_m
            out.append(Finding("incline", value, limit, way_id, None, piece.length_m, harm))
    return out


def _merged(found: list[Finding]) -> list[Finding]:
    """Neighbouring findings that say the same of the same way become one; what weighs once per obstacle weighs once."""
    out: list[Finding] = []
    for finding in found:
        last = next((f for f in reversed(out) if f.way_id == finding.way_id), None)
        same = last and (last.code, last.value, last.limit) == (finding.code, finding.value, finding.limit)
        if last and same and finding.code == "incline":
            out[out.index(last)] = Finding(
                *(last.code, last.value, last.limit, last.way_id, None),
                last.length_m + finding.length_m,
                last.points + finding.points,
            )
        else:
            out.append(finding)
    return out


def _seen(world: JudgeMap, stretch: Stretch) -> Side:
    if stretch.area is not None:
        tags = world.areas[stretch.area].tags
        return Side(tags, way_class(tags))
    return side_of(world, stretch.row, stretch.side)


def _passages(world: JudgeMap, stretches: list[Stretch], limits: Limits) -> list[Finding]:
    out = []
    for one, other in pairwise(stretches):
        node = one.leave
        if node < 0 or node != other.enter:
            continue
        private = _perhaps_private(world, one, limits) or _perhaps_private(world, other, limits)
        sides = _seen(world, one), _seen(world, other)
        hits = passage(world, node, *sides, limits, fearful=False, private_end=private)
        out += [_finding(hit, None, int(world.node_id[node]), 0.0) for hit in hits]
    return out
