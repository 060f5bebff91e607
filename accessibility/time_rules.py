"""What the map says about time: opening hours and conditional access of one place, and whether it is open at a moment.

A closed gate is closed to everybody. What cannot be read is unknown, never closed by itself; but a place that is closed
by its plain word opens only for a condition that can be read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct
from opening_hours import OpeningHours, ParserError  # type: ignore[attr-defined]
from opening_hours import State as HoursState

from accessibility.facts import Access, PassageFacts, WayFacts
from accessibility.tags import words

CLOSING = frozenset({Access.CLOSED, Access.PRIVATE, Access.CUSTOMERS})
"""Words that close a place to those who only pass."""
TEXT_MAX = 255
"""No value of the map is longer."""
EXPRESSIONS_KEPT = 4_096

Facts = TypeVar("Facts", bound=WayFacts | PassageFacts)


class Clause(Struct, frozen=True):
    """`value @ (condition)`: who may pass while all of `when` hold; `sure` is false where more than time decides."""

    access: Access
    when: tuple[str, ...]
    sure: bool = True


class TimeRule(Struct, frozen=True):
    """When a place is open: `closed` otherwise, then every clause that holds, the last one last; and its hours."""

    closed: bool
    """Without any clause."""
    said: bool
    """Whether its plain word says so; false where only the clauses suggest it."""
    clauses: tuple[Clause, ...]
    hours: str | None

    @property
    def expressions(self) -> tuple[str, ...]:
        """Every opening hours expression in it."""
        found = [expression for clause in self.clauses for expression in clause.when]
        return tuple(dict.fromkeys(found if self.hours is None else [*found, self.hours]))

    @property
    def text(self) -> str:
        """The rule in few words, as the map has it."""
        said = [f"{clause.access} @ ({' AND '.join(clause.when)})" for clause in self.clauses]
        return "; ".join(said if self.hours is None else [self.hours, *said])


class State(StrEnum):
    """Whether a place is open."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


Says = Callable[[str], bool | None]
"""Whether an opening hours expression is open at the moment in question; `None` where nobody can tell."""


def rule_of(facts: WayFacts | PassageFacts) -> TimeRule | None:
    """The rule of a place; `None` where time changes nothing: always open, or closed whatever the hour."""
    clauses = () if facts.conditional is None else conditional(facts.conditional)
    if not clauses and facts.opening_hours is None:
        return None
    said = facts.access in CLOSING
    opens = [clause for clause in clauses if clause.access not in CLOSING]
    if said and not any(clause.sure for clause in opens):
        return None
    # Who writes `yes @ (…)` and nothing else means that it is closed at other times.
    implied = facts.access is None and bool(clauses) and all(clause.access is Access.OPEN for clause in clauses)
    if not (said or implied):
        clauses = clauses if any(clause.access in CLOSING for clause in clauses) else ()
    if not clauses and facts.opening_hours is None:
        return None
    return TimeRule(said or implied, said, clauses, facts.opening_hours)


def state(rule: TimeRule, says: Says) -> State:
    """Whether the place is open at the moment `says` speaks of."""
    closed, perhaps = rule.closed, False
    for clause in rule.clauses:
        applies = _all(says(expression) for expression in clause.when)
        closes = clause.access in CLOSING
        if applies and clause.sure:
            closed, perhaps = closes, False
        elif applies is not False and closes != closed:
            perhaps = True
    hours = True if rule.hours is None else says(rule.hours)
    if hours is False or (closed and (rule.said or not perhaps)):
        return State.CLOSED
    return State.UNKNOWN if perhaps or hours is None else State.OPEN


def at_best(facts: Facts) -> Facts:
    """The facts as they are when the place is open to most: what closes it at other times is for the clock to say."""
    if facts.conditional is None:
        return facts
    rule = rule_of(facts)
    if rule is None or not rule.said:
        return facts
    word = next(clause.access for clause in reversed(rule.clauses) if clause.sure and clause.access not in CLOSING)
    return msgspec.structs.replace(facts, access=word)


def conditional(text: str) -> tuple[Clause, ...]:
    """The clauses of a conditional restriction that concern walkers; what makes no sense is left out, never raises."""
    found: list[Clause] = []
    for part in _parts(text[:TEXT_MAX]):
        value, _, condition = part.partition("@")
        access = words.worst(words.ACCESS, value.strip().lower())
        if access is None:
            continue
        clause = _clause(access, condition)
        if clause is not None:
            found.append(clause)
    return tuple(found)


_VEHICLES = re.compile(r"[<>=]|\b(hgv|bus|psv|trailer|axles|motor|goods|hov|disabled)\b", re.IGNORECASE)
"""Conditions about vehicles: a walker never meets them."""
_CIRCUMSTANCES = re.compile(
    r"^\s*(wet|snow|ice|winter|summer|destination|delivery|permit\w*|residents?|customers?|emergency|private|"
    r"agricultural|forestry|school_holiday|flood|stay.*|visitors?)\s*$",
    re.IGNORECASE,
)
"""Conditions that no clock decides."""


def _clause(access: Access, condition: str) -> Clause | None:
    atoms = [_bare(atom) for atom in re.split(r"\s+AND\s+", _bare(condition), flags=re.IGNORECASE)]
    if not any(atoms) or any(_VEHICLES.search(atom) for atom in atoms):
        return None
    times = tuple(atom for atom in atoms if atom and not _CIRCUMSTANCES.match(atom))
    return Clause(access, times, sure=bool(times) and len(times) == len(atoms))


def _parts(text: str) -> list[str]:
    """Cut at semicolons outside brackets; a piece without `@` goes on with the condition before it."""
    pieces, depth, current = [], 0, ""
    for sign in text:
        depth = max(0, depth + (sign == "(") - (sign == ")"))
        if sign == ";" and depth == 0:
            pieces.append(current)
            current = ""
        else:
            current += sign
    joined: list[str] = []
    for piece in [*pieces, current]:
        if "@" in piece or not joined:
            joined.append(piece)
        else:
            joined[-1] += ";" + piece
    return [piece for piece in joined if "@" in piece]


def _bare(text: str) -> str:
    """Without the brackets around all of it."""
    text = text.strip(" \t;")
    while text.startswith("(") and text.endswith(")") and _closes_at_the_end(text):
        text = text[1:-1].strip()
    return text.removeprefix("(") if text.count("(") > text.count(")") else text


def _closes_at_the_end(text: str) -> bool:
    depth = 0
    for number, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return number == len(text) - 1
    return False


def _all(answers: object) -> bool | None:
    """All of them, as far as one can tell."""
    found = list(answers)  # type: ignore[call-overload]
    return False if False in found else None if None in found or not found else True


class Calendar:
    """Opening hours at one place on earth, with its time zone, holidays and sun."""

    def __init__(self, lat: float, lon: float, zone: str | None = None) -> None:
        """`zone`: IANA name; without one it is that of the place."""
        self._coords = (max(-90.0, min(90.0, lat)), (lon + 180.0) % 360.0 - 180.0)
        self.zone = ZoneInfo(zone) if zone else _zone_at(self._coords)
        self._read = lru_cache(EXPRESSIONS_KEPT)(self._parsed)

    def says(self, expression: str, at: datetime) -> bool | None:
        """Open at this moment? `None` where the expression cannot be read, or asks for more than time."""
        return self._interval(expression, at, at + timedelta(minutes=1))[1]

    def state(self, rule: TimeRule, at: datetime) -> State:
        """Whether the place is open at this moment."""
        return state(rule, lambda expression: self.says(expression, at))

    def changes(self, rule: TimeRule, begin: datetime, end: datetime) -> list[datetime]:
        """The moments after `begin` and up to `end` at which something in the rule changes, in order."""
        moments: set[datetime] = set()
        for expression in rule.expressions:
            at = begin
            while (following := self._interval(expression, at, end)[0]) is not None and at < following <= end:
                moments.add(following)
                at = following
        return sorted(moments)

    def worst(self, rule: TimeRule, begin: datetime, end: datetime) -> State:
        """Closed if it is closed at any moment between the two, unknown if nobody can tell of any, else open."""
        found = {self.state(rule, at) for at in [begin, *self.changes(rule, begin, end)]}
        return State.CLOSED if State.CLOSED in found else State.UNKNOWN if State.UNKNOWN in found else State.OPEN

    def _interval(self, expression: str, at: datetime, end: datetime) -> tuple[datetime | None, bool | None]:
        """(when what holds at `at` ends, if before `end`; what holds)."""
        hours = self._read(expression)
        if hours is None:
            return None, None
        here = at.astimezone(self.zone)
        found = next(iter(hours.intervals(here, end.astimezone(self.zone) + timedelta(minutes=1))), None)
        if found is None:
            return None, None
        _, until, says, comment = found
        # "by key", "on appointment": open to some.
        open_ = None if says == HoursState.UNKNOWN or (says == HoursState.OPEN and comment) else says == HoursState.OPEN
        return until, open_

    def _parsed(self, expression: str) -> OpeningHours | None:
        for text in dict.fromkeys((expression, _tidied(expression))):
            try:
                return OpeningHours(text, timezone=self.zone, coords=self._coords, auto_country=True)
            except ParserError:
                continue
        return None


def _zone_at(coords: tuple[float, float]) -> ZoneInfo:
    hours = OpeningHours("Jan 1 00:00-01:00", coords=coords)
    change = hours.next_change(datetime(2026, 6, 1, tzinfo=ZoneInfo("UTC")))
    return change.tzinfo if change is not None and isinstance(change.tzinfo, ZoneInfo) else ZoneInfo("UTC")


_SECONDS = re.compile(r"\b(\d{1,2}:\d{2}):00\b")
_BARE_HOURS = re.compile(r"(?<![\d:.-])\b([01]?\d|2[0-4])-([01]?\d|2[0-4])\b(?![\d:.-])")
_DATES = re.compile(r"\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|week|easter)", re.IGNORECASE)


def _tidied(expression: str) -> str:
    """Common slips put right: seconds, long dashes, hours without minutes."""
    text = _SECONDS.sub(r"\1", expression.replace("–", "-").replace("—", "-"))
    return text if _DATES.search(text) else _BARE_HOURS.sub(r"\1:00-\2:00", text)
