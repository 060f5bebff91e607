"""Many answers → counts and explained examples."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from bench.judge.audit import violations
from bench.judge.findings import Finding
from bench.judge.limits import limits_of
from bench.judge.osm import JudgeMap
from bench.judge.search import compliant_exists, least_points
from bench.judge.snap import own_snap
from bench.judge.tables import ALLOWED_POINTS, ALLOWED_SHARE

SAME_CODE = {"wheelchair": ("wheelchair", "wheelchair_no"), "barrier": ("barrier", "width")}
"""Names under which an answer may say what the judge calls by the key."""

KINDS = {
    "violation_in_ok": "ok routes that break a hard limit",
    "missed_ok": "least_bad or no_route although a compliant path exists",
    "above_optimum": "least_bad with more harm than the judge's own path",
    "never_in_least_bad": "least_bad through what may never be passed",
    "unnamed_in_least_bad": "least_bad with a broken limit that it does not name",
    "no_route_but_passable": "no_route although something passable connects",
    "bad_answer": "answers that are no path on this map, or neither 200 nor 404",
}


@dataclass(frozen=True)
class Complaint:
    """One thing wrong with one answer; `line` counts from 1."""

    kind: str
    line: int
    text: str


@dataclass
class Tally:
    """What was judged and what was wrong."""

    answers: Counter[str] = field(default_factory=Counter)
    complaints: list[Complaint] = field(default_factory=list)
    not_searched: int = 0

    def counts(self) -> dict[str, int]:
        """Answers with at least one complaint of a kind."""
        return {kind: len({c.line for c in self.complaints if c.kind == kind}) for kind in KINDS}


def judge_answers(world: JudgeMap, records: list[dict[str, Any]]) -> Tally:
    """Judges all; records of one person together, so that each person's graph is built once."""
    tally = Tally()
    order = sorted(range(len(records)), key=lambda i: str(limits_of(records[i]["request"])))
    for i in order:
        found = judge_answer(world, records[i], i + 1, tally)
        tally.complaints += found
    tally.complaints.sort(key=lambda c: c.line)
    return tally


def judge_answer(world: JudgeMap, record: dict[str, Any], line: int, tally: Tally) -> list[Complaint]:
    """One line of answers.ndjson."""
    request, answer, code = record["request"], record.get("answer") or {}, record.get("status_code", 200)
    status = answer.get("status", "?") if code == 200 else str(code)
    tally.answers[f"{request['profile']} {status}"] += 1
    if code == 404:
        return _no_route(world, request, line)
    if code != 200 or status not in ("ok", "least_bad"):
        return [Complaint("bad_answer", line, f"status {code} {status}")] if code != 422 else []
    found = []
    for number, route in enumerate(answer["routes"]):
        if route.get("why") == "return":
            continue
        broken = violations(world, request, route, answer["snapped"])
        found += _paths(broken, line, number)
        found += _held(broken, line, number) if status == "ok" else _named(broken, route, line, number)
    if status == "least_bad":
        found += _better(world, request, answer, line, tally)
    return found


NO_PATH = {"disconnected", "not_neighbours", "unknown_node", "unknown_way", "off_way", "not_on_area", "off_area"}


def _paths(broken: list[Finding], line: int, number: int) -> list[Complaint]:
    return [Complaint("bad_answer", line, f"route {number}: {f}") for f in broken if f.code in NO_PATH]


def _held(broken: list[Finding], line: int, number: int) -> list[Complaint]:
    return [Complaint("violation_in_ok", line, f"route {number}: {f}") for f in broken if f.code not in NO_PATH]


def _named(broken: list[Finding], route: dict[str, Any], line: int, number: int) -> list[Complaint]:
    said = {v["code"] for v in route["violations"]}
    out = [Complaint("never_in_least_bad", line, f"route {number}: {f}") for f in broken if f.never]
    for finding in broken:
        names = SAME_CODE.get(finding.code, (finding.code,))
        if not finding.never and not any(code.startswith(name) for code in said for name in names):
            out.append(Complaint("unnamed_in_least_bad", line, f"route {number}: {finding}"))
    return [c for c in out if not any(code in c.text for code in NO_PATH)]


def _beyond_the_map(request: dict[str, Any], answer: dict[str, Any]) -> bool:
    """Reported barriers and `avoid` are not in the OSM file: nothing may be claimed about better paths."""
    avoid = (request.get("avoid") or {}).get("coordinates")
    return bool(avoid) or any(route.get("barriers") for route in answer.get("routes", []))


def _better(
    world: JudgeMap, request: dict[str, Any], answer: dict[str, Any], line: int, tally: Tally
) -> list[Complaint]:
    if _beyond_the_map(request, answer):
        tally.not_searched += 1
        return []
    route, snapped = answer["routes"][0], answer["snapped"]
    ways: list[int | None] | None = [None] * len(snapped)
    ways[0], ways[-1] = route["segments"][0].get("way_id"), route["segments"][-1].get("way_id")
    if any(v["code"] == "last_metres" for v in route["violations"]):
        own = own_snap(world, request)
        if own is None or not compliant_exists(world, request, own):
            return []
        return [Complaint("missed_ok", line, f"last_metres, but a compliant path starts at {own[0]['location']}")]
    if compliant_exists(world, request, snapped, ways):
        return [Complaint("missed_ok", line, f"{request['profile']} {request['waypoints']}")]
    harm = sum(f.points for f in violations(world, request, route))
    least = least_points(world, request, snapped, ways)
    if least is None or harm <= least * (1 + ALLOWED_SHARE) + ALLOWED_POINTS:
        return []
    text = f"{harm:.1f} points, {least:.1f} would do: {request['profile']} {request['waypoints']}"
    return [Complaint("above_optimum", line, text)]


def _no_route(world: JudgeMap, request: dict[str, Any], line: int) -> list[Complaint]:
    if _beyond_the_map(request, {}):
        return []
    own = own_snap(world, request)
    if own is None:
        return []
    if compliant_exists(world, request, own):
        return [Complaint("missed_ok", line, f"no_route: {request['profile']} {request['waypoints']}")]
    least = least_points(world, request, own)
    if least is None:
        return []
    return [
        Complaint("no_route_but_passable", line, f"{least:.1f} points: {request['profile']} {request['waypoints']}")
    ]
