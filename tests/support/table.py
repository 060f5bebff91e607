"""Spec tables that a surveyor can read: what the map says | who comes along | what it means to them.

    @spec('''
    tags                        | who                | means
    highway=steps step_count=3  | manual_wheelchair  | steps 65
    ''')
    def test_steps(row): row.check(way(row.tags, row.who))

A person is a profile id, followed by whatever they changed: `stroller +carry`, `manual_wheelchair kerb_max_m=0.06`,
`walk unknown=avoid prefer.lit=true`. Tag values with blanks stand in quotes.

Meanings: `ok`, `forbidden access`, `private`, or broken limits with harm points, `steps 65, wheelchair 30`.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest

from accessibility import tags
from accessibility.facts import PassageFacts, WayFacts
from accessibility.profiles import Profile, built_in, with_overrides
from accessibility.verdict import Finding, columns, explain, judge_passages, judge_ways

Test = Callable[..., None]


@dataclass(frozen=True)
class Row:
    """One line of a table: cells by heading."""

    cells: dict[str, str]

    def __getattr__(self, heading: str) -> str:
        try:
            return self.cells[heading]
        except KeyError as error:
            raise AttributeError(heading) from error


def rows(text: str) -> list[Row]:
    """The lines of a table; the first one names the columns, blank lines and those starting with `#` do not count.

    Raises `ValueError` on a line with too few or too many cells: a misprint must not silently test nothing.
    """
    lines = [line.strip() for line in text.strip().splitlines() if line.strip() and not line.strip().startswith("#")]
    cells = [[cell.strip() for cell in line.split("|")] for line in lines]
    headings, *body = cells
    for line, found in zip(lines[1:], body, strict=True):
        if len(found) != len(headings):
            raise ValueError(f"{len(found)} cells instead of {len(headings)}: {line}")
    return [Row(dict(zip(headings, found, strict=True))) for found in body]


def spec(text: str) -> Callable[[Test], Test]:
    """Run the test once per line of the table, with the line as `row`."""
    found = rows(text)
    assert found, "an empty table tests nothing"
    return pytest.mark.parametrize("row", found, ids=[" | ".join(row.cells.values()) for row in found])


def tags_of(text: str) -> dict[str, str]:
    """`highway=steps width="1,2 m"` as tags."""
    return dict(part.split("=", 1) for part in shlex.split(text))


def person(text: str) -> Profile:
    """A profile and what this person changed."""
    name, *changes = shlex.split(text)
    asked: dict[str, Any] = {"limits": {}, "options": {}, "prefer": {}}
    for change in changes:
        key, _, value = change.partition("=")
        if key.startswith("+"):
            asked["options"][key[1:]] = True
        elif key in ("unknown", "speed_mps"):
            asked[key] = value if key == "unknown" else float(value)
        elif key.startswith("prefer."):
            asked["prefer"][key.removeprefix("prefer.")] = msgspec.json.decode(value)
        else:
            asked["limits"][key] = _limit(key, value)
    return with_overrides(built_in[name], **asked) if changes else built_in[name]


def _limit(key: str, value: str) -> Any:
    if key == "surfaces_refused":
        return [word for word in value.split(",") if word]
    return value if key == "smoothness_worst" else msgspec.json.decode(value)


def way(text: str, who: str, *, length_m: float = 10.0, against: bool = False, side: str | None = None) -> str:
    """What a way of `length_m` metres means to a person who goes along it or against it."""
    facts = tags.way_facts(tags_of(text), side)
    return _said(facts, person(who), length_m, against)


PASSINGS: dict[str, dict[str, Any]] = {
    "crossing": {"kerb_events": 1, "mapped_crossing": True, "barrier_applies": False, "lift_applies": False},
    "unmapped": {"kerb_events": 1, "mapped_crossing": False, "barrier_applies": False, "lift_applies": False},
    "no kerb": {"kerb_events": 0, "mapped_crossing": True, "barrier_applies": False, "lift_applies": False},
    "through": {"kerb_events": 0, "mapped_crossing": None, "barrier_applies": True, "lift_applies": False},
    "lift": {"kerb_events": 0, "mapped_crossing": None, "barrier_applies": False, "lift_applies": True},
}
"""How a node is passed: half a crossing, mapped or not, or with its kerb said elsewhere; through a barrier; by lift."""


def passage_facts(text: str, passing: str) -> PassageFacts:
    return tags.passage(tags.node_facts(tags_of(text)), **PASSINGS[passing])


def node(text: str, who: str, passing: str) -> str:
    """What passing a node means to a person."""
    return _said(passage_facts(text, passing), person(who), 0.0, against=False)


def _said(facts: WayFacts | PassageFacts, profile: Profile, length_m: float, against: bool) -> str:
    found = explain(facts, profile, length_m=length_m, reverse=against)
    _require_same(facts, profile, length_m, against, found)
    if any(finding.kind == "forbidden" for finding in found):
        codes = [finding.code for finding in found if finding.kind == "forbidden"]
        return "private" if codes == ["private"] else "forbidden " + ", ".join(c for c in codes if c != "private")
    broken = [f"{finding.code} {finding.points:g}" for finding in found if finding.kind == "violation"]
    return ", ".join(broken) or "ok"


def _require_same(
    facts: WayFacts | PassageFacts, profile: Profile, length_m: float, against: bool, found: Iterable[Finding]
) -> None:
    """What is explained is what is judged: the same rows on one place and on a million."""
    is_way = isinstance(facts, WayFacts)
    judge = judge_ways if is_way else judge_passages
    verdict = judge(columns([facts, facts]), profile, reverse=against)
    broken = [finding for finding in found if finding.kind == "violation"]
    points = float(verdict.points_fixed[1] + verdict.points_per_m[1] * length_m)
    on_run = float(verdict.run_points_per_m[1] * length_m)
    told = sum(finding.points for finding in broken)
    assert told == pytest.approx(points) or told == pytest.approx(points + on_run)
    assert bool(verdict.forbidden[1]) == any(finding.kind == "forbidden" for finding in found)
    assert bool(verdict.violated[1] | verdict.needs_run[1]) >= bool(broken) >= bool(verdict.violated[1])


def way_seconds(text: str, who: str, *, length_m: float = 10.0, against: bool = False) -> tuple[float, float]:
    """(what the watch shows, what it costs with all penalties) on a way, in seconds."""
    verdict = judge_ways(columns([tags.way_facts(tags_of(text))]), person(who), reverse=against)
    watch = verdict.duration_fixed_s[0] + verdict.duration_per_m_s[0] * length_m
    return float(watch), float(verdict.cost_fixed_s[0] + verdict.cost_per_m_s[0] * length_m)


def node_seconds(text: str, who: str, passing: str) -> tuple[float, float]:
    """(what the watch shows, what it costs with all penalties) when a node is passed, in seconds."""
    verdict = judge_passages(columns([passage_facts(text, passing)]), person(who))
    assert verdict.duration_per_m_s[0] == verdict.cost_per_m_s[0] == 0
    return float(verdict.duration_fixed_s[0]), float(verdict.cost_fixed_s[0])
